// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/messages/controlmessage.h>

#include <qp2pcore/engine/messages/controlmap.h>

#include <QCborStreamWriter>
#include <QtEndian>

#include <algorithm>
#include <array>
#include <limits>

namespace Qp2p::Engine {

namespace {

enum Kind : quint64 {
    KindHello = 1,
    KindGoodbye = 2,
    KindDialBackRequest = 3,
    KindDialBackAnswer = 4,
    KindPeersRequest = 5,
    KindPeersAnswer = 6,
    KindDialBackArrival = 7,
};
enum CommonKey : quint64 { KeyKind = 0 };
enum HelloKey : quint64 {
    KeyNetworkName = 1,
    KeyRole = 2,
    KeyAgent = 3,
    KeyListeningPort = 4,
    KeyObservedAddress = 5,
    KeyObservedPort = 6,
    KeyMaxMessageSize = 7,
    KeyDialBackNonce = 8,
    KeyInstance = 9,
};
enum GoodbyeKey : quint64 { KeyCode = 1, KeyReason = 2 };
enum DialBackRequestKey : quint64 {
    KeyRequestId = 1,
    KeyRequestPort = 2,
    KeyTargetAddress = 3,
    KeyTargetPeer = 4,
    KeyNonce = 5,
    KeyPadding = 6,
};
enum DialBackAnswerKey : quint64 {
    KeyAnswerId = 1,
    KeyResult = 2,
    KeyAnswerReason = 3,
    KeyAcceptedRole = 4,
};
enum PeersAnswerKey : quint64 { KeyNodes = 1 };
enum DialBackArrivalKey : quint64 { KeyArrivedNonce = 1 };

constexpr qsizetype prefixSize = 2;
constexpr quint64 anyNumber = std::numeric_limits<quint64>::max();

// A larger one makes ngtcp2 abort when the connection is closed with it.
constexpr quint64 maxCode = (quint64(1) << 62) - 1;

// ---- writing

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

void appendBytes(QCborStreamWriter &writer, quint64 key, const QByteArray &bytes)
{
    writer.append(key);
    writer.append(bytes);
}

QByteArray bytesOf(const SocketAddress &address)
{
    return QByteArray(reinterpret_cast<const char *>(address.addressBytes()),
                      qsizetype(address.addressSize()));
}

QByteArray withPrefix(const QByteArray &cbor)
{
    Q_ASSERT(!cbor.isEmpty() && size_t(cbor.size()) <= maxControlMessageSize);
    QByteArray bytes(prefixSize, Qt::Uninitialized);
    qToBigEndian(quint16(cbor.size()), bytes.data());
    return bytes + cbor;
}

// ---- reading

//! Null where \a bytes are neither 4 nor 16.
SocketAddress addressOf(QByteArrayView bytes, quint16 port)
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

Hello readHello(ControlMapParser &map)
{
    Hello hello;
    QByteArray observedAddress;
    quint16 observedPort = 0;
    map.parsePairs([&](quint64 key) {
        switch (key) {
        case KeyNetworkName:
            hello.networkName = map.readText("network name");
            return true;
        case KeyRole: {
            const quint64 role = map.readNumber(0, anyNumber, "role");
            if (role <= quint64(Hello::Role::Client))
                hello.role = Hello::Role(role);
            return true;
        }
        case KeyAgent:
            hello.agent = map.readText("agent");
            return true;
        case KeyListeningPort:
            hello.listeningPort = quint16(map.readNumber(0, 65535, "listening port"));
            return true;
        case KeyObservedAddress:
            observedAddress = map.readByteString(16, "observed address");
            if (observedAddress.size() != 4 && observedAddress.size() != 16)
                map.complain(QStringLiteral("its observed address has neither 4 nor 16 bytes"));
            return true;
        case KeyObservedPort:
            observedPort = quint16(map.readNumber(1, 65535, "observed port"));
            return true;
        case KeyMaxMessageSize:
            hello.maxMessageSize = map.readNumber(1, anyNumber, "largest message");
            return true;
        case KeyDialBackNonce:
            hello.dialBackNonce = map.readFixed(dialBackNonceSize, "dial-back nonce");
            return true;
        case KeyInstance:
            hello.instance = map.readNumber(0, anyNumber, "instance");
            return true;
        default:
            return false;
        }
    });
    map.require(KeyNetworkName, "network name");
    map.require(KeyRole, "role");
    map.require(KeyAgent, "agent");
    map.require(KeyListeningPort, "listening port");
    if (map.has(KeyObservedAddress) || map.has(KeyObservedPort)) {
        map.require(KeyObservedAddress, "observed address");
        map.require(KeyObservedPort, "observed port");
    }
    hello.observed = addressOf(observedAddress, observedPort);
    return hello;
}

Goodbye readGoodbye(ControlMapParser &map)
{
    Goodbye goodbye;
    map.parsePairs([&](quint64 key) {
        switch (key) {
        case KeyCode:
            goodbye.code = map.readNumber(0, maxCode, "code");
            return true;
        case KeyReason:
            goodbye.reason = map.readText("reason");
            return true;
        default:
            return false;
        }
    });
    map.require(KeyCode, "code");
    return goodbye;
}

DialBackRequest readDialBackRequest(ControlMapParser &map)
{
    DialBackRequest request;
    quint16 port = 0;
    QByteArray address;
    map.parsePairs([&](quint64 key) {
        switch (key) {
        case KeyRequestId:
            request.id = map.readNumber(0, anyNumber, "id");
            return true;
        case KeyRequestPort:
            port = quint16(map.readNumber(1, 65535, "port"));
            return true;
        case KeyTargetAddress:
            address = map.readByteString(16, "address");
            if (address.size() != 4 && address.size() != 16)
                map.complain(QStringLiteral("its address has neither 4 nor 16 bytes"));
            return true;
        case KeyTargetPeer:
            request.peer = PeerId::fromBytes(map.readFixed(PeerId::Size, "peer id"));
            return true;
        case KeyNonce:
            request.nonce = map.readFixed(dialBackNonceSize, "nonce");
            return true;
        case KeyPadding: // what it holds does not matter: it was sent
            map.readByteString(qsizetype(maxControlMessageSize), "padding");
            return true;
        default:
            return false;
        }
    });
    map.require(KeyRequestId, "id");
    map.require(KeyRequestPort, "port");
    if (map.has(KeyTargetAddress) || map.has(KeyTargetPeer) || map.has(KeyNonce)) {
        map.require(KeyTargetAddress, "address");
        map.require(KeyTargetPeer, "peer id");
        map.require(KeyNonce, "nonce");
    }
    request.port = port;
    request.target = addressOf(address, port);
    return request;
}

DialBackAnswer readDialBackAnswer(ControlMapParser &map)
{
    DialBackAnswer answer;
    map.parsePairs([&](quint64 key) {
        switch (key) {
        case KeyAnswerId:
            answer.id = map.readNumber(0, anyNumber, "id");
            return true;
        case KeyResult: {
            const quint64 result = map.readNumber(0, anyNumber, "result");
            if (result <= quint64(DialBackAnswer::Result::NotReachable))
                answer.result = DialBackAnswer::Result(result);
            return true;
        }
        case KeyAnswerReason:
            answer.reason = map.readText("reason");
            return true;
        case KeyAcceptedRole: {
            const quint64 role = map.readNumber(0, anyNumber, "accepted role");
            if (role <= quint64(Hello::Role::Client))
                answer.acceptedAs = Hello::Role(role);
            return true;
        }
        default:
            return false;
        }
    });
    map.require(KeyAnswerId, "id");
    map.require(KeyResult, "result");
    return answer;
}

//! The nodes lie in one byte string, so that their number and sizes are judged in one place.
PeersAnswer readPeersAnswer(ControlMapParser &map)
{
    QByteArray packed;
    map.parsePairs([&](quint64 key) {
        if (key != KeyNodes)
            return false;
        packed = map.readByteString(qsizetype(maxControlMessageSize), "list of nodes");
        return true;
    });
    map.require(KeyNodes, "list of nodes");
    PeersAnswer answer;
    QByteArrayView rest(packed);
    const auto take = [&rest](qsizetype size) {
        const QByteArrayView bytes = rest.first(size);
        rest = rest.sliced(size);
        return bytes;
    };
    while (!map.failed() && !rest.isEmpty()) {
        if (rest.size() < PeerId::Size + 1 || answer.nodes.size() == maxToldNodes) {
            map.complain(QStringLiteral("its list of nodes is too long, or cut off"));
            break;
        }
        ToldNode node;
        node.id = PeerId::fromBytes(take(PeerId::Size));
        const auto count = quint8(take(1).front());
        for (int i = 0; i < count && !map.failed(); ++i) {
            const int addressSize = rest.isEmpty() ? 0 : quint8(take(1).front());
            if ((addressSize != 4 && addressSize != 16) || rest.size() < addressSize + 2
                || node.addresses.size() == maxToldAddresses) {
                map.complain(QStringLiteral("its list of nodes has an address that is none"));
                break;
            }
            const QByteArrayView address = take(addressSize);
            const auto port = qFromBigEndian<quint16>(take(2).data());
            node.addresses.append(addressOf(address, port));
        }
        answer.nodes.append(node);
    }
    return answer;
}

std::optional<ControlMessage> readMessage(ControlMapParser &map)
{
    const std::optional<quint64> kind = map.parseKind();
    if (!kind)
        return {};
    ControlMessage message;
    switch (*kind) {
    case KindHello:
        message = readHello(map);
        break;
    case KindGoodbye:
        message = readGoodbye(map);
        break;
    case KindDialBackRequest:
        message = readDialBackRequest(map);
        break;
    case KindDialBackAnswer:
        message = readDialBackAnswer(map);
        break;
    case KindPeersRequest:
        map.parsePairs([](quint64) { return false; });
        message = PeersRequest{};
        break;
    case KindPeersAnswer:
        message = readPeersAnswer(map);
        break;
    case KindDialBackArrival: {
        DialBackArrival arrival;
        map.parsePairs([&](quint64 key) {
            if (key != KeyArrivedNonce)
                return false;
            arrival.nonce = map.readFixed(dialBackNonceSize, "nonce");
            return true;
        });
        map.require(KeyArrivedNonce, "nonce");
        message = arrival;
        break;
    }
    default:
        map.parsePairs([](quint64) { return false; });
        message = UnknownControl{*kind};
        break;
    }
    map.finish();
    if (map.failed())
        return {};
    return message;
}

} // namespace

QByteArray encode(const Hello &hello)
{
    Q_ASSERT(hello.networkName.size() <= maxControlTextSize);
    const bool observed = !hello.observed.isNull();
    const bool checks = !hello.dialBackNonce.isEmpty();
    QByteArray cbor;
    QCborStreamWriter writer(&cbor);
    writer.startMap(5u + (observed ? 2u : 0u) + (hello.maxMessageSize > 0 ? 1u : 0u)
                    + (checks ? 1u : 0u) + (hello.instance != 0 ? 1u : 0u));
    appendNumber(writer, KeyKind, KindHello);
    appendText(writer, KeyNetworkName, hello.networkName);
    appendNumber(writer, KeyRole, quint64(hello.role));
    appendText(writer, KeyAgent, hello.agent);
    appendNumber(writer, KeyListeningPort, hello.listeningPort);
    if (observed) {
        appendBytes(writer, KeyObservedAddress, bytesOf(hello.observed));
        appendNumber(writer, KeyObservedPort, hello.observed.port());
    }
    if (hello.maxMessageSize > 0)
        appendNumber(writer, KeyMaxMessageSize, hello.maxMessageSize);
    if (checks)
        appendBytes(writer, KeyDialBackNonce, hello.dialBackNonce);
    if (hello.instance != 0)
        appendNumber(writer, KeyInstance, hello.instance);
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

QByteArray encode(const DialBackRequest &request)
{
    const bool forHelper = !request.target.isNull();
    const auto write = [&](const std::optional<QByteArray> &padding) {
        QByteArray cbor;
        QCborStreamWriter writer(&cbor);
        writer.startMap((forHelper ? 6u : 3u) + (padding ? 1u : 0u));
        appendNumber(writer, KeyKind, KindDialBackRequest);
        appendNumber(writer, KeyRequestId, request.id);
        appendNumber(writer, KeyRequestPort, forHelper ? request.target.port() : request.port);
        if (forHelper) {
            Q_ASSERT(request.nonce.size() == dialBackNonceSize);
            appendBytes(writer, KeyTargetAddress, bytesOf(request.target));
            appendBytes(writer, KeyTargetPeer, request.peer.toBytes());
            appendBytes(writer, KeyNonce, request.nonce);
        }
        if (padding)
            appendBytes(writer, KeyPadding, *padding);
        writer.endMap();
        return withPrefix(cbor);
    };
    const QByteArray plain = write(std::nullopt);
    const auto size = std::min(request.size, prefixSize + qsizetype(maxControlMessageSize));
    const qsizetype room = size - plain.size();
    if (room <= 0)
        return plain;
    // The key and the head of a byte string, which has 1 to 3 bytes (RFC 8949 section 3), are part of it.
    const qsizetype padding = room <= 25 ? std::max<qsizetype>(room - 2, 0)
        : room <= 258                    ? std::max<qsizetype>(room - 3, 24)
                                         : std::max<qsizetype>(room - 4, 256);
    return write(QByteArray(padding, '\0'));
}

QByteArray encode(const DialBackAnswer &answer)
{
    QByteArray cbor;
    QCborStreamWriter writer(&cbor);
    writer.startMap(5);
    appendNumber(writer, KeyKind, KindDialBackAnswer);
    appendNumber(writer, KeyAnswerId, answer.id);
    appendNumber(writer, KeyResult, quint64(answer.result));
    appendText(writer, KeyAnswerReason, answer.reason);
    appendNumber(writer, KeyAcceptedRole, quint64(answer.acceptedAs));
    writer.endMap();
    return withPrefix(cbor);
}

QByteArray encode(const PeersRequest &)
{
    QByteArray cbor;
    QCborStreamWriter writer(&cbor);
    writer.startMap(1);
    appendNumber(writer, KeyKind, KindPeersRequest);
    writer.endMap();
    return withPrefix(cbor);
}

QByteArray encode(const PeersAnswer &answer)
{
    QByteArray packed;
    for (const ToldNode &node : answer.nodes.first(std::min(answer.nodes.size(), maxToldNodes))) {
        const qsizetype count = std::min(node.addresses.size(), maxToldAddresses);
        packed += node.id.toBytes();
        packed += char(count);
        for (const SocketAddress &address : node.addresses.first(count)) {
            packed += char(address.addressSize());
            packed += bytesOf(address);
            std::array<char, 2> port;
            qToBigEndian(address.port(), port.data());
            packed.append(port.data(), qsizetype(port.size()));
        }
    }
    QByteArray cbor;
    QCborStreamWriter writer(&cbor);
    writer.startMap(2);
    appendNumber(writer, KeyKind, KindPeersAnswer);
    appendBytes(writer, KeyNodes, packed);
    writer.endMap();
    return withPrefix(cbor);
}

QByteArray encode(const DialBackArrival &arrival)
{
    QByteArray cbor;
    QCborStreamWriter writer(&cbor);
    writer.startMap(2);
    appendNumber(writer, KeyKind, KindDialBackArrival);
    appendBytes(writer, KeyArrivedNonce, arrival.nonce);
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

    ControlMapParser parser(m_buffer.constData() + prefixSize, size);
    std::optional<ControlMessage> message = readMessage(parser);
    if (auto *request = message ? std::get_if<DialBackRequest>(&*message) : nullptr)
        request->size = m_buffer.size();
    m_buffer = {};
    if (!message) {
        m_error = Error(ErrorCode::ProtocolViolation,
                        QStringLiteral("A control message of the peer is malformed: %1.")
                            .arg(parser.complaint()));
    }
    return message;
}

} // namespace Qp2p::Engine
