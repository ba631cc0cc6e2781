// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Peers that a node stays linked to because it was given their ids.
#pragma once

#include "output.h"

#include <qp2pcore/network.h>

#include <QList>
#include <QObject>

#include <chrono>
#include <vector>

//! \brief Connects to each of them once the network is joined, and again whenever a link has ended: after 10 s, then
//! ever more rarely, up to 5 minutes.
class WantedPeers : public QObject
{
    Q_OBJECT

public:
    WantedPeers(Qp2p::Network &network, Output &output, const QList<Qp2p::PeerId> &peers);

private:
    struct Wanted
    {
        Qp2p::PeerId id;
        std::chrono::seconds pause;
        bool isCalling = false;
        bool hasFailed = false; // and that was said
    };
    void callAll();
    void call(Wanted &wanted);
    void answered(Wanted &wanted, const Qp2p::Result<QPointer<Qp2p::Peer>> &result);

    Qp2p::Network &m_network;
    Output &m_output;
    std::vector<Wanted> m_peers; // its size never changes
};
