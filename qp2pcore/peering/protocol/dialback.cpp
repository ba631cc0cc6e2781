// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/protocol/dialback.h>

#include <qp2pcore/engine/messages/controlmap.h>
#include <qp2pcore/engine/messages/controlmessage.h>

#include <algorithm>
#include <optional>

namespace Qp2p::Peering {

using Engine::addressBytes;
using Engine::addressFromBytes;
using Engine::ControlMapParser;
using Engine::ControlMapWriter;
using Engine::controlPrefixSize;
using Engine::dialBackNonceSize;
using Engine::maxControlMessageSize;

namespace {

enum RequestKey : quint64 {
    KeyRequestId = 1,
    KeyRequestPort = 2,
    KeyTargetAddress = 3,
    KeyTargetPeer = 4,
    KeyNonce = 5,
    KeyPadding = 6,
};
enum AnswerKey : quint64 {
    KeyAnswerId = 1,
    KeyResult = 2,
    KeyAnswerReason = 3,
    KeyAcceptedRole = 4,
};
enum ArrivalKey : quint64 { KeyArrivedNonce = 1 };

void checkPresence(ControlMapParser &parser)
{
    parser.require(KeyRequestId, "id");
    parser.require(KeyRequestPort, "port");
    if (parser.has(KeyTargetAddress) || parser.has(KeyTargetPeer) || parser.has(KeyNonce)) {
        parser.require(KeyTargetAddress, "address");
        parser.require(KeyTargetPeer, "peer id");
        parser.require(KeyNonce, "nonce");
    }
}

QByteArray encodeWithPadding(const DialBackRequest &request, std::optional<qsizetype> padding)
{
    const bool forHelper = !request.target.isNull();
    ControlMapWriter writer(DialBackRequest::Kind, (forHelper ? 5u : 2u) + (padding ? 1u : 0u));
    writer.appendNumber(KeyRequestId, request.id);
    writer.appendNumber(KeyRequestPort, forHelper ? request.target.port() : request.port);
    if (forHelper) {
        Q_ASSERT(request.nonce.size() == dialBackNonceSize);
        writer.appendBytes(KeyTargetAddress, addressBytes(request.target));
        writer.appendBytes(KeyTargetPeer, request.peer.toBytes());
        writer.appendBytes(KeyNonce, request.nonce);
    }
    if (padding)
        writer.appendBytes(KeyPadding, QByteArray(*padding, '\0'));
    return writer.finish();
}

} // namespace

Result<DialBackRequest> DialBackRequest::decode(const QByteArray &map)
{
    ControlMapParser parser(map);
    parser.parseKind(Kind);
    DialBackRequest request;
    QByteArray address;
    parser.parsePairs([&](quint64 key) {
        switch (key) {
        case KeyRequestId:
            request.id = parser.readNumber(0, ControlMapParser::AnyNumber, "id");
            return true;
        case KeyRequestPort:
            request.port = quint16(parser.readNumber(1, 65535, "port"));
            return true;
        case KeyTargetAddress:
            address = parser.readAddress("address");
            return true;
        case KeyTargetPeer:
            request.peer = PeerId::fromBytes(parser.readFixed(PeerId::Size, "peer id"));
            return true;
        case KeyNonce:
            request.nonce = parser.readFixed(dialBackNonceSize, "nonce");
            return true;
        case KeyPadding: // what it holds does not matter: it was sent
            parser.readByteString(maxControlMessageSize, "padding");
            return true;
        default:
            return false;
        }
    });
    checkPresence(parser);
    request.target = addressFromBytes(address, request.port);
    request.size = controlPrefixSize + map.size();
    return parser.finish(request);
}

Result<DialBackAnswer> DialBackAnswer::decode(const QByteArray &map)
{
    ControlMapParser parser(map);
    parser.parseKind(Kind);
    DialBackAnswer answer;
    parser.parsePairs([&](quint64 key) {
        switch (key) {
        case KeyAnswerId:
            answer.id = parser.readNumber(0, ControlMapParser::AnyNumber, "id");
            return true;
        case KeyResult: {
            const quint64 result = parser.readNumber(0, ControlMapParser::AnyNumber, "result");
            if (result <= quint64(Result::NotReachable))
                answer.result = Result(result);
            return true;
        }
        case KeyAnswerReason:
            answer.reason = parser.readText("reason");
            return true;
        case KeyAcceptedRole: {
            const quint64 role = parser.readNumber(0, ControlMapParser::AnyNumber, "accepted role");
            if (role <= quint64(Engine::Hello::Role::Client))
                answer.acceptedAs = Engine::Hello::Role(role);
            return true;
        }
        default:
            return false;
        }
    });
    parser.require(KeyAnswerId, "id");
    parser.require(KeyResult, "result");
    return parser.finish(answer);
}

Result<DialBackArrival> DialBackArrival::decode(const QByteArray &map)
{
    ControlMapParser parser(map);
    parser.parseKind(Kind);
    DialBackArrival arrival;
    parser.parsePairs([&](quint64 key) {
        if (key != KeyArrivedNonce)
            return false;
        arrival.nonce = parser.readFixed(dialBackNonceSize, "nonce");
        return true;
    });
    parser.require(KeyArrivedNonce, "nonce");
    return parser.finish(arrival);
}

QByteArray encode(const DialBackRequest &request)
{
    const QByteArray plain = encodeWithPadding(request, {});
    const auto size = std::min(request.size, controlPrefixSize + maxControlMessageSize);
    const qsizetype room = size - plain.size();
    if (room <= 0)
        return plain;
    // The key and the head of a byte string, which has 1 to 3 bytes (RFC 8949 section 3), are part of it.
    const qsizetype padding = room <= 25 ? std::max<qsizetype>(room - 2, 0)
        : room <= 258                    ? std::max<qsizetype>(room - 3, 24)
                                         : std::max<qsizetype>(room - 4, 256);
    return encodeWithPadding(request, padding);
}

QByteArray encode(const DialBackAnswer &answer)
{
    ControlMapWriter writer(DialBackAnswer::Kind, 4);
    writer.appendNumber(KeyAnswerId, answer.id);
    writer.appendNumber(KeyResult, quint64(answer.result));
    writer.appendText(KeyAnswerReason, answer.reason);
    writer.appendNumber(KeyAcceptedRole, quint64(answer.acceptedAs));
    return writer.finish();
}

QByteArray encode(const DialBackArrival &arrival)
{
    ControlMapWriter writer(DialBackArrival::Kind, 1);
    writer.appendBytes(KeyArrivedNonce, arrival.nonce);
    return writer.finish();
}

} // namespace Qp2p::Peering
