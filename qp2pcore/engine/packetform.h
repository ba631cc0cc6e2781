// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Whether a datagram's header can be given to ngtcp2's parsers, which trust more than they may.
#pragma once

#include <qp2pcore/engine/limits.h>

#include <ngtcp2/ngtcp2.h>

#include <QByteArrayView>

#include <optional>

namespace Qp2p::Engine {

enum class PacketForm {
    Malformed, //!< no packet of QUIC version 1
    Long,
    Short,
};

//! \brief Checks everything that ngtcp2's parsers take for granted: they abort the process on an empty
//! datagram and on connection IDs of more than 20 bytes with an unknown version.
inline PacketForm packetForm(const quint8 *data, size_t size)
{
    // RFC 9000 section 17: without the fixed bit it is no packet. We never grease the bit, and no peer may.
    if (size == 0 || (data[0] & 0x40) == 0)
        return PacketForm::Malformed;
    if ((data[0] & 0x80) == 0)
        return size >= Limits::MinShortHeaderDatagram ? PacketForm::Short : PacketForm::Malformed;
    // RFC 8999 section 5.1: flags, version, length and destination ID, length and source ID.
    constexpr size_t DestinationLengthAt = 5;
    if (size <= DestinationLengthAt)
        return PacketForm::Malformed;
    const size_t destinationSize = data[DestinationLengthAt];
    const size_t sourceLengthAt = DestinationLengthAt + 1 + destinationSize;
    if (destinationSize > NGTCP2_MAX_CIDLEN || size <= sourceLengthAt)
        return PacketForm::Malformed;
    const size_t sourceSize = data[sourceLengthAt];
    if (sourceSize > NGTCP2_MAX_CIDLEN || size < sourceLengthAt + 1 + sourceSize)
        return PacketForm::Malformed;
    return PacketForm::Long;
}

//! Whether \a quoted, the beginning of a datagram that came back, is long enough to have the header of a dial's first
//! packet: flags, version, both connection IDs with their lengths (RFC 9000 section 17.2).
inline bool hasFirstPacketHeader(QByteArrayView quoted)
{
    constexpr qsizetype HeaderSize = 1 + 4 + 1 + Limits::FirstDestinationIdSize + 1
        + Limits::ConnectionIdSize;
    return quoted.size() >= HeaderSize;
}

//! Our connection ID in it; null where \a quoted is no such packet.
inline std::optional<ngtcp2_cid> sourceIdOfFirstPacket(QByteArrayView quoted)
{
    const auto *data = reinterpret_cast<const quint8 *>(quoted.data());
    const auto size = size_t(quoted.size());
    ngtcp2_version_cid ids;
    if (packetForm(data, size) != PacketForm::Long
        || ngtcp2_pkt_decode_version_cid(&ids, data, size, Limits::ConnectionIdSize) != 0
        || ids.version != NGTCP2_PROTO_VER_V1 || ids.scidlen != Limits::ConnectionIdSize)
        return std::nullopt;
    ngtcp2_cid source;
    ngtcp2_cid_init(&source, ids.scid, ids.scidlen);
    return source;
}

} // namespace Qp2p::Engine
