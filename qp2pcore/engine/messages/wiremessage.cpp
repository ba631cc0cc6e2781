// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Parses lengths that a peer chose, and takes memory only for the bytes that it sent.

#include <qp2pcore/engine/messages/wiremessage.h>

#include <QtEndian>

#include <algorithm>
#include <cstring>
#include <utility>

namespace Qp2p::Engine {

namespace {

// Of a long part for which no room is set aside, memory is taken a block at a time. One growing array would be simpler and needs no
// joining, but wherever realloc() cannot grow in place it copies all that came before: two 16 MiB
// messages that arrive together came in at 0.3 GB/s that way, and at 2 GB/s and more in blocks.
// A little less than 64 KiB, so that malloc's and QByteArray's own bytes fit into it too.
constexpr qint64 blockSize = 64 * 1024 - 64;

// The first memory of a part of which only a piece is there, doubled up to a block as bytes arrive:
// a thousand streams that each send little more than a header must cost 4 MiB, not 64.
constexpr qint64 firstCapacity = 4 * 1024 - 64;

// Of a part with room set aside for it, so much is allocated before its bytes are there. The system gives
// memory when it is written to, but refuses a process with a limit what is larger than that.
constexpr qint64 maxWholePart = 16 * 1024 * 1024;

} // namespace

std::array<quint8, wireHeaderSize> encodeHeader(const Message &message)
{
    Q_ASSERT(message.header().size() <= 0xffffffff && message.destination().size() <= 0xffffffff
             && message.payload().size() <= 0xffffffff);
    std::array<quint8, wireHeaderSize> bytes = {};
    qToBigEndian(wireVersion, bytes.data());
    qToBigEndian(quint32(message.header().size()), bytes.data() + 2);
    qToBigEndian(quint32(message.destination().size()), bytes.data() + 6);
    qToBigEndian(quint32(message.payload().size()), bytes.data() + 10);
    return bytes;
}

MessageReader::Status MessageReader::append(const quint8 *data, size_t size, Fin fin)
{
    if (m_refusal != Refusal::None)
        return Status::Refused;
    if (fin == Fin::Yes && m_bytesReceived == 0 && takeWhole({data, size}))
        return Status::Complete;

    qint64 left = qint64(size);
    if (!headerKnown() && left > 0) {
        const qint64 taken = std::min(left, qint64(wireHeaderSize) - m_bytesReceived);
        std::memcpy(m_wireHeader.data() + m_bytesReceived, data, size_t(taken));
        m_bytesReceived += taken;
        data += taken;
        left -= taken;
        if (headerKnown()) {
            if (const Refusal refusal = checkHeader(); refusal != Refusal::None)
                return refuse(refusal);
        }
    }

    if (headerKnown()) {
        const qint64 missing = qint64(wireHeaderSize) + totalSize() - m_bytesReceived;
        if (left > missing)
            return refuse(Refusal::ExtraBytes);
        m_bytesReceived += left;
        while (left > 0) {
            const qint64 taken = std::min(left, announcedSize(m_part) - m_partReceived);
            if (taken == 0) {
                m_part = Part(m_part + 1);
                m_partReceived = 0;
                continue;
            }
            appendToPart(m_part, data, taken);
            data += taken;
            left -= taken;
        }
    }

    if (fin == Fin::No)
        return Status::NeedMore;
    if (!headerKnown() || m_bytesReceived < qint64(wireHeaderSize) + totalSize())
        return refuse(Refusal::MissingBytes);
    return Status::Complete;
}

//! \brief Most messages are small, have a payload only and arrive in one piece. False, and nothing has changed, for any
//! other.
bool MessageReader::takeWhole(std::span<const quint8> bytes)
{
    static constexpr std::array<quint8, 10> before = {0, wireVersion};
    if (bytes.size() <= wireHeaderSize
        || std::memcmp(bytes.data(), before.data(), before.size()) != 0)
        return false;
    const auto payload = bytes.subspan(wireHeaderSize);
    if (qFromBigEndian<quint32>(bytes.data() + before.size()) != payload.size()
        || qint64(payload.size()) > m_maxMessageSize)
        return false;
    std::memcpy(m_wireHeader.data(), bytes.data(), wireHeaderSize);
    m_bytesReceived = qint64(bytes.size());
    m_part = Payload;
    m_partReceived = qint64(payload.size());
    m_parts[Payload] = QByteArray(reinterpret_cast<const char *>(payload.data()),
                                  qsizetype(payload.size()));
    return true;
}

Message MessageReader::take()
{
    Q_ASSERT(headerKnown() && m_refusal == Refusal::None);
    return Message(std::exchange(m_parts[Header], {}), std::exchange(m_parts[Destination], {}),
                   std::exchange(m_parts[Payload], {}));
}

Error MessageReader::error() const
{
    const auto invalid = [](const QString &what) { return Error(ErrorCode::MessageInvalid, what); };
    switch (m_refusal) {
    case Refusal::None:
        break;
    case Refusal::WrongVersion:
        return invalid(
            QStringLiteral("A message of the peer has the wire version %1; this side reads "
                           "version %2. One of the two programs is out of date.")
                .arg(qFromBigEndian<quint16>(m_wireHeader.data()))
                .arg(wireVersion));
    case Refusal::NoPayload:
        return invalid(
            QStringLiteral("A message of the peer has an empty payload; a payload has at least one "
                           "byte. The peer's program has a fault: report it to its makers."));
    case Refusal::MissingBytes:
        if (!headerKnown())
            return invalid(
                QStringLiteral("A message of the peer ended after %1 of the %2 bytes of its wire "
                               "header. The peer's program has a fault: report it to its makers.")
                    .arg(m_bytesReceived)
                    .arg(wireHeaderSize));
        return invalid(
            QStringLiteral("A message of the peer ended after %1 of the %2 bytes that it "
                           "announced. The peer's program has a fault: report it to its makers.")
                .arg(m_bytesReceived - qint64(wireHeaderSize))
                .arg(totalSize()));
    case Refusal::ExtraBytes:
        return invalid(
            QStringLiteral("A message of the peer continued after the %1 bytes that it announced. "
                           "The peer's program has a fault: report it to its makers.")
                .arg(totalSize()));
    case Refusal::TooLarge:
        return Error(
            ErrorCode::MessageTooLarge,
            QStringLiteral("A message of the peer announced %1 bytes; the limit of this side "
                           "is %2. Raise EndpointConfig::maxMessageSize where such messages "
                           "are wanted.")
                .arg(totalSize())
                .arg(m_maxMessageSize));
    }
    return {};
}

qint64 MessageReader::totalSize() const
{
    // In 64 bits: three lengths of 32 bits each would wrap around to a small sum.
    return announcedSize(Header) + announcedSize(Destination) + announcedSize(Payload);
}

qint64 MessageReader::bufferedBytes() const
{
    qint64 bytes = 0;
    for (const QByteArray &part : m_parts)
        bytes += part.size();
    for (const QByteArray &block : m_blocks)
        bytes += block.size();
    return bytes;
}

qint64 MessageReader::allocatedBytes() const
{
    qint64 bytes = 0;
    for (const QByteArray &part : m_parts)
        bytes += part.capacity();
    for (const QByteArray &block : m_blocks)
        bytes += block.capacity();
    return bytes;
}

qint64 MessageReader::announcedSize(Part part) const
{
    return qFromBigEndian<quint32>(m_wireHeader.data() + 2 + 4 * part);
}

MessageReader::Refusal MessageReader::checkHeader() const
{
    if (qFromBigEndian<quint16>(m_wireHeader.data()) != wireVersion)
        return Refusal::WrongVersion;
    if (totalSize() > m_maxMessageSize)
        return Refusal::TooLarge;
    if (announcedSize(Payload) == 0)
        return Refusal::NoPayload;
    return Refusal::None;
}

MessageReader::Status MessageReader::refuse(Refusal refusal)
{
    m_refusal = refusal;
    m_parts = {};
    m_blocks = {};
    return Status::Refused;
}

void MessageReader::appendToPart(Part part, const quint8 *data, qint64 size)
{
    QByteArray &rest = m_parts[part];
    const qint64 announced = announcedSize(part);
    const bool isWhole = m_isAdmitted && announced <= maxWholePart && m_blocks.empty();
    if (isWhole && rest.capacity() < announced)
        rest.reserve(announced);
    const qint64 maxSize = isWhole ? announced : blockSize;
    while (size > 0) {
        if (rest.size() == maxSize)
            m_blocks.push_back(std::exchange(rest, {}));
        const qint64 taken = std::min(size, maxSize - rest.size());
        if (rest.size() + taken > rest.capacity()) {
            const qint64 comfortable = m_blocks.empty() ? std::max(firstCapacity, 2 * rest.size())
                                                        : blockSize;
            const qint64 wanted = std::max(comfortable, rest.size() + taken);
            const qint64 stillToCome = announced - m_partReceived;
            rest.reserve(std::min({wanted, blockSize, rest.size() + stillToCome}));
        }
        // There is room: append() would only look once more for what has to be moved.
        const qsizetype end = rest.size();
        rest.resize(end + taken);
        std::memcpy(rest.data() + end, data, size_t(taken));
        m_partReceived += taken;
        data += taken;
        size -= taken;
    }

    if (m_partReceived == announced && !m_blocks.empty()) {
        QByteArray whole;
        whole.reserve(announced);
        for (QByteArray &block : m_blocks)
            whole.append(std::exchange(block, {}));
        whole.append(rest);
        rest = std::move(whole);
        m_blocks = {};
    }
}

} // namespace Qp2p::Engine
