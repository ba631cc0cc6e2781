// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <shared/engine/rawpeer.h>

#include <shared/engine/enginesettings.h>
#include <shared/engine/rawpeercallbacks.h>

#include <qp2pcore/engine/tls.h>

#include <cstring>

namespace Qp2p::Test {

using namespace Qp2p::Engine;
using RawPeerParts::CarrierBytes;
using RawPeerParts::CarrierSize;
using RawPeerParts::cidOf;
using RawPeerParts::current;

namespace {

constexpr size_t PacketSize = 1200;

void setUp(ngtcp2_settings &settings, ngtcp2_transport_params &params, const RandomSource &random,
           ngtcp2_tstamp now)
{
    ngtcp2_settings_default(&settings);
    settings.initial_ts = now;
    settings.no_pmtud = 1;
    settings.max_tx_udp_payload_size = PacketSize;
    settings.rand_ctx.native_handle = const_cast<RandomSource *>(&random);
    // Its own limits must not be what stops it.
    settings.glitch_ratelim_burst = 100'000'000;
    settings.glitch_ratelim_rate = 100'000'000;
    ngtcp2_transport_params_default(&params);
    params.initial_max_stream_data_bidi_local = 1 << 20;
    params.initial_max_stream_data_bidi_remote = 1 << 20;
    params.initial_max_stream_data_uni = 1 << 20;
    params.initial_max_data = 1 << 24;
    params.initial_max_streams_bidi = 100;
    params.initial_max_streams_uni = 100;
    params.active_connection_id_limit = 8;
}

} // namespace

RawPeer::RawPeer(const SocketAddress &own, const SocketAddress &peer, const Options &options,
                 ngtcp2_tstamp now)
    : Party(own)
    , m_options(options)
    , m_random(seededRandomSource(options.seed))
{
    m_ref.user_data = this;
    m_ref.get_conn = [](ngtcp2_crypto_conn_ref *ref) {
        return static_cast<RawPeer *>(ref->user_data)->m_conn;
    };
    if (m_options.tls.side == Side::Dialler)
        startDialling(peer, now);
}

RawPeer::~RawPeer()
{
    ngtcp2_conn_del(m_conn);
}

void RawPeer::startDialling(const SocketAddress &peer, ngtcp2_tstamp now)
{
    static const ngtcp2_callbacks callbacks = Callbacks::table();
    m_peer = peer;
    ngtcp2_settings settings;
    ngtcp2_transport_params params;
    setUp(settings, params, m_random, now);
    settings.handshake_timeout = m_options.handshakeTimeout;
    if (m_options.parameters)
        m_options.parameters(params);
    const ngtcp2_cid destination = cidOf(m_random, 18);
    const ngtcp2_cid source = cidOf(m_random, 8);
    const ngtcp2_path path{address.ngtcp2Address(), m_peer.ngtcp2Address(), nullptr};
    if (ngtcp2_conn_client_new(&m_conn, &destination, &source, &path, NGTCP2_PROTO_VER_V1,
                               &callbacks, &settings, &params, nullptr, this)
        != 0)
        qFatal("no connection");
    startTls();
}

bool RawPeer::startAccepting(const Datagram &datagram, ngtcp2_tstamp now)
{
    static const ngtcp2_callbacks callbacks = Callbacks::table();
    ngtcp2_pkt_hd header;
    if (ngtcp2_accept(&header, reinterpret_cast<const quint8 *>(datagram.data.constData()),
                      size_t(datagram.data.size()))
        != 0)
        return false;
    m_peer = datagram.from;
    ngtcp2_settings settings;
    ngtcp2_transport_params params;
    setUp(settings, params, m_random, now);
    params.original_dcid = header.dcid;
    params.original_dcid_present = 1;
    if (m_options.parameters)
        m_options.parameters(params);
    const ngtcp2_cid source = cidOf(m_random, 8);
    const ngtcp2_path path{address.ngtcp2Address(), m_peer.ngtcp2Address(), nullptr};
    if (ngtcp2_conn_server_new(&m_conn, &header.scid, &source, &path, NGTCP2_PROTO_VER_V1,
                               &callbacks, &settings, &params, nullptr, this)
        != 0)
        qFatal("no connection");
    startTls();
    return true;
}

void RawPeer::startTls()
{
    m_tls = makeRawTls(m_options.tls, &m_ref);
    ngtcp2_conn_set_tls_native_handle(m_conn, m_tls.get());
}

void RawPeer::check(int rv)
{
    if (rv == 0)
        return;
    m_failure = rv;
    if (rv != NGTCP2_ERR_DRAINING || m_reset)
        return;
    const ngtcp2_ccerr *ccerr = ngtcp2_conn_get_ccerr(m_conn);
    m_close = Close{
        ccerr->type == NGTCP2_CCERR_TYPE_APPLICATION, ccerr->error_code,
        QByteArray(reinterpret_cast<const char *>(ccerr->reason), qsizetype(ccerr->reasonlen))};
}

void RawPeer::receive(const Datagram &datagram, ngtcp2_tstamp now)
{
    m_bytesReceived += quint64(datagram.data.size());
    if (!m_conn && (m_options.tls.side == Side::Dialler || !startAccepting(datagram, now)))
        return;
    if (m_failure != 0)
        return;
    current = this;
    const ngtcp2_path path{address.ngtcp2Address(), m_peer.ngtcp2Address(), nullptr};
    const ngtcp2_pkt_info info{};
    check(ngtcp2_conn_read_pkt(m_conn, &path, &info,
                               reinterpret_cast<const quint8 *>(datagram.data.constData()),
                               size_t(datagram.data.size()), now));
    current = nullptr;
    if (m_handshakeDone && m_failure == 0 && m_options.tls.side == Side::Dialler
        && !std::exchange(m_greeted, true) && !m_options.hello.isEmpty())
        send(open(true), m_options.hello);
}

void RawPeer::expire(ngtcp2_tstamp now)
{
    if (m_failure == 0)
        check(ngtcp2_conn_handle_expiry(m_conn, now));
}

ngtcp2_tstamp RawPeer::deadline() const
{
    return m_conn && m_failure == 0 && writes ? ngtcp2_conn_get_expiry(m_conn) : UINT64_MAX;
}

std::vector<Datagram> RawPeer::write(ngtcp2_tstamp now)
{
    std::vector<Datagram> written;
    if (!m_conn || m_failure != 0 || !writes)
        return written;
    current = this;
    if (m_handshakeDone) {
        std::vector<qint64> streams; // of which some may close meanwhile
        for (const auto &entry : m_outgoing)
            streams.push_back(entry.first);
        for (const qint64 id : streams) {
            while (m_outgoing.contains(id) && writeStream(id, m_outgoing.at(id), written, now)) {
            }
        }
    }
    ngtcp2_ssize result = 0;
    while (writePacket(-1, NGTCP2_WRITE_STREAM_FLAG_NONE, nullptr, nullptr, written, now, &result)) {
    }
    // An acceptor may write 1-RTT packets before the handshake is done (RFC 9001 section 5.7).
    const bool hasKey = m_handshakeDone || m_options.tls.side == Side::Acceptor;
    while (hasKey && m_failure == 0 && !m_packets.empty() && writeCarrier(written, now)) {
    }
    current = nullptr;
    return written;
}

//! True where a packet was written and there may be more.
bool RawPeer::writeStream(qint64 id, Outgoing &out, std::vector<Datagram> &written,
                          ngtcp2_tstamp now)
{
    const bool hasData = out.current < out.kept.size();
    if (m_failure != 0 || out.finSent || (!hasData && !out.fin))
        return false;
    ngtcp2_vec data{nullptr, 0};
    if (hasData) {
        QByteArray &chunk = out.kept[out.current];
        data = {reinterpret_cast<quint8 *>(const_cast<char *>(chunk.constData())) + out.sent,
                size_t(chunk.size() - out.sent)};
    }
    const bool last = out.current + 1 >= out.kept.size() && out.fin;
    ngtcp2_ssize taken = -1;
    ngtcp2_ssize result = 0;
    const bool wrote = writePacket(
        id, last ? NGTCP2_WRITE_STREAM_FLAG_FIN : NGTCP2_WRITE_STREAM_FLAG_NONE, &data, &taken,
        written, now, &result);
    if (taken < 0)
        return wrote; // e.g. an acknowledgement went first
    out.sent += taken;
    if (hasData && out.sent == out.kept[out.current].size()) {
        ++out.current;
        out.sent = 0;
    }
    out.finSent = last && size_t(taken) == data.len;
    return wrote;
}

//! Writes a full packet, whose frames the encrypt callback replaces.
bool RawPeer::writeCarrier(std::vector<Datagram> &written, ngtcp2_tstamp now)
{
    if (m_carrier < 0 && ngtcp2_conn_open_uni_stream(m_conn, &m_carrier, nullptr) != 0)
        return false;
    ngtcp2_vec data{reinterpret_cast<quint8 *>(const_cast<char *>(CarrierBytes)), CarrierSize};
    ngtcp2_ssize taken = -1;
    ngtcp2_ssize result = 0;
    const size_t before = m_packets.size();
    return writePacket(m_carrier, NGTCP2_WRITE_STREAM_FLAG_PADDING, &data, &taken, written, now,
                       &result)
        && m_packets.size() < before;
}

bool RawPeer::writePacket(qint64 stream, quint32 flags, const ngtcp2_vec *data, ngtcp2_ssize *taken,
                          std::vector<Datagram> &written, ngtcp2_tstamp now, ngtcp2_ssize *result)
{
    std::array<quint8, PacketSize> buffer;
    ngtcp2_path_storage path;
    ngtcp2_path_storage_zero(&path);
    ngtcp2_pkt_info info{};
    *result = ngtcp2_conn_writev_stream(m_conn, &path.path, &info, buffer.data(), buffer.size(),
                                        taken, flags, stream, data, data ? 1 : 0, now);
    if (*result == NGTCP2_ERR_STREAM_DATA_BLOCKED || *result == NGTCP2_ERR_STREAM_SHUT_WR
        || *result == NGTCP2_ERR_STREAM_NOT_FOUND)
        return false;
    if (*result < 0)
        check(int(*result));
    if (*result <= 0)
        return false;
    written.push_back(
        {address, m_peer,
         QByteArray(reinterpret_cast<const char *>(buffer.data()), qsizetype(*result))});
    return true;
}

QByteArray RawPeer::sessionTicket() const
{
    gnutls_datum_t data{nullptr, 0};
    if ((gnutls_session_get_flags(m_tls.get()) & GNUTLS_SFLAGS_SESSION_TICKET) == 0
        || gnutls_session_get_data2(m_tls.get(), &data) < 0)
        return {};
    const QByteArray ticket(reinterpret_cast<const char *>(data.data), qsizetype(data.size));
    gnutls_free(data.data);
    return ticket;
}

bool RawPeer::sawFrame(const QByteArray &frame) const
{
    return std::any_of(m_plaintexts.begin(), m_plaintexts.end(),
                       [&](const QByteArray &frames) { return frames.contains(frame); });
}

int RawPeer::count(const QByteArray &prefix) const
{
    int found = 0;
    for (const QByteArray &frames : m_plaintexts)
        found += int(frames.count(prefix));
    return found;
}

qint64 RawPeer::open(bool bidirectional)
{
    int64_t stream = -1;
    const int rv = bidirectional ? ngtcp2_conn_open_bidi_stream(m_conn, &stream, nullptr)
                                 : ngtcp2_conn_open_uni_stream(m_conn, &stream, nullptr);
    return rv == 0 ? stream : -1;
}

void RawPeer::send(qint64 stream, const QByteArray &data, Fin fin)
{
    Outgoing &out = m_outgoing[stream];
    if (!data.isEmpty())
        out.kept.push_back(data);
    out.fin = fin == Fin::Yes;
}

qint64 RawPeer::sendOnNewStream(const QByteArray &data, Fin fin, bool bidirectional)
{
    const qint64 stream = open(bidirectional);
    if (stream >= 0)
        send(stream, data, fin);
    return stream;
}

void RawPeer::reset(qint64 stream, quint64 code)
{
    ngtcp2_conn_shutdown_stream_write(m_conn, 0, stream, code);
}

void RawPeer::stopReading(qint64 stream, quint64 code)
{
    ngtcp2_conn_shutdown_stream_read(m_conn, 0, stream, code);
}

bool RawPeer::updateKey(ngtcp2_tstamp now)
{
    return ngtcp2_conn_initiate_key_update(m_conn, now) == 0;
}

bool RawPeer::hasUnsent() const
{
    return std::any_of(m_outgoing.begin(), m_outgoing.end(), [](const auto &entry) {
        const Outgoing &out = entry.second;
        return out.current < out.kept.size() || (out.fin && !out.finSent);
    });
}

void RawPeer::sendFrames(const QByteArray &frames, quint8 headerBits)
{
    Q_ASSERT(frames.size() <= FrameCapacity);
    m_packets.push_back({frames, headerBits});
}

} // namespace Qp2p::Test
