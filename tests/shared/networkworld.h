// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Members of a network on simulated hosts, and what they have emitted.
#pragma once

#include <shared/simulation.h>

#include <qp2pcore/network.h>

#include <QList>
#include <QPointer>

#include <memory>
#include <vector>

namespace Qp2p::Test {

//! \brief A member, its host, and a log of its signals.
class Member
{
public:
    Member(Simulation::Host ownHost, const NetworkConfig &config);
    ~Member();
    Q_DISABLE_COPY_MOVE(Member)

    QFuture<Result<void>> join(const QList<PeerAddress> &contacts = {});
    //! Where a node listens, on \a address.
    PeerAddress at(const QHostAddress &address) const;
    PeerId id() const { return network->peerId(); }
    Peer *peer(const Member &other) const { return network->peer(other.id()); }
    //! Whether the link to \a other is established, as \a link.
    bool isLinked(const Member &other, Peer::Link link) const;

    struct Disconnected
    {
        PeerId peer;
        Error reason;
    };

    int number = 0; //!< of its host in a NetworkWorld
    Simulation::Host host;
    std::unique_ptr<Network> network;
    QList<PeerId> connected;
    QList<Disconnected> disconnected;
    QList<JoinCandidate> progress;
    QList<Error> errors;
    QList<Peer::Role> roles;
    QList<std::pair<PeerId, QByteArray>> messages;
    bool echo = true; //!< answers requests with what they carried
};

//! \brief A world with public hosts 11.N.0.1, each in a group of addresses of its own.
class NetworkWorld
{
public:
    explicit NetworkWorld(quint64 seed = 1)
        : simulation(seed)
    {
    }

    static QHostAddress address(int number)
    {
        return QHostAddress(quint32(0x0b000001) + (quint32(number) << 16));
    }
    //! On a host of its own, listening on port 12000.
    Member &node(int number, NetworkConfig config = {});
    Member &client(int number, NetworkConfig config = {});
    //! Behind a NAT with a public address of its own.
    Member &behindNat(int number, NatFiltering filtering, NetworkConfig config = {});
    //! With one of the twelve kinds of access; its public address is address(number).
    Member &withAccess(int number, NatType type, NetworkConfig config = {});
    PeerAddress contact(int number) const { return PeerAddress(address(number), 12000); }
    //! \brief Has \a first, a node, begin a network and \a other join through it. False, and says why, where they
    //! are not linked from both sides in time.
    [[nodiscard]] bool linked(Member &first, Member &other);

    bool until(const std::function<bool()> &condition,
               std::chrono::nanoseconds limit = std::chrono::seconds(60))
    {
        return simulation.runUntil(condition, limit);
    }
    template<typename T>
    bool finish(const QFuture<T> &future, std::chrono::nanoseconds limit = std::chrono::seconds(60))
    {
        return until([&] { return future.isFinished(); }, limit);
    }

    // --- Splits: nothing passes between hosts of different parts ---

    void split(const std::function<int(int number)> &partOf);
    void heal() { simulation.onDatagram = {}; }
    //! In how many parts \a members are that links don't connect.
    static int parts(const QList<Member *> &members);

    Simulation simulation;
    std::vector<std::unique_ptr<Member>> members;

private:
    Member &add(int number, const Simulation::Host &host, const NetworkConfig &config);
};

} // namespace Qp2p::Test
