// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Why a message is not taken into a send queue, or leaves it, for people.
#pragma once

#include <qp2pcore/engine/sendbudget.h>
#include <qp2pcore/message.h>
#include <qp2pcore/result.h>

namespace Qp2p::Engine {

//! \brief MessageInvalid or MessageTooLarge; no error where \a message may be sent.
Error illegalMessage(const Message &message, qint64 maxMessageSize);
//! \brief The queue holds \a queued of \a limit bytes and has no room for \a size more.
Error sendQueueFull(qint64 queued, qint64 limit, qint64 size);
//! \brief \a budget has no room for \a size bytes more.
Error sendBudgetSpent(const SendBudget &budget, qint64 size);
//! The reply to a request is overdue.
Error requestTimedOut();

} // namespace Qp2p::Engine
