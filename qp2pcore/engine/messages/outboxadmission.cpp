// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Which messages the outbox takes, and why not the others.
#include <qp2pcore/engine/messages/outbox.h>

#include <qp2pcore/engine/messages/sendrefusals.h>

#include <algorithm>

namespace Qp2p::Engine {

quint64 Outbox::send(OutgoingMessage::Kind kind, const Message &message, int priority,
                     ngtcp2_tstamp deadline)
{
    const quint64 id = m_nextId++;
    if (takes(kind, id, message))
        wait(kind, id, message, priority, deadline);
    return id;
}

quint64 Outbox::reply(Stream &stream, const Message &message, int priority)
{
    const quint64 id = m_nextId++;
    if (takes(OutgoingMessage::Kind::Reply, id, message)) {
        charge(stream.out.emplace(), OutgoingMessage::Kind::Reply, id, message, priority);
        stream.out->waiting = true;
        m_waitingReplies[priority].push_back(&stream);
        serveReplies();
    }
    return id;
}

bool Outbox::takes(OutgoingMessage::Kind kind, quint64 id, const Message &message)
{
    const bool isLegal = !message.payload().isEmpty() && message.size() <= m_maxMessageSize;
    const bool fits = isLegal
        && (kind == OutgoingMessage::Kind::Reply // it waits for the queue
                ? m_account.hasRoom(message.size() + HeaderSize)
                : hasRoomFor(message.size()));
    if (fits)
        return true;
    ++m_messagesFailed;
    m_events.add(Events::Failed{
        id, isLegal ? noRoom(kind, message) : illegalMessage(message, m_maxMessageSize)});
    return false;
}

void Outbox::wait(OutgoingMessage::Kind kind, quint64 id, const Message &message, int priority,
                  ngtcp2_tstamp deadline)
{
    auto &waiting = m_waiting[(kind == OutgoingMessage::Kind::Request ? 2 : 0)
                              + (isLarge(HeaderSize + message.size()) ? 0 : 1)];
    OutgoingMessage &outgoing = waiting[priority].emplace_back();
    charge(outgoing, kind, id, message, priority);
    enqueue(outgoing);
    if (deadline != UINT64_MAX)
        m_deadlines.add(id, deadline);
}

void Outbox::charge(OutgoingMessage &outgoing, OutgoingMessage::Kind kind, quint64 id,
                    const Message &message, int priority)
{
    outgoing.id = id;
    outgoing.priority = priority;
    outgoing.kind = kind;
    outgoing.head = encodeHeader(message);
    outgoing.message = message;
    outgoing.size = HeaderSize + message.size();
    m_account.add(outgoing.size);
}

void Outbox::adopt(OpeningQueue &queue)
{
    m_nextId = std::max(m_nextId, queue.nextId());
    m_tellWhenHalfEmpty = m_tellWhenHalfEmpty || queue.isNoticeDue();
    for (const OpeningQueue::Entry &entry : queue.take()) {
        // The peer's limit was not known when it was queued.
        if (const Error illegal = illegalMessage(entry.message, m_maxMessageSize);
            illegal.isError()) {
            ++m_messagesFailed;
            m_events.add(Events::Failed{entry.id, illegal});
            continue;
        }
        wait(entry.kind, entry.id, entry.message, entry.priority, entry.deadline);
    }
    released(0); // who was refused because of other connections waits for no acknowledgement
}

bool Outbox::cancelWaiting(quint64 requestId)
{
    for (auto &waiting : m_waiting) {
        for (auto &[priority, queue] : waiting) {
            const auto found = std::find_if(queue.begin(), queue.end(), [&](const auto &message) {
                return message.id == requestId;
            });
            if (found == queue.end())
                continue;
            const qint64 size = found->size;
            m_deadlines.remove(requestId);
            queue.erase(found);
            if (queue.empty())
                waiting.erase(priority);
            m_account.drop(size);
            released(size);
            return true;
        }
    }
    return false;
}

void Outbox::setPeerMaxMessageSize(quint64 bytes)
{
    if (bytes < quint64(m_maxMessageSize))
        m_maxMessageSize = qint64(bytes);
}

Error Outbox::noRoom(OutgoingMessage::Kind kind, const Message &message) const
{
    if (kind != OutgoingMessage::Kind::Reply
        && (repliesWait() || !queueTakes(message.size() + HeaderSize)))
        return sendQueueFull(queuedBytes(), m_options.sendQueueLimit, message.size());
    return sendBudgetSpent(m_account.budget(), message.size());
}

} // namespace Qp2p::Engine
