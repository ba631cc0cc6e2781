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

//! What a dial finishes with that was given up.
Error dialCancelled();

//! \brief Of two reasons why dials failed the one that says more: what a peer answered before what its
//! host says, that before silence, and silence before what did not leave this machine. Where they say as
//! much as each other, \a later.
const Error &moreTelling(const Error &earlier, const Error &later);

//! \brief A dial under way.
//!
//! With several candidates none says hello before it is chosen: the first whose handshake is
//! confirmed is greeted, and only when that fails the next. So nobody but the winner ever sees a
//! connection open.
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

    //! A name whose addresses are being looked up.
    void lookupStarted(const PeerAddress &peer) { m_lookups.append(peer); }
    void lookupFailed(const PeerAddress &peer, const Error &error);
    void lookupFinished(const PeerAddress &peer) { m_lookups.removeOne(peer); }
    //! \a session is 0 where \a error came at once.
    //! \a named is what was asked for: a name where \a peer is one of its addresses.
    void addCandidate(Engine::SessionId session, const PeerAddress &peer, const PeerAddress &named,
                      const Error &error = {});
    //! More candidates may come: it has not failed yet.
    void setComplete(bool complete) { m_complete = complete; }
    //! \brief What has become of those asked for: once all addresses of one have failed, the most telling
    //! reason.
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

    //! Called whenever a candidate has failed; it must only take note.
    std::function<void()> onFailure;
    //! Its connection is open and is being told; it cannot be given up any more.
    void setWon() { m_won = true; }
    bool isWon() const { return m_won; }
    //! Which of those asked for was greeted.
    PeerAddress winner() const;

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

    const Protocol m_protocol;
    QPromise<Outcome> m_promise;
    const std::shared_ptr<Traffic> m_traffic = std::make_shared<Traffic>();
    std::vector<Candidate> m_candidates;
    QList<PeerAddress> m_lookups;
    bool m_complete = true;
    bool m_race = false;
    bool m_finished = false;
    bool m_won = false;
};

} // namespace Qp2p
