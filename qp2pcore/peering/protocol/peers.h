// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How a member asks another for nodes, and how nodes are advertised.
#pragma once

#include <qp2pcore/engine/socketaddress.h>
#include <qp2pcore/peerid.h>
#include <qp2pcore/result.h>

#include <QByteArray>
#include <QList>

namespace Qp2p::Peering {

//! | kind | message          | key | value             | type and range                            |
//! |------|------------------|-----|-------------------|-------------------------------------------|
//! | 5    | peers request    |     |                   |                                           |
//! | 6    | peers answer     | 1   | nodes             | bytes: at most 20 times 32 bytes of peer  |
//! |      |                  |     |                   | id, count, and that many addresses of     |
//! |      |                  |     |                   | size (4 or 16), address, port (2 bytes)   |
struct PeersRequest
{
    static constexpr quint64 Kind = 5;

    //! \brief Errors: ProtocolViolation.
    static Result<PeersRequest> decode(const QByteArray &map);

    friend bool operator==(const PeersRequest &, const PeersRequest &) = default;
};

//! A node that the sender has a link to.
struct AdvertisedNode
{
    PeerId id;
    QList<Engine::SocketAddress> addresses;

    friend bool operator==(const AdvertisedNode &, const AdvertisedNode &) = default;
};

struct PeersAnswer
{
    static constexpr quint64 Kind = 6;

    QList<AdvertisedNode> nodes;

    //! \brief Errors: ProtocolViolation.
    static Result<PeersAnswer> decode(const QByteArray &map);

    friend bool operator==(const PeersAnswer &, const PeersAnswer &) = default;
};

inline constexpr qsizetype MaxAdvertisedNodes = 20;
inline constexpr qsizetype MaxAdvertisedAddresses = 4; //!< of one node

//! The bytes for the stream, length included.
QByteArray encode(const PeersRequest &request);
QByteArray encode(const PeersAnswer &answer); //!< as many nodes and addresses as are allowed

} // namespace Qp2p::Peering
