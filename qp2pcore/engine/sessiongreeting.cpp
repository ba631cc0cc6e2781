// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// From the TLS handshake to the hellos: who the peer is, and whether we want to talk.
#include <qp2pcore/engine/session.h>

#include <qp2pcore/certificates/verifier.h>
#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/engine/duration.h>
#include <qp2pcore/engine/limits.h>
#include <qp2pcore/engine/sessionerrors.h>

#include <algorithm>
#include <cstring>

namespace Qp2p::Engine {

int Session::handshakeCompleted()
{
    const bool agreed = agreedOnAlpn(m_tls.get());
    if (!agreed && m_side == Side::Acceptor
        && m_host.settings().legacyPeers == EndpointConfig::LegacyPeers::Accepted)
        m_protocol = Protocol::Legacy;
    if (!agreed && m_protocol != Protocol::Legacy) {
        constexpr quint8 NoApplicationProtocol = 120;
        m_cause = causeOfLibraryError(NGTCP2_ERR_CRYPTO, NoApplicationProtocol);
        m_cause.message = QStringLiteral("The peer does not speak qp2p/1.");
        m_ccerr.emplace();
        ngtcp2_ccerr_set_tls_alert(&*m_ccerr, NoApplicationProtocol, nullptr, 0);
        return NGTCP2_ERR_CALLBACK_FAILURE;
    }
    const bool mayBeUnknown = m_side == Side::Acceptor && m_protocol == Protocol::Legacy;
    if (m_acceptance.isNull() && !mayBeUnknown) { // cannot happen: but no verdict, no connection
        constexpr quint8 BadCertificate = 42;
        m_cause = Error(ErrorCode::CertificateRejected,
                        QStringLiteral("The peer's certificate was not judged."));
        m_ccerr.emplace();
        ngtcp2_ccerr_set_tls_alert(&*m_ccerr, BadCertificate, nullptr, 0);
        return NGTCP2_ERR_CALLBACK_FAILURE;
    }
    m_handshakeDone = true;

    const ngtcp2_transport_params *theirs = ngtcp2_conn_get_remote_transport_params(m_conn);
    ngtcp2_duration idle = m_host.settings().idleTimeout;
    if (theirs->max_idle_timeout > 0)
        idle = std::min(idle, theirs->max_idle_timeout);
    const qint64 keepAlive = m_host.settings().keepAliveMilliseconds;
    if (keepAlive > 0)
        m_keepAlive = quint64(keepAlive) * NGTCP2_MILLISECONDS;
    else if (keepAlive < 0 && m_side == Side::Dialler)
        m_keepAlive = std::max<ngtcp2_duration>(idle * 3 / 7, nanoseconds(Limits::MinKeepAlive));
    ngtcp2_conn_set_keep_alive_timeout(m_conn, m_keepAlive);
    if (m_side == Side::Dialler && theirs->stateless_reset_token_present) {
        ResetToken token;
        std::memcpy(token.data(), theirs->stateless_reset_token, token.size());
        m_resetTokens.push_back(token);
        m_host.resetTokenAdded(*this, token);
    }
    return 0;
}

int Session::controlData(std::span<const quint8> data, Fin fin)
{
    while (const auto message = m_control.reader.next(data)) {
        if (!m_controlMessages.take(m_now))
            return controlFlood();
        if (message->kind == Hello::Kind) {
            const Result<Hello> hello = Hello::decode(message->map);
            if (!hello)
                return controlViolation(hello.error().message);
            if (m_helloReceived)
                return controlViolation(QStringLiteral("A second hello came."));
            if (const int rv = handleHello(*hello); rv != 0)
                return rv;
        } else if (!m_helloReceived) {
            return controlViolation(
                QStringLiteral("The control stream does not begin with a hello."));
        } else if (!m_host.settings().handlesControl(message->kind)) {
            if (const Result<void> form = checkControlMap(message->map); !form)
                return controlViolation(form.error().message);
        } else {
            // They wait for the connection to be announced.
            if (m_state == State::Open)
                m_events.add(Events::Control{*message});
            else if (m_earlyControl.size() < Limits::EarlyControlMessages)
                m_earlyControl.push_back(*message);
            else
                return controlFlood();
        }
    }
    if (m_control.reader.error().isError())
        return controlViolation(m_control.reader.error().message);
    if (fin == Fin::Yes)
        return controlViolation(QStringLiteral("The control stream was ended."));
    return 0;
}

// What a callback returns after any of these ends the connection.
int Session::controlViolation(const QString &what)
{
    m_cause = Error(ErrorCode::ProtocolViolation, what);
    m_ccerrReason = what.toUtf8().left(Limits::CloseReasonBytes);
    m_ccerr.emplace();
    ngtcp2_ccerr_set_application_error(&*m_ccerr, CloseCode::ControlViolation,
                                       reinterpret_cast<const quint8 *>(m_ccerrReason.constData()),
                                       size_t(m_ccerrReason.size()));
    return NGTCP2_ERR_CALLBACK_FAILURE;
}

int Session::controlFlood()
{
    m_cause = Error(ErrorCode::Misbehaviour,
                    QStringLiteral("The peer sent too many control messages."));
    m_ccerr.emplace();
    ngtcp2_ccerr_set_application_error(&*m_ccerr, CloseCode::Misbehaviour, nullptr, 0);
    return NGTCP2_ERR_CALLBACK_FAILURE;
}

//! In a callback of ngtcp2, through which no exception may pass.
int Session::outOfMemory()
{
    m_cause = Error(ErrorCode::ResourceLimit,
                    QStringLiteral("There is not enough memory for what the peer sends."));
    m_ccerr.emplace();
    ngtcp2_ccerr_set_application_error(&*m_ccerr, CloseCode::MemoryLimit, nullptr, 0);
    return NGTCP2_ERR_CALLBACK_FAILURE;
}

int Session::tlsViolation(quint8 alert, const Error &cause)
{
    m_cause = cause;
    m_ccerr.emplace();
    ngtcp2_ccerr_set_tls_alert(&*m_ccerr, alert, nullptr, 0);
    return NGTCP2_ERR_CALLBACK_FAILURE;
}

int Session::handleHello(const Hello &hello)
{
    m_peerHello = hello;
    m_helloReceived = true;
    if (hello.networkName != m_host.settings().networkName) {
        m_cause = Error(ErrorCode::WrongNetwork,
                        QStringLiteral("The peer belongs to the network \"%1\", and this side to "
                                       "\"%2\". Use the same network name on both sides.")
                            .arg(QString::fromUtf8(hello.networkName),
                                 QString::fromUtf8(m_host.settings().networkName)));
        m_ccerr.emplace();
        ngtcp2_ccerr_set_application_error(&*m_ccerr, CloseCode::WrongNetwork, nullptr, 0);
        return NGTCP2_ERR_CALLBACK_FAILURE;
    }
    if (!hello.dialBackNonce.isEmpty()) {
        if (m_side == Side::Dialler)
            return controlViolation(QStringLiteral("Only who dials can check a peer."));
        m_events.add(Events::DialBackArrived{hello.dialBackNonce});
        m_cause = Error(ErrorCode::Cancelled,
                        QStringLiteral("The peer has checked whether this side can be dialled."));
        m_cause.closeCode = CloseCode::Arrived;
        m_ccerr.emplace();
        ngtcp2_ccerr_set_application_error(&*m_ccerr, CloseCode::Arrived, nullptr, 0);
        return NGTCP2_ERR_CALLBACK_FAILURE;
    }
    if (hello.maxMessageSize > 0)
        m_outbox.setPeerMaxMessageSize(hello.maxMessageSize);
    if (m_side == Side::Acceptor)
        sayHello();
    return 0;
}

void Session::sayHello()
{
    if (m_side == Side::Dialler) {
        // The first bi-directional stream, so its id is 0.
        if (ngtcp2_conn_open_bidi_stream(m_conn, &m_control.id, nullptr) != 0)
            return; // the peer allows none: the greeting will time out
    }
    m_helloSent = true;
    Hello hello;
    hello.networkName = m_host.settings().networkName;
    hello.agent = m_host.settings().agent;
    hello.listeningPort = m_host.settings().listeningPort;
    if (m_host.settings().claimedPort)
        hello.listeningPort = m_host.settings().claimedPort(way().remote, hello.listeningPort);
    hello.observed = way().remote;
    hello.maxMessageSize = quint64(m_host.settings().maxMessageSize);
    hello.role = m_ownRole = m_host.settings().role;
    hello.instance = m_host.settings().instance;
    hello.dialBackNonce = m_dialBackNonce;
    m_control.queue(encode(hello));
}

PeerJudge::Verdict Session::judge(const QList<QByteArray> &chain)
{
    const Settings &ours = m_host.settings();
    Result<Acceptance> verdict = judgePeer(
        chain,
        {ours.policy, ours.authorities.get(), m_side, m_dialledName, m_expectedPeer,
         ours.wallClock ? ours.wallClock() : 0});
    if (verdict && ours.refuse) {
        if (const Error unwanted = ours.refuse(verdict->peerId, way().remote); unwanted.isError())
            verdict = unwanted;
    }
    if (!verdict) {
        m_cause = verdict.error();
        m_cause.peerCertificates = chain;
        // The alert says it roughly; the rule's name tells the peer's owner what to mend.
        m_ccerrReason = errorCodeName(m_cause.code).toLatin1();
        m_ccerr.emplace();
        ngtcp2_ccerr_set_tls_alert(&*m_ccerr, alertFor(m_cause.code),
                                   reinterpret_cast<const quint8 *>(m_ccerrReason.constData()),
                                   size_t(m_ccerrReason.size()));
        return Verdict::Refused;
    }
    m_acceptance = std::move(verdict).value();
    m_peerCertificates = chain;
    return Verdict::Accepted;
}

void Session::greet(ngtcp2_tstamp now)
{
    // Short of the others' deadline, so that one of them can still take its place.
    m_greetBy = std::min(m_greetBy, now + m_host.settings().handshakeTimeout / 4);
    m_holdHello = false;
    if (!m_conn || m_state != State::Greeting)
        return;
    if (m_protocol == Protocol::Legacy)
        afterInput(now);
    else if (!m_helloSent)
        sayHello();
}

} // namespace Qp2p::Engine
