// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/session.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/engine/limits.h>
#include <qp2pcore/engine/sessioncallbacks.h>
#include <qp2pcore/engine/sessionerrors.h>
#include <qp2pcore/engine/verifier.h>

#include <ngtcp2/ngtcp2_crypto.h>

#include <algorithm>
#include <bit>
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

ngtcp2_duration nanoseconds(std::chrono::nanoseconds duration)
{
    return static_cast<ngtcp2_duration>(duration.count());
}

} // namespace

std::unique_ptr<Session> Session::dial(SessionHost &host, SessionId id, EventList &events,
                                       const Path &path, const DialOptions &options,
                                       ngtcp2_tstamp now)
{
    std::unique_ptr<Session> session(new Session(host, id, events, Side::Dialler, path, now));
    session->m_expectedPeer = options.expectedPeer;
    session->m_holdHello = session->m_tellConfirmed = options.holdHello;
    return session->start(nullptr, now) ? std::move(session) : nullptr;
}

std::unique_ptr<Session> Session::accept(SessionHost &host, SessionId id, EventList &events,
                                         const Path &path, const AcceptOptions &options,
                                         ngtcp2_tstamp now)
{
    std::unique_ptr<Session> session(new Session(host, id, events, Side::Acceptor, path, now));
    return session->start(&options, now) ? std::move(session) : nullptr;
}

Session::Session(SessionHost &host, SessionId id, EventList &events, Side side, const Path &path,
                 ngtcp2_tstamp now)
    : m_host(host)
    , m_id(id)
    , m_side(side)
    , m_path(path)
    , m_memory(Limits::ConnectionMemory)
    , m_now(now)
    , m_created(now)
    , m_events(events, id)
    , m_outbox(host.settings(), m_events, m_streams)
    , m_inbox(host.settings(), m_events)
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

bool Session::start(const AcceptOptions *accept, ngtcp2_tstamp now)
{
    const Settings &ours = m_host.settings();
    ngtcp2_settings settings;
    ngtcp2_settings_default(&settings);
    settings.initial_ts = now;
    settings.initial_rtt = nanoseconds(Limits::InitialRtt);
    settings.cc_algo = ours.congestionControl;
    settings.handshake_timeout = ours.handshakeTimeout;
    // What may come while the program has paused, and a half more to keep a long path busy.
    settings.max_window = std::clamp(quint64(ours.inboxLimit) * 3 / 2,
                                     Limits::InitialConnectionWindow, Limits::MaxConnectionWindow);
    settings.max_stream_window = Limits::MaxStreamWindow;
    settings.rand_ctx.native_handle = const_cast<RandomSource *>(&ours.random);
    const std::span<const uint16_t> probes = probesFor(m_path.remote);
    settings.pmtud_probes = probes.data();
    settings.pmtud_probeslen = probes.size();
    settings.max_tx_udp_payload_size = *std::max_element(probes.begin(), probes.end());

    ngtcp2_transport_params params;
    ngtcp2_transport_params_default(&params);
    params.initial_max_stream_data_bidi_local = Limits::InitialStreamWindow;
    params.initial_max_stream_data_bidi_remote = Limits::InitialStreamWindow;
    params.initial_max_stream_data_uni = Limits::InitialStreamWindow;
    params.initial_max_data = Limits::InitialConnectionWindow;
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
        peerCid = newConnectionId(18); // RFC 9000 section 7.2: at least 8, unpredictable
    }
    const ngtcp2_cid &original = accept ? params.original_dcid : peerCid;
    if (ours.qlog)
        m_qlog = ours.qlog({original.data, qsizetype(original.datalen)});
    if (m_qlog)
        settings.qlog_write = [](void *user, uint32_t, const void *data, size_t size) {
            static_cast<Session *>(user)->m_qlog({static_cast<const char *>(data), qsizetype(size)});
        };

    const ngtcp2_path path = m_path.ngtcp2Path();
    const int rv = accept ? ngtcp2_conn_server_new(&m_conn, &peerCid, &scid, &path, accept->version,
                                                   &sessionCallbacks(), &settings, &params,
                                                   m_memory.allocator(), this)
                          : ngtcp2_conn_client_new(&m_conn, &peerCid, &scid, &path,
                                                   NGTCP2_PROTO_VER_V1, &sessionCallbacks(),
                                                   &settings, &params, m_memory.allocator(), this);
    if (rv != 0)
        return false;
    m_tls = m_host.tls().newSession(m_side, &m_ref);
    if (!m_tls)
        return false;
    ngtcp2_conn_set_tls_native_handle(m_conn, m_tls.get());
    m_inbox.setConnection(m_conn);
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

// ---- getters

ConnectionStats Session::stats(ngtcp2_tstamp now) const
{
    if (!m_conn)
        return m_finalStats;
    ngtcp2_conn_info info;
    ngtcp2_conn_get_conn_info(m_conn, &info);
    ConnectionStats stats;
    stats.bytesSent = info.bytes_sent;
    stats.bytesReceived = info.bytes_recv;
    stats.packetsSent = info.pkt_sent;
    stats.packetsReceived = info.pkt_recv;
    stats.packetsLost = info.pkt_lost;
    stats.datagramsSent = m_datagramsSent;
    stats.datagramsReceived = m_datagramsReceived;
    stats.messagesSent = m_outbox.messagesSent();
    stats.messagesFailed = m_outbox.messagesFailed();
    stats.messagesReceived = m_inbox.messagesReceived();
    stats.messagesRefused = m_inbox.messagesRefused();
    stats.sendQueueBytes = m_outbox.queuedBytes();
    stats.inboxBytes = m_inbox.bufferedBytes();
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

ngtcp2_tstamp Session::deadline() const
{
    if (!m_conn)
        return m_goneAt;
    ngtcp2_tstamp deadline = std::min(ngtcp2_conn_get_expiry(m_conn), m_inbox.nextCheck());
    if (m_state == State::Greeting)
        deadline = std::min(deadline, m_greetBy);
    return deadline;
}

// ---- what happens to it

void Session::handleDatagram(const quint8 *data, size_t size, const Path &path, quint8 ecn,
                             ngtcp2_tstamp now)
{
    if (!m_conn) {
        // RFC 9000 section 10.2.1: answer, ever more rarely.
        if (m_state == State::Closing && std::has_single_bit(++m_packetsWhileClosing))
            m_closingPacketDue = true;
        return;
    }
    m_now = now;
    ++m_datagramsReceived;
    m_lastHeard = now;
    const ngtcp2_path ngPath = path.ngtcp2Path();
    const ngtcp2_pkt_info info{ecn};
    const int rv = ngtcp2_conn_read_pkt(m_conn, &ngPath, &info, data, size, now);
    if (rv != 0)
        failed(rv, now);
    else
        afterInput(now);
}

void Session::handleExpiry(ngtcp2_tstamp now)
{
    if (!m_conn) {
        if (now >= m_goneAt)
            m_state = State::Gone;
        return;
    }
    m_now = now;
    if (ngtcp2_conn_get_expiry(m_conn) <= now) {
        if (const int rv = ngtcp2_conn_handle_expiry(m_conn, now); rv != 0) {
            failed(rv, now);
            return;
        }
    }
    if (m_state == State::Greeting && now >= m_greetBy) {
        close(CloseCode::HelloTimeout, "no hello",
              Error(ErrorCode::HandshakeTimeout, QStringLiteral("The peer did not greet in time.")),
              now);
        return;
    }
    if (now >= m_inbox.nextCheck()) {
        ngtcp2_conn_info info;
        ngtcp2_conn_get_conn_info(m_conn, &info);
        m_inbox.checkDeadlines(now, m_lastHeard, info.smoothed_rtt, m_streams);
        afterInput(now);
    }
}

void Session::afterInput(ngtcp2_tstamp now)
{
    if (m_inbox.isMisbehaving()) {
        close(CloseCode::Misbehaviour, "too many broken messages",
              Error(ErrorCode::Misbehaviour,
                    QStringLiteral("The peer sent too many malformed or broken-off messages.")),
              now);
        return;
    }
    if (m_state == State::Handshaking && m_handshakeDone)
        m_state = State::Greeting;
    if (m_state == State::Greeting) {
        if (m_side == Side::Dialler && !m_helloSent && !m_holdHello)
            sayHello();
        if (m_tellConfirmed && m_confirmed) {
            m_tellConfirmed = false;
            m_events.add(Events::Confirmed{});
        }
        // The dialler is done before the acceptor has judged its certificate (TLS 1.3), so it waits
        // for the confirmation (RFC 9001 section 4.1.2).
        if (m_helloReceived && (m_side == Side::Acceptor || m_confirmed)) {
            m_state = State::Open;
            m_opened = now;
            m_events.add(Events::Opened{});
            m_inbox.resume(m_streams);
        }
    }
    const ngtcp2_path *path = ngtcp2_conn_get_path(m_conn);
    const Path current{SocketAddress::fromSockaddr(path->local.addr, path->local.addrlen),
                       SocketAddress::fromSockaddr(path->remote.addr, path->remote.addrlen)};
    if (current != m_path) {
        const bool moved = current.remote != m_path.remote;
        m_path = current;
        if (moved && m_state == State::Open)
            m_events.add(Events::PathChanged{});
    }
}

int Session::handshakeCompleted()
{
    if (!agreedOnAlpn(m_tls.get())) {
        constexpr quint8 NoApplicationProtocol = 120;
        m_cause = causeOfLibraryError(NGTCP2_ERR_CRYPTO, NoApplicationProtocol);
        m_cause.message = QStringLiteral("The peer does not speak qp2p/1.");
        m_ccerr.emplace();
        ngtcp2_ccerr_set_tls_alert(&*m_ccerr, NoApplicationProtocol, nullptr, 0);
        return NGTCP2_ERR_CALLBACK_FAILURE;
    }
    if (m_peerId.isNull()) { // cannot happen: but no verdict, no connection
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
    if (keepAlive != 0)
        ngtcp2_conn_set_keep_alive_timeout(
            m_conn,
            keepAlive < 0 ? std::max<ngtcp2_duration>(idle / 3, nanoseconds(Limits::MinKeepAlive))
                          : quint64(keepAlive) * NGTCP2_MILLISECONDS);
    if (m_side == Side::Dialler && theirs->stateless_reset_token_present) {
        ResetToken token;
        std::memcpy(token.data(), theirs->stateless_reset_token, token.size());
        m_resetTokens.push_back(token);
        m_host.resetTokenAdded(*this, token);
    }
    return 0;
}

int Session::streamData(Stream *stream, qint64 streamId, const quint8 *data, size_t size, Fin fin)
{
    if (streamId == m_control.id) {
        ngtcp2_conn_extend_max_stream_offset(m_conn, streamId, size);
        ngtcp2_conn_extend_max_offset(m_conn, size);
        return controlData({data, size}, fin);
    }
    if (stream)
        m_inbox.received(*stream, data, size, fin, m_now);
    else
        ngtcp2_conn_extend_max_offset(m_conn, size);
    return 0;
}

void Session::streamClosed(Stream *stream, qint64 streamId, std::optional<quint64> code)
{
    Q_UNUSED(streamId)
    if (!stream)
        return;
    if (stream->out)
        m_outbox.failed(*stream, causeOfStreamCode(code.value_or(0), ErrorCode::MessageRefused));
    if (stream->requestId != 0 && stream->in && stream->in->state == IncomingMessage::State::Reading)
        m_events.add(Events::Failed{stream->requestId,
                                    causeOfStreamCode(code.value_or(0), ErrorCode::NoReply)});
    m_inbox.closed(*stream);
    m_streams.remove(*stream);
}

int Session::controlData(std::span<const quint8> data, Fin fin)
{
    while (const auto message = m_control.reader.next(data)) {
        if (const auto *hello = std::get_if<Hello>(&*message)) {
            if (m_helloReceived)
                return controlViolation(QStringLiteral("A second hello came."));
            if (const int rv = handleHello(*hello); rv != 0)
                return rv;
        } else if (!m_helloReceived) {
            return controlViolation(
                QStringLiteral("The control stream does not begin with a hello."));
        }
    }
    if (m_control.reader.error().isError())
        return controlViolation(m_control.reader.error().message);
    if (fin == Fin::Yes)
        return controlViolation(QStringLiteral("The control stream was ended."));
    return 0;
}

// What a callback returns after either of these ends the connection.
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
                        QStringLiteral("The peer belongs to the network “%1”, and this side to "
                                       "“%2”. Use the same network name on both sides.")
                            .arg(QString::fromUtf8(hello.networkName),
                                 QString::fromUtf8(m_host.settings().networkName)));
        m_ccerr.emplace();
        ngtcp2_ccerr_set_application_error(&*m_ccerr, CloseCode::WrongNetwork, nullptr, 0);
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
    hello.observed = m_path.remote;
    hello.maxMessageSize = quint64(m_host.settings().maxMessageSize);
    m_control.queue(encode(hello));
}

PeerJudge::Verdict Session::judge(const QList<QByteArray> &chain)
{
    const Result<PeerId> verdict = judgePeer(chain, m_host.settings().policy, m_expectedPeer);
    if (!verdict) {
        m_cause = verdict.error();
        return Verdict::Refused;
    }
    m_peerId = *verdict;
    m_peerCertificates = chain;
    return Verdict::Accepted;
}

// ---- commands

quint64 Session::send(const Message &message, int priority)
{
    return m_outbox.send(OutgoingMessage::Kind::Message, message, priority);
}

quint64 Session::request(const Message &message, int priority)
{
    return m_outbox.send(OutgoingMessage::Kind::Request, message, priority);
}

quint64 Session::reply(qint64 streamId, const Message &message, int priority)
{
    auto *stream = m_conn
        ? static_cast<Stream *>(ngtcp2_conn_get_stream_user_data(m_conn, streamId))
        : nullptr;
    if (!stream || stream->out)
        return 0;
    const quint64 replyId = m_outbox.reply(*stream, message, priority);
    if (!stream->out)
        reject(streamId, CloseCode::NoReply); // it was refused here: the peer need not wait for it
    return replyId;
}

void Session::reject(qint64 streamId, quint64 code)
{
    if (m_conn)
        ngtcp2_conn_shutdown_stream_write(m_conn, 0, streamId, code);
}

void Session::resumeReceiving()
{
    if (m_conn)
        m_inbox.resume(m_streams);
}

void Session::greet(ngtcp2_tstamp now)
{
    // Short of the others' deadline, so that one of them can still take its place.
    m_greetBy = std::min(m_greetBy, now + m_host.settings().handshakeTimeout / 4);
    m_holdHello = false;
    if (m_conn && m_state == State::Greeting && !m_helloSent)
        sayHello();
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

void Session::failed(int liberr, ngtcp2_tstamp now)
{
    const quint8 alert = ngtcp2_conn_get_tls_alert(m_conn);
    Error cause = m_cause.isError() ? m_cause : causeOfLibraryError(liberr, alert);
    switch (liberr) {
    case NGTCP2_ERR_DRAINING:
        if (m_resetReceived) {
            end(State::Gone,
                Error(ErrorCode::ConnectionReset,
                      QStringLiteral("The peer no longer knows the connection: it was restarted, "
                                     "or lost its state.")),
                now);
        } else {
            end(State::Draining, causeOfPeerClose(*ngtcp2_conn_get_ccerr(m_conn)), now);
        }
        return;
    case NGTCP2_ERR_IDLE_CLOSE:
        if (m_state != State::Open)
            cause = causeOfLibraryError(NGTCP2_ERR_HANDSHAKE_TIMEOUT, 0);
        [[fallthrough]];
    case NGTCP2_ERR_HANDSHAKE_TIMEOUT:
    case NGTCP2_ERR_DROP_CONN:
    case NGTCP2_ERR_RETRY:
    case NGTCP2_ERR_RECV_VERSION_NEGOTIATION:
        end(State::Gone, cause, now); // nobody is there who could be told
        return;
    default:
        break;
    }
    ngtcp2_ccerr ccerr;
    if (m_ccerr)
        ccerr = *m_ccerr;
    else if (liberr == NGTCP2_ERR_CRYPTO)
        ngtcp2_ccerr_set_tls_alert(&ccerr, alert, nullptr, 0);
    else
        ngtcp2_ccerr_set_liberr(&ccerr, liberr, nullptr, 0);
    closeWith(ccerr, cause, now);
}

void Session::closeWith(const ngtcp2_ccerr &ccerr, const Error &cause, ngtcp2_tstamp now)
{
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
    m_closingPacket = packet;
    m_closingPacketDue = true;
    end(State::Closing, cause, now);
}

void Session::end(State state, const Error &cause, ngtcp2_tstamp now)
{
    m_finalStats = stats(now);
    m_outbox.failAll(cause);
    for (Stream &stream : m_streams.all()) {
        if (stream.requestId != 0 && stream.in
            && stream.in->state == IncomingMessage::State::Reading)
            m_events.add(Events::Failed{stream.requestId, cause});
    }
    // What is kept for the closing period (RFC 9000 section 10.2) is one packet; the connection,
    // its TLS session and all buffers go now.
    m_goneAt = now + 3 * ngtcp2_conn_get_pto(m_conn);
    m_state = state;
    ngtcp2_conn_del(m_conn);
    m_conn = nullptr;
    m_inbox.setConnection(nullptr);
    m_tls.reset();
    m_streams.all().clear();
    m_qlog = {};
    m_events.add(Events::Closed{cause, std::make_shared<ConnectionStats>(m_finalStats)});
}

// ---- output

Session::WriteResult Session::write(std::span<quint8> buffer, const DatagramSink &sink,
                                    ngtcp2_tstamp now)
{
    m_now = now;
    size_t used = 0;
    struct Run
    {
        size_t start = 0;
        size_t segmentSize = 0;
        Path path;
        quint8 ecn = 0;
    } run;
    const auto flush = [&] {
        const size_t start = std::exchange(run.start, used);
        return used == start
            || sink(buffer.data() + start, used - start, run.segmentSize, run.path, run.ecn);
    };

    size_t turn = Limits::SessionWriteTurn;
    bool paced = false;
    if (m_conn) {
        ngtcp2_conn_info info;
        ngtcp2_conn_get_conn_info(m_conn, &info);
        paced = !m_unpaced && info.min_rtt >= nanoseconds(Limits::PacingMinRtt);
        if (paced)
            turn = std::min(turn, ngtcp2_conn_get_send_quantum(m_conn));
    }

    WriteResult result = WriteResult::Done;
    while (m_conn) {
        if (m_state == State::Open)
            m_outbox.openStreams(m_conn);
        ngtcp2_path_storage storage;
        ngtcp2_path_storage_zero(&storage);
        ngtcp2_pkt_info info{};
        const ngtcp2_ssize written = writePacket(
            buffer.data() + used, std::min(buffer.size() - used, Limits::MaxDatagram),
            &storage.path, &info, now);
        if (written < 0) {
            flush();
            failed(int(written), now);
            break;
        }
        if (written == 0)
            break;
        const auto size = size_t(written);
        ++m_datagramsSent;
        const Path path{
            SocketAddress::fromSockaddr(storage.path.local.addr, storage.path.local.addrlen),
            SocketAddress::fromSockaddr(storage.path.remote.addr, storage.path.remote.addrlen)};
        const bool fits = used > run.start && size <= run.segmentSize && info.ecn == run.ecn
            && path == run.path && used + size - run.start <= Limits::MaxSegmentedBytes
            && used - run.start < Limits::MaxSegments * run.segmentSize
            && (used - run.start) % run.segmentSize == 0;
        if (!fits) {
            if (!flush()) {
                // The packet just written must not be lost: hand it over as well.
                sink(buffer.data() + used, size, size, path, info.ecn);
                result = WriteResult::Blocked;
                run.start = used;
                break;
            }
            run.segmentSize = size;
            run.path = path;
            run.ecn = info.ecn;
        }
        used += size;
        if (used >= turn) {
            result = WriteResult::More;
            break;
        }
    }
    if (result != WriteResult::Blocked && !flush())
        result = WriteResult::Blocked;
    // A connection that once went unpaced stays so: only this call clears ngtcp2's count of bytes to
    // be paid for, and a change of path would charge it for all that it ever sent.
    if (m_conn && paced && used > 0)
        ngtcp2_conn_update_pkt_tx_time(m_conn, now);
    else if (m_conn && used > 0)
        m_unpaced = true;

    if (m_closingPacketDue && result != WriteResult::Blocked) {
        m_closingPacketDue = false;
        const auto size = size_t(m_closingPacket.size());
        if (!sink(reinterpret_cast<const quint8 *>(m_closingPacket.constData()), size, size, m_path,
                  0))
            result = WriteResult::Blocked;
    }
    return result;
}

//! Fills one packet with as many messages as fit.
ngtcp2_ssize Session::writePacket(quint8 *dest, size_t size, ngtcp2_path *path,
                                  ngtcp2_pkt_info *info, ngtcp2_tstamp now)
{
    for (;;) {
        ngtcp2_vec vectors[4];
        size_t count = 0;
        qint64 streamId = -1;
        quint32 flags = NGTCP2_WRITE_STREAM_FLAG_NONE;
        Stream *stream = nullptr;
        const bool control = m_handshakeDone && m_control.hasData();
        if (control) {
            streamId = m_control.id;
            count = m_control.gather(vectors, std::size(vectors));
            flags = NGTCP2_WRITE_STREAM_FLAG_MORE;
        } else if (m_state == State::Open && (stream = m_outbox.next()) != nullptr) {
            streamId = stream->id;
            count = m_outbox.gather(*stream, vectors);
            flags = NGTCP2_WRITE_STREAM_FLAG_MORE | NGTCP2_WRITE_STREAM_FLAG_FIN;
        }
        ngtcp2_ssize taken = -1;
        const ngtcp2_ssize written = ngtcp2_conn_writev_stream(
            m_conn, path, info, dest, size, &taken, flags, streamId, vectors, count, now);
        if (taken > 0 && control)
            m_control.sent(taken);
        else if (taken > 0)
            m_outbox.sent(*stream, taken);
        switch (written) {
        case NGTCP2_ERR_WRITE_MORE:
            continue;
        case NGTCP2_ERR_STREAM_DATA_BLOCKED:
            if (control)
                m_control.setBlocked(true);
            else
                m_outbox.blocked(*stream);
            continue;
        case NGTCP2_ERR_STREAM_SHUT_WR: // the peer stopped reading it
        case NGTCP2_ERR_STREAM_NOT_FOUND:
            if (!stream)
                return controlViolation(QStringLiteral("The control stream is not read."));
            if (stream->isBidirectional())
                m_outbox.failed(*stream, causeOfStreamCode(0, ErrorCode::MessageRefused));
            else
                m_outbox.blocked(*stream); // it is closed soon, and then its code is known
            continue;
        default:
            return written;
        }
    }
}

} // namespace Qp2p::Engine
