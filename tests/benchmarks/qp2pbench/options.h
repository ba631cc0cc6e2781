// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The command line, and what it means for an endpoint.
#pragma once

#include <qp2pcore/endpointconfig.h>
#include <qp2pcore/peeraddress.h>
#include <qp2pcore/result.h>

#include <QDeadlineTimer>
#include <QHostAddress>
#include <QStringList>

#include <chrono>
#include <optional>

//! \brief What to do, and how much of it.
struct Options
{
    enum class Role { Server, Client };
    enum class Work { Messages, RoundTrip, Handshakes, Idle, Cold, Crowd };

    //! \brief Parses what follows the program's name. Errors: InvalidArgument.
    static Qp2p::Result<Options> parse(QStringList arguments);

    Qp2p::EndpointConfig endpointConfig() const;
    //! The end of a work that begins now, or of a \a part of it.
    QDeadlineTimer deadline(double part = 1) const;

    Role role = Role::Server;
    Work work = Work::Messages;
    Qp2p::PeerAddress address; //!< of the server; null there
    QHostAddress bind{QHostAddress::LocalHost}; //!< of this side's socket
    quint64 count = 1000;
    qint64 size = 64; //!< payload bytes of one message
    quint64 inFlight = 16;
    quint64 connections = 1000; //!< of a crowd
    std::optional<std::chrono::nanoseconds> timeLimit;
    std::optional<std::chrono::milliseconds> keepAlive; //!< of idle connections; 0: off
    Qp2p::EndpointConfig::RetryMode retryMode = Qp2p::EndpointConfig::RetryMode::Never;
    //! The library's default where there is none.
    std::optional<Qp2p::EndpointConfig::CongestionControl> congestionControl;
};
