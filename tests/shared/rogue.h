// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A hostile member that sends what a test likes, and a tap that counts what leaves towards whom.
#pragma once

#include <shared/networkworld.h>

#include <qp2pcore/endpoint/connectionprivate.h>
#include <qp2pcore/peering/access.h>
#include <qp2pcore/peering/controldispatcher.h>
#include <qp2pcore/peering/protocol/dialback.h>
#include <qp2pcore/peering/protocol/peers.h>
#include <qp2pcore/private/simulated.h>

#include <QHash>

namespace Qp2p::Test {

//! An endpoint that says it is a member and sends whatever control messages a test likes.
class Rogue : public ControlListener
{
public:
    Rogue(NetworkWorld &world, const QHostAddress &hostAddress, Engine::Hello::Role role)
        : address(hostAddress)
        , host(world.simulation.host({address}))
        , endpoint(std::make_unique<SimulatedEndpoint>(EndpointConfig(), host))
    {
        control.handle<Peering::DialBackAnswer>(
            [this](Connection *, const Peering::DialBackAnswer &answer) { answers.append(answer); });
        control.handle<Peering::PeersAnswer>(
            [this](Connection *, const Peering::PeersAnswer &peers) { advertised.append(peers); });
        control.handle<Peering::DialBackRequest>(
            [this](Connection *on, const Peering::DialBackRequest &request) {
                requests.append(request);
                if (onRequest)
                    onRequest(on, request);
            });
        const auto membership = std::make_shared<Membership>();
        membership->role = role;
        membership->instance = qHash(address) | 1;
        Peering::Access::join(*endpoint, membership, this);
    }
    Rogue(NetworkWorld &world, int number, Engine::Hello::Role role)
        : Rogue(world, NetworkWorld::address(number), role)
    {
    }
    std::vector<quint64> controlKinds() const override { return control.kinds(); }
    void controlReceived(Connection *on, const Engine::ControlMessage &message) override
    {
        control.dispatch(on, message);
    }
    void dialBackArrived(const QByteArray &nonce) override { nonces.append(nonce); }
    bool dial(NetworkWorld &world, const PeerAddress &peer)
    {
        const auto dialled = endpoint->connectTo(peer);
        if (!world.finish(dialled) || !dialled.result())
            return false;
        connection = *dialled.result();
        return true;
    }
    template<typename Message>
    void send(const Message &message)
    {
        Peering::Access::send(*connection, encode(message));
    }

    //! Pays for \a dials of what it wants to be checked.
    void pay(int dials = 1)
    {
        Peering::DialBackRequest payment{0, 12000, {}, {}, {}};
        for (int i = 0; i < dials; ++i)
            send(payment);
    }

    Peering::ControlDispatcher control;
    QHostAddress address;
    Simulation::Host host;
    std::unique_ptr<Endpoint> endpoint;
    QPointer<Connection> connection;
    QList<Peering::DialBackAnswer> answers;
    QList<Peering::PeersAnswer> advertised;
    QList<Peering::DialBackRequest> requests;
    QList<QByteArray> nonces;
    std::function<void(Connection *, const Peering::DialBackRequest &)> onRequest;
};

inline Engine::SocketAddress at(const QHostAddress &address, quint16 port)
{
    return Io::toSocketAddress(address, port);
}

//! What a node sends to a helper: to dial an invented peer at \a address.
inline Peering::DialBackRequest helperRequest(quint64 id, const QHostAddress &address, quint16 port)
{
    Peering::DialBackRequest request;
    request.id = id;
    request.target = at(address, port);
    request.port = port;
    request.peer = PeerId::fromBytes(QByteArray(32, 'v'));
    request.nonce = QByteArray(16, 'n');
    return request;
}

//! \brief Plays a node's part honestly towards \a node at \a contact, so that it is asked to help: listens,
//! is dialled back, and accepts the other half.
inline bool linkAsNode(NetworkWorld &world, Rogue &rogue, const Member &node,
                       const PeerAddress &contact)
{
    if (!rogue.endpoint->listen(QHostAddress(QHostAddress::Any), 12000)
        || !rogue.dial(world, contact))
        return false;
    rogue.pay(2);
    if (!world.until([&] { return rogue.endpoint->connections().size() == 2; }))
        return false;
    for (Connection *connection : rogue.endpoint->connections()) {
        if (connection->direction() == Connection::Direction::Incoming)
            Peering::Access::send(
                *connection,
                encode(Peering::DialBackAnswer{
                    0, Peering::DialBackAnswer::Result::Reachable, {}, Engine::Hello::Role::Node}));
    }
    return world.until([&] { return node.network->peer(rogue.endpoint->peerId()) != nullptr; });
}

//! Begins a network with \a first and links \a second to it, both ways. \a contact is of the first.
inline bool linkNodes(NetworkWorld &world, Member &first, Member &second, const PeerAddress &contact)
{
    first.join();
    second.join({contact});
    return world.until([&] { return first.peer(second) && second.peer(first); });
}

//! Counts what leaves whom towards whom.
class Tap
{
public:
    explicit Tap(Simulation &simulation)
        : m_simulation(simulation)
    {
        simulation.onDatagram = [this, &simulation](Wire &wire) {
            ++datagrams[wire.to];
            bytes[wire.to] += wire.data.size();
            between[{Io::toHostAddress(wire.from), Io::toHostAddress(wire.to)}] += wire.data.size();
            if (wire.data.size() >= 1200)
                dials[{wire.from, wire.to}].append(simulation.now());
            return filter ? filter(wire) : WireAction::Deliver;
        };
    }
    ~Tap() { m_simulation.onDatagram = {}; } // members say goodbye after this
    Q_DISABLE_COPY_MOVE(Tap)

    int to(const QHostAddress &address) const
    {
        int count = 0;
        for (auto one = datagrams.cbegin(); one != datagrams.cend(); ++one) {
            if (Io::toHostAddress(one.key()) == address)
                count += one.value();
        }
        return count;
    }
    //! UDP payload bytes, all ports.
    qint64 bytesTo(const QHostAddress &address) const
    {
        qint64 sum = 0;
        for (auto one = between.cbegin(); one != between.cend(); ++one) {
            if (one.key().second == address)
                sum += one.value();
        }
        return sum;
    }
    std::function<WireAction(const Wire &wire)> filter;
    QHash<Engine::SocketAddress, int> datagrams;
    QHash<std::pair<QHostAddress, QHostAddress>, qint64> between; //!< UDP payload bytes
    QHash<Engine::SocketAddress, qint64> bytes;
    QHash<std::pair<Engine::SocketAddress, Engine::SocketAddress>, QList<quint64>>
        dials; //!< large datagrams

private:
    Simulation &m_simulation;
};

} // namespace Qp2p::Test
