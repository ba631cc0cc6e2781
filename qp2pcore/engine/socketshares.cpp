// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/socketshares.h>

#include <qp2pcore/engine/duration.h>
#include <qp2pcore/engine/limits.h>
#include <qp2pcore/engine/session.h>

#include <QHashFunctions>

#include <algorithm>

namespace Qp2p::Engine {

//! Keyed, for peers choose their addresses.
size_t SocketShares::Hash::operator()(const SocketAddress &address) const
{
    return qHash(address, QHashSeed::globalSeed());
}

bool SocketShares::Group::isBounded() const
{
    return senders + int(waiting.size()) > Limits::SharedSocketFrom
        && minRtt < nanoseconds(Limits::PacingMinRtt);
}

//! What is released and has not begun counts as if it were in flight.
bool SocketShares::Group::hasRoom() const
{
    const quint64 limit = std::max<quint64>(Limits::SharedInFlight,
                                            minRtt * Limits::SharedBytesPerNanosecond);
    return !isBounded() || inFlight + quint64(released) * Limits::SharedTurn < limit;
}

void SocketShares::add(Entry &entry, const SocketAddress &remote)
{
    Group &group = m_groups[remote];
    group.remote = remote;
    ++group.sessions;
    entry.m_group = &group;
}

void SocketShares::remove(SessionId id, Entry &entry)
{
    Group &group = *entry.m_group;
    setFree(id, entry);
    setInFlight(entry, 0);
    entry.m_group = nullptr;
    if (--group.sessions == 0)
        m_groups.erase(SocketAddress(group.remote));
}

size_t SocketShares::sharedTurnOf(const Session &session, Entry &entry, size_t most,
                                  ngtcp2_tstamp now)
{
    Group &group = *entry.m_group;
    const auto flight = session.flight();
    setInFlight(entry, flight ? flight->bytes : 0);
    if (flight)
        group.minRtt = std::min(group.minRtt, flight->minRtt);
    if (!flight || !group.isBounded()) {
        setFree(session.id(), entry);
        return most;
    }
    constexpr ngtcp2_duration Patience = nanoseconds(Limits::SharedPatience);
    const bool isOverdue = now >= entry.m_waitsUntil && now >= group.servedAt + Patience;
    if (!isOverdue)
        entry.m_waitsUntil = std::max(entry.m_waitsUntil, group.servedAt + Patience);
    const bool mayBegin = entry.m_state == Entry::State::Free
        ? group.waiting.empty() && group.hasRoom()
        : entry.m_state == Entry::State::Released || isOverdue;
    if (mayBegin) {
        group.servedAt = now;
        setFree(session.id(), entry);
        return std::min(most, Limits::SharedTurn);
    }
    if (entry.m_state == Entry::State::Free)
        wait(session.id(), entry, now);
    return 0;
}

bool SocketShares::sharedSent(const Session &session, Entry &entry, Rest rest, ngtcp2_tstamp now)
{
    const auto flight = session.flight();
    setInFlight(entry, flight ? flight->bytes : 0);
    if (entry.m_state == Entry::State::Free && rest == Rest::More && entry.m_group->isBounded())
        wait(session.id(), entry, now);
    return entry.m_state == Entry::State::Waiting;
}

std::optional<SessionId> SocketShares::takeReleased(const Entry &entry)
{
    Group &group = *entry.m_group;
    if (group.waiting.empty() || !group.hasRoom())
        return std::nullopt;
    const SessionId id = group.waiting.front();
    group.waiting.pop_front();
    return id;
}

void SocketShares::release(Entry &entry)
{
    entry.m_state = Entry::State::Released;
    ++entry.m_group->released;
}

void SocketShares::wait(SessionId id, Entry &entry, ngtcp2_tstamp now)
{
    entry.m_state = Entry::State::Waiting;
    entry.m_waitsUntil = now + nanoseconds(Limits::SharedPatience);
    entry.m_group->waiting.push_back(id);
}

void SocketShares::setFree(SessionId id, Entry &entry)
{
    if (entry.m_state == Entry::State::Waiting)
        entry.m_group->waiting.remove(id);
    else if (entry.m_state == Entry::State::Released)
        --entry.m_group->released;
    entry.m_state = Entry::State::Free;
}

void SocketShares::setInFlight(Entry &entry, quint64 bytes)
{
    Group &group = *entry.m_group;
    group.senders += (bytes > 0 ? 1 : 0) - (entry.m_inFlight > 0 ? 1 : 0);
    group.inFlight += bytes - entry.m_inFlight;
    entry.m_inFlight = bytes;
}

} // namespace Qp2p::Engine
