// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A command that needs a connection to one peer, dialled or as a client of its network.
#pragma once

#include "command.h"
#include "reach.h"

#include <qp2pcore/network.h>

#include <memory>

//! \brief Opens the connection and ends with it.
class DialCommand : public Command
{
    Q_OBJECT

protected:
    DialCommand(const CommonOptions &options, const Reach &reach);
    ~DialCommand() override;

    void start() override;
    //! The connection is open.
    virtual void opened() = 0;

    const Qp2p::PeerAddress &peer() const { return m_reach.address; }
    Qp2p::Connection *connection() const { return m_connection; }
    //! As Command::fail(), and what to do where the peer answers members only.
    void fail(const Qp2p::Error &error);

    Qp2p::Endpoint *makeEndpoint(const Qp2p::EndpointConfig &config) override;
    void closeEndpoint() override;

private:
    void dial();
    void dialled(const Qp2p::Result<QPointer<Qp2p::Connection>> &result);
    void join();
    void joined(const Qp2p::Result<void> &result);
    void lookForPeer();
    void call(const Qp2p::PeerId &peer);
    void use(Qp2p::Connection *connection);

    const Reach m_reach;
    std::unique_ptr<Qp2p::Network> m_network;
    QPointer<Qp2p::Connection> m_connection;
    QTimer m_lookLimit;
    Qp2p::Error m_callError; // why the peer was not reached over a node
    bool m_dialling = false;
    bool m_isMember = false;
};
