// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Room for incoming messages: which of them get it, in which order, and which lose it again.
#include <qp2pcore/engine/messages/inbox.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/engine/duration.h>
#include <qp2pcore/engine/limits.h>
#include <qp2pcore/engine/messages/wiremessage.h>

#include <algorithm>
#include <utility>

namespace Qp2p::Engine {

//! Grants the peer credit for what it has sent of a message that is not complete, as far as it has
//! room in the inbox.
void Inbox::grantCredit(Stream &stream)
{
    IncomingMessage &in = *stream.in;
    if (isHeldBack(in))
        return;
    // The connection's credit goes on: a message that waits for room must not stop those that have
    // it. What such messages bring beyond the inbox's size, no honest sender needs.
    grantConnection(std::exchange(in.withheldConnection, 0));
    // A reply was asked for: it has room in the inbox immediately, and counts.
    const bool isItsTurn = in.kind == IncomingMessage::Kind::Reply
        || std::all_of(m_waiting.cbegin(), m_waiting.cend(),
                       [this](const Stream *other) { return mustStandBack(*other->in); });
    const bool admitted = !in.reader.headerKnown() || in.reserved > 0
        || (isItsTurn && !in.waiting && admit(stream) == Admission::Admitted);
    if (admitted) {
        m_connection.extendStreamWindow(stream.id, quint64(std::exchange(in.withheldStream, 0)));
        return;
    }
    if (!in.waiting) {
        in.waiting = true;
        m_waiting.push_back(&stream);
        m_unadmitted += in.received;
    }
    const qint64 limit = m_account.isTight()
        ? Limits::UnadmittedBytesWhenTight
        : std::max(m_options.inboxLimit, Limits::UnadmittedBytes);
    if (m_unadmitted > limit)
        refuse(stream,
               Error(ErrorCode::MessageRefused,
                     QStringLiteral("The inbox is full of unfinished messages. Raise "
                                    "EndpointConfig::setInboxLimit() where so many are expected.")),
               CloseCode::InboxFull);
}

bool Inbox::mustStandBack(const IncomingMessage &message) const
{
    return m_repliesWait && message.kind == IncomingMessage::Kind::Request;
}

Inbox::Admission Inbox::admit(Stream &stream)
{
    if (mustStandBack(*stream.in))
        return Admission::RepliesWait;
    const qint64 size = stream.in->reader.totalSize() + qint64(wireHeaderSize);
    const bool isReply = stream.in->kind == IncomingMessage::Kind::Reply;
    const qint64 reserved = m_account.reserved();
    if (!isReply && reserved > 0 && reserved + size > m_options.inboxLimit)
        return Admission::InboxFull;
    if (!m_account.reserve(size))
        return Admission::BudgetSpent;
    stream.in->reserved = size;
    stream.in->reader.setAdmitted();
    stream.in->admittedAt = m_now;
    return Admission::Admitted;
}

void Inbox::admitWaiting(ngtcp2_tstamp now)
{
    m_now = now;
    admitWaiting();
}

void Inbox::admitWaiting()
{
    // Replies don't wait for what is before them, but for the budget alone.
    bool othersWait = m_paused;
    for (size_t i = 0; i < m_waiting.size();) {
        Stream &stream = *m_waiting[i];
        if (othersWait && stream.in->kind != IncomingMessage::Kind::Reply) {
            ++i;
            continue;
        }
        switch (admit(stream)) {
        case Admission::BudgetSpent:
            return; // it waits for its turn
        case Admission::InboxFull:
            othersWait = true;
            ++i;
            break;
        case Admission::RepliesWait:
            ++i;
            break;
        case Admission::Admitted:
            stopWaiting(stream);
            m_connection.extendStreamWindow(stream.id,
                                            quint64(std::exchange(stream.in->withheldStream, 0)));
            break;
        }
    }
    m_account.stopWaiting();
}

Inbox::Slow Inbox::slowest(ngtcp2_tstamp now, StreamList &streams) const
{
    Slow slowest;
    if (m_account.reserved() == 0 || m_paused)
        return slowest;
    for (Stream &stream : streams.all()) {
        if (!stream.in || stream.in->reserved == 0
            || now - stream.in->admittedAt < nanoseconds(Limits::BudgetGrace))
            continue;
        const IncomingMessage &in = *stream.in;
        const double seconds = double(in.reserved - in.received) / std::max(in.rate, 1.0);
        if (seconds > slowest.secondsLeft)
            slowest = {&stream, seconds};
    }
    return slowest;
}

void Inbox::refuseSlow(Stream &stream, ngtcp2_tstamp now)
{
    m_now = now;
    refuse(stream,
           Error(ErrorCode::MessageTimeout,
                 QStringLiteral("A message arrived too slowly while others waited for room: %1 "
                                "bytes of it came. The peer has to send it again.")
                     .arg(stream.in->received)),
           CloseCode::MessageTimeout);
}

void Inbox::removeWaiting(Stream &stream)
{
    stream.in->waiting = false;
    m_unadmitted -= stream.in->received;
    m_waiting.erase(std::find(m_waiting.begin(), m_waiting.end(), &stream));
}

} // namespace Qp2p::Engine
