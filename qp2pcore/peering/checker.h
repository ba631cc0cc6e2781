// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Dials peers back, or has them dialled, so that only who can be reached counts as a node.
#pragma once

#include <qp2pcore/endpoint.h>
#include <qp2pcore/endpoint/membership.h>
#include <qp2pcore/io/environment.h>
#include <qp2pcore/peering/checkdialler.h>
#include <qp2pcore/peering/checkhelper.h>
#include <qp2pcore/peering/checklimits.h>
#include <qp2pcore/peering/checksurroundings.h>
#include <qp2pcore/peering/protocol/dialback.h>

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
//! fresh socket, and the result is only provisional. A dial that fails is repeated once.
//!
//! So that nobody can use it against third parties: only observed addresses, no port below 1024, few dials
//! a minute (CheckLimits), 3 datagrams unanswered, and no dial that is not paid for. Each dial costs whoever
//! wants it DialBackPayment bytes at least: the peer, of what came from it on its connection, and us
//! towards a helper. No datagram of a dial leaves that is not covered by that and by what its target itself
//! has sent, so nothing that we or a helper send to anybody is more than what was received for it. A helper
//! that refuses has not dialled: the next one is asked for the same payment, each helper once.
class Checker : public QObject
{
    Q_OBJECT

public:
    using Answer = DialBackAnswer;
    using Done = std::function<void(const Answer &answer)>;

    using Surroundings = CheckSurroundings;

    Checker(Endpoint &endpoint, const EndpointConfig &config,
            std::shared_ptr<const Membership> membership, Surroundings &surroundings);
    ~Checker() override;

    //! For checks from now on.
    void setConfig(const EndpointConfig &config) { m_dialler.setConfig(config); }

    //! \brief Checks what the hello of \a connection claims: its observed address and \a port. Waits for its
    //! turn, and until it is paid for, as long as the connection is open. \a done is called later, once,
    //! from the event loop, unless the connection ends first.
    void checkClaim(Connection *connection, quint16 port, Done done);
    //! \brief A peer asks to be checked, or pays. What cannot be done now is refused.
    void check(Connection *connection, const DialBackRequest &request);
    //! A node asks us to dial a peer of its own. \a paidBefore: bytes of the payment directly before it.
    void help(Connection *asker, const DialBackRequest &request, quint64 paidBefore)
    {
        m_helper.help(asker, request, paidBefore);
    }
    //! A helper has answered.
    void answered(Connection *helper, const Answer &answer);
    //! A peer has got this number.
    void arrived(Connection *connection, const QByteArray &nonce);
    //! The peer is at another address now, which is proven: its checks begin again there, and requests are refused.
    void peerMoved(Connection *connection);
    //! Looks at deadlines, and begins what has waited for its turn.
    void tick();

    //! What a check of \a connection waits for.
    enum class Waiting {
        None, //!< there is no check, or it is under way
        ForRoom, //!< our limits: its turn comes
        ForPayment,
    };
    Waiting waitingOf(const Connection *connection) const;
    const CheckLimits &limits() const { return m_limits; } //!< for tests

private:
    enum class Kind {
        Claim, //!< waits
        Request, //!< is refused instead
    };
    enum class Step {
        Waiting, //!< for its turn and its payment
        Helper, //!< is to dial
        Dialling, //!< ourselves
        Over, //!< done is about to be called
    };
    struct Check
    {
        quint64 number;
        QPointer<Connection> connection;
        quint64 id;
        PeerAddress target; //!< with the peer id that must answer
        CheckLimits::Keys keys;
        Kind kind;
        Step step = Step::Waiting;
        quint64 paid = 0; //!< by the peer, for the dial under way
        QByteArray nonce;
        bool nonceIsOfHelper = false; //!< else its arrival says no more than our own dial
        QPointer<Connection> helper; //!< asked now
        QPointer<Connection> dialler; //!< a helper that has dialled, and may do so once more
        Time deadline;
        QList<PeerId> asked; //!< helpers
        bool repeated = false; //!< a dial has failed: one may be lost, two hardly are
        bool helperDialled = false; //!< so a dial of ours, which a NAT might let in, says nothing
        Done done;
    };

    Check &add(Connection *connection, quint64 id, quint16 port, Kind kind, Done done);
    void setTarget(Check &check, quint16 port);
    bool begin(Check &check, const CheckLimits::Ahead &ahead);
    void serve();
    void askAgain(Check &check, const QString &reason);
    void proceed(Check &check);
    QList<Connection *> helpersFor(const Check &check) const;
    void askHelper(Check &check, const QList<Connection *> &helpers);
    void dialOurselves(Check &check);
    void dialFailed(quint64 number, const QString &reason);
    void conclude(quint64 number, Answer::Result result, const QString &reason = {});
    void concludeLater(Check &check, Answer::Result result, const QString &reason);
    Check *find(quint64 number);
    QByteArray randomBytes(qsizetype size) const;

    Surroundings &m_surroundings;
    const std::shared_ptr<Io::Environment> m_environment;
    CheckDialler m_dialler;
    std::vector<Check> m_checks; //!< the oldest first
    CheckLimits m_limits;
    CheckLimits::Ahead m_ahead; //!< claims that wait and are paid for
    CheckHelper m_helper;
    quint64 m_lastNumber = 0;
};

} // namespace Qp2p::Peering
