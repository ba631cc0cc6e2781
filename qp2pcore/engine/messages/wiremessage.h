// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How a message travels on its stream, the format of qp2p 0.36: lengths first, then the parts, then FIN.
#pragma once

#include <qp2pcore/engine/streamprotocol.h>
#include <qp2pcore/message.h>
#include <qp2pcore/result.h>

#include <QByteArray>

#include <array>
#include <span>
#include <vector>

namespace Qp2p::Engine {

//! | offset | size | field                                        |
//! |--------|------|----------------------------------------------|
//! | 0      | 2    | version, 2                                   |
//! | 2      | 4    | bytes of the header                          |
//! | 6      | 4    | bytes of the destination                     |
//! | 10     | 4    | bytes of the payload, at least 1             |
//! | 14     | 2    | reserved: zero when sent, ignored when read  |
//! | 16     | …    | header, destination, payload; then FIN       |
//!
//! All integers are unsigned and big-endian.
inline constexpr size_t wireHeaderSize = 16;
inline constexpr quint16 wireVersion = 2;

//! \brief The bytes that precede the three parts of \a message, each of which fits in 32 bits.
std::array<quint8, wireHeaderSize> encodeHeader(const Message &message);

//! \brief Puts one message together from the bytes of its stream, in pieces of any size.
//!
//! What a peer merely announces costs no memory: between two calls allocatedBytes() is at most
//! bytesReceived() + 64 KiB, until setAdmitted() says that room for all of it is set aside. Then a part
//! of up to 16 MiB is allocated whole; a longer one is gathered in blocks and joined when its last byte is
//! there, during which that one part is held twice.
class MessageReader
{
public:
    enum class Status {
        NeedMore,
        Complete, //!< take() it
        Refused, //!< see error(); nothing is kept, and further bytes are ignored
    };

    //! \a maxMessageSize: bytes of the three parts together.
    explicit MessageReader(qint64 maxMessageSize)
        : m_maxMessageSize(maxMessageSize)
    {
    }

    //! \brief The totalSize() is accounted for: memory may be taken before the bytes are there.
    void setAdmitted() { m_isAdmitted = true; }

    //! \brief Takes the next \a size bytes of the stream (\a data may be null where there are none).
    Status append(const quint8 *data, size_t size, Fin fin);

    //! \brief The message; once, and only where append() said Complete.
    Message take();

    //! \brief Why it was refused: MessageInvalid or MessageTooLarge. Only where append() said Refused.
    Error error() const;

    bool headerKnown() const { return m_bytesReceived >= qint64(wireHeaderSize); }
    //! Bytes of the three parts as announced; only where headerKnown(). At most 3 * (2^32 - 1).
    qint64 totalSize() const;

    //! Bytes of the stream so far, with the 16 of the wire header.
    qint64 bytesReceived() const { return m_bytesReceived; }
    //! Bytes of the three parts that are kept here now.
    qint64 bufferedBytes() const;
    //! What those cost: the capacity of everything allocated for them.
    qint64 allocatedBytes() const;

private:
    enum Part : quint8 { Header, Destination, Payload, PartCount };
    enum class Refusal : quint8 {
        None,
        WrongVersion,
        NoPayload,
        TooLarge,
        MissingBytes,
        ExtraBytes
    };

    bool takeWhole(std::span<const quint8> bytes);
    qint64 announcedSize(Part part) const;
    Refusal checkHeader() const;
    Status refuse(Refusal refusal);
    void appendToPart(Part part, const quint8 *data, qint64 size);

    qint64 m_maxMessageSize;
    qint64 m_bytesReceived = 0;
    std::array<QByteArray, PartCount> m_parts;
    std::vector<QByteArray> m_blocks; // full ones of the part that is arriving; its rest is in m_parts
    qint64 m_partReceived = 0; // bytes of the part that is arriving
    std::array<quint8, wireHeaderSize> m_wireHeader = {};
    Part m_part = Header;
    bool m_isAdmitted = false;
    Refusal m_refusal = Refusal::None;
};

} // namespace Qp2p::Engine
