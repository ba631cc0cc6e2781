// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/messages/sendrefusals.h>

namespace Qp2p::Engine {

Error illegalMessage(const Message &message, qint64 maxMessageSize)
{
    if (message.payload().isEmpty())
        return Error(ErrorCode::MessageInvalid,
                     QStringLiteral("A message needs at least one byte of payload. Send one, or "
                                    "put what you have into the payload."));
    if (message.size() <= maxMessageSize)
        return {};
    return Error(ErrorCode::MessageTooLarge,
                 QStringLiteral("The message has %1 bytes and at most %2 are allowed. Split "
                                "it, or raise EndpointConfig::setMaxMessageSize() on both "
                                "sides.")
                     .arg(message.size())
                     .arg(maxMessageSize));
}

Error sendQueueFull(qint64 queued, qint64 limit, qint64 size)
{
    return Error(ErrorCode::QueueFull,
                 QStringLiteral("The send queue holds %1 of %2 bytes and has no room for %3 "
                                "more. Wait for sendQueueAvailable(), or raise "
                                "EndpointConfig::setSendQueueLimit().")
                     .arg(queued)
                     .arg(limit)
                     .arg(size));
}

Error sendBudgetSpent(const SendBudget &budget, qint64 size)
{
    return Error(
        ErrorCode::QueueFull,
        QStringLiteral("The send queues of all connections hold %1 of %2 bytes and have no "
                       "room for %3 more to this peer's network. Wait for "
                       "sendQueueAvailable(), or raise EndpointConfig::setSendBudget().")
            .arg(budget.queued())
            .arg(budget.limit())
            .arg(size));
}

Error requestTimedOut()
{
    return Error(ErrorCode::RequestTimeout,
                 QStringLiteral("The peer did not answer the request in time. Ask "
                                "again, or allow more time."));
}

} // namespace Qp2p::Engine
