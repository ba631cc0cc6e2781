// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Judges the certificate chain that a peer presents, by the endpoint's policy.
#pragma once

#include <qp2pcore/certificatepolicy.h>
#include <qp2pcore/peerid.h>
#include <qp2pcore/result.h>

#include <QByteArray>
#include <QList>

namespace Qp2p::Engine {

//! \brief Decides about \a chain (DER, leaf first), of which the TLS handshake proves that the peer
//! holds the leaf's key. Sizes are checked before anything is parsed.
//!
//! Returns the peer id, or why the peer is refused: CertificateRejected with the rule that failed,
//! PeerIdMismatch where \a expected is not null and another key answered.
Result<PeerId> judgePeer(const QList<QByteArray> &chain, const CertificatePolicy &policy,
                         const PeerId &expected);

} // namespace Qp2p::Engine
