// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "bareside.h"

#include <qp2pcore/engine/limits.h>

#include <algorithm>
#include <cstring>

namespace Instructions {

namespace Limits = Qp2p::Engine::Limits;

namespace {

// Those of the library on a path that is neither loopback nor of local scope.
constexpr uint16_t MtuProbes[] = {1452, 1404, 1342, 1232};

void check(ngtcp2_ssize result, const char *what)
{
    if (result < 0)
        qFatal("ngtcp2: %s: %s", what, ngtcp2_strerror(int(result)));
}

template<typename T>
constexpr ngtcp2_duration nanoseconds(T duration)
{
    return ngtcp2_duration(std::chrono::nanoseconds(duration).count());
}

} // namespace

struct BareSide::Callbacks
{
    static BareSide &of(void *user) { return *static_cast<BareSide *>(user); }

    static int handshakeCompleted(ngtcp2_conn *, void *user)
    {
        // RFC 9001 section 4.1.2: to the server that is the confirmation.
        of(user).m_confirmed = of(user).m_end == Server;
        if (of(user).m_end == Server)
            of(user).m_credentials.sendTicket(of(user).m_tls.get());
        return 0;
    }

    static int handshakeConfirmed(ngtcp2_conn *, void *user)
    {
        of(user).m_confirmed = true;
        return 0;
    }

    static int streamData(ngtcp2_conn *conn, uint32_t flags, int64_t stream, uint64_t,
                          const uint8_t *, size_t size, void *user, void *)
    {
        of(user).m_bytesReceived += size;
        if ((flags & NGTCP2_STREAM_DATA_FLAG_FIN) != 0)
            ++of(user).m_messagesDone;
        ngtcp2_conn_extend_max_stream_offset(conn, stream, size);
        ngtcp2_conn_extend_max_offset(conn, size);
        return 0;
    }

    static int streamClosed(ngtcp2_conn *conn, uint32_t, int64_t, uint64_t, void *user, void *)
    {
        if (of(user).m_end == Client)
            ++of(user).m_messagesDone;
        else
            ngtcp2_conn_extend_max_streams_uni(conn, 1);
        return 0;
    }

    static int newConnectionId(ngtcp2_conn *, ngtcp2_cid *id, uint8_t *token, size_t size,
                               void *user)
    {
        *id = of(user).randomId(size);
        of(user).fillRandom(token, NGTCP2_STATELESS_RESET_TOKENLEN);
        return 0;
    }

    static void random(uint8_t *dest, size_t size, const ngtcp2_rand_ctx *context)
    {
        of(context->native_handle).fillRandom(dest, size);
    }

    static ngtcp2_callbacks table()
    {
        ngtcp2_callbacks callbacks{};
        callbacks.client_initial = ngtcp2_crypto_client_initial_cb;
        callbacks.recv_client_initial = ngtcp2_crypto_recv_client_initial_cb;
        callbacks.recv_crypto_data = ngtcp2_crypto_recv_crypto_data_cb;
        callbacks.encrypt = ngtcp2_crypto_encrypt_cb;
        callbacks.decrypt = ngtcp2_crypto_decrypt_cb;
        callbacks.hp_mask = ngtcp2_crypto_hp_mask_cb;
        callbacks.recv_retry = ngtcp2_crypto_recv_retry_cb;
        callbacks.update_key = ngtcp2_crypto_update_key_cb;
        callbacks.delete_crypto_aead_ctx = ngtcp2_crypto_delete_crypto_aead_ctx_cb;
        callbacks.delete_crypto_cipher_ctx = ngtcp2_crypto_delete_crypto_cipher_ctx_cb;
        callbacks.get_path_challenge_data = ngtcp2_crypto_get_path_challenge_data_cb;
        callbacks.version_negotiation = ngtcp2_crypto_version_negotiation_cb;
        callbacks.rand = random;
        callbacks.handshake_completed = handshakeCompleted;
        callbacks.handshake_confirmed = handshakeConfirmed;
        callbacks.recv_stream_data = streamData;
        callbacks.stream_close = streamClosed;
        callbacks.get_new_connection_id = newConnectionId;
        return callbacks;
    }
};

BareSide::BareSide(Wire &wire, End end, BareCredentials &credentials, ProbesMtu probesMtu)
    : m_wire(wire)
    , m_end(end)
    , m_credentials(credentials)
    , m_probesMtu(probesMtu)
    , m_random(1 + end)
    , m_local(Wire::address(end))
    , m_remote(Wire::address(otherEnd(end)))
    , m_buffer(Limits::MaxSegmentedBytes)
{
}

BareSide::~BareSide()
{
    end();
}

// ---- its life

void BareSide::dial()
{
    start(nullptr);
    write();
}

void BareSide::start(const ngtcp2_pkt_hd *initial)
{
    static const ngtcp2_callbacks callbacks = Callbacks::table();
    ngtcp2_settings settings;
    ngtcp2_settings_default(&settings);
    settings.initial_ts = m_wire.now();
    settings.initial_rtt = nanoseconds(Limits::InitialRtt);
    settings.max_window = Limits::MaxConnectionWindow;
    settings.max_stream_window = Limits::MaxStreamWindow;
    settings.rand_ctx.native_handle = this;
    settings.no_pmtud = m_probesMtu == ProbesMtu::No;
    settings.pmtud_probes = MtuProbes;
    settings.pmtud_probeslen = std::size(MtuProbes);
    settings.max_tx_udp_payload_size = MtuProbes[0];

    ngtcp2_transport_params params;
    ngtcp2_transport_params_default(&params);
    params.initial_max_stream_data_uni = Limits::InitialStreamWindow;
    params.initial_max_data = Limits::InitialConnectionWindow;
    params.initial_max_streams_uni = 1000;
    params.max_idle_timeout = 30 * NGTCP2_SECONDS;
    params.max_ack_delay = nanoseconds(Limits::MaxAckDelay);
    params.active_connection_id_limit = Limits::ActiveConnectionIds;

    const ngtcp2_cid own = randomId(Limits::ConnectionIdSize);
    const ngtcp2_path where = path();
    if (initial) {
        params.original_dcid = initial->dcid;
        params.original_dcid_present = 1;
        fillRandom(params.stateless_reset_token, sizeof(params.stateless_reset_token));
        params.stateless_reset_token_present = 1;
        check(ngtcp2_conn_server_new(&m_ref.conn, &initial->scid, &own, &where, initial->version,
                                     &callbacks, &settings, &params, nullptr, this),
              "server");
    } else {
        const ngtcp2_cid peer = randomId(18);
        check(ngtcp2_conn_client_new(&m_ref.conn, &peer, &own, &where, NGTCP2_PROTO_VER_V1,
                                     &callbacks, &settings, &params, nullptr, this),
              "client");
    }
    m_tls = m_credentials.newSession(m_end, m_ref);
    ngtcp2_conn_set_tls_native_handle(m_ref.conn, m_tls.get());
    m_confirmed = false;
}

void BareSide::close()
{
    ngtcp2_ccerr reason;
    ngtcp2_ccerr_default(&reason);
    ngtcp2_ccerr_set_application_error(&reason, 0, nullptr, 0);
    const ngtcp2_ssize size = ngtcp2_conn_write_connection_close(
        m_ref.conn, nullptr, nullptr, m_buffer.data(), m_buffer.size(), &reason, m_wire.now());
    check(size, "close");
    m_wire.send(m_end, m_buffer.data(), size_t(size), size_t(size), 0);
    end();
}

void BareSide::end()
{
    ngtcp2_conn_del(m_ref.conn);
    m_ref.conn = nullptr;
    m_tls.reset();
    m_wire.setAlarm(m_end, UINT64_MAX);
}

// ---- in

void BareSide::handle(Wire::Happens what)
{
    if (what == Wire::Happens::Arrival)
        receive();
    else if (m_ref.conn)
        check(ngtcp2_conn_handle_expiry(m_ref.conn, m_wire.now()), "expiry");
    write();
}

void BareSide::receive()
{
    while (const Wire::Run *run = m_wire.arrived(m_end)) {
        for (size_t offset = 0; offset < run->size; offset += run->segmentSize) {
            if (!handleDatagram(run->bytes.data() + offset,
                                std::min(run->segmentSize, run->size - offset), run->ecn))
                break;
        }
        m_wire.take(m_end);
    }
}

//! Returns whether there is a connection, still.
bool BareSide::handleDatagram(const quint8 *data, size_t size, quint8 ecn)
{
    if (!m_ref.conn) {
        ngtcp2_pkt_hd initial;
        if (m_end == Client || ngtcp2_accept(&initial, data, size) != 0)
            return false; // late, for a connection that is closed
        start(&initial);
    }
    const ngtcp2_path where = path();
    const ngtcp2_pkt_info info{ecn};
    const int result = ngtcp2_conn_read_pkt(m_ref.conn, &where, &info, data, size, m_wire.now());
    if (result == NGTCP2_ERR_DRAINING) {
        end();
        return false;
    }
    check(result, "read");
    return true;
}

// ---- out

void BareSide::send(const Messages &messages)
{
    m_messages = messages;
    m_message.assign(messages.size, 0x5a);
    write();
}

void BareSide::write()
{
    if (!m_ref.conn)
        return;
    m_blockedInARow = 0;
    // Datagrams of equal size, and then a shorter one, leave together, as UDP_SEGMENT takes them.
    size_t start = 0;
    size_t used = 0;
    size_t segmentSize = 0;
    quint8 ecn = 0;
    const auto flush = [&] {
        if (used > start)
            m_wire.send(m_end, m_buffer.data() + start, used - start, segmentSize, ecn);
        start = used;
    };
    for (;;) {
        if (m_buffer.size() - used < MtuProbes[0]) {
            flush();
            start = used = 0;
        }
        ngtcp2_pkt_info info{};
        const ngtcp2_ssize written = writePacket(m_buffer.data() + used, MtuProbes[0], &info);
        check(written, "write");
        if (written == 0)
            break;
        const auto size = size_t(written);
        if (size > segmentSize || info.ecn != ecn || (used - start) % segmentSize != 0
            || used - start >= Limits::MaxSegments * segmentSize) {
            flush();
            segmentSize = size;
            ecn = info.ecn;
        }
        used += size;
    }
    flush();
    m_wire.setAlarm(m_end, ngtcp2_conn_get_expiry(m_ref.conn));
}

ngtcp2_ssize BareSide::writePacket(quint8 *dest, size_t size, ngtcp2_pkt_info *info)
{
    for (;;) {
        Stream *stream = nextStream();
        ngtcp2_vec rest{};
        if (stream)
            rest = {m_message.data() + stream->sent, m_message.size() - stream->sent};
        ngtcp2_ssize taken = -1;
        const ngtcp2_ssize written = ngtcp2_conn_writev_stream(
            m_ref.conn, nullptr, info, dest, size, &taken,
            stream ? NGTCP2_WRITE_STREAM_FLAG_MORE | NGTCP2_WRITE_STREAM_FLAG_FIN
                   : NGTCP2_WRITE_STREAM_FLAG_NONE,
            stream ? stream->id : -1, &rest, stream ? 1 : 0, m_wire.now());
        if (stream && taken >= 0) {
            m_blockedInARow = 0;
            stream->sent += size_t(taken);
            if (stream->sent == m_message.size())
                m_streams.pop_front();
        }
        if (written == NGTCP2_ERR_STREAM_DATA_BLOCKED) {
            ++m_blockedInARow;
            m_streams.push_back(m_streams.front());
            m_streams.pop_front();
        } else if (written != NGTCP2_ERR_WRITE_MORE) {
            return written;
        }
    }
}

//! The first that may have credit; a new one where none waits and another may be under way.
BareSide::Stream *BareSide::nextStream()
{
    const bool mayOpen = m_messagesBegun < m_messages.count
        && m_messagesBegun - m_messagesDone < m_messages.inFlight;
    if (m_streams.empty() && mayOpen) {
        Stream stream;
        if (ngtcp2_conn_open_uni_stream(m_ref.conn, &stream.id, nullptr) == 0) {
            ++m_messagesBegun;
            m_streams.push_back(stream);
        }
    }
    return m_blockedInARow < m_streams.size() ? &m_streams.front() : nullptr;
}

// ---- small things

ngtcp2_cid BareSide::randomId(size_t size)
{
    ngtcp2_cid id{};
    id.datalen = size;
    fillRandom(id.data, size);
    return id;
}

void BareSide::fillRandom(quint8 *bytes, size_t size)
{
    std::generate_n(bytes, size, [this] { return quint8(m_random.next()); });
}

ngtcp2_path BareSide::path()
{
    return {m_local.ngtcp2Address(), m_remote.ngtcp2Address(), nullptr};
}

} // namespace Instructions
