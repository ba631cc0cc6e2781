// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// One node of a bootstrap cache, and how much a cache holds.
#pragma once

#include <qp2pcore/peeraddress.h>
#include <qp2pcore/peerid.h>

#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QString>

namespace Qp2p {

//! \brief A node that this member was connected with: where it was, and how it proves who it is.
struct CachedNode
{
    static constexpr qsizetype MaxAddresses = 4;

    PeerId peerId;
    QList<PeerAddress> addresses; //!< IP addresses and ports, the latest first
    QByteArray certificate; //!< DER; empty where the user added it
    QString name; //!< of the certificate: of its owner's choosing, show it through safeText()
    QDateTime lastConnected; //!< UTC; never in the future
    int successes = 0;
    int failures = 0; //!< since the last success
    bool isAnchor = false;

    friend bool operator==(const CachedNode &, const CachedNode &) = default;
};

//! The limits of a BootstrapCache.
struct CacheLimits
{
    static constexpr qsizetype MaxEntries = 200;
    static constexpr int MaxPerGroup = 8; //!< of one public IPv4 /16 or IPv6 /32
    static constexpr int MaxAnchors = 2;
};

} // namespace Qp2p
