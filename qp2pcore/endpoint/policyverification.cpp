// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a policy would say of a chain: apart from the policy, which the engine reads and which so knows
// neither files nor network addresses.
#include <qp2pcore/certificatepolicy.h>

#include <qp2pcore/certificates/authorityfiles.h>
#include <qp2pcore/certificates/dialledname.h>
#include <qp2pcore/certificates/verifier.h>
#include <qp2pcore/engine/tls.h>
#include <qp2pcore/peeraddress.h>

namespace Qp2p {

Result<Acceptance> CertificatePolicy::verify(const QList<QByteArray> &chain,
                                             const PeerAddress &dialled,
                                             const QDateTime &when) const
{
    if (const Result<void> valid = validate(); !valid)
        return valid.error();
    const auto authorities = loadAuthorities(*this);
    if (!authorities)
        return authorities.error();
    return Engine::verifyPeer(chain,
                              {*this, authorities->get(), Engine::Side::Dialler,
                               dialledName(dialled), dialled.peerId(), when.toSecsSinceEpoch()});
}

} // namespace Qp2p
