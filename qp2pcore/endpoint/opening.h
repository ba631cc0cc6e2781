// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A connection that Endpoint::openConnection() has made and whose dial is under way.
#pragma once

#include <qp2pcore/connectionstats.h>
#include <qp2pcore/endpoint.h>
#include <qp2pcore/endpoint/dial.h>
#include <qp2pcore/engine/messages/openingqueue.h>
#include <qp2pcore/io/environment.h>

#include <memory>
#include <optional>
#include <vector>

namespace Qp2p {

//! \brief Part of the connection, until that is open or closed.
struct Opening
{
    Opening(Connection *opening, const PeerAddress &address, Endpoint::SendEarly sendEarly,
            const EndpointConfig &config)
        : connection(opening)
        , peer(address)
        , early(sendEarly)
        , queue(std::make_shared<Engine::OpeningQueue>(config.maxMessageSize(),
                                                       config.sendQueueLimit()))
    {
    }

    //! Whether what waits leaves with the Finished flight of a dial to \a peer alone.
    bool sendsEarly() const
    {
        return early == Endpoint::SendEarly::ToAnyAcceptedPeer
            || (early == Endpoint::SendEarly::ToExpectedPeer && !peer.peerId().isNull());
    }

    Connection *const connection;
    const PeerAddress peer; //!< as it was named
    const Endpoint::SendEarly early;
    const std::shared_ptr<Engine::OpeningQueue> queue;
    std::shared_ptr<Dial> dial; //!< null before it has begun
    std::unique_ptr<Io::Timer> timer; //!< of requests that wait; null: none has a deadline
    //! Acknowledged by a peer that has closed the connection as soon as it was open.
    std::vector<quint64> unusable;
    std::optional<Error> failure; //!< it is over, which is soon announced
    ConnectionStats lastStats;
};

} // namespace Qp2p
