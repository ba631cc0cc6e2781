// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Session resumption (RFC 8446 section 2.2): tickets that are given and received, and peers that come with one.
#include <qp2pcore/engine/session.h>

#include <qp2pcore/engine/duration.h>
#include <qp2pcore/engine/limits.h>

#include <numeric>

namespace Qp2p::Engine {

namespace {

qsizetype sizeOf(const QList<QByteArray> &chain)
{
    return std::accumulate(chain.cbegin(), chain.cend(), qsizetype(0),
                           [](qsizetype sum, const QByteArray &der) { return sum + der.size(); });
}

} // namespace

//! None with peers that cannot prove who they are: nothing would be left to verify.
TlsOptions::Tickets Session::tickets() const
{
    const bool isLegacyDial = m_dialProtocol && m_dialProtocol->alpn().isEmpty();
    return m_host.settings().sessionResumption == EndpointConfig::SessionResumption::Enabled
            && !isLegacyDial
        ? TlsOptions::Tickets::Exchanged
        : TlsOptions::Tickets::None;
}

PeerVerifier::VerificationResult Session::verifyOffer(std::span<const quint8> clientHello)
{
    return m_cryptoInput.clientHellos().take(clientHello) == ClientHellos::Offer::Accepted
        ? VerificationResult::Accepted
        : VerificationResult::Refused;
}

//! \brief GnuTLS asks nobody about the peer of a session that it resumes. What the peer had presented when it was given
//! the ticket, or had presented to us, is verified here as in any other handshake, by what the settings say now.
PeerVerifier::VerificationResult Session::verifyResumption(const StreamProtocolFactory &agreed)
{
    const Resumption resumption = resumptionOf(m_tls.get());
    if (resumption == Resumption::None)
        return VerificationResult::Accepted;
    if (resumption == Resumption::WithoutKeyExchange || agreed.alpn().isEmpty()) {
        constexpr quint8 IllegalParameter = 47;
        m_pendingClose.setTlsAlert(IllegalParameter, {},
                                   Error(ErrorCode::ProtocolViolation,
                                         QStringLiteral("The peer resumed a session in a way that "
                                                        "was not offered. The peer's program has a "
                                                        "fault: report it to its makers.")));
        return VerificationResult::Refused;
    }
    const VerificationResult result = verify(Engine::peerCertificates(m_tls.get()));
    if (result == VerificationResult::Accepted)
        m_host.handshakeResumed();
    return result;
}

//! The handshake is completed. An acceptor gives its ticket and is done with TLS; a dialler waits for one.
void Session::exchangeTickets()
{
    const bool areExchanged = tickets() == TlsOptions::Tickets::Exchanged && !acceptance().isNull();
    if (areExchanged && m_side == Side::Dialler) {
        m_cryptoInput.setFinished();
        m_cryptoInput.keepTicket(Limits::SessionTicketBytes,
                                 m_now + nanoseconds(Limits::SessionTicketWait));
        return;
    }
    if (areExchanged && !m_host.ticketKey(m_now).isEmpty()
        && sizeOf(peerCertificates()) <= Limits::SessionTicketChainBytes)
        sendSessionTicket(m_tls.get());
    releaseTls();
}

//! More of the peer's tickets has come.
void Session::readSessionTicket()
{
    if (!m_tls || m_state != State::Established)
        return;
    const QByteArray message = m_cryptoInput.takeTicket();
    if (message.isEmpty())
        return;
    const QByteArray ticket = Engine::readSessionTicket(m_tls.get(), message);
    releaseTls();
    if (!ticket.isEmpty())
        m_events.add(Events::SessionTicketReceived{ticket});
}

//! GnuTLS has said all that it ever says: the keys are ngtcp2's, which derives later ones from them (RFC 9001 section 6).
//! What a peer still sends to TLS ends in CryptoInput. A session is a fifth of what an idle connection would keep.
void Session::releaseTls()
{
    m_cryptoInput.setFinished();
    m_cryptoInput.dropTicket();
    ngtcp2_conn_set_tls_native_handle(m_conn, nullptr);
    m_tls = {};
}

} // namespace Qp2p::Engine
