// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How a member reaches another one that it cannot dial: over a node that both are linked to.
#pragma once

#include <qp2pcore/connection.h>
#include <qp2pcore/endpoint/dial.h>
#include <qp2pcore/peering/monotonictime.h>
#include <qp2pcore/peering/protocol/legs.h>
#include <qp2pcore/peering/ratewindow.h>

#include <QHash>
#include <QPointer>
#include <QPromise>

#include <memory>
#include <vector>

namespace Qp2p::Peering {

//! \brief The legs of which this member is an end: those that its calls have opened, and those that it has accepted.
//!
//! A call asks one node after the other for a leg to its peer, the next one after a refusal or RelayTime, and dials
//! over the first that is opened.
//!
//! | state   | until                                                                                       |
//! |---------|---------------------------------------------------------------------------------------------|
//! | Asking  | a node has opened a leg; no node is left; CallTime                                          |
//! | Dialling | the connection is open, or its handshake has failed (it has a deadline of its own)         |
//!
//! A connection that was called moves to a leg of another node, as soon as something in flight was not answered for
//! Access::Silence::limit, or the link to the node has ended: to the peer nothing but the path changes.
//!
//! A leg is closed when its connection ends or leaves it, when it carries none for UnusedTime, or with its link.
class Caller
{
public:
    using Outcome = Dial::Outcome;
    static constexpr std::chrono::seconds RelayTime{1};
    static constexpr std::chrono::seconds CallTime{10};
    static constexpr std::chrono::seconds UnusedTime{30};
    static constexpr std::chrono::seconds MovePause{
        1}; //!< after the first attempt to move, doubled with each further one
    static constexpr std::chrono::seconds LongestMovePause{8};
    //! Silence is looked for so often, while there is a connection that was called.
    static constexpr std::chrono::milliseconds CheckInterval{200};
    static constexpr qsizetype MaxIncomingLegs = 32;
    static constexpr qsizetype MaxCalls = 64; //!< under way
    static constexpr int MaxOffersPerMinute = 30;

    //! \brief What it needs of the rest of the member.
    class Surroundings
    {
    public:
        virtual ~Surroundings() = default;
        virtual Time currentTime() const = 0;
        virtual bool isBlocked(const PeerId &peerId) const = 0;
        //! Connections to nodes that forward for others, those to ask first in front.
        virtual QList<Connection *> relays() const = 0;
        virtual void openLeg(quint64 leg, const Connection &link) = 0;
        virtual void closeLeg(quint64 leg) = 0;
        virtual QFuture<Outcome> dialOverLeg(quint64 leg, const PeerId &peer) = 0;
        //! Whether a connection travels over it.
        virtual bool isLegInUse(quint64 leg) const = 0;
    };

    //! What is asked for later is asked for in \a context.
    Caller(Surroundings &surroundings, QObject *context)
        : m_surroundings(surroundings)
        , m_context(context)
    {
    }
    Q_DISABLE_COPY_MOVE(Caller)

    //! \brief Finishes with an open connection to \a peer. Errors: NoRelay, those of Endpoint::connectTo(), Cancelled.
    QFuture<Outcome> call(const PeerId &peer);
    //! The network is left.
    void cancelAll();

    // What nodes say; each may end calls, whose futures may delete this.
    void opened(Connection *relay, const LegOpened &opened);
    void offered(Connection *relay, const LegOffer &offer);
    void closed(const Connection *relay, const LegClose &close);

    //! \a connection has opened over a leg.
    void connectionOpened(Connection *connection);
    //! A link, or a connection that \a leg (0: none) carried.
    void connectionClosed(const Connection *connection, quint64 leg);
    void expire();
    //! When expire() is due; Never: not before something happens.
    Time deadline() const;

    qsizetype calls() const { return qsizetype(m_calls.size()); }

private:
    struct Call
    {
        PeerId peer;
        quint64 id = 0; // of the request under way
        QList<QPointer<Connection>> relays; // to be asked
        QPointer<Connection> asked;
        QStringList refusals;
        Time nextAt; // the next one is asked
        Time deadline;
        bool isDialling = false;
        quint64 movedLeg = 0; // that is to be replaced, of a connection that is there; else 0
        QPromise<Outcome> promise;
    };
    using CallPointer = std::shared_ptr<Call>;
    struct Leg
    {
        enum class Origin : quint8 { Called, Accepted };
        QPointer<Connection> link;
        Origin origin = Origin::Called;
        Time unusedUntil; // looked at again then
    };
    //! A connection that this side has called.
    struct Inner
    {
        QPointer<Connection> connection;
        quint64 leg = 0;
        std::chrono::nanoseconds lastHeard{};
        Time silentSince = Never; // something is in flight, and nothing has come since
        Time nextMove; // not before
        std::chrono::seconds pause = MovePause; // then
    };
    void startCall(const CallPointer &call, const Connection *without);
    void checkSilence(Inner &inner);
    void move(Inner &inner);
    void moveOver(const CallPointer &call, quint64 leg);

    void askNext(const CallPointer &call);
    void finish(const CallPointer &call, const Outcome &outcome);
    void open(quint64 leg, Connection *link, Leg::Origin origin);
    void closeAt(quint64 leg, LegClose::Code code);
    QByteArray refusalOf(const LegOffer &offer);

    Surroundings &m_surroundings;
    QObject *m_context;
    std::vector<CallPointer> m_calls;
    QHash<quint64, Leg> m_legs;
    std::vector<Inner> m_inner;
    quint64 m_nextId = 1;
    RateWindow<int> m_offers{std::chrono::minutes(1)};
};

} // namespace Qp2p::Peering
