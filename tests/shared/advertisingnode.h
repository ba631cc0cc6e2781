// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A hostile node that advertises whatever a test wants, and a count of what leaves because of it.
#pragma once

#include <shared/networkworld.h>

#include <qp2pcore/connection.h>
#include <qp2pcore/endpoint.h>
#include <qp2pcore/peering/access.h>
#include <qp2pcore/peering/protocol/peers.h>
#include <qp2pcore/private/simulated.h>

#include <QHash>

#include <functional>
#include <memory>

namespace Qp2p::Test {

//! Of one answer, and of one node in it.
constexpr qsizetype MaxNodes = Peering::MaxAdvertisedNodes;
constexpr qsizetype MaxAddresses = Peering::MaxAdvertisedAddresses;

inline PeerId inventedId(int number)
{
    QByteArray bytes(32, 'i');
    bytes[0] = char(number);
    bytes[1] = char(number >> 8);
    return PeerId::fromBytes(bytes);
}

inline Engine::SocketAddress at(const QHostAddress &address, quint16 port = 12000)
{
    return Io::toSocketAddress(address, port);
}

//! A full answer: all nodes at different ports of one address.
inline QList<Peering::AdvertisedNode> fullAnswerAt(const QHostAddress &victim)
{
    QList<Peering::AdvertisedNode> nodes;
    for (qsizetype i = 0; i < MaxNodes; ++i) {
        Peering::AdvertisedNode node{inventedId(int(i)), {}};
        for (qsizetype j = 0; j < MaxAddresses; ++j)
            node.addresses.append(at(victim, quint16(20'000 + i * MaxAddresses + j)));
        nodes.append(node);
    }
    return nodes;
}

//! \brief A node to its clients: it answers each request for peers with what advertise() returns.
class AdvertisingNode final : public ControlListener
{
public:
    //! Listens on port 12000 of \a host.
    explicit AdvertisingNode(const Simulation::Host &host)
        : endpoint(std::make_unique<SimulatedEndpoint>(EndpointConfig(), host))
    {
        const auto membership = std::make_shared<Membership>();
        membership->role = Engine::Hello::Role::Node;
        membership->instance = 1;
        Peering::Access::join(*endpoint, membership, this);
        isListening = endpoint->listen(QHostAddress(QHostAddress::Any), 12000).isOk();
    }

    std::vector<quint64> controlKinds() const override { return {Peering::PeersRequest::Kind}; }
    void controlReceived(Connection *connection, const Engine::ControlMessage &) override
    {
        if (!advertise)
            return;
        ++requests;
        Peering::Access::send(*connection, encode(Peering::PeersAnswer{advertise()}));
    }
    void dialBackArrived(const QByteArray &) override {}

    std::function<QList<Peering::AdvertisedNode>()> advertise;
    int requests = 0; //!< that were answered
    std::unique_ptr<Endpoint> endpoint;
    bool isListening = false;
};

//! \brief What leaves all hosts, by the IP address that it is for.
class TrafficMeter
{
public:
    explicit TrafficMeter(Simulation &simulation)
        : m_simulation(simulation)
    {
        simulation.onDatagram = [this](Wire &wire) {
            const QHostAddress to = Io::toHostAddress(wire.to);
            m_bytes[to] += wire.data.size();
            m_times[to].append(m_simulation.now());
            m_initials[to] += isInitial(wire.data);
            return WireAction::Deliver;
        };
    }
    ~TrafficMeter() { m_simulation.onDatagram = {}; } // members say goodbye after this
    Q_DISABLE_COPY_MOVE(TrafficMeter)

    qint64 bytesTo(const QHostAddress &address) const { return m_bytes.value(address); }
    qsizetype datagramsTo(const QHostAddress &address) const
    {
        return m_times.value(address).size();
    }
    //! When each left, nanoseconds of virtual time.
    QList<quint64> timesTo(const QHostAddress &address) const { return m_times.value(address); }
    //! Datagrams of dials: they begin with a long header of type Initial (RFC 9000 section 17.2).
    qsizetype initialsTo(const QHostAddress &address) const { return m_initials.value(address); }
    //! The most that left towards \a address within \a period.
    qsizetype mostDatagramsWithin(std::chrono::nanoseconds period, const QHostAddress &address) const
    {
        const QList<quint64> times = timesTo(address);
        qsizetype most = 0;
        for (qsizetype first = 0, last = 0; last < times.size(); ++last) {
            while (times[last] - times[first] >= quint64(period.count()))
                ++first;
            most = std::max(most, last - first + 1);
        }
        return most;
    }
    QList<QHostAddress> addresses() const { return m_bytes.keys(); }

private:
    static bool isInitial(const QByteArray &data)
    {
        return data.size() >= 1200 && (quint8(data[0]) & 0xf0) == 0xc0;
    }

    Simulation &m_simulation;
    QHash<QHostAddress, qint64> m_bytes;
    QHash<QHostAddress, qsizetype> m_initials;
    QHash<QHostAddress, QList<quint64>> m_times;
};

} // namespace Qp2p::Test
