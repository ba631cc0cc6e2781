// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Whether a node that answers with another key than the remembered one may be trusted.
#pragma once

#include <qp2pcore/cachednode.h>
#include <qp2pcore/certificatepolicy.h>
#include <qp2pcore/peeraddress.h>

#include <optional>

namespace Qp2p::Peering {

//! \brief The id of the node that takes the place of \a known, null where the key is not trusted.
//!
//! A node with a new key is the same node only where an authority that \a policy trusts has signed the same name
//! for both. \a chain: what it has presented, DER, leaf first.
PeerId renewedKey(const CachedNode &known, const QList<QByteArray> &chain,
                  const CertificatePolicy &policy, const QDateTime &now);

//! \brief The node that is remembered at \a address, where one with \a certificate (DER) is not its renewal.
//! Its first address is \a address then.
//!
//! \a mode: of the policy by which \a certificate has been verified.
std::optional<CachedNode> predecessorAt(const QList<CachedNode> &remembered,
                                        const PeerAddress &address, const QByteArray &certificate,
                                        CertificateMode mode);

} // namespace Qp2p::Peering
