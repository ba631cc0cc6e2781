// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Parses CBOR of a stranger: every length and depth is judged before it is followed.

#include <qp2pcore/engine/controlmessage.h>

#include <QCborStreamReader>
#include <QCborStreamWriter>
#include <QtEndian>

#include <algorithm>
#include <array>
#include <limits>

namespace Qp2p::Engine {

namespace {

enum Kind : quint64 { KindHello = 1, KindGoodbye = 2 };
enum CommonKey : quint64 { KeyKind = 0 };
enum HelloKey : quint64 {
    KeyNetworkName = 1,
    KeyRole = 2,
    KeyAgent = 3,
    KeyListeningPort = 4,
    KeyObservedAddress = 5,
    KeyObservedPort = 6,
    KeyMaxMessageSize = 7,
};
enum GoodbyeKey : quint64 { KeyCode = 1, KeyReason = 2 };

constexpr qsizetype prefixSize = 2;

// What we know needs a depth of 1; 8 leaves room to grow and bounds the recursion over hostile input.
constexpr int maxDepth = 8;

// A larger one makes ngtcp2 abort when the connection is closed with it.
constexpr quint64 maxCode = (quint64(1) << 62) - 1;

void appendText(QCborStreamWriter &writer, quint64 key, const QByteArray &utf8)
{
    qsizetype size = std::min(utf8.size(), maxControlTextSize);
    if (size < utf8.size()) {
        while (size > 0 && (quint8(utf8.at(size)) & 0xc0) == 0x80)
            --size;
    }
    writer.append(key);
    writer.appendTextString(utf8.constData(), size);
}

void appendNumber(QCborStreamWriter &writer, quint64 key, quint64 value)
{
    writer.append(key);
    writer.append(value);
}

QByteArray withPrefix(const QByteArray &cbor)
{
    Q_ASSERT(!cbor.isEmpty() && size_t(cbor.size()) <= maxControlMessageSize);
    QByteArray bytes(prefixSize, Qt::Uninitialized);
    qToBigEndian(quint16(cbor.size()), bytes.data());
    return bytes + cbor;
}

// Reads one map, and remembers the first thing that is wrong with it.
class MapParser
{
public:
    MapParser(const char *data, qsizetype size)
        : m_reader(data, size)
        , m_size(size)
    {
    }

    std::optional<ControlMessage> parse();
    const QString &complaint() const { return m_complaint; }

private:
    // Enters the map and reads its first pair, key 0.
    std::optional<quint64> parseKind();
    // Hands each further key to take(key), which reads its value or returns false to skip it.
    template<typename Take>
    void parsePairs(Take take);
    // Notes that \a key is there: a complaint the second time.
    void seen(quint64 key);
    bool has(quint64 key) const { return m_seen & (1u << key); }
    void require(quint64 key, const char *name);

    quint64 readNumber(quint64 lowest, quint64 highest, const char *name);
    QByteArray readBytes(QCborStreamReader::Type type, qsizetype highestSize, const char *name);
    QByteArray readText(const char *name);
    void skipValue(int depth);
    void finish();

    bool failed() const { return !m_complaint.isEmpty(); }
    void complain(const QString &what)
    {
        if (!failed())
            m_complaint = what;
    }
    void complainMalformed();
    qint64 bytesLeft() const { return m_size - m_reader.currentOffset(); }

    QCborStreamReader m_reader;
    qsizetype m_size;
    quint32 m_seen = 0; // one bit per known key
    QString m_complaint;
};

std::optional<ControlMessage> MapParser::parse()
{
    const std::optional<quint64> kind = parseKind();
    if (!kind)
        return {};

    ControlMessage message;
    switch (*kind) {
    case KindHello: {
        Hello hello;
        QByteArray observedAddress;
        quint16 observedPort = 0;
        parsePairs([&](quint64 key) {
            switch (key) {
            case KeyNetworkName:
                hello.networkName = readText("network name");
                return true;
            case KeyRole: {
                const quint64 role = readNumber(0, std::numeric_limits<quint64>::max(), "role");
                if (role <= quint64(Hello::Role::Client))
                    hello.role = Hello::Role(role);
                return true;
            }
            case KeyAgent:
                hello.agent = readText("agent");
                return true;
            case KeyListeningPort:
                hello.listeningPort = quint16(readNumber(0, 65535, "listening port"));
                return true;
            case KeyObservedAddress:
                observedAddress = readBytes(QCborStreamReader::ByteArray, 16, "observed address");
                if (observedAddress.size() != 4 && observedAddress.size() != 16)
                    complain(QStringLiteral("its observed address has neither 4 nor 16 bytes"));
                return true;
            case KeyObservedPort:
                observedPort = quint16(readNumber(1, 65535, "observed port"));
                return true;
            case KeyMaxMessageSize:
                hello.maxMessageSize = readNumber(1, std::numeric_limits<quint64>::max(),
                                                  "largest message");
                return true;
            default:
                return false;
            }
        });
        require(KeyNetworkName, "network name");
        require(KeyRole, "role");
        require(KeyAgent, "agent");
        require(KeyListeningPort, "listening port");
        if (has(KeyObservedAddress) || has(KeyObservedPort)) {
            require(KeyObservedAddress, "observed address");
            require(KeyObservedPort, "observed port");
        }
        if (observedAddress.size() == 4) {
            std::array<quint8, 4> address;
            std::copy(observedAddress.cbegin(), observedAddress.cend(), address.begin());
            hello.observed = SocketAddress::fromIpv4(address, observedPort);
        } else if (observedAddress.size() == 16) {
            std::array<quint8, 16> address;
            std::copy(observedAddress.cbegin(), observedAddress.cend(), address.begin());
            hello.observed = SocketAddress::fromIpv6(address, observedPort);
        }
        message = std::move(hello);
        break;
    }
    case KindGoodbye: {
        Goodbye goodbye;
        parsePairs([&](quint64 key) {
            switch (key) {
            case KeyCode:
                goodbye.code = readNumber(0, maxCode, "code");
                return true;
            case KeyReason:
                goodbye.reason = readText("reason");
                return true;
            default:
                return false;
            }
        });
        require(KeyCode, "code");
        message = std::move(goodbye);
        break;
    }
    default:
        parsePairs([](quint64) { return false; });
        message = UnknownControl{*kind};
        break;
    }

    finish();
    if (failed())
        return {};
    return message;
}

std::optional<quint64> MapParser::parseKind()
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

template<typename Take>
void MapParser::parsePairs(Take take)
{
    while (!failed() && m_reader.hasNext()) {
        if (m_reader.isNegativeInteger()) { // nothing we know, but a key
            m_reader.next();
            skipValue(2);
            continue;
        }
        const quint64 key = readNumber(0, std::numeric_limits<quint64>::max(), "key");
        if (failed())
            break;
        if (key == KeyKind)
            seen(key);
        else if (take(key))
            seen(key);
        else
            skipValue(2);
    }
    if (m_reader.lastError() != QCborError::NoError)
        complainMalformed();
}

void MapParser::seen(quint64 key)
{
    if (has(key))
        complain(QStringLiteral("its key %1 stands there twice").arg(key));
    m_seen |= 1u << key;
}

void MapParser::require(quint64 key, const char *name)
{
    if (!has(key))
        complain(QStringLiteral("its %1 is missing").arg(QLatin1StringView(name)));
}

quint64 MapParser::readNumber(quint64 lowest, quint64 highest, const char *name)
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

QByteArray MapParser::readBytes(QCborStreamReader::Type type, qsizetype highestSize,
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
    std::array<char, size_t(maxControlTextSize)> bytes;
    static_assert(maxControlTextSize >= 16);
    const auto result = m_reader.readStringChunk(bytes.data(), qsizetype(bytes.size()));
    if (result.status == QCborStreamReader::Error) {
        complainMalformed();
        return {};
    }
    const QByteArray value(bytes.data(), result.data);
    if (result.status == QCborStreamReader::Ok
        && m_reader.readStringChunk(bytes.data(), qsizetype(bytes.size())).status
            != QCborStreamReader::EndOfString)
        complainMalformed();
    return value;
}

QByteArray MapParser::readText(const char *name)
{
    const QByteArray utf8 = readBytes(QCborStreamReader::String, maxControlTextSize, name);
    if (!utf8.isValidUtf8())
        complain(QStringLiteral("its %1 is not UTF-8").arg(QLatin1StringView(name)));
    return utf8;
}

// Not QCborStreamReader::next() alone: that one follows 10,000 levels, and allocates what a string's
// length says.
void MapParser::skipValue(int depth)
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

void MapParser::finish()
{
    if (failed())
        return;
    if (!m_reader.leaveContainer())
        complainMalformed();
    else if (bytesLeft() != 0)
        complain(QStringLiteral("it has bytes behind its map"));
}

void MapParser::complainMalformed()
{
    complain(QStringLiteral("it is not well-formed CBOR (%1)").arg(m_reader.lastError().toString()));
}

} // namespace

QByteArray encode(const Hello &hello)
{
    Q_ASSERT(hello.networkName.size() <= maxControlTextSize);
    const bool observed = !hello.observed.isNull();
    QByteArray cbor;
    QCborStreamWriter writer(&cbor);
    writer.startMap(5u + (observed ? 2u : 0u) + (hello.maxMessageSize > 0 ? 1u : 0u));
    appendNumber(writer, KeyKind, KindHello);
    appendText(writer, KeyNetworkName, hello.networkName);
    appendNumber(writer, KeyRole, quint64(hello.role));
    appendText(writer, KeyAgent, hello.agent);
    appendNumber(writer, KeyListeningPort, hello.listeningPort);
    if (observed) {
        writer.append(quint64(KeyObservedAddress));
        writer.appendByteString(reinterpret_cast<const char *>(hello.observed.addressBytes()),
                                qsizetype(hello.observed.addressSize()));
        appendNumber(writer, KeyObservedPort, hello.observed.port());
    }
    if (hello.maxMessageSize > 0)
        appendNumber(writer, KeyMaxMessageSize, hello.maxMessageSize);
    writer.endMap();
    return withPrefix(cbor);
}

QByteArray encode(const Goodbye &goodbye)
{
    QByteArray cbor;
    QCborStreamWriter writer(&cbor);
    writer.startMap(3);
    appendNumber(writer, KeyKind, KindGoodbye);
    appendNumber(writer, KeyCode, std::min(goodbye.code, maxCode));
    appendText(writer, KeyReason, goodbye.reason);
    writer.endMap();
    return withPrefix(cbor);
}

std::optional<ControlMessage> ControlReader::next(std::span<const quint8> &bytes)
{
    const auto takeUpTo = [&](qsizetype size) {
        const auto taken = std::min(bytes.size(), size_t(size - m_buffer.size()));
        m_buffer.append(reinterpret_cast<const char *>(bytes.data()), qsizetype(taken));
        bytes = bytes.subspan(taken);
        return m_buffer.size() == size;
    };

    if (m_error.isError())
        return {};
    if (m_buffer.size() < prefixSize && !takeUpTo(prefixSize))
        return {};
    const quint16 size = qFromBigEndian<quint16>(m_buffer.constData());
    if (size == 0 || size > maxControlMessageSize) {
        m_error = Error(ErrorCode::ProtocolViolation,
                        QStringLiteral("A control message of the peer has a length of %1 bytes; "
                                       "1 to %2 are allowed.")
                            .arg(size)
                            .arg(maxControlMessageSize));
        m_buffer = {};
        return {};
    }
    m_buffer.reserve(prefixSize + size);
    if (!takeUpTo(prefixSize + size))
        return {};

    MapParser parser(m_buffer.constData() + prefixSize, size);
    std::optional<ControlMessage> message = parser.parse();
    m_buffer = {};
    if (!message) {
        m_error = Error(ErrorCode::ProtocolViolation,
                        QStringLiteral("A control message of the peer is malformed: %1.")
                            .arg(parser.complaint()));
    }
    return message;
}

} // namespace Qp2p::Engine
