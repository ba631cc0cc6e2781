// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/messages/messagepace.h>

#include <qp2pcore/engine/duration.h>
#include <qp2pcore/engine/limits.h>

#include <algorithm>
#include <utility>

namespace Qp2p::Engine {

void MessagePace::beginCheck(ngtcp2_tstamp now, ngtcp2_tstamp lastHeard,
                             ngtcp2_duration smoothedRtt, Budget budget)
{
    m_now = now;
    m_headerDeadline = std::max(nanoseconds(Limits::MessageHeaderDeadline), 10 * smoothedRtt);
    const bool silent = now - lastHeard >= nanoseconds(Limits::SilentPath) + 3 * smoothedRtt;
    m_heardAgain = std::exchange(m_silent, silent) && !silent;
    const bool tight = budget == Budget::Tight;
    m_becameTight = !std::exchange(m_tight, tight) && tight;
}

MessagePace::Result MessagePace::check(IncomingMessage &message, Credit credit) const
{
    constexpr double CheckSeconds = std::chrono::duration<double>(Limits::MessageCheckInterval)
                                        .count();
    // A pause of a few seconds is forgiven, a burst long ago is not.
    message.rate = 0.7 * message.rate
        + 0.3 * double(message.received - message.receivedAtCheck) / CheckSeconds;
    message.receivedAtCheck = message.received;
    // It has used up its credit, so it cannot go on; or from now on each message counts by itself.
    const bool outOfCredit = message.waiting
        && message.received >= qint64(Limits::InitialStreamWindow);
    if (credit == Credit::Withheld || outOfCredit || m_becameTight) {
        startPeriod(message, m_now);
        return Result::Kept;
    }
    if (m_heardAgain && message.notBefore == 0)
        message.notBefore = m_now + nanoseconds(Limits::MessageProgressPeriod);
    if (isTooSlow(message)) {
        const bool mustWait = message.notBefore != 0 ? m_now < message.notBefore : m_silent;
        return mustWait ? Result::Kept : Result::TooSlow;
    }
    if (message.reader.headerKnown() && progress(message) >= Limits::MessageProgressBytes)
        startPeriod(message, m_now);
    return Result::Kept;
}

bool MessagePace::isTooSlow(const IncomingMessage &message) const
{
    if (!message.reader.headerKnown())
        return m_now - message.since >= m_headerDeadline;
    return m_now - message.since >= nanoseconds(Limits::MessageProgressPeriod)
        && progress(message) < Limits::MessageProgressBytes;
}

//! What counts for its deadline since its period began.
qint64 MessagePace::progress(const IncomingMessage &message) const
{
    return m_tight ? message.received - message.receivedAtSince : m_total - message.totalAtSince;
}

} // namespace Qp2p::Engine
