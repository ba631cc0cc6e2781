// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <shared/networkworld.h>

#include <qp2pcore/private/simulated.h>

#include <QHash>

namespace Qp2p::Test {

Member::Member(Simulation::Host ownHost, const NetworkConfig &config)
    : host(std::move(ownHost))
    , network(std::make_unique<SimulatedNetwork>(config, host))
{
    Network *own = network.get();
    QObject::connect(own, &Network::peerConnected, own, [this](Peer *peer) {
        connected.append(peer->id());
        QObject::connect(peer, &Peer::messageReceived, peer, [this, peer](const Message &message) {
            messages.append({peer->id(), message.payload()});
        });
        QObject::connect(peer, &Peer::requestReceived, peer, [this](const Request &request) {
            if (echo)
                request.reply(request.message());
        });
    });
    QObject::connect(own, &Network::peerDisconnected, own, [this](Peer *peer, const Error &reason) {
        disconnected.append({peer->id(), reason});
    });
    QObject::connect(own, &Network::joinProgress, own,
                     [this](const JoinCandidate &candidate) { progress.append(candidate); });
    QObject::connect(own, &Network::errorOccurred, own,
                     [this](const Error &error) { errors.append(error); });
    QObject::connect(own, &Network::roleChanged, own,
                     [this](Peer::Role role) { roles.append(role); });
}

Member::~Member() = default;

QFuture<Result<void>> Member::join(const QList<PeerAddress> &contacts)
{
    return network->join(contacts);
}

PeerAddress Member::at(const QHostAddress &address) const
{
    return PeerAddress(address, network->endpoint()->localPort());
}

bool Member::isLinked(const Member &other, Peer::Link link) const
{
    const Peer *to = peer(other);
    return to && to->link() == link;
}

Member &NetworkWorld::node(int number, NetworkConfig config)
{
    config.setListen(QHostAddress(QHostAddress::Any), 12000);
    return add(number, simulation.host({address(number)}), config);
}

Member &NetworkWorld::client(int number, NetworkConfig config)
{
    config.setRole(Peer::Role::Client);
    return add(number, simulation.host({address(number)}), config);
}

Member &NetworkWorld::behindNat(int number, NatFiltering filtering, NetworkConfig config)
{
    config.setListen(QHostAddress(QHostAddress::Any), 12000);
    const QHostAddress inside(QStringLiteral("192.168.1.2"));
    const Simulation::Host host = simulation.natHost({inside}, {address(number)}, filtering);
    simulation.preserveNatPorts(host);
    return add(number, host, config);
}

Member &NetworkWorld::withAccess(int number, NatType type, NetworkConfig config)
{
    config.setListen(QHostAddress(QHostAddress::Any), 12000);
    return add(number, simulation.hostWithAccess(type, address(number)), config);
}

bool NetworkWorld::linked(Member &first, Member &other)
{
    first.join();
    const auto joined = other.join({contact(first.number)});
    if (!finish(joined) || !joined.result()) {
        qInfo() << "member" << other.number << "did not join"
                << (joined.isFinished() ? joined.result().error() : Error());
        return false;
    }
    if (until([&] { return first.peer(other) && other.peer(first); }))
        return true;
    qInfo() << "members" << first.number << "and" << other.number << "are not linked";
    return false;
}

void NetworkWorld::split(const std::function<int(int number)> &partOf)
{
    const auto part = [partOf](const Engine::SocketAddress &address) {
        return partOf(address.addressBytes()[1]); // see address()
    };
    simulation.onDatagram = [part](const Wire &wire) {
        return part(wire.from) == part(wire.to) ? WireAction::Deliver : WireAction::Drop;
    };
}

int NetworkWorld::parts(const QList<Member *> &members)
{
    QHash<PeerId, const Member *> left;
    for (const Member *member : members)
        left.insert(member->id(), member);
    int count = 0;
    while (!left.isEmpty()) {
        ++count;
        QList<const Member *> reached{left.take(left.cbegin().key())};
        while (!reached.isEmpty()) {
            const QList<Peer *> peers = reached.takeLast()->network->peers();
            for (const Peer *peer : peers) {
                if (const Member *next = left.take(peer->id()))
                    reached.append(next);
            }
        }
    }
    return count;
}

Member &NetworkWorld::add(int number, const Simulation::Host &host, const NetworkConfig &config)
{
    members.push_back(std::make_unique<Member>(host, config));
    members.back()->number = number;
    return *members.back();
}

} // namespace Qp2p::Test
