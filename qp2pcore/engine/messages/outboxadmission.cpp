// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Which messages the outbox takes, and why not the others.
#include <qp2pcore/engine/messages/outbox.h>

namespace Qp2p::Engine {

std::optional<OutgoingMessage> Outbox::accept(OutgoingMessage::Kind kind, quint64 id,
                                              const Message &message, int priority)
{
    const bool isLegal = !message.payload().isEmpty() && message.size() <= m_maxMessageSize;
    const bool fits = isLegal
        && (kind == OutgoingMessage::Kind::Reply // it waits for the queue
                ? m_account.hasRoom(message.size() + HeaderSize)
                : hasRoomFor(message.size()));
    if (!fits) {
        ++m_messagesFailed;
        m_events.add(Events::Failed{id, isLegal ? noRoom(kind, message) : illegal(message)});
        return std::nullopt;
    }
    OutgoingMessage outgoing;
    outgoing.id = id;
    outgoing.priority = priority;
    outgoing.kind = kind;
    outgoing.head = encodeHeader(message);
    outgoing.message = message;
    outgoing.size = HeaderSize + message.size();
    m_account.add(outgoing.size);
    return outgoing;
}

Error Outbox::illegal(const Message &message) const
{
    if (message.payload().isEmpty())
        return Error(ErrorCode::MessageInvalid,
                     QStringLiteral("A message needs at least one byte of payload. Send one, or "
                                    "put what you have into the payload."));
    return Error(ErrorCode::MessageTooLarge,
                 QStringLiteral("The message has %1 bytes and at most %2 are allowed. Split "
                                "it, or raise EndpointConfig::setMaxMessageSize() on both "
                                "sides.")
                     .arg(message.size())
                     .arg(m_maxMessageSize));
}

Error Outbox::noRoom(OutgoingMessage::Kind kind, const Message &message) const
{
    if (kind != OutgoingMessage::Kind::Reply
        && (repliesWait() || !queueTakes(message.size() + HeaderSize)))
        return Error(ErrorCode::QueueFull,
                     QStringLiteral("The send queue holds %1 of %2 bytes and has no room for %3 "
                                    "more. Wait for sendQueueAvailable(), or raise "
                                    "EndpointConfig::setSendQueueLimit().")
                         .arg(queuedBytes())
                         .arg(m_options.sendQueueLimit)
                         .arg(message.size()));
    return Error(
        ErrorCode::QueueFull,
        QStringLiteral("The send queues of all connections hold %1 of %2 bytes and have no "
                       "room for %3 more to this peer's network. Wait for "
                       "sendQueueAvailable(), or raise EndpointConfig::setSendBudget().")
            .arg(m_account.budget().queued())
            .arg(m_account.budget().limit())
            .arg(message.size()));
}

} // namespace Qp2p::Engine
