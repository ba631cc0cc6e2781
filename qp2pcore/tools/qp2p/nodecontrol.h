// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a running node does for the user that runs it, by the names of doc/control.md.
#pragma once

#include "controlserver.h"

#include <qp2pcore/message.h>
#include <qp2pcore/network.h>
#include <qp2pcore/result.h>

#include <QObject>

//! \brief Answers the requests status, peers, connect, disconnect, block, unblock, blocked, send and request.
class NodeControl : public QObject
{
    Q_OBJECT

public:
    //! \a network outlives it.
    explicit NodeControl(Qp2p::Network &network, QObject *parent = nullptr);

    //! Errors: those of ControlServer::listen().
    Qp2p::Result<void> listen(const QString &path) { return m_server.listen(path); }
    const QString &path() const { return m_server.path(); }

private:
    void handle(ControlCall *call);
    void peers(ControlCall *call);
    void connectTo(ControlCall *call);
    void disconnectPeer(ControlCall *call);
    void setBlocked(ControlCall *call);
    void blocked(ControlCall *call);
    void send(ControlCall *call);
    void request(ControlCall *call);

    Qp2p::Result<Qp2p::Peer *> peerOf(const QJsonObject &arguments) const;

    Qp2p::Network &m_network;
    ControlServer m_server;
};
