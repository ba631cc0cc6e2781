// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/protocol/legs.h>

#include <qp2pcore/engine/messages/controlmap.h>
#include <qp2pcore/engine/messages/controlmessage.h>

#include <QtEndian>

namespace Qp2p::Peering {

using Engine::ControlMapParser;
using Engine::ControlMapWriter;

namespace {

enum LegRequestKey : quint64 { KeyLegRequestId = 1, KeyCallee = 2 };
enum LegOfferKey : quint64 {
    KeyOfferNumber = 1,
    KeyCaller = 2,
    KeyOfferedLeg = 3,
    KeyOfferRate = 4
};
enum LegAnswerKey : quint64 { KeyAnsweredNumber = 1, KeyConsent = 2, KeyConsentReason = 3 };
enum LegOpenedKey : quint64 {
    KeyOpenedId = 1,
    KeyOutcome = 2,
    KeyOpenedLeg = 3,
    KeyOpenedRate = 4,
    KeyOutcomeReason = 5,
};
enum LegCloseKey : quint64 { KeyClosedLeg = 1, KeyCloseCode = 2, KeyCloseReason = 3 };

//! As in the header of its datagrams.
QByteArray legBytes(quint64 leg)
{
    QByteArray bytes(LegIdSize, '\0');
    qToBigEndian(leg, bytes.data());
    return bytes;
}

quint64 readLeg(ControlMapParser &parser)
{
    const QByteArray bytes = parser.readFixed(LegIdSize, "leg id");
    const quint64 leg = bytes.size() == LegIdSize ? qFromBigEndian<quint64>(bytes.constData()) : 0;
    if (leg == 0)
        parser.complain(QStringLiteral("The leg id is zero."));
    return leg;
}

PeerId readPeer(ControlMapParser &parser)
{
    return PeerId::fromBytes(parser.readFixed(PeerId::Size, "peer id"));
}

//! Unknown ones are \a otherwise.
template<typename Value>
Value readEnum(ControlMapParser &parser, Value highest, Value otherwise, const char *name)
{
    const quint64 number = parser.readNumber(0, ControlMapParser::AnyNumber, name);
    return number <= quint64(highest) ? Value(number) : otherwise;
}

} // namespace

Result<LegRequest> LegRequest::decode(const QByteArray &map)
{
    ControlMapParser parser(map);
    parser.parseKind(Kind);
    LegRequest request;
    parser.parsePairs([&](quint64 key) {
        switch (key) {
        case KeyLegRequestId:
            request.id = parser.readNumber(0, ControlMapParser::AnyNumber, "id");
            return true;
        case KeyCallee:
            request.peer = readPeer(parser);
            return true;
        default:
            return false;
        }
    });
    parser.require(KeyLegRequestId, "id");
    parser.require(KeyCallee, "peer id");
    return parser.finish(request);
}

QByteArray encode(const LegRequest &request)
{
    ControlMapWriter writer(LegRequest::Kind, 2);
    writer.appendNumber(KeyLegRequestId, request.id);
    writer.appendBytes(KeyCallee, request.peer.toBytes());
    return writer.finish();
}

Result<LegOffer> LegOffer::decode(const QByteArray &map)
{
    ControlMapParser parser(map);
    parser.parseKind(Kind);
    LegOffer offer;
    parser.parsePairs([&](quint64 key) {
        switch (key) {
        case KeyOfferNumber:
            offer.number = parser.readNumber(0, ControlMapParser::AnyNumber, "number");
            return true;
        case KeyCaller:
            offer.caller = readPeer(parser);
            return true;
        case KeyOfferedLeg:
            offer.leg = readLeg(parser);
            return true;
        case KeyOfferRate:
            offer.rate = parser.readNumber(0, ControlMapParser::AnyNumber, "rate");
            return true;
        default:
            return false;
        }
    });
    parser.require(KeyOfferNumber, "number");
    parser.require(KeyCaller, "peer id");
    parser.require(KeyOfferedLeg, "leg id");
    parser.require(KeyOfferRate, "rate");
    return parser.finish(offer);
}

QByteArray encode(const LegOffer &offer)
{
    ControlMapWriter writer(LegOffer::Kind, 4);
    writer.appendNumber(KeyOfferNumber, offer.number);
    writer.appendBytes(KeyCaller, offer.caller.toBytes());
    writer.appendBytes(KeyOfferedLeg, legBytes(offer.leg));
    writer.appendNumber(KeyOfferRate, offer.rate);
    return writer.finish();
}

Result<LegAnswer> LegAnswer::decode(const QByteArray &map)
{
    ControlMapParser parser(map);
    parser.parseKind(Kind);
    LegAnswer answer;
    parser.parsePairs([&](quint64 key) {
        switch (key) {
        case KeyAnsweredNumber:
            answer.number = parser.readNumber(0, ControlMapParser::AnyNumber, "number");
            return true;
        case KeyConsent:
            answer.consent = Consent(parser.readNumber(0, 1, "accepted"));
            return true;
        case KeyConsentReason:
            answer.reason = parser.readText("reason");
            return true;
        default:
            return false;
        }
    });
    parser.require(KeyAnsweredNumber, "number");
    parser.require(KeyConsent, "accepted");
    return parser.finish(answer);
}

QByteArray encode(const LegAnswer &answer)
{
    ControlMapWriter writer(LegAnswer::Kind, 2u + (answer.reason.isEmpty() ? 0u : 1u));
    writer.appendNumber(KeyAnsweredNumber, answer.number);
    writer.appendNumber(KeyConsent, quint64(answer.consent));
    if (!answer.reason.isEmpty())
        writer.appendText(KeyConsentReason, answer.reason);
    return writer.finish();
}

Result<LegOpened> LegOpened::decode(const QByteArray &map)
{
    ControlMapParser parser(map);
    parser.parseKind(Kind);
    LegOpened opened;
    parser.parsePairs([&](quint64 key) {
        switch (key) {
        case KeyOpenedId:
            opened.id = parser.readNumber(0, ControlMapParser::AnyNumber, "id");
            return true;
        case KeyOutcome:
            opened.outcome = readEnum(parser, Outcome::TooMany, Outcome::RelayRefuses, "result");
            return true;
        case KeyOpenedLeg:
            opened.leg = readLeg(parser);
            return true;
        case KeyOpenedRate:
            opened.rate = parser.readNumber(0, ControlMapParser::AnyNumber, "rate");
            return true;
        case KeyOutcomeReason:
            opened.reason = parser.readText("reason");
            return true;
        default:
            return false;
        }
    });
    parser.require(KeyOpenedId, "id");
    parser.require(KeyOutcome, "result");
    if (opened.outcome == Outcome::Open) {
        parser.require(KeyOpenedLeg, "leg id");
        parser.require(KeyOpenedRate, "rate");
    } else {
        opened.leg = 0;
        opened.rate = 0;
    }
    return parser.finish(opened);
}

QByteArray encode(const LegOpened &opened)
{
    const bool isOpen = opened.outcome == LegOpened::Outcome::Open;
    ControlMapWriter writer(LegOpened::Kind,
                            2u + (isOpen ? 2u : 0u) + (opened.reason.isEmpty() ? 0u : 1u));
    writer.appendNumber(KeyOpenedId, opened.id);
    writer.appendNumber(KeyOutcome, quint64(opened.outcome));
    if (isOpen) {
        writer.appendBytes(KeyOpenedLeg, legBytes(opened.leg));
        writer.appendNumber(KeyOpenedRate, opened.rate);
    }
    if (!opened.reason.isEmpty())
        writer.appendText(KeyOutcomeReason, opened.reason);
    return writer.finish();
}

Result<LegClose> LegClose::decode(const QByteArray &map)
{
    ControlMapParser parser(map);
    parser.parseKind(Kind);
    LegClose close;
    parser.parsePairs([&](quint64 key) {
        switch (key) {
        case KeyClosedLeg:
            close.leg = readLeg(parser);
            return true;
        case KeyCloseCode:
            close.code = readEnum(parser, Code::Refused, Code::NotNeeded, "code");
            return true;
        case KeyCloseReason:
            close.reason = parser.readText("reason");
            return true;
        default:
            return false;
        }
    });
    parser.require(KeyClosedLeg, "leg id");
    parser.require(KeyCloseCode, "code");
    return parser.finish(close);
}

QByteArray encode(const LegClose &close)
{
    ControlMapWriter writer(LegClose::Kind, 2u + (close.reason.isEmpty() ? 0u : 1u));
    writer.appendBytes(KeyClosedLeg, legBytes(close.leg));
    writer.appendNumber(KeyCloseCode, quint64(close.code));
    if (!close.reason.isEmpty())
        writer.appendText(KeyCloseReason, close.reason);
    return writer.finish();
}

} // namespace Qp2p::Peering
