// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A peer by what people write for it: its id, any unique beginning of it, or its name.
#pragma once

#include <qp2pcore/network.h>
#include <qp2pcore/result.h>

#include <QString>

//! \brief The name in the certificate of \a peer, where an authority has signed it; else empty. Text of a peer.
QString peerName(const Qp2p::Peer &peer);

//! \brief The id as lists show it: its first 12 characters and "…".
QString shortId(const QString &peerId);

//! \brief Whether \a word can be meant for a peer and not for an address: it has no port.
bool isPeerWord(const QString &word);

//! \brief The one peer of \a network that \a word means. A "…" at its end is left out. Errors: InvalidArgument
//! with the candidates, or with the peers that there are.
Qp2p::Result<Qp2p::Peer *> choosePeer(const Qp2p::Network &network, const QString &word);
