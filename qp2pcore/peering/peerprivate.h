// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The inside of Peer: the record of its link, and the ids of what it sends.
#pragma once

#include <qp2pcore/peer.h>
#include <qp2pcore/peering/link.h>

#include <QHash>

namespace Qp2p {

class Peer::Private
{
public:
    Private(Network *owner, Peering::LinkPointer record)
        : network(owner)
        , link(std::move(record))
    {
    }

    //! Forwards what \a connection emits to \a peer.
    static void watch(Peer *peer, Connection *connection);

    Network *network;
    Peering::LinkPointer link; //!< never null
    quint64 lastMessageId = 0;
    QHash<std::pair<quint64, quint64>, quint64> messageIds; //!< by connection and its message id
};

} // namespace Qp2p
