// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// One connectTo() or connectToAny(): candidates in a race, of which one is greeted and wins.
#pragma once

#include <qp2pcore/connection.h>
#include <qp2pcore/engine/session.h>
#include <qp2pcore/io/driver.h>
#include <qp2pcore/peeraddress.h>

#include <QFutureWatcher>
#include <QPointer>
#include <QPromise>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace Qp2p {

struct Opening;

//! The error of a dial that was cancelled.
Error dialCancelled();

//! \brief The more specific of two reasons why dials failed: an answer of the peer, then that its port is
//! closed, then no answer, then what did not leave this machine. \a later where both are of one kind.
const Error &moreSpecific(const Error &earlier, const Error &later);

//! \brief A dial under way.
//!
//! With several candidates none says hello before it is chosen: the first whose handshake is
//! confirmed is greeted, and only when that fails the next. So no other peer ever sees a connection open.
class Dial
{
public:
    using Outcome = Result<QPointer<Connection>>;

    explicit Dial(Protocol protocol);
    ~Dial();
    Q_DISABLE_COPY_MOVE(Dial)

    QFuture<Outcome> future() { return m_promise.future(); }
    bool isFinished() const { return m_finished; }
    Protocol protocol() const { return m_protocol; }

    //! The connection that it opens, which was there before; null: one is made once it is open.
    Opening *opening() const { return m_opening; }
    void setOpening(Opening *opening) { m_opening = opening; }
    //! \brief It is to fail with \a cause, once its sessions have ended.
    void abandon(const Error &cause);
    bool isAbandoned() const { return m_abandoned.isError(); }
    //! The session that has or will have greeted: the only one, or the winner of the race; 0: not yet known.
    Engine::SessionId chosen() const;

    //! A name whose addresses are being looked up.
    void lookupStarted(const PeerAddress &peer) { m_lookups.append(peer); }
    void lookupFailed(const PeerAddress &peer, const Error &error);
    void lookupFinished(const PeerAddress &peer) { m_lookups.removeOne(peer); }
    //! \a session is 0 where the dial failed immediately, with \a error.
    //! \a named is what was dialled: a name where \a peer is one of its addresses.
    void addCandidate(Engine::SessionId session, const PeerAddress &peer, const PeerAddress &named,
                      const Error &error = {});
    //! More candidates may come: it has not failed yet.
    void setComplete(bool complete) { m_complete = complete; }
    //! \brief The most specific reason, once all addresses of \a named have failed; none before.
    std::optional<Error> failureOf(const PeerAddress &named) const;
    void setRace() { m_race = true; }
    bool isRace() const { return m_race; }
    //! What its candidates that have failed had sent, and what came back for them.
    struct Traffic
    {
        quint64 bytesSent = 0; //!< UDP payload
        quint64 datagramsReceived = 0;
    };
    //! Stays up to date, also when the dial is gone.
    std::shared_ptr<const Traffic> traffic() const { return m_traffic; }
    void addTraffic(const ConnectionStats &stats);

    //! Called whenever a candidate has failed; it must not change the dial.
    std::function<void()> onFailure;
    //! Its connection is open and is being announced; it cannot be cancelled any more.
    void setWon() { m_won = true; }
    bool isWon() const { return m_won; }
    //! The address, of those that were dialled, whose peer was greeted.
    PeerAddress winner() const;
    //! What \a session dials: as it was named. Null where it is none of these.
    PeerAddress dialledBy(Engine::SessionId session) const;

    //! Returns the session to greet now, or 0.
    Engine::SessionId confirmed(Engine::SessionId session);
    //! Its peer has refused us, and had presented \a chain (DER, leaf first); failed() follows.
    void refused(Engine::SessionId session, const QList<QByteArray> &chain);
    //! As confirmed(); 0 also where everything has failed: see hasFailed().
    Engine::SessionId failed(Engine::SessionId session, const Error &error);
    bool hasFailed() const;
    Error failure() const;

    //! The candidates still under way.
    std::vector<Engine::SessionId> sessions() const;
    //! Those of one that was asked for.
    std::vector<Engine::SessionId> sessionsOf(const PeerAddress &named) const;
    void finish(const Outcome &outcome);

private:
    struct Candidate
    {
        Engine::SessionId session = 0;
        PeerAddress peer;
        PeerAddress named;
        enum class State { Dialling, Confirmed, Greeted, Failed } state = State::Dialling;
        Error error;
        QList<QByteArray> presented = {};
    };
    Candidate *find(Engine::SessionId session);
    Engine::SessionId greetNext();
    const Candidate *greeted() const;

    const Protocol m_protocol;
    QPromise<Outcome> m_promise;
    const std::shared_ptr<Traffic> m_traffic = std::make_shared<Traffic>();
    std::vector<Candidate> m_candidates;
    QList<PeerAddress> m_lookups;
    Opening *m_opening = nullptr;
    Error m_abandoned; // why
    bool m_complete = true;
    bool m_race = false;
    bool m_finished = false;
    bool m_won = false;
};

} // namespace Qp2p
