// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/peerverification.h>

#include <qp2pcore/engine/settings.h>
#include <qp2pcore/engine/streamprotocol.h>

namespace Qp2p::Engine {

Error PeerVerification::verify(const QList<QByteArray> &chain, const Settings &settings, Side side,
                               const StreamProtocolFactory *protocol, const SocketAddress &remote)
{
    Result<Acceptance> result = verifyPeer(
        chain,
        {settings.policy, settings.authorities.get(), side, m_dialled, m_expected,
         settings.wallClock ? settings.wallClock() : 0});
    if (result && protocol) {
        if (const Error unwanted = protocol->refuse(result->peerId, remote); unwanted.isError())
            result = unwanted;
    }
    if (!result) {
        Error refusal = result.error();
        refusal.peerCertificates = chain;
        return refusal;
    }
    m_acceptance = std::move(result).value();
    m_certificates = chain;
    return {};
}

} // namespace Qp2p::Engine
