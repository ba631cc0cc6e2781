// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The works on connections that are opened for them: one message on each, or many at the same time.
#pragma once

#include "client.h"
#include "inflight.h"

#include <QDeadlineTimer>
#include <QElapsedTimer>
#include <QPointer>
#include <QTimer>

#include <optional>
#include <vector>

//! \brief Connections one after the other, with one message each: how long until it is open, and until
//! the peer has acknowledged the message.
class Cold final : public Client
{
public:
    explicit Cold(const Options &options);

private:
    void start() override;
    void begin();
    void handleConfirmed(Qp2p::Connection *connection);
    void reportTimes();

    const Qp2p::Message m_message;
    QDeadlineTimer m_deadline;
    QElapsedTimer m_elapsed; //!< of the connection under way
    std::vector<qint64> m_opened; //!< nanoseconds
    std::vector<qint64> m_confirmed;
};

//! \brief Many connections through one endpoint, each of which sends one message after the other.
class Crowd final : public Client
{
public:
    explicit Crowd(const Options &options);

private:
    void start() override;
    void startSending();
    void reportShares();

    const Qp2p::Message m_message;
    std::optional<InFlight> m_dials;
    std::vector<QPointer<Qp2p::Connection>> m_connections;
    std::vector<quint64> m_messages; //!< acknowledged, of each connection
    QTimer m_end;
    QElapsedTimer m_elapsed;
};
