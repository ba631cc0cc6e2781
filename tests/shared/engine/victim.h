// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A router on its own, and what strangers send to one: for tests of what reaches it from anywhere.
#pragma once

#include <shared/engine/enginesettings.h>
#include <shared/engine/quicpackets.h>
#include <shared/engine/rawpeer.h>
#include <shared/engine/virtualwire.h>

namespace Qp2p::Test {

inline Engine::Settings acceptorSettings(EndpointConfig::RetryMode retryMode)
{
    Engine::Settings settings = makeSettings(1);
    settings.retryMode = retryMode;
    return settings;
}

//! A router on its own: what goes in, and what comes out at once.
struct Victim
{
    explicit Victim(EndpointConfig::RetryMode retryMode = EndpointConfig::RetryMode::Always)
        : Victim(acceptorSettings(retryMode))
    {
    }
    explicit Victim(const Engine::Settings &settings)
        : party(makeAcceptor(publicAddress(1), settings))
    {
    }

    std::vector<Datagram> feed(const QByteArray &data,
                               const Engine::SocketAddress &from = publicAddress(9))
    {
        party->receive({from, party->address, data}, now);
        return party->write(now);
    }
    EndpointStats stats() const { return party->router->stats(); }

    ngtcp2_tstamp now = TimeZero;
    std::unique_ptr<RouterParty> party;
};

inline size_t bytesIn(const std::vector<Datagram> &datagrams)
{
    size_t bytes = 0;
    for (const Datagram &datagram : datagrams)
        bytes += size_t(datagram.data.size());
    return bytes;
}

//! The first datagram of an honest dialler, and its handshake message in it.
inline QByteArray firstInitial(int number = 2)
{
    RouterParty dialler(publicAddress(2), makeSettings(number));
    dial(dialler, publicAddress(1), TimeZero);
    const auto written = dialler.write(TimeZero);
    return written.empty() ? QByteArray() : written.front().data;
}

struct ClientHello
{
    QByteArray frames;
    QByteArray sourceId;
};

//! The frames of a genuine first Initial, to be sealed again for other connection IDs.
inline ClientHello clientHello()
{
    ClientHello hello;
    RawPeer peer(publicAddress(2), publicAddress(1), {});
    peer.mutate = [&](RawPeer::PacketKind, std::span<quint8> frames) {
        hello.frames = QByteArray(reinterpret_cast<const char *>(frames.data()),
                                  qsizetype(frames.size()));
    };
    const auto written = peer.write(TimeZero);
    hello.sourceId = parseLongHeader(written.front().data)->sourceId;
    while (hello.frames.endsWith('\0'))
        hello.frames.chop(1);
    return hello;
}

inline QByteArray toBytes(const ngtcp2_cid &id)
{
    return QByteArray(reinterpret_cast<const char *>(id.data), qsizetype(id.datalen));
}

} // namespace Qp2p::Test
