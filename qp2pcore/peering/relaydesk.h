// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a node does for two of its peers that cannot dial each other: it offers a leg, and forwards.
#pragma once

#include <qp2pcore/connection.h>
#include <qp2pcore/peering/access.h>
#include <qp2pcore/peering/monotonictime.h>
#include <qp2pcore/peering/protocol/legs.h>

#include <QHash>
#include <QPointer>

#include <optional>

namespace Qp2p::Peering {

//! \brief The relaying side of legs. A link is the reservation: nothing is kept for anybody who is not linked.
//!
//! | state     | begins                     | ends                                                                 |
//! |-----------|----------------------------|----------------------------------------------------------------------|
//! | Offered   | a request is passed on     | with the answer, with either link, after AnswerTime                  |
//! | Forwarded | the callee has agreed      | with either link, when an end closes it, when the forwarder finds it |
//! |           |                            | idle                                                                 |
class RelayDesk
{
public:
    static constexpr std::chrono::seconds AnswerTime{5};
    static constexpr qsizetype MaxOffers = 64; //!< not answered yet

    //! \brief What it needs of the rest of the member.
    class Surroundings
    {
    public:
        virtual ~Surroundings() = default;
        virtual Time currentTime() const = 0;
        //! Whether this member forwards for others now.
        virtual bool forwardsForOthers() const = 0;
        //! The connection by which \a peer can be offered a leg; null where there is none.
        virtual Connection *linkForLegs(const PeerId &peer) const = 0;
        //! \brief From now on datagrams are forwarded between the two. Nothing where a limit is reached.
        virtual std::optional<Access::Forwarding> beginForwarding(const Connection &caller,
                                                                  const Connection &callee) = 0;
        virtual void endForwarding(const Access::Forwarding &forwarding) = 0;
    };

    explicit RelayDesk(Surroundings &surroundings)
        : m_surroundings(surroundings)
    {
    }
    Q_DISABLE_COPY_MOVE(RelayDesk)

    void requested(Connection *caller, const LegRequest &request);
    void answered(const Connection *callee, const LegAnswer &answer);
    //! An end of a leg closes it.
    void closed(const Connection *from, const LegClose &close);
    void connectionClosed(const Connection *connection);
    //! The forwarder has ended a leg, for nothing has come over it.
    void idle(quint64 leg);
    //! \brief Refuses for the callees that have not answered in time.
    void expire();

private:
    struct Leg
    {
        QPointer<Connection> caller;
        QPointer<Connection> callee;
        Access::Forwarding forwarding;
    };
    struct Offer
    {
        Leg leg;
        quint64 requestId = 0;
        Time deadline;
    };
    std::optional<LegOpened::Outcome> refusalOf(const Connection &caller,
                                                const LegRequest &request) const;
    void refuse(Connection *caller, quint64 requestId, LegOpened::Outcome outcome,
                const QByteArray &reason = {});
    void withdraw(quint64 number, LegOpened::Outcome outcome, const QByteArray &reason);
    void end(const Leg &leg, const Connection *knows, LegClose::Code code);

    Surroundings &m_surroundings;
    QHash<quint64, Offer> m_offers; // by number
    QHash<quint64, Leg> m_legs; // by the caller's leg
    quint64 m_nextNumber = 1;
};

} // namespace Qp2p::Peering
