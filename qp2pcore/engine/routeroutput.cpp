// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The turns in which the sessions of a router write.
#include <qp2pcore/engine/router.h>

#include <qp2pcore/engine/limits.h>

#include <algorithm>

namespace Qp2p::Engine {

bool Router::write(std::span<quint8> buffer, const DatagramSink &sink, ngtcp2_tstamp now)
{
    m_memory.beforeWrite(now);
    size_t written = 0;
    const DatagramSink counting = [&](const quint8 *data, size_t size, size_t segmentSize,
                                      const Way &way, quint8 ecn) {
        written += size;
        m_stats.bytesSent += size;
        m_stats.datagramsSent += (size + segmentSize - 1) / segmentSize;
        return sink(data, size, segmentSize, way, ecn);
    };
    if (!m_answers.write(counting))
        return false;
    const size_t turn = std::clamp(Limits::PumpWriteBudget / std::max<size_t>(m_schedule.turns(), 1),
                                   Limits::MinWriteTurn, Limits::SessionWriteTurn);
    // Each once; who has more to write is behind the others, also in the next call.
    for (size_t left = m_schedule.turns(); left > 0; --left) {
        if (written >= Limits::PumpWriteBudget)
            return false;
        m_released = 0;
        const SessionId id = m_schedule.takeTurn();
        const auto found = m_sessions.find(id);
        if (found == m_sessions.end())
            continue;
        if (write(id, found->second, buffer, turn, counting, now) == Session::WriteResult::Blocked)
            return false;
        left += m_released;
    }
    return !m_schedule.hasTurns();
}

Session::WriteResult Router::write(SessionId id, Entry &entry, std::span<quint8> buffer,
                                   size_t turn, const DatagramSink &sink, ngtcp2_tstamp now)
{
    entry.schedule.hasTurn = false;
    const Session::WriteResult result = entry.session->write(
        buffer, m_shares.turnOf(*entry.session, entry.share, turn, now), sink, now);
    const bool waits = m_shares.sent(
        *entry.session, entry.share,
        result == Session::WriteResult::More ? SocketShares::Rest::More : SocketShares::Rest::None,
        now);
    releaseWaiting(entry);
    recordProgress(entry, now);
    if (entry.session->state() == Session::State::Gone) {
        remove(id);
        return Session::WriteResult::Done;
    }
    const ngtcp2_tstamp deadline = std::min(entry.session->deadline(), entry.share.deadline());
    m_schedule.setDeadline(id, entry.schedule, deadline, entry.session->earliestDeadline(deadline));
    if (result == Session::WriteResult::Blocked || (result == Session::WriteResult::More && !waits))
        touch(*entry.session);
    return result;
}

//! Those that share the socket of \a entry.
void Router::releaseWaiting(const Entry &entry)
{
    while (const auto next = m_shares.takeReleased(entry.share)) {
        Entry &released = m_sessions.at(*next);
        SocketShares::release(released.share);
        m_released += released.schedule.hasTurn ? 0 : 1;
        touch(*released.session);
    }
}

} // namespace Qp2p::Engine
