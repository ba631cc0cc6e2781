// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Whether a message on its way in keeps the pace that is asked of it.
#pragma once

#include <qp2pcore/engine/messages/stream.h>

#include <ngtcp2/ngtcp2.h>

namespace Qp2p::Engine {

//! \brief Checks incoming messages now and then.
//!
//! A message is too slow when it is not complete and the connection brings less than 1 KiB/s of
//! messages in all: many at once may share a slow path. While the receive budget is more than half
//! used, each message has to bring that itself. While nothing at all is heard of the peer it is the
//! path that fails, and after that the messages get a period to go on.
class MessagePace
{
public:
    enum class Budget { Ample, Tight };
    enum class Credit { Granted, Withheld };
    enum class Result { Kept, TooSlow };

    //! Of any message.
    void received(qint64 bytes) { m_total += bytes; }
    void startPeriod(IncomingMessage &message, ngtcp2_tstamp now) const
    {
        message.since = now;
        message.totalAtSince = m_total;
        message.receivedAtSince = message.received;
        message.notBefore = 0;
    }

    //! \brief Before check(), once for all messages. \a lastHeard: when the latest datagram came.
    void beginCheck(ngtcp2_tstamp now, ngtcp2_tstamp lastHeard, ngtcp2_duration smoothedRtt,
                    Budget budget);
    //! \a credit: whether the peer may go on with its messages at all.
    Result check(IncomingMessage &message, Credit credit) const;

private:
    bool isTooSlow(const IncomingMessage &message) const;
    qint64 progress(const IncomingMessage &message) const;

    qint64 m_total = 0; // bytes of messages that ever came
    // Of the latest check:
    ngtcp2_tstamp m_now = 0;
    ngtcp2_duration m_headerDeadline = 0;
    bool m_silent = false;
    bool m_heardAgain = false;
    bool m_tight = false; // the receive budget
    bool m_becameTight = false;
};

} // namespace Qp2p::Engine
