// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What happens in the network of "qp2p node", as events and lines.
#pragma once

#include "output.h"

#include <qp2pcore/network.h>

#include <QAbstractSocket>
#include <QObject>

//! \brief Prints what a network reports, except for its states, with the names and fields of doc/events.md.
class NodeEvents : public QObject
{
    Q_OBJECT

public:
    //! Both outlive it.
    NodeEvents(const Qp2p::Network &network, Output &output, QObject *parent = nullptr);

private:
    void printCandidate(const Qp2p::JoinCandidate &candidate);
    void printRole(Qp2p::Peer::Role role);
    void printConnected(const Qp2p::Peer *peer);
    void printPath(const Qp2p::Peer &peer, const Qp2p::ConnectionPath &path);
    void printDisconnected(const Qp2p::Peer &peer, const Qp2p::Error &reason);
    void printChangedKey(const Qp2p::BootstrapCache::Entry &known, const Qp2p::Error &error);
    void printReachability(QAbstractSocket::NetworkLayerProtocol family);
    void printConflict(const Qp2p::PeerId &peerId, const QList<Qp2p::PeerAddress> &addresses);
    void printExpiring(const Qp2p::PeerId &peerId, const QDateTime &when);
    void printRefused(const Qp2p::PeerAddress &peer, const Qp2p::Error &reason);
    void printRefusedConnection(const Qp2p::Connection &connection, const Qp2p::Error &reason);

    const Qp2p::Network &m_network;
    Output &m_output;
};
