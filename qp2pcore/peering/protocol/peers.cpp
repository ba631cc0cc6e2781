// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/protocol/peers.h>

#include <qp2pcore/engine/messages/controlmap.h>
#include <qp2pcore/engine/messages/controlmessage.h>

#include <QtEndian>

#include <algorithm>
#include <array>

namespace Qp2p::Peering {

namespace {

enum PeersKey : quint64 { KeyNodes = 1 };

QByteArrayView takeBytes(QByteArrayView &rest, qsizetype size)
{
    const QByteArrayView bytes = rest.first(size);
    rest = rest.sliced(size);
    return bytes;
}

//! The first node of \a rest, which has its id and count at least.
AdvertisedNode takeNode(QByteArrayView &rest, Engine::ControlMapParser &parser)
{
    AdvertisedNode node;
    node.id = PeerId::fromBytes(takeBytes(rest, PeerId::Size));
    const auto count = quint8(takeBytes(rest, 1).front());
    for (int i = 0; i < count; ++i) {
        const int addressSize = rest.isEmpty() ? 0 : quint8(takeBytes(rest, 1).front());
        if ((addressSize != 4 && addressSize != 16) || rest.size() < addressSize + 2
            || node.addresses.size() == MaxAdvertisedAddresses) {
            parser.complain(QStringLiteral("its list of nodes has an address that is none"));
            break;
        }
        const QByteArrayView address = takeBytes(rest, addressSize);
        const auto port = qFromBigEndian<quint16>(takeBytes(rest, 2).data());
        node.addresses.append(Engine::addressFromBytes(address, port));
    }
    return node;
}

} // namespace

Result<PeersRequest> PeersRequest::decode(const QByteArray &map)
{
    Engine::ControlMapParser parser(map);
    parser.parseKind(Kind);
    parser.parsePairs([](quint64) { return false; });
    return parser.finish(PeersRequest{});
}

//! The nodes lie in one byte string, so that their number and sizes are checked in one place.
Result<PeersAnswer> PeersAnswer::decode(const QByteArray &map)
{
    Engine::ControlMapParser parser(map);
    parser.parseKind(Kind);
    QByteArray packed;
    parser.parsePairs([&](quint64 key) {
        if (key != KeyNodes)
            return false;
        packed = parser.readByteString(Engine::maxControlMessageSize, "list of nodes");
        return true;
    });
    parser.require(KeyNodes, "list of nodes");
    PeersAnswer answer;
    QByteArrayView rest(packed);
    while (!parser.failed() && !rest.isEmpty()) {
        if (rest.size() < PeerId::Size + 1 || answer.nodes.size() == MaxAdvertisedNodes) {
            parser.complain(QStringLiteral("its list of nodes is too long, or cut off"));
            break;
        }
        answer.nodes.append(takeNode(rest, parser));
    }
    return parser.finish(answer);
}

QByteArray encode(const PeersRequest &)
{
    return Engine::ControlMapWriter(PeersRequest::Kind, 0).finish();
}

QByteArray encode(const PeersAnswer &answer)
{
    QByteArray packed;
    for (const AdvertisedNode &node :
         answer.nodes.first(std::min(answer.nodes.size(), MaxAdvertisedNodes))) {
        const qsizetype count = std::min(node.addresses.size(), MaxAdvertisedAddresses);
        packed += node.id.toBytes();
        packed += char(count);
        for (const Engine::SocketAddress &address : node.addresses.first(count)) {
            packed += char(address.addressSize());
            packed += Engine::addressBytes(address);
            std::array<char, 2> port;
            qToBigEndian(address.port(), port.data());
            packed.append(port.data(), qsizetype(port.size()));
        }
    }
    Engine::ControlMapWriter writer(PeersAnswer::Kind, 1);
    writer.appendBytes(KeyNodes, packed);
    return writer.finish();
}

} // namespace Qp2p::Peering
