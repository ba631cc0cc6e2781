// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A relaying node and its members, by number, for tests of what it forwards.
#pragma once

#include <shared/seededrandom.h>

#include <qp2pcore/nat/legforwarder.h>

#include <QByteArray>

namespace Qp2p::Test {

using namespace std::chrono_literals;
using Engine::SocketAddress;
using Engine::Way;
using Nat::EndedLeg;
using Nat::ForwardedDatagram;
using Nat::LegEnd;
using Nat::LegForwarder;
using Nat::LegId;
using Nat::LegRefusal;
using Nat::OpenedLeg;

inline Nat::RandomSource seededSource(quint64 seed = 1)
{
    return [random = std::make_shared<SeededRandom>(seed)](std::span<quint8> bytes) {
        for (quint8 &byte : bytes)
            byte = quint8(random->next() >> 56);
    };
}

inline PeerId memberId(int number)
{
    QByteArray bytes(PeerId::Size, '\x11');
    std::memcpy(bytes.data(), &number, sizeof(number));
    return PeerId::fromBytes(bytes);
}

inline Way wayTo(const SocketAddress &remote)
{
    return Way::throughSocket(SocketAddress::fromIpv4({11, 9, 9, 9}, 4433), remote);
}

//! A public address of its own for each member.
inline SocketAddress addressOf(int number, quint16 port = 4433)
{
    return SocketAddress::fromIpv4({12, quint8(number >> 16), quint8(number >> 8), quint8(number)},
                                   port);
}

//! Member \a number on its link, which has the same number.
inline LegEnd member(int number)
{
    return {quint64(number), memberId(number), wayTo(addressOf(number))};
}

inline LegEnd memberAt(int number, const SocketAddress &address)
{
    return {quint64(number), memberId(number), wayTo(address)};
}

inline std::span<const quint8> bytesOf(const QByteArray &data)
{
    return {reinterpret_cast<const quint8 *>(data.constData()), size_t(data.size())};
}

//! The datagram in which a member sends \a payload with \a id.
inline QByteArray legDatagram(LegId id, const QByteArray &payload)
{
    QByteArray data(1, '\x04');
    for (int shift = 56; shift >= 0; shift -= 8)
        data.append(char(id >> shift));
    return data + payload;
}

inline QByteArray payloadOf(const ForwardedDatagram &forwarded)
{
    return QByteArray(reinterpret_cast<const char *>(forwarded.datagram.payload.data()),
                      qsizetype(forwarded.datagram.payload.size()));
}

} // namespace Qp2p::Test
