// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/memorypressure.h>

#include <qp2pcore/engine/duration.h>
#include <qp2pcore/engine/limits.h>
#include <qp2pcore/engine/session.h>

#include <utility>

namespace Qp2p::Engine {

MemoryPressure::MemoryPressure(const Settings &settings, Sessions &sessions)
    : m_sessions(sessions)
    , m_receive(settings.receiveBudget)
    , m_send(settings.sendBudget)
{
}

void MemoryPressure::handleExpiry(ngtcp2_tstamp now)
{
    if (now >= m_relieveAt)
        relieveWaiting(now);
    if (now >= m_stallCheckAt)
        closeStalled(now);
}

void MemoryPressure::beforeWrite(ngtcp2_tstamp now)
{
    grantReservations(now);
    if (!m_receive.hasWaiting()) {
        m_relieveAt = UINT64_MAX;
    } else if (m_relieveAt == UINT64_MAX) {
        m_relieveAt = now + nanoseconds(Limits::BudgetWait);
        m_grantedAt = now;
    }
    for (const SessionId id : m_send.takeServed())
        m_sessions.session(id).sendBudgetHasRoom();
    if (!m_send.isTight()) {
        m_stallCheckAt = UINT64_MAX;
    } else if (m_stallCheckAt == UINT64_MAX) {
        m_stallCheckAt = now + nanoseconds(Limits::BudgetCheckInterval);
        m_send.startPeriods(now);
    }
}

// ---- the receive budget

void MemoryPressure::closeUntilWithinBudget(ngtcp2_tstamp now)
{
    while (m_receive.isExceeded() && closeLargestExcess(now)) {
    }
}

//! Closes the session that holds most beyond what was granted; returns false where none does.
bool MemoryPressure::closeLargestExcess(ngtcp2_tstamp now)
{
    const auto worst = m_receive.worst();
    if (!worst)
        return false;
    m_sessions.closeForMemory(
        m_sessions.session(*worst),
        Error(ErrorCode::ResourceLimit,
              QStringLiteral(
                  "The receive budget of %1 bytes is spent, and of all peers this one held most of "
                  "it. Raise EndpointConfig::setReceiveBudget() where so much is expected.")
                  .arg(m_receive.limit())),
        now);
    return true;
}

//! Reservations that wait are granted, in turn, as far as there is room.
void MemoryPressure::grantReservations(ngtcp2_tstamp now)
{
    for (auto next = m_receive.next(); next; next = m_receive.next()) {
        Session &session = m_sessions.session(*next);
        session.receiveBudgetHasRoom(now);
        m_sessions.touch(session);
        if (m_receive.next() == next)
            return; // it still waits
    }
}

//! A reservation has waited for long.
void MemoryPressure::relieveWaiting(ngtcp2_tstamp now)
{
    m_relieveAt = now + nanoseconds(Limits::BudgetCheckInterval);
    while (m_receive.hasWaiting() && refuseSlowestMessage(now))
        grantReservations(now);
    if (std::exchange(m_grantsSeen, m_receive.grants()) != m_receive.grants()) {
        m_grantedAt = now;
    } else if (m_receive.hasWaiting() && now - m_grantedAt >= nanoseconds(Limits::BudgetStall)) {
        if (closeLargestExcess(now))
            grantReservations(now);
    }
}

//! Of all messages under way, the one that would keep its room for longest gives it up, where that is long.
bool MemoryPressure::refuseSlowestMessage(ngtcp2_tstamp now)
{
    Session *holder = nullptr;
    double slowest = std::chrono::duration<double>(Limits::BudgetPatience).count();
    m_sessions.visitSessions([&](Session &session) {
        const double seconds = session.slowestReservation(now);
        if (seconds > slowest) {
            slowest = seconds;
            holder = &session;
        }
    });
    if (!holder)
        return false;
    holder->refuseSlowestReservation(now);
    m_sessions.touch(*holder);
    return true;
}

// ---- the send budget

//! Peers that take nothing must not keep the budget from the others.
void MemoryPressure::closeStalled(ngtcp2_tstamp now)
{
    m_stallCheckAt = now + nanoseconds(Limits::BudgetCheckInterval);
    while (m_send.isTight()) {
        const auto worst = m_send.worstStalled(now);
        if (!worst)
            return;
        m_sessions.closeForMemory(
            m_sessions.session(*worst),
            Error(ErrorCode::ResourceLimit,
                  QStringLiteral("The peer did not take what was sent to it, while the send budget "
                                 "of %1 bytes was more than a quarter used. Send less to slow "
                                 "peers, or raise EndpointConfig::setSendBudget().")
                      .arg(m_send.limit())),
            now);
    }
}

} // namespace Qp2p::Engine
