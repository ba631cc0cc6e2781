// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/sessionerrors.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/engine/tls.h>

#include <ngtcp2/ngtcp2_crypto.h>

#include <algorithm>
#include <iterator>

namespace Qp2p::Engine {

namespace {

// RFC 9000 section 20.1: TLS alerts travel as 0x0100 to 0x01ff.
constexpr quint64 CryptoErrorLast = NGTCP2_CRYPTO_ERROR | 0xff;

enum class Who { This, Peer }; // that ended it

Error causeOfAlert(quint8 alert, Who who)
{
    const QString name = who == Who::This ? QStringLiteral("This side")
                                          : QStringLiteral("The peer");
    enum : quint8 {
        BadCertificate = 42,
        CertificateUnknown = 46,
        UnknownCa = 48,
        AccessDenied = 49,
        InsufficientSecurity = 71,
        CertificateRequired = 116,
        NoApplicationProtocol = 120
    };
    if (alert == NoApplicationProtocol)
        return Error(ErrorCode::NoCommonProtocol,
                     QStringLiteral("The peer speaks another protocol than qp2p/1. Check that the "
                                    "address and port are those of a QP2P peer."));
    if (who == Who::Peer && alert == AccessDenied)
        return Error(
            ErrorCode::ConnectionRefused,
            QStringLiteral("The peer refuses connections from this side. Ask its operator why."));
    if (who == Who::This && alert == CertificateRequired)
        return Error(ErrorCode::CertificateMissing,
                     QStringLiteral("The peer presented no certificate. Every QP2P peer has one: "
                                    "check what program dials."));
    if ((alert >= BadCertificate && alert <= CertificateUnknown) || alert == UnknownCa
        || alert == InsufficientSecurity || alert == CertificateRequired)
        return who == Who::This
            ? Error(ErrorCode::CertificateMalformed,
                    QStringLiteral("The peer's certificate or its proof cannot be used: %1. Ask "
                                   "its operator to check the certificate.")
                        .arg(alertText(alert)))
            : Error(ErrorCode::CertificateRejected,
                    QStringLiteral("The peer refused our certificate: %1. Check which certificates "
                                   "it asks for.")
                        .arg(alertText(alert)));
    return Error(
        ErrorCode::HandshakeFailed,
        QStringLiteral("%1 ended the TLS handshake: %2. Check that both programs are up to date.")
            .arg(name, alertText(alert)));
}

//! What one of the library's own close codes says to the side that receives it.
struct CloseCause
{
    quint64 closeCode;
    ErrorCode code;
    const char *message;
};

constexpr CloseCause CloseCauses[] = {
    {CloseCode::WrongNetwork, ErrorCode::WrongNetwork,
     "The peer belongs to another network. Check the network name of both sides."},
    {CloseCode::ControlViolation, ErrorCode::ProtocolViolation,
     "The peer found our control stream at fault. One of the two programs needs an update."},
    {CloseCode::HelloTimeout, ErrorCode::HandshakeTimeout,
     "The peer received no greeting from this side in time. Check the network connection, and "
     "connect again."},
    {CloseCode::Misbehaviour, ErrorCode::Misbehaviour,
     "The peer got too many malformed or cancelled messages from this side. Cancel fewer of them, "
     "or update both programs."},
    {CloseCode::Leaving, ErrorCode::ClosedByPeer,
     "The peer left the network. Connect to it once it is back."},
    {CloseCode::NotReachable, ErrorCode::NotReachable,
     "The peer takes only nodes that can be dialled back, and could not dial us. Join as a client, "
     "or open the UDP port for incoming packets."},
    {CloseCode::LinkTimeout, ErrorCode::LinkTimeout,
     "The other half of the link was not established in time, says the peer. Check that this node "
     "can be dialled at its UDP port, or join as a client."},
    {CloseCode::LinkLost, ErrorCode::ClosedByPeer,
     "The peer lost the other half of the link. Connect again if it is needed."},
    {CloseCode::Replaced, ErrorCode::ClosedByPeer,
     "A newer connection took the place of this one. Use that one."},
    {CloseCode::WrongDirection, ErrorCode::ProtocolViolation,
     "This side sent a message on the peer's half of the link. Send messages with Peer::send()."},
    {CloseCode::NotAMember, ErrorCode::NotAMember,
     "The peer accepts only members of its network, and this side is an endpoint alone. Join its "
     "network to connect to it."},
    {CloseCode::MemoryLimit, ErrorCode::ResourceLimit,
     "The peer closed the connection because it had no memory left for what we sent. Send less at "
     "a time."},
    {CloseCode::Evicted, ErrorCode::ResourceLimit,
     "The peer has too many connections and closed this one for another. Connect again later."},
    {CloseCode::IdentityInUse, ErrorCode::IdentityInUse,
     "Another program uses the identity of this one, and the peer has a link to that. Stop it, or "
     "give one of them an identity of its own."},
    {CloseCode::Blocked, ErrorCode::ConnectionRefused,
     "The peer refuses connections from this side. Ask its operator why."},
};

Error causeOfApplicationClose(quint64 closeCode, const QString &reason)
{
    const auto *const known = std::find_if(
        std::begin(CloseCauses), std::end(CloseCauses),
        [&](const CloseCause &cause) { return cause.closeCode == closeCode; });
    if (known != std::end(CloseCauses))
        return Error(known->code, QString::fromLatin1(known->message));
    if (closeCode == CloseCode::None && reason.isEmpty())
        return Error(
            ErrorCode::ClosedByPeer,
            QStringLiteral("The peer closed the connection. Connect again if it is needed."));
    return Error(ErrorCode::ClosedByPeer,
                 QStringLiteral("The peer closed the connection with code %1: \"%2\". The "
                                "peer's program defines what the code means.")
                     .arg(closeCode)
                     .arg(reason));
}

Error causeOfCryptoClose(quint8 alert, const QString &reason)
{
    Error error = causeOfAlert(alert, Who::Peer);
    // TLS has one alert for both ends of the time that a certificate is valid for.
    if (reason == errorCodeName(ErrorCode::CertificateNotYetValid))
        error.message = QStringLiteral(
            "The peer refused our certificate: by the clock of the peer it is "
            "not valid yet. Check the clocks of both sides.");
    else if (!reason.isEmpty())
        error.message += QStringLiteral(" It says: \"%1\".").arg(reason);
    return error;
}

Error causeOfTransportClose(quint64 transportCode)
{
    switch (transportCode) {
    case NGTCP2_NO_ERROR:
        return {ErrorCode::ClosedByPeer,
                QStringLiteral("The peer closed the connection. Connect again if it is needed.")};
    case NGTCP2_CONNECTION_REFUSED:
        return {ErrorCode::ConnectionRefused,
                QStringLiteral("The peer takes no further connections now. Try again later.")};
    case NGTCP2_INVALID_TOKEN:
        return {ErrorCode::HandshakeFailed,
                QStringLiteral("The peer did not accept our address token. Dial again.")};
    case NGTCP2_APPLICATION_ERROR:
        return {ErrorCode::ClosedByPeer,
                QStringLiteral("The peer closed the connection during the handshake. Ask its "
                               "operator why, or try again later.")};
    default:
        return {ErrorCode::ProtocolViolation,
                QStringLiteral("The peer closed the connection with the QUIC transport error 0x%1. "
                               "One of the two programs has a fault: update both.")
                    .arg(transportCode, 0, 16)};
    }
}

} // namespace

Error causeOfPeerClose(const ngtcp2_ccerr &ccerr)
{
    const QString reason = QString::fromUtf8(reinterpret_cast<const char *>(ccerr.reason),
                                             qsizetype(ccerr.reasonlen));
    Error error;
    if (ccerr.type == NGTCP2_CCERR_TYPE_APPLICATION)
        error = causeOfApplicationClose(ccerr.error_code, reason);
    else if (ccerr.error_code >= NGTCP2_CRYPTO_ERROR && ccerr.error_code <= CryptoErrorLast)
        error = causeOfCryptoClose(quint8(ccerr.error_code), reason);
    else
        error = causeOfTransportClose(ccerr.error_code);
    error.closeCode = ccerr.error_code;
    error.closeReason = reason;
    return error;
}

Error causeOfLibraryError(int liberr, quint8 alert)
{
    switch (liberr) {
    case NGTCP2_ERR_CRYPTO:
        return causeOfAlert(alert, Who::This);
    case NGTCP2_ERR_HANDSHAKE_TIMEOUT:
        return {ErrorCode::HandshakeTimeout,
                QStringLiteral("The peer did not answer in time. Check the address, and that a "
                               "firewall lets UDP through.")};
    case NGTCP2_ERR_IDLE_CLOSE:
        return {ErrorCode::IdleTimeout,
                QStringLiteral("Nothing was heard of the peer for the idle time-out. Check the "
                               "network connection of both sides, and connect again.")};
    case NGTCP2_ERR_RECV_VERSION_NEGOTIATION:
    case NGTCP2_ERR_VERSION_NEGOTIATION_FAILURE:
        return {ErrorCode::HandshakeFailed,
                QStringLiteral("The peer does not speak version 1 of QUIC. Update its program, or "
                               "check the address.")};
    case NGTCP2_ERR_DROP_CONN:
    case NGTCP2_ERR_RETRY:
        return {ErrorCode::HandshakeFailed,
                QStringLiteral("The first packet of the connection could not be used. The dialling "
                               "side has to dial again.")};
    case NGTCP2_ERR_NOMEM:
        return {ErrorCode::ResourceLimit,
                QStringLiteral("The peer made the connection need more memory than one may have. "
                               "Connect again, and block the peer if that recurs.")};
    default:
        return {ErrorCode::ProtocolViolation,
                QStringLiteral(
                    "The connection failed: %1. One of the two programs has a fault: update both.")
                    .arg(QString::fromUtf8(ngtcp2_strerror(liberr)))};
    }
}

Error causeOfUnreachable()
{
    return {
        ErrorCode::PortUnreachable,
        QStringLiteral("No program receives on this UDP port there, says the host or a firewall "
                       "before it. Check the port, and that the peer is running.")};
}

Error causeOfStreamCode(quint64 code, ErrorCode otherwise)
{
    Error error;
    switch (code) {
    case CloseCode::MessageInvalid:
        error = {
            ErrorCode::MessageInvalid,
            QStringLiteral(
                "The peer could not read the message. Check that both programs are up to date.")};
        break;
    case CloseCode::MessageTooLarge:
        error = {ErrorCode::MessageTooLarge,
                 QStringLiteral("The message is larger than the peer accepts. Split it, or raise "
                                "the limit there.")};
        break;
    case CloseCode::MessageTimeout:
        error = {
            ErrorCode::MessageTimeout,
            QStringLiteral("The message reached the peer too slowly. Send it again, or split it.")};
        break;
    case CloseCode::InboxFull:
        error = {ErrorCode::MessageRefused,
                 QStringLiteral(
                     "The peer has no room for more unfinished messages. Send fewer at a time.")};
        break;
    case CloseCode::Cancelled:
        error = {ErrorCode::Cancelled, QStringLiteral("The peer no longer waits for the reply.")};
        break;
    default:
        if (otherwise == ErrorCode::Cancelled)
            return causeOfStreamCode(CloseCode::Cancelled, otherwise);
        error = otherwise == ErrorCode::NoReply
            ? Error(otherwise,
                    QStringLiteral("The peer ended the request without a reply. Check that its "
                                   "program answers such requests."))
            : Error(otherwise,
                    QStringLiteral("The peer stopped reading the message. Send it again later."));
    }
    error.closeCode = code;
    return error;
}

} // namespace Qp2p::Engine
