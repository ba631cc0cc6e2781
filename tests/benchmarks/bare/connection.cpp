// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "connection.h"

#include "endpoint.h"

#include <qp2pcore/engine/limits.h>

#include <gnutls/crypto.h>

#include <algorithm>
#include <stdexcept>

namespace Bare {

namespace Limits = Qp2p::Engine::Limits;

namespace {

// Those of the library on a network.
constexpr uint16_t MtuProbes[] = {1452, 1404, 1342, 1232};

void check(int result, const char *what)
{
    if (result < 0)
        throw std::runtime_error(std::string("ngtcp2: ") + what + ": " + ngtcp2_strerror(result));
}

template<typename T>
constexpr ngtcp2_duration nanoseconds(T duration)
{
    return ngtcp2_duration(std::chrono::nanoseconds(duration).count());
}

void fillRandom(uint8_t *bytes, size_t size)
{
    gnutls_rnd(GNUTLS_RND_NONCE, bytes, size);
}

ngtcp2_cid randomId(size_t size)
{
    ngtcp2_cid id{};
    id.datalen = size;
    fillRandom(id.data, size);
    return id;
}

bool isUni(int64_t stream)
{
    return (stream & 2) != 0;
}

} // namespace

struct Connection::Callbacks
{
    static Connection &of(void *user) { return *static_cast<Connection *>(user); }

    static int handshakeCompleted(ngtcp2_conn *, void *user)
    {
        of(user).m_endpoint.handler().opened(of(user));
        return 0;
    }

    static int streamData(ngtcp2_conn *conn, uint32_t flags, int64_t stream, uint64_t,
                          const uint8_t *, size_t size, void *user, void *)
    {
        Connection &connection = of(user);
        ngtcp2_conn_extend_max_stream_offset(conn, stream, size);
        ngtcp2_conn_extend_max_offset(conn, size);
        const bool ends = (flags & NGTCP2_STREAM_DATA_FLAG_FIN) != 0;
        if (isUni(stream))
            return 0;
        if (ngtcp2_conn_is_local_stream(conn, stream) != 0) {
            if (ends)
                connection.m_endpoint.handler().confirmed(connection);
            return 0;
        }
        size_t &received = connection.m_requests[stream];
        received += size;
        if (ends) {
            connection.m_streams.push_back({stream, received, 0});
            connection.m_requests.erase(stream);
        }
        return 0;
    }

    static int streamClosed(ngtcp2_conn *conn, uint32_t, int64_t stream, uint64_t, void *user,
                            void *)
    {
        Connection &connection = of(user);
        if (ngtcp2_conn_is_local_stream(conn, stream) != 0) {
            if (isUni(stream))
                connection.m_endpoint.handler().confirmed(connection);
        } else if (isUni(stream)) {
            ngtcp2_conn_extend_max_streams_uni(conn, 1);
        } else {
            ngtcp2_conn_extend_max_streams_bidi(conn, 1);
        }
        return 0;
    }

    static int newConnectionId(ngtcp2_conn *, ngtcp2_cid *id, uint8_t *token, size_t size,
                               void *user)
    {
        *id = randomId(size);
        fillRandom(token, NGTCP2_STATELESS_RESET_TOKENLEN);
        of(user).m_endpoint.addId(of(user), *id);
        return 0;
    }

    static void random(uint8_t *dest, size_t size, const ngtcp2_rand_ctx *)
    {
        fillRandom(dest, size);
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
        callbacks.recv_stream_data = streamData;
        callbacks.stream_close = streamClosed;
        callbacks.get_new_connection_id = newConnectionId;
        return callbacks;
    }
};

Connection::Connection(Endpoint &endpoint, const sockaddr_in &remote, const ngtcp2_pkt_hd *initial)
    : m_endpoint(endpoint)
    , m_role(initial ? Role::Server : Role::Client)
    , m_local(endpoint.address())
    , m_remote(remote)
{
    start(initial);
    m_ref.get_conn = [](ngtcp2_crypto_conn_ref *ref) {
        return static_cast<Connection *>(ref->user_data)->m_conn;
    };
    m_ref.user_data = this;
    m_session = endpoint.credentials().newSession(m_role, m_ref);
    ngtcp2_conn_set_tls_native_handle(m_conn, m_session.get());
}

Connection::~Connection()
{
    ngtcp2_conn_del(m_conn);
}

void Connection::start(const ngtcp2_pkt_hd *initial)
{
    static const ngtcp2_callbacks callbacks = Callbacks::table();
    ngtcp2_settings settings;
    ngtcp2_settings_default(&settings);
    settings.initial_ts = Endpoint::now();
    settings.initial_rtt = nanoseconds(Limits::InitialRtt);
    settings.max_window = Limits::MaxConnectionWindow;
    settings.max_stream_window = Limits::MaxStreamWindow;
    settings.pmtud_probes = MtuProbes;
    settings.pmtud_probeslen = std::size(MtuProbes);
    settings.max_tx_udp_payload_size = MtuProbes[0];

    ngtcp2_transport_params params;
    ngtcp2_transport_params_default(&params);
    params.initial_max_stream_data_uni = Limits::InitialStreamWindow;
    params.initial_max_stream_data_bidi_local = Limits::InitialStreamWindow;
    params.initial_max_stream_data_bidi_remote = Limits::InitialStreamWindow;
    params.initial_max_data = Limits::InitialConnectionWindow;
    params.initial_max_streams_uni = 1000;
    params.initial_max_streams_bidi = 100;
    params.max_idle_timeout = 60 * NGTCP2_SECONDS;
    params.max_ack_delay = nanoseconds(Limits::MaxAckDelay);
    params.active_connection_id_limit = Limits::ActiveConnectionIds;

    const ngtcp2_cid own = randomId(Endpoint::IdSize);
    const ngtcp2_path where = path();
    if (initial) {
        params.original_dcid = initial->dcid;
        params.original_dcid_present = 1;
        fillRandom(params.stateless_reset_token, sizeof(params.stateless_reset_token));
        params.stateless_reset_token_present = 1;
        check(ngtcp2_conn_server_new(&m_conn, &initial->scid, &own, &where, initial->version,
                                     &callbacks, &settings, &params, nullptr, this),
              "server");
        m_endpoint.addId(*this, initial->dcid);
    } else {
        const ngtcp2_cid peer = randomId(18);
        check(ngtcp2_conn_client_new(&m_conn, &peer, &own, &where, NGTCP2_PROTO_VER_V1, &callbacks,
                                     &settings, &params, nullptr, this),
              "client");
    }
    m_endpoint.addId(*this, own);
}

void Connection::keepAlive()
{
    ngtcp2_conn_set_keep_alive_timeout(m_conn, 20 * NGTCP2_SECONDS);
}

bool Connection::read(const uint8_t *data, size_t size, uint8_t ecn)
{
    const ngtcp2_path where = path();
    const ngtcp2_pkt_info info{ecn};
    return ngtcp2_conn_read_pkt(m_conn, &where, &info, data, size, Endpoint::now()) == 0;
}

bool Connection::handleExpiry()
{
    return ngtcp2_conn_handle_expiry(m_conn, Endpoint::now()) == 0;
}

bool Connection::write()
{
    static std::vector<uint8_t> buffer(Limits::MaxSegmentedBytes);
    m_blockedInARow = 0;
    for (;;) {
        ngtcp2_path_storage where;
        ngtcp2_path_storage_zero(&where);
        ngtcp2_pkt_info info{};
        size_t segmentSize = 0;
        const ngtcp2_ssize size = ngtcp2_conn_write_aggregate_pkt(
            m_conn, &where.path, &info, buffer.data(), buffer.size(), &segmentSize,
            [](ngtcp2_conn *, ngtcp2_path *path, ngtcp2_pkt_info *packetInfo, uint8_t *dest,
               size_t destSize, ngtcp2_tstamp now, void *user) {
                return Callbacks::of(user).writePacket(path, packetInfo, dest, destSize, now);
            },
            Endpoint::now());
        if (size < 0)
            return false;
        if (size == 0)
            return true;
        m_endpoint.socket().send(m_remote, buffer.data(), size_t(size), segmentSize, info.ecn);
    }
}

ngtcp2_ssize Connection::writePacket(ngtcp2_path *path, ngtcp2_pkt_info *info, uint8_t *dest,
                                     size_t size, ngtcp2_tstamp now)
{
    for (;;) {
        openStreams();
        Stream *const stream = m_blockedInARow < m_streams.size() ? &m_streams.front() : nullptr;
        ngtcp2_vec rest{};
        if (stream)
            rest = {const_cast<uint8_t *>(m_endpoint.payload()) + stream->sent,
                    stream->size - stream->sent};
        ngtcp2_ssize taken = -1;
        const ngtcp2_ssize written = ngtcp2_conn_writev_stream(
            m_conn, path, info, dest, size, &taken,
            stream ? NGTCP2_WRITE_STREAM_FLAG_MORE | NGTCP2_WRITE_STREAM_FLAG_FIN
                   : NGTCP2_WRITE_STREAM_FLAG_NONE,
            stream ? stream->id : -1, &rest, stream ? 1 : 0, now);
        if (stream && taken >= 0) {
            m_blockedInARow = 0;
            stream->sent += size_t(taken);
            if (stream->sent == stream->size)
                m_streams.pop_front();
        }
        if (written == NGTCP2_ERR_STREAM_DATA_BLOCKED) {
            ++m_blockedInARow;
            m_streams.push_back(m_streams.front());
            m_streams.pop_front();
        } else if (written == NGTCP2_ERR_STREAM_SHUT_WR || written == NGTCP2_ERR_STREAM_NOT_FOUND) {
            m_streams.pop_front();
        } else if (written != NGTCP2_ERR_WRITE_MORE) {
            return written;
        }
    }
}

//! One at a time, and only where all others wait for credit: a packet takes the next message where it has room.
void Connection::openStreams()
{
    if (m_blockedInARow < m_streams.size())
        return;
    int64_t id = -1;
    if (!m_pendingMessages.empty() && ngtcp2_conn_open_uni_stream(m_conn, &id, nullptr) == 0) {
        m_streams.push_front({id, m_pendingMessages.front(), 0});
        m_pendingMessages.pop_front();
    } else if (!m_pendingRequests.empty()
               && ngtcp2_conn_open_bidi_stream(m_conn, &id, nullptr) == 0) {
        m_streams.push_front({id, m_pendingRequests.front(), 0});
        m_pendingRequests.pop_front();
    }
}

void Connection::close()
{
    uint8_t buffer[1200];
    ngtcp2_ccerr reason;
    ngtcp2_ccerr_default(&reason);
    ngtcp2_ccerr_set_application_error(&reason, 0, nullptr, 0);
    const ngtcp2_ssize size = ngtcp2_conn_write_connection_close(
        m_conn, nullptr, nullptr, buffer, sizeof(buffer), &reason, Endpoint::now());
    if (size > 0)
        m_endpoint.socket().send(m_remote, buffer, size_t(size), size_t(size), 0);
}

ngtcp2_path Connection::path()
{
    return {{reinterpret_cast<ngtcp2_sockaddr *>(&m_local), sizeof(m_local)},
            {reinterpret_cast<ngtcp2_sockaddr *>(&m_remote), sizeof(m_remote)},
            nullptr};
}

} // namespace Bare
