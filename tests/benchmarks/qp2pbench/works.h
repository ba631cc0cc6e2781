// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The works that are measured, each as its client does it.
#pragma once

#include "client.h"
#include "inflight.h"
#include "process.h"

#include <QElapsedTimer>
#include <QPointer>

#include <optional>
#include <vector>

//! \brief Messages one way, each counted when the peer has acknowledged it.
class Messages final : public Client
{
public:
    explicit Messages(const Options &options);

private:
    void start() override;
    void startMeasuring();
    void oneAcknowledged();

    const Qp2p::Message m_message; //!< the same bytes each time, shared, not copied
    QPointer<Qp2p::Connection> m_connection;
    std::optional<InFlight> m_warmUp;
    std::optional<InFlight> m_measured;
    QElapsedTimer m_elapsed;
};

//! \brief Requests one after the other, each answered with itself.
class RoundTrip final : public Client
{
public:
    explicit RoundTrip(const Options &options);

private:
    void start() override;
    void request();
    void handleReply(const Qp2p::Result<Qp2p::Message> &reply);
    void reportTimes();

    const Qp2p::Message m_message;
    QPointer<Qp2p::Connection> m_connection;
    QDeadlineTimer m_deadline;
    QElapsedTimer m_elapsed; //!< of the one under way
    std::vector<qint64> m_times; //!< nanoseconds
};

//! \brief Connections that are opened and closed at once. Both sides authenticate, always.
class Handshakes final : public Client
{
public:
    using Client::Client;

private:
    void start() override;

    std::optional<InFlight> m_handshakes;
    QElapsedTimer m_elapsed;
};

//! \brief Connections that are opened and do nothing until stdin is closed.
class Idle final : public Client
{
public:
    using Client::Client;

private:
    void start() override;
    void hold();

    qint64 m_rssBefore = 0;
    std::optional<InFlight> m_dials;
    std::optional<Commands> m_commands;
};
