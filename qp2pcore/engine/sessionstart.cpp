// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How a session begins: what both sides say about themselves before the first packet.
#include <qp2pcore/engine/session.h>

#include <qp2pcore/engine/duration.h>
#include <qp2pcore/engine/limits.h>
#include <qp2pcore/engine/sessioncallbacks.h>

#include <ngtcp2/ngtcp2_crypto.h>

#include <algorithm>
#include <cstring>

namespace Qp2p::Engine {

namespace {

ngtcp2_settings connectionSettings(const Settings &ours, const Way &way,
                                   ngtcp2_duration handshakeTimeout, ngtcp2_tstamp now)
{
    ngtcp2_settings settings;
    ngtcp2_settings_default(&settings);
    settings.initial_ts = now;
    settings.initial_rtt = nanoseconds(Limits::InitialRtt);
    settings.cc_algo = ours.congestionControl;
    settings.handshake_timeout = handshakeTimeout;
    settings.max_window = 0; // tuned by the protocol
    settings.max_stream_window = Limits::MaxStreamWindow;
    settings.rand_ctx.native_handle = const_cast<RandomSource *>(&ours.random);
    const std::span<const uint16_t> probes = mtuProbesFor(way);
    settings.pmtud_probes = probes.data();
    settings.pmtud_probeslen = probes.size();
    settings.max_tx_udp_payload_size = *std::max_element(probes.begin(), probes.end());
    return settings;
}

} // namespace

std::unique_ptr<Session> Session::dial(SessionHost &host, SessionId id, EventList &events,
                                       const Way &way, const DialOptions &options,
                                       ngtcp2_tstamp now)
{
    std::unique_ptr<Session> session(new Session(host, id, events, Side::Dialler, way, now));
    session->m_peer.expect(options.expectedPeer, options.name);
    session->m_dialProtocol = options.protocol ? options.protocol
                                               : host.settings().protocols.front();
    session->m_allowance.setMaxUnanswered(options.maxUnanswered);
    session->m_allowance.setMaxUnpaid(options.maxUnpaidBytes);
    const ngtcp2_duration timeout = options.timeout > 0 ? options.timeout
                                                        : host.settings().handshakeTimeout;
    session->m_handshakeDeadline = now + timeout;
    return session->start(nullptr, options.addressToken, options.sessionTicket, timeout, now)
        ? std::move(session)
        : nullptr;
}

std::unique_ptr<Session> Session::accept(SessionHost &host, SessionId id, EventList &events,
                                         const Way &way, const AcceptOptions &options,
                                         ngtcp2_tstamp now)
{
    std::unique_ptr<Session> session(new Session(host, id, events, Side::Acceptor, way, now));
    return session->start(&options, options.token, {}, host.settings().handshakeTimeout, now)
        ? std::move(session)
        : nullptr;
}

Session::Session(SessionHost &host, SessionId id, EventList &events, Side side, const Way &way,
                 ngtcp2_tstamp now)
    : StreamConnection(now)
    , m_host(host)
    , m_id(id)
    , m_side(side)
    , m_paths(side, way)
    , m_provenAddresses(way.remote)
    , m_memory(Limits::ConnectionMemory)
    , m_account(host.receiveBudget(), id, way.remote)
    , m_sendAccount(host.sendBudget(), id, way.remote)
    , m_events(events, id)
    , m_handshakeDeadline(now + host.settings().handshakeTimeout)
    , m_ids(host, *this)
    , m_allowance(side)
    , m_liveness(now)
{
    m_ref.user_data = static_cast<PeerVerifier *>(this);
    m_ref.get_conn = [](ngtcp2_crypto_conn_ref *ref) {
        return static_cast<Session *>(static_cast<PeerVerifier *>(ref->user_data))->m_conn;
    };
}

Session::~Session()
{
    ngtcp2_conn_del(m_conn);
}

bool Session::start(const AcceptOptions *accept, const QByteArray &token,
                    const QByteArray &sessionTicket, ngtcp2_duration handshakeTimeout,
                    ngtcp2_tstamp now)
{
    ngtcp2_settings settings = connectionSettings(m_host.settings(), way(), handshakeTimeout, now);
    ngtcp2_transport_params params = transportParameters();
    const ngtcp2_cid scid = m_ids.makeId(Limits::ConnectionIdSize);
    ngtcp2_cid peerCid;
    if (accept) {
        peerCid = accept->clientSourceId;
        params.original_dcid = accept->originalId.value_or(accept->clientDestinationId);
        params.original_dcid_present = 1;
        if (accept->originalId) {
            params.retry_scid = accept->clientDestinationId;
            params.retry_scid_present = 1;
        }
        const ResetToken resetToken = m_host.resetTokenFor(scid);
        std::memcpy(params.stateless_reset_token, resetToken.data(), resetToken.size());
        params.stateless_reset_token_present = 1;
    } else {
        peerCid = m_ids.makeId(Limits::FirstDestinationIdSize);
    }
    if (!token.isEmpty()) {
        settings.token = reinterpret_cast<const quint8 *>(token.constData());
        settings.tokenlen = static_cast<size_t>(token.size());
        settings.token_type = accept && accept->originalId ? NGTCP2_TOKEN_TYPE_RETRY
                                                           : NGTCP2_TOKEN_TYPE_NEW_TOKEN;
    }
    const ngtcp2_cid &original = accept ? params.original_dcid : peerCid;
    if (m_host.settings().qlog)
        m_qlog = m_host.settings().qlog({original.data, qsizetype(original.datalen)});
    if (m_qlog.write)
        settings.qlog_write = [](void *user, uint32_t, const void *data, size_t size) {
            static_cast<Session *>(user)->m_qlog.write(
                {static_cast<const char *>(data), qsizetype(size)});
        };

    const ngtcp2_path path = m_paths.path().ngtcp2Path();
    const int rv = accept ? ngtcp2_conn_server_new(&m_conn, &peerCid, &scid, &path, accept->version,
                                                   &sessionCallbacks(), &settings, &params,
                                                   m_memory.allocator(), this)
                          : ngtcp2_conn_client_new(&m_conn, &peerCid, &scid, &path,
                                                   NGTCP2_PROTO_VER_V1, &sessionCallbacks(),
                                                   &settings, &params, m_memory.allocator(), this);
    if (rv != 0 || !startTls(sessionTicket))
        return false;
    m_ids.add(scid);
    return true;
}

ngtcp2_transport_params Session::transportParameters() const
{
    ngtcp2_transport_params params;
    ngtcp2_transport_params_default(&params);
    params.initial_max_stream_data_bidi_local = Limits::InitialStreamWindow;
    params.initial_max_stream_data_bidi_remote = Limits::InitialStreamWindow;
    params.initial_max_stream_data_uni = Limits::InitialStreamWindow;
    params.initial_max_data = m_host.initialConnectionWindow();
    for (const StreamProtocolFactory *protocol : offeredProtocols()) {
        params.initial_max_streams_bidi = std::max<uint64_t>(
            params.initial_max_streams_bidi,
            protocol->initialStreams(StreamKind::Bidirectional, m_side));
        params.initial_max_streams_uni = std::max<uint64_t>(
            params.initial_max_streams_uni,
            protocol->initialStreams(StreamKind::Unidirectional, m_side));
        params.max_datagram_frame_size = std::max<uint64_t>(params.max_datagram_frame_size,
                                                            protocol->maxDatagramFrame());
    }
    params.max_idle_timeout = m_host.settings().idleTimeout;
    params.max_ack_delay = nanoseconds(Limits::MaxAckDelay);
    params.active_connection_id_limit = Limits::ActiveConnectionIds;
    params.grease_quic_bit = 0; // so that a router can tell QUIC from STUN (RFC 9443)
    return params;
}

bool Session::startTls(const QByteArray &sessionTicket)
{
    TlsOptions options;
    options.side = m_side;
    for (const StreamProtocolFactory *protocol : offeredProtocols()) {
        if (protocol->alpn().isEmpty())
            options.withoutAlpn = TlsOptions::WithoutAlpn::Accepted;
        else
            options.alpns.append(protocol->alpn());
    }
    if (m_dialProtocol)
        options.serverName = m_dialProtocol->serverName();
    // Others need not know what host is dialled.
    if (options.serverName.isEmpty()
        && m_host.settings().policy.mode() == CertificateMode::AgreedAuthority)
        options.serverName = m_peer.dialledName().hostName;
    options.tickets = tickets();
    if (options.tickets == TlsOptions::Tickets::Exchanged) {
        options.sessionTicket = sessionTicket;
        if (m_side == Side::Acceptor)
            options.ticketKey = m_host.ticketKey(m_now);
    }
    m_tls = m_host.tls()->newSession(options, &m_ref);
    if (!m_tls)
        return false;
    ngtcp2_conn_set_tls_native_handle(m_conn, m_tls.get());
    return true;
}

//! What this side can speak on this connection, the preferred protocol first.
std::vector<const StreamProtocolFactory *> Session::offeredProtocols() const
{
    if (m_dialProtocol)
        return {m_dialProtocol.get()};
    std::vector<const StreamProtocolFactory *> offered;
    for (const auto &protocol : m_host.settings().protocols)
        offered.push_back(protocol.get());
    return offered;
}

} // namespace Qp2p::Engine
