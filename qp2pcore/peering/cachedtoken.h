// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The address token of a cached node, and how a record of the cache's file holds it.
#pragma once

#include <qp2pcore/cachednode.h>
#include <qp2pcore/endpoint/addresstokenstore.h>

#include <QHostAddress>
#include <QJsonObject>

namespace Qp2p::Peering {

//! \brief What a node has given for the next dial to it.
struct CachedToken
{
    QHostAddress address; //!< of the node
    AddressToken token; //!< without bytes once it was used, so that a file does not bring it back

    //! \brief Without bytes where \a record has none, or none that is sound: the entry is as good as ever.
    static CachedToken fromRecord(const QJsonObject &record);
    //! Does nothing where there is none.
    void writeTo(QJsonObject &record) const;

    //! Whether \a node, which may have moved, may still be dialled with it; \a now: milliseconds since 1970.
    bool isUsableFor(const CachedNode &node, qint64 now) const;
};

bool hasAddress(const CachedNode &node, const QHostAddress &address);

} // namespace Qp2p::Peering
