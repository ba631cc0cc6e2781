// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Many hostile connections at once, and what becomes of them.
#pragma once

#include "hostileconnection.h"

#include <QJsonObject>
#include <QMap>

#include <vector>

namespace Qp2p::Test {

//! \brief Dials, attacks and reports, one JSON object a line on standard output:
//!
//! | event   | fields                                                          | when                              |
//! |---------|-----------------------------------------------------------------|-----------------------------------|
//! | opened  | connection, local                                               | it is open on both sides          |
//! | ended   | connection, local, reason                                       | refused, closed or without answer |
//! | decided | open, ended                                                     | nothing is being dialled any more |
//! | summary | opened, open, ended (reason: how often), bytesSent              | in the end                        |
class Siege
{
public:
    enum class AfterClose { Leave, DialAgain };
    struct Plan
    {
        Engine::SocketAddress target;
        std::vector<Engine::SocketAddress> locals; //!< taken in turn
        QByteArray behaviour;
        int connections = 24;
        int atOnce = 1'000'000; //!< being dialled at a time
        ngtcp2_duration patience = 10 * Seconds; //!< with a dial
        ngtcp2_duration duration = 60 * Seconds;
        double rate = 1e12; //!< bytes a second of all connections together
        AfterClose afterClose = AfterClose::Leave;
    };

    explicit Siege(const Plan &plan)
        : m_plan(plan)
    {
    }

    //! Returns after the duration, or soon after \a stop is set.
    void run(const volatile int &stop);

private:
    struct Slot
    {
        std::unique_ptr<HostileConnection> connection;
        ngtcp2_tstamp dialAt = 0; //!< UINT64_MAX: no more
        bool reported = false; //!< that it is open
    };

    void dial(ngtcp2_tstamp now);
    void wait(ngtcp2_tstamp until);
    void replenish(ngtcp2_tstamp now);
    void observe(int index, Slot &slot, ngtcp2_tstamp now);
    QJsonObject endedFields() const;

    const Plan m_plan;
    std::vector<Slot> m_slots;
    int m_dialling = 0;
    int m_open = 0;
    int m_opened = 0;
    bool m_decided = false;
    quint64 m_bytesSent = 0;
    double m_allowance = 0;
    ngtcp2_tstamp m_replenishedAt = 0;
    size_t m_first = 0; // whose turn it is to send first
    QMap<QString, int> m_ended;
};

} // namespace Qp2p::Test
