// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The life of a connection: what happens to it, what is asked of it, and its end.
#include <qp2pcore/engine/session.h>

#include <qp2pcore/certificates/verifier.h>
#include <qp2pcore/engine/limits.h>
#include <qp2pcore/engine/sessionerrors.h>

#include <algorithm>
#include <utility>

namespace Qp2p::Engine {

// ---- getters

ConnectionStats Session::stats(ngtcp2_tstamp now) const
{
    if (!m_conn)
        return m_closing.stats();
    ngtcp2_conn_info info;
    ngtcp2_conn_get_conn_info(m_conn, &info);
    ConnectionStats stats;
    stats.bytesSent = info.bytes_sent;
    stats.bytesReceived = info.bytes_recv;
    stats.packetsSent = info.pkt_sent;
    stats.packetsReceived = info.pkt_recv;
    stats.packetsLost = info.pkt_lost;
    stats.datagramsSent = m_allowance.datagramsSent();
    stats.datagramsReceived = m_allowance.datagramsReceived();
    if (m_protocol)
        m_protocol->addStats(stats);
    // ngtcp2 says "no sample yet" with the largest value.
    const auto duration = [](ngtcp2_duration value) {
        return std::chrono::nanoseconds(value == UINT64_MAX ? 0 : qint64(value));
    };
    stats.latestRtt = duration(info.latest_rtt);
    stats.minRtt = duration(info.min_rtt);
    if (stats.latestRtt.count() > 0) {
        stats.smoothedRtt = duration(info.smoothed_rtt);
        stats.rttVariance = duration(info.rttvar);
    }
    stats.congestionWindow = info.cwnd;
    stats.bytesInFlight = info.bytes_in_flight;
    stats.maxDatagramSize = ngtcp2_conn_get_path_max_tx_udp_payload_size(m_conn);
    stats.age = std::chrono::nanoseconds(m_opened ? qint64(now - m_opened) : 0);
    return stats;
}

ngtcp2_duration Session::minRtt() const
{
    if (!m_conn)
        return UINT64_MAX;
    ngtcp2_conn_info info;
    ngtcp2_conn_get_conn_info(m_conn, &info);
    return info.min_rtt;
}

std::optional<Session::Flight> Session::flight() const
{
    if (!m_conn)
        return std::nullopt;
    ngtcp2_conn_info info;
    ngtcp2_conn_get_conn_info(m_conn, &info);
    return Flight{info.bytes_in_flight, info.min_rtt};
}

double Session::slowestReservation(ngtcp2_tstamp now) const
{
    return m_conn && m_protocol ? m_protocol->slowestReservation(now) : 0;
}

ngtcp2_tstamp Session::deadline() const
{
    if (!m_conn)
        return m_closing.deadline();
    const ngtcp2_tstamp ofProtocol = m_protocol ? m_protocol->deadline() : UINT64_MAX;
    const ngtcp2_tstamp ofQuic = std::max(ngtcp2_conn_get_expiry(m_conn), m_liveness.patientUntil());
    return std::min({ofQuic, ofProtocol, m_allowance.deadline(), m_liveness.deadline(),
                     m_liveness.pingAt(), m_packetSizing.deadline(),
                     m_cryptoInput.ticketDeadline()});
}

// ---- what happens to it

void Session::handleDatagram(const quint8 *data, size_t size, const Way &way, quint8 ecn,
                             ngtcp2_tstamp now)
{
    m_allowance.arrived(size);
    if (!m_conn) {
        if (m_state != State::Closing)
            return;
        m_closing.handleLatePacket(m_allowance);
        if (m_side == Side::Acceptor && m_host.isAccepting())
            m_closing.prolong(now);
        return;
    }
    m_now = now;
    m_allowance.received();
    m_liveness.heard(now);
    const bool waited = m_liveness.patientUntil() != 0;
    m_liveness.setPatientUntil(0);
    const Path path = m_paths.pathOf(way);
    const ngtcp2_path ngPath = path.ngtcp2Path();
    const ngtcp2_pkt_info info{ecn};
    const int rv = ngtcp2_conn_read_pkt(m_conn, &ngPath, &info, data, size, now);
    if (rv != 0)
        failed(rv, now);
    else
        afterInput(now);
    // Pacing of the lone packet is over by now. Its timer would wake us for nothing.
    if (waited && m_conn && ngtcp2_conn_get_expiry(m_conn) <= now) {
        if (const int expired = ngtcp2_conn_handle_expiry(m_conn, now); expired != 0)
            failed(expired, now);
    }
    if (!m_conn)
        return;
    m_liveness.takeProof();
    heldBytesChanged();
}

void Session::handleExpiry(ngtcp2_tstamp now)
{
    if (!m_conn) {
        if (m_closing.isOver(now))
            m_state = State::Gone;
        else
            m_closing.handleExpiry(m_allowance, now);
        return;
    }
    m_now = now;
    if (m_liveness.patientUntil() <= now && ngtcp2_conn_get_expiry(m_conn) <= now) {
        if (const int rv = ngtcp2_conn_handle_expiry(m_conn, now); rv != 0) {
            failed(rv, now);
            return;
        }
    }
    m_packetSizing.handleExpiry(now);
    if (now >= m_cryptoInput.ticketDeadline())
        releaseTls();
    if (m_protocol) {
        m_protocol->handleExpiry(now);
        if (closeAsRequested(now))
            return;
    }
    if (now >= m_liveness.pingAt())
        m_liveness.requestPing(now);
    if (now >= m_liveness.deadline())
        failed(NGTCP2_ERR_IDLE_CLOSE, now);
    else if (now >= m_allowance.deadline())
        failed(NGTCP2_ERR_HANDSHAKE_TIMEOUT, now);
}

void Session::handleUnreachable(ngtcp2_tstamp now)
{
    if (isUnansweredDial() && m_allowance.isGivenUpAsUnreachable())
        end(State::Gone, causeOfUnreachable(), now);
}

void Session::receiveBudgetHasRoom(ngtcp2_tstamp now)
{
    if (m_conn && m_protocol)
        m_protocol->receiveBudgetHasRoom(now);
}

void Session::sendBudgetHasRoom()
{
    if (m_conn && m_protocol)
        m_protocol->sendBudgetHasRoom();
}

void Session::refuseSlowestReservation(ngtcp2_tstamp now)
{
    if (!m_conn || !m_protocol)
        return;
    m_protocol->refuseSlowestReservation(now);
    heldBytesChanged();
}

void Session::afterInput(ngtcp2_tstamp now)
{
    if (m_protocol) {
        m_protocol->inputHandled(now);
        if (closeAsRequested(now))
            return;
    }
    followPath();
    if (isOpen() && m_provenAddresses.takeChange(way().remote))
        m_events.add(Events::PathChanged{});
}

//! Where ngtcp2 has moved to.
void Session::followPath()
{
    const Path current = Path::fromNgtcp2(*ngtcp2_conn_get_path(m_conn));
    if (current != path()) {
        const quint64 leg = way().leg;
        m_paths.setPath(current);
        if (way().leg != leg && isOpen())
            m_events.add(Events::PathChanged{});
        m_packetSizing.pathChanged();
        m_provenAddresses.setMoved();
    }
}

ngtcp2_duration Session::silenceOfLostPath() const
{
    return m_conn ? std::max<ngtcp2_duration>(3 * ngtcp2_conn_get_pto(m_conn),
                                              nanoseconds(Limits::MinSilence))
                  : 0;
}

// ---- commands

bool Session::moveTo(const Way &way, ngtcp2_tstamp now)
{
    Q_ASSERT(m_side == Side::Dialler); // of a server, ngtcp2 aborts the process
    if (!isOpen() || !m_confirmed)
        return false;
    m_now = now;
    const Path path = m_paths.pathOf(way);
    const ngtcp2_path target = path.ngtcp2Path();
    if (ngtcp2_conn_initiate_immediate_migration(m_conn, &target, now) != 0)
        return false;
    followPath();
    return true;
}

void Session::prove(ngtcp2_tstamp now)
{
    if (!isOpen() || m_liveness.isProofRequired())
        return;
    m_liveness.requireProof(now, smoothedRtt());
    m_liveness.requestPing(now);
}

void Session::verifyAgain(ngtcp2_tstamp now)
{
    if (!m_conn)
        return;
    const Error refusal = m_peer.verifyAgain(m_host.settings(), m_host.knownCertificates(), m_side);
    if (!refusal.isError())
        return;
    // RFC 9001 section 4.8: so is an alert after the handshake sent, and peers of all versions know it.
    const QByteArray reason = errorCodeName(refusal.code).toLatin1();
    ngtcp2_ccerr ccerr;
    ngtcp2_ccerr_set_tls_alert(&ccerr, alertFor(refusal.code),
                               reinterpret_cast<const quint8 *>(reason.constData()),
                               size_t(reason.size()));
    closeWith(ccerr, refusal, now);
}

void Session::close(quint64 code, const QByteArray &reason, const Error &cause, ngtcp2_tstamp now)
{
    if (!m_conn)
        return;
    qsizetype size = std::min(reason.size(), Limits::CloseReasonBytes);
    while (size < reason.size() && size > 0 && (quint8(reason.at(size)) & 0xc0) == 0x80)
        --size; // not in the middle of a character
    ngtcp2_ccerr ccerr;
    ngtcp2_ccerr_set_application_error(
        &ccerr, code, reinterpret_cast<const quint8 *>(reason.constData()), size_t(size));
    closeWith(ccerr, cause, now);
}

// ---- the end

//! What was found inside a callback, or by the protocol; returns whether there was anything.
bool Session::closeAsRequested(ngtcp2_tstamp now)
{
    if (!m_conn || !m_pendingClose.isSet())
        return false;
    failed(NGTCP2_ERR_CALLBACK_FAILURE, now);
    return true;
}

void Session::failed(int liberr, ngtcp2_tstamp now)
{
    const quint8 alert = ngtcp2_conn_get_tls_alert(m_conn);
    Error cause = m_pendingClose.isSet() ? m_pendingClose.cause()
                                         : causeOfLibraryError(liberr, alert);
    switch (liberr) {
    case NGTCP2_ERR_DRAINING:
        if (m_resetReceived) {
            end(State::Gone,
                Error(ErrorCode::ConnectionReset,
                      QStringLiteral("The peer no longer knows the connection: it was restarted, "
                                     "or lost its state. Connect again.")),
                now);
        } else {
            end(State::Draining, causeOfPeerClose(*ngtcp2_conn_get_ccerr(m_conn)), now);
        }
        return;
    case NGTCP2_ERR_IDLE_CLOSE:
        if (!isOpen())
            cause = causeOfLibraryError(NGTCP2_ERR_HANDSHAKE_TIMEOUT, 0);
        [[fallthrough]];
    case NGTCP2_ERR_HANDSHAKE_TIMEOUT:
    case NGTCP2_ERR_DROP_CONN:
    case NGTCP2_ERR_RETRY:
    case NGTCP2_ERR_RECV_VERSION_NEGOTIATION:
        end(State::Gone, cause, now); // no peer is there that could receive a closing packet
        return;
    default:
        break;
    }
    ngtcp2_ccerr ccerr;
    if (m_pendingClose.isSet())
        ccerr = *m_pendingClose.ccerr();
    else if (liberr == NGTCP2_ERR_CRYPTO)
        ngtcp2_ccerr_set_tls_alert(&ccerr, alert, nullptr, 0);
    else
        ngtcp2_ccerr_set_liberr(&ccerr, liberr, nullptr, 0);
    closeWith(ccerr, cause, now);
}

void Session::closeWith(const ngtcp2_ccerr &ccerr, const Error &cause, ngtcp2_tstamp now)
{
    if (m_allowance.isSpent()) {
        end(State::Gone, cause, now);
        return;
    }
    QByteArray packet(qsizetype(Limits::MinInitialDatagram), Qt::Uninitialized);
    ngtcp2_pkt_info info;
    const ngtcp2_ssize size = ngtcp2_conn_write_connection_close(
        m_conn, nullptr, &info, reinterpret_cast<quint8 *>(packet.data()), size_t(packet.size()),
        &ccerr, now);
    if (size <= 0) {
        end(State::Gone, cause, now); // too early for any packet
        return;
    }
    packet.truncate(size);
    end(State::Closing, cause, now);
    m_closing.setPacket(packet, now);
}

void Session::end(State state, const Error &reason, ngtcp2_tstamp now)
{
    Error cause = reason;
    if (m_opened == 0 && cause.peerCertificates.isEmpty())
        cause.peerCertificates = m_peer.certificates();
    m_closing.begin(cause, stats(now), ngtcp2_conn_get_pto(m_conn), now);
    if (m_protocol)
        m_protocol->ended(cause);
    // What is kept for the closing period (RFC 9000 section 10.2) is one packet; the connection,
    // its TLS session and all buffers go now.
    m_state = state;
    ngtcp2_conn_del(m_conn);
    m_conn = nullptr;
    m_account.clear();
    m_tls = {};
    m_cryptoInput.dropTicket();
    m_qlog.write = {};
    m_events.add(Events::Closed{
        cause, std::make_shared<ConnectionStats>(m_closing.stats()), way().remote,
        m_side == Side::Dialler ? Events::Closed::Origin::Dialled : Events::Closed::Origin::Accepted,
        m_opened != 0});
}

} // namespace Qp2p::Engine
