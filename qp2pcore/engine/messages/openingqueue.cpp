// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/messages/openingqueue.h>

#include <qp2pcore/engine/messages/sendrefusals.h>

#include <algorithm>
#include <utility>

namespace Qp2p::Engine {

namespace {

qint64 sizeOnStream(qint64 bytes)
{
    return bytes + qint64(wireHeaderSize);
}

} // namespace

OpeningQueue::OpeningQueue(qint64 maxMessageSize, qint64 limit)
    : m_maxMessageSize(maxMessageSize)
    , m_limit(limit)
{
}

OpeningQueue::Addition OpeningQueue::add(OutgoingMessage::Kind kind, const Message &message,
                                         int priority, ngtcp2_tstamp deadline)
{
    const quint64 id = m_nextId++;
    if (const Error illegal = illegalMessage(message, m_maxMessageSize); illegal.isError())
        return {id, illegal};
    const qint64 size = sizeOnStream(message.size());
    if (!hasRoomFor(message.size())) {
        const bool isFull = m_queuedBytes > 0 && m_queuedBytes + size > m_limit;
        return {id,
                isFull ? sendQueueFull(m_queuedBytes, m_limit, message.size())
                       : sendBudgetSpent(m_account->budget(), message.size())};
    }
    m_entries.push_back({id, kind, priority, message, deadline});
    if (deadline != UINT64_MAX)
        m_deadlines.add(id, deadline);
    m_queuedBytes += size;
    m_isNoticeDue = m_isNoticeDue || m_queuedBytes > m_limit / 2;
    if (m_account)
        m_account->add(size);
    return {id, {}};
}

bool OpeningQueue::cancel(quint64 id)
{
    const auto found = std::find_if(m_entries.begin(), m_entries.end(),
                                    [id](const Entry &entry) { return entry.id == id; });
    if (found == m_entries.end())
        return false;
    const qint64 size = sizeOnStream(found->message.size());
    m_deadlines.remove(id);
    m_entries.erase(found);
    removed(size);
    return true;
}

std::optional<quint64> OpeningQueue::takeExpired(ngtcp2_tstamp now)
{
    const std::optional<quint64> id = m_deadlines.takeExpired(now);
    if (id)
        cancel(*id);
    return id;
}

bool OpeningQueue::hasRoomFor(qint64 bytes)
{
    const qint64 size = sizeOnStream(bytes);
    const bool hasRoom = (m_queuedBytes == 0 || m_queuedBytes + size <= m_limit)
        && (!m_account || m_account->hasRoom(size));
    m_isNoticeDue = m_isNoticeDue || !hasRoom; // who asks wants to know
    return hasRoom;
}

bool OpeningQueue::takeNotice()
{
    return m_queuedBytes <= m_limit / 2 && std::exchange(m_isNoticeDue, false);
}

void OpeningQueue::chargeTo(SendBudget &budget, const SocketAddress &remote)
{
    m_account.emplace(budget, remote);
    m_account->add(m_queuedBytes);
}

std::vector<quint64> OpeningQueue::clear()
{
    std::vector<quint64> ids;
    for (const Entry &entry : std::exchange(m_entries, {}))
        ids.push_back(entry.id);
    m_deadlines.clear();
    m_queuedBytes = 0;
    m_account.reset();
    return ids;
}

std::deque<OpeningQueue::Entry> OpeningQueue::take()
{
    m_isTaken = true;
    std::deque<Entry> entries = std::exchange(m_entries, {});
    clear();
    return entries;
}

void OpeningQueue::removed(qint64 bytes)
{
    m_queuedBytes -= bytes;
    if (m_account)
        m_account->drop(bytes);
}

} // namespace Qp2p::Engine
