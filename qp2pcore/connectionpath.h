// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How the packets of a connection travel.
#pragma once

#include <qp2pcore/peeraddress.h>
#include <qp2pcore/peerid.h>
#include <qp2pcore/qp2pcore_export.h>

#include <QMetaType>
#include <QObject>

namespace Qp2p {

//! \brief How the packets of a connection travel now. A value.
class QP2PCORE_EXPORT ConnectionPath
{
    Q_GADGET
    Q_PROPERTY(Kind kind MEMBER kind)

public:
    enum class Kind {
        Direct, //!< to the address of the peer
        Relayed, //!< over a node that both sides are linked to, which cannot read them
    };
    Q_ENUM(Kind)

    Kind kind = Kind::Direct;
    PeerAddress remote; //!< where they are sent; null where they are relayed
    PeerId relay; //!< who forwards them; null where they are direct

    friend bool operator==(const ConnectionPath &, const ConnectionPath &) = default;
};

} // namespace Qp2p

Q_DECLARE_METATYPE(Qp2p::ConnectionPath)
