// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What happens when the receive or the send budget of an endpoint runs short, and to which connections.
#pragma once

#include <qp2pcore/engine/events.h>
#include <qp2pcore/engine/receivebudget.h>
#include <qp2pcore/engine/sendbudget.h>
#include <qp2pcore/engine/settings.h>

#include <functional>

namespace Qp2p::Engine {

class Session;

//! \brief Keeps both budgets of an endpoint, and makes room in them: messages that would keep theirs for longest
//! are refused, then the connections in the way are closed.
class MemoryPressure
{
public:
    //! \brief What it needs of the router that holds the sessions.
    class Sessions
    {
    public:
        virtual ~Sessions() = default;
        //! \a id must exist.
        virtual Session &session(SessionId id) = 0;
        virtual void visitSessions(const std::function<void(Session &)> &visit) = 0;
        //! Something was done to \a session: it gets its turn in the next write.
        virtual void touch(Session &session) = 0;
        //! Closes \a session because it holds too much memory; \a cause is what this side reports.
        virtual void closeForMemory(Session &session, const Error &cause, ngtcp2_tstamp now) = 0;
    };

    MemoryPressure(const Settings &settings, Sessions &sessions);
    Q_DISABLE_COPY_MOVE(MemoryPressure)

    ReceiveBudget &receiveBudget() { return m_receive; }
    const ReceiveBudget &receiveBudget() const { return m_receive; }
    SendBudget &sendBudget() { return m_send; }
    const SendBudget &sendBudget() const { return m_send; }

    //! When handleExpiry() is due; UINT64_MAX: never.
    ngtcp2_tstamp deadline() const { return std::min(m_relieveAt, m_stallCheckAt); }
    void handleExpiry(ngtcp2_tstamp now);
    //! After every datagram: closes connections until what is received is within the budget.
    void afterInput(ngtcp2_tstamp now)
    {
        if (m_receive.isExceeded())
            closeUntilWithinBudget(now);
    }
    //! Before every write: grants what has room by now, and arms the deadlines.
    void beforeWrite(ngtcp2_tstamp now);

private:
    void closeUntilWithinBudget(ngtcp2_tstamp now);
    bool closeLargestExcess(ngtcp2_tstamp now);
    void grantReservations(ngtcp2_tstamp now);
    void relieveWaiting(ngtcp2_tstamp now);
    bool refuseSlowestMessage(ngtcp2_tstamp now);
    void closeStalled(ngtcp2_tstamp now);

    Sessions &m_sessions;
    ReceiveBudget m_receive;
    ngtcp2_tstamp m_relieveAt = UINT64_MAX; // when reservations that wait are looked at
    quint64 m_grantsSeen = 0; // of the receive budget, when that was done last
    ngtcp2_tstamp m_grantedAt = 0; // when those had last become more
    SendBudget m_send;
    ngtcp2_tstamp m_stallCheckAt = UINT64_MAX; // while the send budget is tight
};

} // namespace Qp2p::Engine
