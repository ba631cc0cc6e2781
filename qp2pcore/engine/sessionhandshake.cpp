// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What the TLS handshake decides: who the peer is, and which protocol the streams carry.
#include <qp2pcore/engine/session.h>

#include <qp2pcore/certificates/verifier.h>
#include <qp2pcore/engine/limits.h>
#include <qp2pcore/engine/sessionerrors.h>

#include <algorithm>

namespace Qp2p::Engine {

PeerVerifier::VerificationResult Session::verify(const QList<QByteArray> &chain)
{
    const StreamProtocolFactory *protocol = m_dialProtocol ? m_dialProtocol.get()
                                                           : agreedProtocol();
    const Error refusal = m_peer.verify(chain, m_host.settings(), m_host.knownCertificates(),
                                        m_side, protocol, way().remote);
    if (!refusal.isError())
        return VerificationResult::Accepted;
    // The alert is coarse; from the name of the rule the peer's operator learns what to fix.
    m_pendingClose.setTlsAlert(alertFor(refusal.code), errorCodeName(refusal.code).toLatin1(),
                               refusal);
    return VerificationResult::Refused;
}

//! Null where both sides have no protocol in common. Known to an acceptor from the ClientHello on.
const StreamProtocolFactory *Session::agreedProtocol() const
{
    if (m_dialProtocol && m_dialProtocol->alpn().isEmpty())
        return m_dialProtocol.get();
    const QByteArrayView alpn = selectedAlpn(m_tls.get());
    for (const StreamProtocolFactory *protocol : offeredProtocols()) {
        if (alpn == QByteArrayView(protocol->alpn()))
            return protocol;
    }
    return nullptr;
}

int Session::handshakeCompleted()
{
    const StreamProtocolFactory *agreed = agreedProtocol();
    if (!agreed) {
        constexpr quint8 NoApplicationProtocol = 120;
        Error cause = causeOfLibraryError(NGTCP2_ERR_CRYPTO, NoApplicationProtocol);
        cause.message = QStringLiteral("The peer does not speak %1.")
                            .arg(QString::fromUtf8(offeredProtocols().front()->alpn()));
        m_pendingClose.setTlsAlert(NoApplicationProtocol, {}, cause);
        return NGTCP2_ERR_CALLBACK_FAILURE;
    }
    if (verifyResumption(*agreed) == VerificationResult::Refused)
        return NGTCP2_ERR_CALLBACK_FAILURE;
    const bool mayBeUnknown = m_side == Side::Acceptor && agreed->alpn().isEmpty();
    if (acceptance().isNull()
        && !mayBeUnknown) { // cannot happen: but without a result, no connection
        constexpr quint8 BadCertificate = 42;
        m_pendingClose.setTlsAlert(
            BadCertificate, {},
            Error(ErrorCode::CertificateRejected,
                  QStringLiteral("The peer's certificate was not verified.")));
        return NGTCP2_ERR_CALLBACK_FAILURE;
    }
    m_allowance.setAddressProven();
    const ngtcp2_transport_params *theirs = ngtcp2_conn_get_remote_transport_params(m_conn);
    ngtcp2_duration idle = m_host.settings().idleTimeout;
    if (theirs->max_idle_timeout > 0)
        idle = std::min(idle, theirs->max_idle_timeout);
    m_liveness.setKeepAlive(m_host.settings().keepAliveMilliseconds, idle, m_side);
    if (m_side == Side::Dialler && theirs->stateless_reset_token_present)
        m_ids.addToken(theirs->stateless_reset_token);
    m_protocol = agreed->create(*this);
    m_state = State::Established;
    exchangeTickets();
    return 0;
}

void Session::sendAddressToken(QByteArrayView token)
{
    const bool isLegacy = acceptance().isNull(); // such a peer has no certificate
    if (m_conn && !isLegacy) // where memory is short, the next dial meets a Retry
        ngtcp2_conn_submit_new_token(m_conn, reinterpret_cast<const quint8 *>(token.data()),
                                     size_t(token.size()));
}

//! On the dialling side, from the peer's first 1-RTT packet on.
void Session::addressTokenReceived(QByteArrayView token)
{
    if (m_dialProtocol->alpn().isEmpty() || token.size() > Limits::AddressTokenBytes
        || m_addressTokensReceived == Limits::AddressTokensPerConnection)
        return;
    ++m_addressTokensReceived;
    m_events.add(Events::AddressTokenReceived{token.toByteArray()});
}

} // namespace Qp2p::Engine
