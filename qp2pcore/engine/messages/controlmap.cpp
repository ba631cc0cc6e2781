// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/messages/controlmap.h>

#include <qp2pcore/engine/messages/controlmessage.h>

#include <QtEndian>

#include <algorithm>
#include <array>

namespace Qp2p::Engine {

namespace {

// What we know needs a depth of 1; 8 leaves room to grow and bounds the recursion over hostile input.
constexpr int maxDepth = 8;

} // namespace

std::optional<quint64> ControlMapParser::parseKind()
{
    if (!m_reader.isMap()) {
        if (m_reader.lastError() != QCborError::NoError)
            complainMalformed();
        else
            complain(QStringLiteral("it is not a map"));
        return {};
    }
    if (!m_reader.isLengthKnown()) {
        complain(QStringLiteral("its map has an indefinite length"));
        return {};
    }
    m_reader.enterContainer();
    if (m_reader.lastError() == QCborError::NoError && !m_reader.hasNext()) {
        complain(QStringLiteral("it does not say its kind"));
        return {};
    }
    if (readNumber(0, std::numeric_limits<quint64>::max(), "first key") != KeyKind)
        complain(QStringLiteral("its first key is not the kind"));
    seen(KeyKind);
    const quint64 kind = readNumber(0, std::numeric_limits<quint64>::max(), "kind");
    if (failed())
        return {};
    return kind;
}

void ControlMapParser::parseKind(quint64 kind)
{
    if (const std::optional<quint64> found = parseKind(); found && *found != kind)
        complain(QStringLiteral("its kind is not %1").arg(kind));
}

void ControlMapParser::seen(quint64 key)
{
    if (has(key))
        complain(QStringLiteral("its key %1 stands there twice").arg(key));
    m_seen |= 1u << key;
}

void ControlMapParser::require(quint64 key, const char *name)
{
    if (!has(key))
        complain(QStringLiteral("its %1 is missing").arg(QLatin1StringView(name)));
}

quint64 ControlMapParser::readNumber(quint64 lowest, quint64 highest, const char *name)
{
    if (failed())
        return 0;
    if (!m_reader.isInteger()) {
        if (m_reader.lastError() != QCborError::NoError)
            complainMalformed();
        else
            complain(QStringLiteral("its %1 is not an integer").arg(QLatin1StringView(name)));
        return 0;
    }
    if (m_reader.isNegativeInteger() || m_reader.toUnsignedInteger() < lowest
        || m_reader.toUnsignedInteger() > highest) {
        complain(QStringLiteral("its %1 is out of range").arg(QLatin1StringView(name)));
        return 0;
    }
    const quint64 value = m_reader.toUnsignedInteger();
    if (!m_reader.next())
        complainMalformed();
    return value;
}

QByteArray ControlMapParser::readBytes(QCborStreamReader::Type type, qsizetype highestSize,
                                       const char *name)
{
    if (failed())
        return {};
    if (m_reader.type() != type) {
        if (m_reader.lastError() != QCborError::NoError)
            complainMalformed();
        else
            complain(QStringLiteral("its %1 has the wrong type").arg(QLatin1StringView(name)));
        return {};
    }
    // Before anything is read: the length is the peer's word.
    if (!m_reader.isLengthKnown() || m_reader.length() > quint64(highestSize)) {
        complain(QStringLiteral("its %1 is longer than %2 bytes")
                     .arg(QLatin1StringView(name))
                     .arg(highestSize));
        return {};
    }
    QByteArray bytes(qsizetype(m_reader.length()) + 1, Qt::Uninitialized);
    const auto result = m_reader.readStringChunk(bytes.data(), bytes.size());
    if (result.status == QCborStreamReader::Error) {
        complainMalformed();
        return {};
    }
    const QByteArray value = bytes.first(result.data);
    if (result.status == QCborStreamReader::Ok
        && m_reader.readStringChunk(bytes.data(), bytes.size()).status
            != QCborStreamReader::EndOfString)
        complainMalformed();
    return value;
}

QByteArray ControlMapParser::readFixed(qsizetype size, const char *name)
{
    const QByteArray bytes = readByteString(size, name);
    if (bytes.size() != size)
        complain(
            QStringLiteral("its %1 has not exactly %2 bytes").arg(QLatin1StringView(name)).arg(size));
    return bytes;
}

QByteArray ControlMapParser::readText(const char *name)
{
    const QByteArray utf8 = readBytes(QCborStreamReader::String, maxControlTextSize, name);
    if (!utf8.isValidUtf8())
        complain(QStringLiteral("its %1 is not UTF-8").arg(QLatin1StringView(name)));
    return utf8;
}

QByteArray ControlMapParser::readAddress(const char *name)
{
    const QByteArray bytes = readByteString(16, name);
    if (bytes.size() != 4 && bytes.size() != 16)
        complain(QStringLiteral("its %1 has neither 4 nor 16 bytes").arg(QLatin1StringView(name)));
    return bytes;
}

// Not QCborStreamReader::next() alone: that one follows 10,000 levels, and allocates what a string's
// length says.
void ControlMapParser::skipValue(int depth)
{
    if (failed())
        return;
    while (m_reader.isTag()) { // belongs to the value behind it
        if (++depth > maxDepth + 1)
            break;
        m_reader.next();
    }
    if (m_reader.lastError() != QCborError::NoError) {
        complainMalformed();
        return;
    }
    const bool nests = m_reader.isContainer() || m_reader.isTag();
    if (nests && depth > maxDepth) {
        complain(QStringLiteral("it nests deeper than %1").arg(maxDepth));
        return;
    }
    if (m_reader.isContainer() || m_reader.isString() || m_reader.isByteArray()) {
        if (!m_reader.isLengthKnown()) {
            complain(QStringLiteral("it holds something of an indefinite length"));
            return;
        }
        if (m_reader.length() > quint64(bytesLeft())) {
            complain(QStringLiteral("it holds something longer than itself"));
            return;
        }
    }
    if (m_reader.isContainer()) {
        m_reader.enterContainer();
        while (!failed() && m_reader.lastError() == QCborError::NoError && m_reader.hasNext())
            skipValue(depth + 1);
        if (!failed() && m_reader.lastError() == QCborError::NoError)
            m_reader.leaveContainer();
    } else {
        m_reader.next();
    }
    if (m_reader.lastError() != QCborError::NoError)
        complainMalformed();
}

void ControlMapParser::finish()
{
    if (failed())
        return;
    if (!m_reader.leaveContainer())
        complainMalformed();
    else if (bytesLeft() != 0)
        complain(QStringLiteral("it has bytes behind its map"));
}

void ControlMapParser::complainMalformed()
{
    complain(QStringLiteral("it is not well-formed CBOR (%1)").arg(m_reader.lastError().toString()));
}

Error ControlMapParser::error() const
{
    return Error(ErrorCode::ProtocolViolation,
                 QStringLiteral("A control message of the peer is malformed: %1.").arg(m_complaint));
}

// ---- writing

ControlMapWriter::ControlMapWriter(quint64 kind, quint64 pairs)
    : m_writer(&m_cbor)
{
    m_writer.startMap(1 + pairs);
    appendNumber(0, kind);
}

void ControlMapWriter::appendNumber(quint64 key, quint64 value)
{
    m_writer.append(key);
    m_writer.append(value);
}

void ControlMapWriter::appendBytes(quint64 key, const QByteArray &bytes)
{
    m_writer.append(key);
    m_writer.append(bytes);
}

void ControlMapWriter::appendText(quint64 key, const QByteArray &utf8)
{
    qsizetype size = std::min(utf8.size(), maxControlTextSize);
    if (size < utf8.size()) {
        while (size > 0 && (quint8(utf8.at(size)) & 0xc0) == 0x80)
            --size;
    }
    m_writer.append(key);
    m_writer.appendTextString(utf8.constData(), size);
}

QByteArray ControlMapWriter::finish()
{
    m_writer.endMap();
    Q_ASSERT(m_cbor.size() <= maxControlMessageSize);
    QByteArray bytes(controlPrefixSize, Qt::Uninitialized);
    qToBigEndian(quint16(m_cbor.size()), bytes.data());
    return bytes + m_cbor;
}

QByteArray addressBytes(const SocketAddress &address)
{
    return QByteArray(reinterpret_cast<const char *>(address.addressBytes()),
                      qsizetype(address.addressSize()));
}

SocketAddress addressFromBytes(QByteArrayView bytes, quint16 port)
{
    if (bytes.size() == 4) {
        std::array<quint8, 4> address;
        std::copy(bytes.begin(), bytes.end(), address.begin());
        return SocketAddress::fromIpv4(address, port);
    }
    if (bytes.size() == 16) {
        std::array<quint8, 16> address;
        std::copy(bytes.begin(), bytes.end(), address.begin());
        return SocketAddress::fromIpv6(address, port);
    }
    return {};
}

} // namespace Qp2p::Engine
