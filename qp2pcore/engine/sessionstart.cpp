// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How a session begins: what both sides tell each other about themselves before the first packet.
#include <qp2pcore/engine/session.h>

#include <qp2pcore/engine/duration.h>
#include <qp2pcore/engine/limits.h>
#include <qp2pcore/engine/sessioncallbacks.h>

#include <ngtcp2/ngtcp2_crypto.h>

#include <algorithm>
#include <cstring>

namespace Qp2p::Engine {

namespace {

// Path MTU discovery (RFC 8899) starts at 1,200 bytes and tries these, UDP payload bytes. A probe
// that is too large costs one packet. Same-host peers gain 90 % from the largest (measured), hosts
// of one network from jumbo frames; further away 1,452 is Ethernet with IPv6.
constexpr uint16_t LoopbackProbes[] = {Limits::MaxDatagram, 8952, 1452};
constexpr uint16_t LocalProbes[] = {1452, 8952, 1404, 1342, 1232};
constexpr uint16_t WideProbes[] = {1452, 1404, 1342, 1232};

std::span<const uint16_t> probesFor(const SocketAddress &remote)
{
    if (remote.isLoopback())
        return LoopbackProbes;
    if (remote.isLocalScope())
        return LocalProbes;
    return WideProbes;
}

} // namespace

std::unique_ptr<Session> Session::dial(SessionHost &host, SessionId id, EventList &events,
                                       const Way &way, const DialOptions &options,
                                       ngtcp2_tstamp now)
{
    std::unique_ptr<Session> session(new Session(host, id, events, Side::Dialler, way, now));
    session->m_expectedPeer = options.expectedPeer;
    session->m_protocol = options.protocol;
    session->m_dialledName = options.name;
    session->m_holdHello = session->m_tellConfirmed = options.holdHello;
    session->m_dialBackNonce = options.dialBackNonce;
    session->m_maxUnanswered = options.maxUnanswered;
    session->m_maxUnpaidBytes = options.maxUnpaidBytes;
    const ngtcp2_duration timeout = options.timeout > 0 ? options.timeout
                                                        : host.settings().handshakeTimeout;
    session->m_greetBy = now + timeout;
    return session->start(nullptr, timeout, now) ? std::move(session) : nullptr;
}

std::unique_ptr<Session> Session::accept(SessionHost &host, SessionId id, EventList &events,
                                         const Way &way, const AcceptOptions &options,
                                         ngtcp2_tstamp now)
{
    std::unique_ptr<Session> session(new Session(host, id, events, Side::Acceptor, way, now));
    return session->start(&options, host.settings().handshakeTimeout, now) ? std::move(session)
                                                                           : nullptr;
}

Session::Session(SessionHost &host, SessionId id, EventList &events, Side side, const Way &way,
                 ngtcp2_tstamp now)
    : m_host(host)
    , m_id(id)
    , m_side(side)
    , m_paths(side, way)
    , m_memory(Limits::ConnectionMemory)
    , m_account(host.receiveBudget(), id, way.remote)
    , m_sendAccount(host.sendBudget(), id, way.remote)
    , m_now(now)
    , m_created(now)
    , m_events(events, id)
    , m_outbox(host.settings(), m_events, m_streams, m_sendAccount)
    , m_inbox(host.settings(), m_events, m_account)
    , m_controlMessages(Limits::ControlMessagesPerSecond, Limits::ControlMessageBurst)
    , m_lastHeard(now)
    , m_greetBy(now + host.settings().handshakeTimeout)
{
    m_ref.user_data = static_cast<PeerJudge *>(this);
    m_ref.get_conn = [](ngtcp2_crypto_conn_ref *ref) {
        return static_cast<Session *>(static_cast<PeerJudge *>(ref->user_data))->m_conn;
    };
}

Session::~Session()
{
    ngtcp2_conn_del(m_conn);
}

bool Session::start(const AcceptOptions *accept, ngtcp2_duration handshakeTimeout, ngtcp2_tstamp now)
{
    const Settings &ours = m_host.settings();
    ngtcp2_settings settings;
    ngtcp2_settings_default(&settings);
    settings.initial_ts = now;
    settings.initial_rtt = nanoseconds(Limits::InitialRtt);
    settings.cc_algo = ours.congestionControl;
    settings.handshake_timeout = handshakeTimeout;
    settings.max_window = 0; // tuned by the inbox
    settings.max_stream_window = Limits::MaxStreamWindow;
    settings.rand_ctx.native_handle = const_cast<RandomSource *>(&ours.random);
    const std::span<const uint16_t> probes = probesFor(way().remote);
    settings.pmtud_probes = probes.data();
    settings.pmtud_probeslen = probes.size();
    settings.max_tx_udp_payload_size = *std::max_element(probes.begin(), probes.end());

    ngtcp2_transport_params params;
    ngtcp2_transport_params_default(&params);
    params.initial_max_stream_data_bidi_local = Limits::InitialStreamWindow;
    params.initial_max_stream_data_bidi_remote = Limits::InitialStreamWindow;
    params.initial_max_stream_data_uni = Limits::InitialStreamWindow;
    params.initial_max_data = m_host.initialConnectionWindow();
    // The control stream is one more than the program's requests.
    params.initial_max_streams_bidi = ours.maxIncomingRequests + (m_side == Side::Acceptor ? 1 : 0);
    params.initial_max_streams_uni = ours.maxIncomingMessages;
    params.max_idle_timeout = ours.idleTimeout;
    params.max_ack_delay = nanoseconds(Limits::MaxAckDelay);
    params.active_connection_id_limit = Limits::ActiveConnectionIds;
    params.grease_quic_bit = 0; // so that a router can tell QUIC from STUN (RFC 9443)

    const ngtcp2_cid scid = newConnectionId(Limits::ConnectionIdSize);
    ngtcp2_cid peerCid;
    if (accept) {
        peerCid = accept->clientSourceId;
        params.original_dcid = accept->originalId.value_or(accept->clientDestinationId);
        params.original_dcid_present = 1;
        if (accept->originalId) {
            params.retry_scid = accept->clientDestinationId;
            params.retry_scid_present = 1;
            settings.token = reinterpret_cast<const quint8 *>(accept->token.constData());
            settings.tokenlen = static_cast<size_t>(accept->token.size());
            settings.token_type = NGTCP2_TOKEN_TYPE_RETRY;
        }
        const ResetToken token = m_host.resetTokenFor(scid);
        std::memcpy(params.stateless_reset_token, token.data(), token.size());
        params.stateless_reset_token_present = 1;
    } else {
        peerCid = newConnectionId(Limits::FirstDestinationIdSize);
    }
    const ngtcp2_cid &original = accept ? params.original_dcid : peerCid;
    if (ours.qlog)
        m_qlog = ours.qlog({original.data, qsizetype(original.datalen)});
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
    if (rv != 0)
        return false;
    TlsOptions tls;
    tls.side = m_side;
    tls.protocol = m_protocol;
    if (ours.legacyPeers == EndpointConfig::LegacyPeers::Accepted)
        tls.legacy = TlsOptions::Legacy::Accepted;
    if (m_protocol == Protocol::Legacy)
        tls.serverName = "maidsafe.net"; // what qp2p itself says
    else if (ours.policy.mode() == CertificateMode::AgreedAuthority)
        tls.serverName = m_dialledName.hostName; // others need not know whom we call
    m_tls = m_host.tls().newSession(tls, &m_ref);
    if (!m_tls)
        return false;
    ngtcp2_conn_set_tls_native_handle(m_conn, m_tls.get());
    m_inbox.setConnection(m_conn, params.initial_max_data);
    m_connectionIds.push_back(scid);
    m_host.connectionIdAdded(*this, scid);
    return true;
}

ngtcp2_cid Session::newConnectionId(size_t size) const
{
    ngtcp2_cid id;
    id.datalen = size;
    m_host.settings().random({id.data, size});
    return id;
}

} // namespace Qp2p::Engine
