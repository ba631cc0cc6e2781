// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Makes QUIC frames and packets byte by byte, right or wrong ones.
#pragma once

#include <qp2pcore/engine/messages/wiremessage.h>

#include <QByteArray>
#include <QList>

#include <optional>
#include <span>

namespace Qp2p::Test {

//! RFC 9000 section 16; with \a size the encoding is longer than it needs to be.
QByteArray varint(quint64 value, int size = 0);

//! \brief Frames of RFC 9000 section 19.
namespace Frame {
inline const QByteArray Ping = QByteArray(1, '\x01');
inline const QByteArray HandshakeDone = QByteArray(1, '\x1e');
QByteArray crypto(quint64 offset, const QByteArray &data);
QByteArray stream(quint64 id, quint64 offset, const QByteArray &data,
                  Engine::Fin fin = Engine::Fin::No);
QByteArray resetStream(quint64 id, quint64 code, quint64 finalSize);
QByteArray stopSending(quint64 id, quint64 code);
QByteArray maxStreamData(quint64 id, quint64 bytes);
QByteArray newConnectionId(quint64 sequence, quint64 retirePriorTo, const QByteArray &id,
                           const QByteArray &resetToken);
QByteArray retireConnectionId(quint64 sequence);
QByteArray pathChallenge(const QByteArray &data);
QByteArray pathResponse(const QByteArray &data);
//! Of \a type with nothing but numbers.
QByteArray numbers(quint64 type, const QList<quint64> &values);
} // namespace Frame

//! \brief The bytes of the CRYPTO frames in \a frames, from offset 0 on, as far as they are without
//! a gap. Knows PADDING, PING and ACK besides.
QByteArray cryptoBytes(std::span<const quint8> frames);

inline constexpr quint32 Version1 = 1;

//! \brief The invariant part of a long header (RFC 8999 section 5.1); the lengths of the connection
//! IDs are told as they are, up to 255.
QByteArray longHeader(quint8 first, quint32 version, const QByteArray &destinationId,
                      const QByteArray &sourceId);

//! \brief An Initial packet whose payload is no ciphertext: enough where nobody decrypts it.
//! \a size bytes in all, at least 1200 for a valid one.
QByteArray junkInitial(const QByteArray &destinationId, const QByteArray &sourceId,
                       const QByteArray &token = {}, qsizetype size = 1200);

QByteArray versionNegotiation(const QByteArray &destinationId, const QByteArray &sourceId,
                              const QList<quint32> &versions);

//! \brief A short header packet that nobody can decrypt, \a size bytes.
QByteArray junkShort(const QByteArray &destinationId, qsizetype size);

//! \brief A client's Initial packet with \a frames, protected as RFC 9001 section 5.2 says, by GnuTLS
//! alone: what ngtcp2 reads here, ngtcp2 has not written. Padded to 1200 bytes.
QByteArray sealedInitial(const QByteArray &originalId, const QByteArray &destinationId,
                         const QByteArray &sourceId, const QByteArray &token, quint32 packetNumber,
                         const QByteArray &frames);

//! \brief What the long header of \a packet says.
struct LongHeader
{
    quint8 first = 0;
    quint32 version = 0;
    QByteArray destinationId;
    QByteArray sourceId;
    QByteArray rest;

    enum Type { Initial, ZeroRtt, Handshake, Retry };
    Type type() const { return Type((first >> 4) & 3); }
};
std::optional<LongHeader> parseLongHeader(const QByteArray &packet);
//! \brief How many bytes of \a datagram are Initial and Handshake packets, which come first in one (RFC 9000 section 12.2).
qsizetype sizeOfLongHeaderPackets(const QByteArray &datagram);
inline bool isLongHeader(const QByteArray &packet)
{
    return !packet.isEmpty() && (packet[0] & 0x80) != 0;
}

} // namespace Qp2p::Test
