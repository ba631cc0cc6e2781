// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/peerverification.h>

#include <qp2pcore/engine/settings.h>
#include <qp2pcore/engine/streamprotocol.h>

namespace Qp2p::Engine {

namespace {

Error refusalOf(const Error &error, const QList<QByteArray> &chain)
{
    Error refusal = error;
    refusal.peerCertificates = chain;
    return refusal;
}

} // namespace

Result<Acceptance> PeerVerification::check(const QList<QByteArray> &chain, const Settings &settings,
                                           KnownCertificates &known, Side side)
{
    m_authoritiesVersion = settings.authoritiesVersion;
    return verifyPeer(chain,
                      {settings.policy, settings.authorities.get(), side, m_dialled, m_expected,
                       settings.wallClock ? settings.wallClock() : 0, &known});
}

Error PeerVerification::verify(const QList<QByteArray> &chain, const Settings &settings,
                               KnownCertificates &known, Side side,
                               const StreamProtocolFactory *protocol, const SocketAddress &remote)
{
    Result<Acceptance> result = check(chain, settings, known, side);
    if (result && protocol) {
        if (const Error unwanted = protocol->refuse(result->peerId, remote); unwanted.isError())
            result = unwanted;
    }
    if (!result)
        return refusalOf(result.error(), chain);
    m_acceptance = std::move(result).value();
    // One peer's connections share the bytes.
    m_certificates = chain;
    if (chain.size() == 1)
        m_certificates = m_acceptance.path.size() == 1 ? m_acceptance.path
                                                       : m_acceptance.path.first(1);
    return {};
}

Error PeerVerification::verifyAgain(const Settings &settings, KnownCertificates &known, Side side)
{
    if (m_acceptance.isNull())
        return {};
    Result<Acceptance> result = check(m_certificates, settings, known, side);
    if (!result)
        return refusalOf(result.error(), m_certificates);
    m_acceptance = std::move(result).value();
    return {};
}

} // namespace Qp2p::Engine
