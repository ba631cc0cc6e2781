// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What is to be sent on a connection that has no streams yet.
#pragma once

#include <qp2pcore/engine/messages/requestdeadlines.h>
#include <qp2pcore/engine/messages/stream.h>
#include <qp2pcore/engine/sendbudget.h>
#include <qp2pcore/message.h>
#include <qp2pcore/result.h>

#include <deque>
#include <optional>
#include <vector>

namespace Qp2p::Engine {

//! \brief Messages and requests that wait for the connection that a dial opens, within the limits of an Outbox.
//!
//! Filled above the engine, and taken by the protocol of the one connection that is chosen, whose Outbox goes on with
//! its ids. Of several addresses of a dial only one ever takes it, so nothing is sent twice.
class OpeningQueue
{
public:
    //! Both in bytes, as in MessageOptions.
    OpeningQueue(qint64 maxMessageSize, qint64 limit);
    Q_DISABLE_COPY_MOVE(OpeningQueue)

    struct Entry
    {
        quint64 id = 0;
        OutgoingMessage::Kind kind = OutgoingMessage::Kind::Message;
        int priority = 0;
        Message message;
        ngtcp2_tstamp deadline = UINT64_MAX; //!< of a request's reply
    };
    struct Addition
    {
        quint64 id = 0;
        Error refusal; //!< why it was not added; no error where it was
    };
    //! Errors: MessageInvalid, MessageTooLarge, QueueFull.
    Addition add(OutgoingMessage::Kind kind, const Message &message, int priority,
                 ngtcp2_tstamp deadline = UINT64_MAX);
    //! \brief Takes a request back. Returns false where it is not here.
    bool cancel(quint64 id);
    //! When the first request is overdue.
    ngtcp2_tstamp nextDeadline() const { return m_deadlines.next(); }
    //! A request whose reply is overdue, which is removed.
    std::optional<quint64> takeExpired(ngtcp2_tstamp now);
    //! As Outbox::hasRoomFor().
    bool hasRoomFor(qint64 bytes);
    qint64 queuedBytes() const { return m_queuedBytes; }
    //! \brief Whether it is half empty again after it was fuller, or had refused something; true once.
    bool takeNotice();

    //! From now on its bytes count in \a budget, which must outlive that: see clear().
    void chargeTo(SendBudget &budget, const SocketAddress &remote);
    //! Nothing is charged any more. Returns the ids of what it held, in order.
    std::vector<quint64> clear();

    // For the protocol
    //! Nothing is added any more: what follows goes to the connection that has taken it.
    bool isTaken() const { return m_isTaken; }
    std::deque<Entry> take();
    quint64 nextId() const { return m_nextId; }
    //! Something was refused, and whoever asked waits for a notice.
    bool isNoticeDue() const { return m_isNoticeDue; }

private:
    void removed(qint64 bytes);

    const qint64 m_maxMessageSize;
    const qint64 m_limit;
    std::optional<SendBudget::Account> m_account;
    std::deque<Entry> m_entries;
    RequestDeadlines m_deadlines;
    qint64 m_queuedBytes = 0;
    quint64 m_nextId = 1;
    bool m_isNoticeDue = false;
    bool m_isTaken = false;
};

} // namespace Qp2p::Engine
