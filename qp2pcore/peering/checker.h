// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Dials peers back, or has them dialled, so that only who can be reached counts as a node.
#pragma once

#include <qp2pcore/endpoint.h>
#include <qp2pcore/engine/controlmessage.h>
#include <qp2pcore/io/environment.h>
#include <qp2pcore/peering/membership.h>
#include <qp2pcore/peering/ratewindow.h>

#include <QHash>
#include <QHostAddress>
#include <QObject>
#include <QPointer>

#include <functional>
#include <memory>
#include <vector>

namespace Qp2p::Peering {

//! \brief Checks peers (design: "reverse connectivity"), and helps other nodes to check theirs.
//!
//! A check dials the peer's observed address and the port that it claims. A helper does it, a node with a
//! link to us on another address that has not been in touch with the peer: the number that it carries
//! comes back from the peer itself, so neither of the two can pretend. Without a helper we dial from a
//! fresh socket, and the result is only provisional.
//!
//! So that nobody can use it against third parties: only observed addresses, no port below 1024, 12
//! dials a minute for each asking peer and each address and 60 in all, and 3 datagrams unanswered. A dial
//! in vain is repeated once, within these limits.
class Checker : public QObject
{
    Q_OBJECT

public:
    using Answer = Engine::DialBackAnswer;
    using Done = std::function<void(const Answer &answer)>;

    static constexpr size_t DialsPerPeer = 12; //!< in a minute
    static constexpr size_t DialsPerAddress = 12;
    static constexpr size_t DialsInAll = 60;
    static constexpr quint16 FirstPort = 1024;

    //! What a checker asks of its network.
    class Surroundings
    {
    public:
        virtual ~Surroundings() = default;
        //! Our halves of links to nodes.
        virtual QList<Connection *> nodeConnections() const = 0;
        //! Whether we are, or lately were, in touch with that address or peer.
        virtual bool isKnown(const QHostAddress &address, const PeerId &peerId) const = 0;
        //! Of this machine.
        virtual QList<Io::InterfaceNetwork> interfaceNetworks() const = 0;
    };

    Checker(Endpoint &endpoint, const EndpointConfig &config,
            std::shared_ptr<const Membership> membership, const Surroundings &surroundings);
    ~Checker() override;

    //! \brief Checks the peer of \a connection at its observed address and \a port. \a done is called
    //! later, once, from the event loop, unless the connection ends first.
    void check(Connection *connection, quint64 id, quint16 port, Done done);
    //! A node asks us to dial a peer of its own.
    void help(Connection *asker, const Engine::DialBackRequest &request);
    //! A helper has answered.
    void answered(Connection *helper, const Answer &answer);
    //! A peer has got this number.
    void arrived(Connection *connection, const QByteArray &nonce);
    //! Looks at deadlines.
    void tick();

    quint64 dials() const { return m_dials; } //!< so far, for tests and statistics

private:
    struct Check
    {
        quint64 number;
        QPointer<Connection> connection;
        quint64 id;
        PeerAddress target; //!< with the peer id that must answer
        QByteArray nonce;
        bool viaHelper = false; //!< else we dial ourselves
        QPointer<Connection> helper;
        quint64 deadline = 0;
        QList<PeerId> asked; //!< helpers
        bool repeated = false; //!< a dial was in vain: one may be lost, two hardly are
        bool helperDialled = false; //!< so a dial of ours, which a NAT might let in, says nothing
        Done done;
    };

    bool isAllowed(const PeerId &asker, const QHostAddress &address, QString *why);
    void proceed(Check &check);
    void dialledInVain(quint64 number, const QString &reason);
    void conclude(quint64 number, Answer::Result result, const QString &reason = {});
    Check *find(quint64 number);
    void dial(const PeerAddress &target, const QByteArray &nonce,
              std::function<void(const Result<void> &)> done);
    QByteArray randomBytes(qsizetype size) const;

    Endpoint &m_endpoint;
    const EndpointConfig m_config;
    const std::shared_ptr<const Membership> m_membership;
    const Surroundings &m_surroundings;
    const std::shared_ptr<Io::Environment> m_environment;
    std::vector<Check> m_checks;
    RateWindow<PeerId> m_byPeer;
    RateWindow<QHostAddress> m_byAddress;
    RateWindow<int> m_inAll;
    quint64 m_lastNumber = 0;
    quint64 m_dials = 0;
};

} // namespace Qp2p::Peering
