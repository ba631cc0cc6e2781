// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/protocol/observedaddress.h>

#include <qp2pcore/engine/messages/controlmap.h>
#include <qp2pcore/engine/messages/controlmessage.h>

namespace Qp2p::Peering {

namespace {

enum ObservedAddressKey : quint64 { KeyAddress = 1, KeyPort = 2 };

} // namespace

Result<ObservedAddress> ObservedAddress::decode(const QByteArray &map)
{
    Engine::ControlMapParser parser(map);
    parser.parseKind(Kind);
    QByteArray address;
    quint16 port = 0;
    parser.parsePairs([&](quint64 key) {
        switch (key) {
        case KeyAddress:
            address = parser.readAddress("address");
            return true;
        case KeyPort:
            port = quint16(parser.readNumber(1, 65535, "port"));
            return true;
        default:
            return false;
        }
    });
    parser.require(KeyAddress, "address");
    parser.require(KeyPort, "port");
    return parser.finish(ObservedAddress{Engine::addressFromBytes(address, port)});
}

QByteArray encode(const ObservedAddress &observed)
{
    Engine::ControlMapWriter writer(ObservedAddress::Kind, 2);
    writer.appendBytes(KeyAddress, Engine::addressBytes(observed.address));
    writer.appendNumber(KeyPort, observed.address.port());
    return writer.finish();
}

} // namespace Qp2p::Peering
