// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/messages/hello.h>

#include <qp2pcore/engine/messages/controlmap.h>
#include <qp2pcore/engine/messages/controlmessage.h>

#include <limits>

namespace Qp2p::Engine {

namespace {

enum Key : quint64 {
    KeyNetworkName = 1,
    KeyRole = 2,
    KeyAgent = 3,
    KeyListeningPort = 4,
    KeyObservedAddress = 5,
    KeyObservedPort = 6,
    KeyMaxMessageSize = 7,
    KeyDialBackNonce = 8,
    KeyInstance = 9,
    KeyServices = 10,
};

constexpr quint64 anyNumber = std::numeric_limits<quint64>::max();

Hello::Role readRole(ControlMapParser &parser)
{
    const quint64 role = parser.readNumber(0, anyNumber, "role");
    return role <= quint64(Hello::Role::Client) ? Hello::Role(role) : Hello::Role::None;
}

void checkPresence(ControlMapParser &parser)
{
    parser.require(KeyNetworkName, "network name");
    parser.require(KeyRole, "role");
    parser.require(KeyAgent, "agent");
    parser.require(KeyListeningPort, "listening port");
    if (parser.has(KeyObservedAddress) || parser.has(KeyObservedPort)) {
        parser.require(KeyObservedAddress, "observed address");
        parser.require(KeyObservedPort, "observed port");
    }
}

} // namespace

Result<Hello> Hello::decode(const QByteArray &map)
{
    ControlMapParser parser(map);
    parser.parseKind(Kind);
    Hello hello;
    QByteArray observedAddress;
    quint16 observedPort = 0;
    parser.parsePairs([&](quint64 key) {
        switch (key) {
        case KeyNetworkName:
            hello.networkName = parser.readText("network name");
            return true;
        case KeyRole:
            hello.role = readRole(parser);
            return true;
        case KeyAgent:
            hello.agent = parser.readText("agent");
            return true;
        case KeyListeningPort:
            hello.listeningPort = quint16(parser.readNumber(0, 65535, "listening port"));
            return true;
        case KeyObservedAddress:
            observedAddress = parser.readAddress("observed address");
            return true;
        case KeyObservedPort:
            observedPort = quint16(parser.readNumber(1, 65535, "observed port"));
            return true;
        case KeyMaxMessageSize:
            hello.maxMessageSize = parser.readNumber(1, anyNumber, "largest message");
            return true;
        case KeyDialBackNonce:
            hello.dialBackNonce = parser.readFixed(dialBackNonceSize, "dial-back nonce");
            return true;
        case KeyInstance:
            hello.instance = parser.readNumber(0, anyNumber, "instance");
            return true;
        case KeyServices:
            hello.services = parser.readNumber(0, anyNumber, "services");
            return true;
        default:
            return false;
        }
    });
    checkPresence(parser);
    hello.observed = addressFromBytes(observedAddress, observedPort);
    return parser.finish(hello);
}

QByteArray encode(const Hello &hello)
{
    Q_ASSERT(hello.networkName.size() <= maxControlTextSize);
    const bool observed = !hello.observed.isNull();
    const bool checks = !hello.dialBackNonce.isEmpty();
    ControlMapWriter writer(Hello::Kind,
                            4u + (observed ? 2u : 0u) + (hello.maxMessageSize > 0 ? 1u : 0u)
                                + (checks ? 1u : 0u) + (hello.instance != 0 ? 1u : 0u)
                                + (hello.services != 0 ? 1u : 0u));
    writer.appendText(KeyNetworkName, hello.networkName);
    writer.appendNumber(KeyRole, quint64(hello.role));
    writer.appendText(KeyAgent, hello.agent);
    writer.appendNumber(KeyListeningPort, hello.listeningPort);
    if (observed) {
        writer.appendBytes(KeyObservedAddress, addressBytes(hello.observed));
        writer.appendNumber(KeyObservedPort, hello.observed.port());
    }
    if (hello.maxMessageSize > 0)
        writer.appendNumber(KeyMaxMessageSize, hello.maxMessageSize);
    if (checks)
        writer.appendBytes(KeyDialBackNonce, hello.dialBackNonce);
    if (hello.instance != 0)
        writer.appendNumber(KeyInstance, hello.instance);
    if (hello.services != 0)
        writer.appendNumber(KeyServices, hello.services);
    return writer.finish();
}

} // namespace Qp2p::Engine
