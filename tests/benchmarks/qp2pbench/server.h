// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The side that is dialled: takes every message and answers every request with itself.
#pragma once

#include "options.h"
#include "process.h"

#include <qp2pcore/endpoint.h>

//! \brief Serves until stdin is closed.
class Server
{
public:
    explicit Server(const Options &options);

    int exec();

private:
    static void receiveFrom(Qp2p::Connection *connection);
    void handleCommand(const QByteArray &command);

    const Options m_options;
    Qp2p::Endpoint m_endpoint;
    Commands m_commands;
};
