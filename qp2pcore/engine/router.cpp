// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/router.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/engine/duration.h>
#include <qp2pcore/engine/limits.h>

#include <gnutls/crypto.h>
#include <ngtcp2/ngtcp2_crypto.h>

#include <cstring>
#include <new>

namespace Qp2p::Engine {

namespace {

quint64 keyOf(const ngtcp2_cid &id)
{
    quint64 key = 0;
    static_assert(sizeof(key) == Limits::ConnectionIdSize);
    std::memcpy(&key, id.data, sizeof(key));
    return key;
}

QByteArray bytesOf(const ResetToken &token)
{
    return QByteArray(reinterpret_cast<const char *>(token.data()), qsizetype(token.size()));
}

ngtcp2_cid cidOf(const quint8 *data, size_t size)
{
    ngtcp2_cid id;
    ngtcp2_cid_init(&id, data, size);
    return id;
}

enum class PacketForm { NotQuic, Malformed, Long, Short };

//! Everything that ngtcp2's parsers take for granted is checked here: they abort the process on an
//! empty datagram and on connection IDs of more than 20 bytes with an unknown version.
PacketForm formOf(const quint8 *data, size_t size)
{
    if (size == 0)
        return PacketForm::NotQuic;
    // RFC 9443: QUIC packets with the fixed bit are 64 to 127 and 192 to 255; STUN, DTLS and RTP
    // lie elsewhere. We never grease the bit, and nobody may to us.
    if ((data[0] & 0x40) == 0)
        return PacketForm::NotQuic;
    if ((data[0] & 0x80) == 0)
        return size >= Limits::MinShortHeaderDatagram ? PacketForm::Short : PacketForm::Malformed;
    // RFC 8999 section 5.1: flags, version, length and destination ID, length and source ID.
    constexpr size_t DestinationLengthAt = 5;
    if (size <= DestinationLengthAt)
        return PacketForm::Malformed;
    const size_t destinationSize = data[DestinationLengthAt];
    const size_t sourceLengthAt = DestinationLengthAt + 1 + destinationSize;
    if (destinationSize > NGTCP2_MAX_CIDLEN || size <= sourceLengthAt)
        return PacketForm::Malformed;
    const size_t sourceSize = data[sourceLengthAt];
    if (sourceSize > NGTCP2_MAX_CIDLEN || size < sourceLengthAt + 1 + sourceSize)
        return PacketForm::Malformed;
    return PacketForm::Long;
}

//! RFC 9000 section 10.3.2: the same again after a restart, so that peers learn at once that their
//! connections are gone. With the port, so that of two endpoints with one identity none can be made
//! to reset the connections of the other (section 21.11).
std::array<quint8, 32> resetSecretOf(const Settings &settings)
{
    QByteArray key = settings.identity.privateKeyDer();
    const QByteArray what = "qp2p stateless reset " + QByteArray::number(settings.localPort);
    std::array<quint8, 32> secret;
    if (gnutls_hmac_fast(GNUTLS_MAC_SHA256, key.constData(), size_t(key.size()), what.constData(),
                         size_t(what.size()), secret.data())
        != 0)
        settings.random(secret);
    gnutls_memset(key.data(), 0, size_t(key.size()));
    return secret;
}

bool isUsableSource(const Way &way)
{
    return way.remote.port() != 0 && !way.remote.isUnspecified();
}

} // namespace

Result<std::unique_ptr<Router>> Router::create(const Settings &settings, ngtcp2_tstamp now)
{
    auto tls = TlsContext::create(settings.identity);
    if (!tls)
        return tls.error();
    return std::unique_ptr<Router>(new Router(settings, *tls, now));
}

Router::Router(const Settings &settings, std::shared_ptr<TlsContext> tls, ngtcp2_tstamp now)
    : m_settings(settings)
    , m_tls(std::move(tls))
    , m_tokens(settings.random, now)
    , m_resetSecret(resetSecretOf(settings))
    , m_statelessBudget(Limits::StatelessAnswersPerSecond, Limits::StatelessAnswersPerSecond)
    , m_retryBudget(Limits::RetriesPerSecond, Limits::RetriesPerSecond / 10)
    // The IPv6 /56 is the smallest block that a household gets.
    , m_halfOpen({{4, 32, Limits::HalfOpenPerSubnet},
                  {6, 56, Limits::HalfOpenPerSubnet},
                  {6, 48, Limits::HalfOpenPerSite}})
    , m_open({{4, 32, settings.maxConnectionsPerAddress},
              {6, 64, settings.maxConnectionsPerAddress},
              {6, 48, settings.maxConnectionsPerSite}})
    , m_budget(settings.receiveBudget)
    , m_sendBudget(settings.sendBudget)
{
}

Router::~Router() = default;

Session *Router::find(SessionId id) const
{
    const auto entry = m_sessions.find(id);
    return entry == m_sessions.end() ? nullptr : entry->second.session.get();
}

EndpointStats Router::stats() const
{
    EndpointStats stats = m_stats;
    stats.connections = int(m_sessions.size());
    stats.halfOpen = m_halfOpen.count();
    stats.receiveBudget = m_budget.limit();
    stats.receiveBudgetUsed = m_budget.charged();
    stats.sendBudget = m_sendBudget.limit();
    stats.sendBudgetUsed = m_sendBudget.queued();
    return stats;
}

ngtcp2_tstamp Router::deadline() const
{
    const ngtcp2_tstamp ofBudgets = std::min(m_relieveAt, m_stallCheckAt);
    return m_deadlines.empty() ? ofBudgets : std::min(ofBudgets, m_deadlines.begin()->first);
}

// ---- what happens

void Router::handleDatagram(const quint8 *data, size_t size, const Way &way, quint8 ecn,
                            ngtcp2_tstamp now)
{
    ++m_stats.datagramsReceived;
    m_stats.bytesReceived += size;
    const PacketForm form = formOf(data, size);
    if (form == PacketForm::NotQuic || !isUsableSource(way)) {
        ++m_stats.droppedNotQuic;
        return;
    }
    if (form == PacketForm::Malformed) {
        ++m_stats.droppedMalformed;
        return;
    }
    ngtcp2_version_cid ids;
    const int rv = ngtcp2_pkt_decode_version_cid(&ids, data, size, Limits::ConnectionIdSize);
    // ngtcp2 knows version 2 (RFC 9369) as well, but one is what we offer.
    const bool otherVersion = rv == 0 && form == PacketForm::Long && ids.version != 0
        && ids.version != NGTCP2_PROTO_VER_V1;
    if (rv == NGTCP2_ERR_VERSION_NEGOTIATION || otherVersion) {
        sendVersionNegotiation(ids, size, way, now);
        return;
    }
    if (rv != 0) {
        ++m_stats.droppedMalformed;
        return;
    }

    const ngtcp2_cid destination = cidOf(ids.dcid, ids.dcidlen);
    Session *session = ids.dcidlen == Limits::ConnectionIdSize
        ? m_byConnectionId.value(keyOf(destination))
        : nullptr;
    if (!session && form == PacketForm::Long)
        session = m_byInitialId.value(QByteArray::fromRawData(
            reinterpret_cast<const char *>(ids.dcid), qsizetype(ids.dcidlen)));
    if (session) {
        // RFC 9000 section 6.1: only the dialler ever gets Version Negotiation. One without any
        // version is to be ignored (RFC 8999 section 6); ngtcp2 would give the dial up.
        const size_t headerSize = 7 + ids.dcidlen + ids.scidlen;
        if (form == PacketForm::Long && ids.version == 0
            && (session->side() == Side::Acceptor || size == headerSize)) {
            ++m_stats.droppedMalformed;
            return;
        }
        deliver(*entryOf(*session), data, size, way, ecn, now);
    } else if (form == PacketForm::Long) {
        handleInitial(data, size, ids, way, ecn, now);
    } else {
        handleUnknownShort(data, size, way, ecn, now);
    }
}

void Router::handleInitial(const quint8 *data, size_t size, const ngtcp2_version_cid &ids,
                           const Way &way, quint8 ecn, ngtcp2_tstamp now)
{
    ngtcp2_pkt_hd header;
    if (!m_accepting || size < Limits::MinInitialDatagram || ids.version == 0
        || ngtcp2_accept(&header, data, size) != 0
        // RFC 9000 section 7.2; ngtcp2 lets a token excuse a shorter one.
        || header.dcid.datalen < NGTCP2_MIN_INITIAL_DCIDLEN) {
        ++m_stats.droppedUnknown;
        return;
    }
    Session::AcceptOptions options;
    options.version = header.version;
    options.clientSourceId = header.scid;
    options.clientDestinationId = header.dcid;
    if (header.tokenlen > 0 && header.token[0] == NGTCP2_CRYPTO_TOKEN_MAGIC_RETRY2) {
        const QByteArrayView token(header.token, qsizetype(header.tokenlen));
        const AddressTokens::Checked checked = m_tokens.check(token, header.version, way.remote,
                                                              header.dcid, now);
        if (checked.verdict != AddressTokens::Verdict::Valid) {
            ++m_stats.tokensRejected;
            // The packet is not authenticated yet, and a bit may have flipped on the way: an answer
            // to an unreadable token would end an honest dial that only has to send again.
            if (checked.verdict == AddressTokens::Verdict::Stale)
                sendRefusal(header, size, NGTCP2_INVALID_TOKEN, way, now);
            return;
        }
        options.originalId = checked.originalId;
        options.token = token.toByteArray();
    }
    const bool wantsRetry = m_settings.retryMode == EndpointConfig::RetryMode::Always
        || (m_settings.retryMode == EndpointConfig::RetryMode::UnderLoad
            && m_halfOpen.count() >= Limits::HalfOpenBeforeRetry);
    if (wantsRetry && !options.originalId) {
        sendRetry(header, size, way, now);
        return;
    }
    if (!mayBegin(way.remote, now)) {
        ++m_stats.droppedOverload;
        sendRefusal(header, size, NGTCP2_CONNECTION_REFUSED, way, now);
        return;
    }
    const auto halfOpen = m_halfOpen.count() < Limits::HalfOpenTotal ? m_halfOpen.begin(way.remote)
                                                                     : std::nullopt;
    if (!halfOpen) {
        // No answer: the dialler tries again by itself, and by then there may be room.
        ++m_stats.droppedOverload;
        return;
    }
    const SessionId id = m_nextId++;
    std::unique_ptr<Session> session;
    try {
        session = Session::accept(*this, id, m_events, way, options, now);
    } catch (const std::bad_alloc &) {
    }
    if (!session) {
        m_halfOpen.end(*halfOpen);
        ++m_stats.droppedOverload;
        return;
    }
    ++m_stats.handshakesStarted;
    Entry &entry = m_sessions[id];
    entry.session = std::move(session);
    entry.halfOpen = halfOpen;
    entry.initialId = QByteArray(reinterpret_cast<const char *>(header.dcid.data),
                                 qsizetype(header.dcid.datalen));
    m_byInitialId.insert(entry.initialId, entry.session.get());
    deliver(entry, data, size, way, ecn, now);
}

void Router::handleUnknownShort(const quint8 *data, size_t size, const Way &way, quint8 ecn,
                                ngtcp2_tstamp now)
{
    // A stateless reset has a random connection ID; its last 16 bytes tell whose it is (RFC 9000
    // section 10.3.1).
    const QByteArray last = QByteArray::fromRawData(
        reinterpret_cast<const char *>(data + size - NGTCP2_STATELESS_RESET_TOKENLEN),
        NGTCP2_STATELESS_RESET_TOKENLEN);
    if (Session *session = m_byResetToken.value(last)) {
        deliver(*entryOf(*session), data, size, way, ecn, now);
        return;
    }
    if (!m_accepting || size < Limits::MinResetTrigger || !m_statelessBudget.take(now)) {
        ++m_stats.droppedUnknown;
        return;
    }
    const ngtcp2_cid id = cidOf(data + 1, Limits::ConnectionIdSize);
    const ResetToken token = resetTokenFor(id);
    // Of two lengths, and shorter than what it answers, so that two endpoints cannot reset each other endlessly.
    constexpr size_t LongestReset = 43;
    const size_t resetSize = size > LongestReset ? LongestReset : Limits::MinShortHeaderDatagram;
    const size_t randomSize = resetSize - token.size();
    std::array<quint8, LongestReset> noise;
    m_settings.random({noise.data(), randomSize});
    QByteArray datagram(qsizetype(size - 1), Qt::Uninitialized);
    const ngtcp2_ssize written = ngtcp2_pkt_write_stateless_reset(
        reinterpret_cast<quint8 *>(datagram.data()), size_t(datagram.size()), token.data(),
        noise.data(), randomSize);
    if (written <= 0)
        return;
    datagram.truncate(written);
    if (answer(datagram, size, way))
        ++m_stats.statelessResetsSent;
}

void Router::deliver(Entry &entry, const quint8 *data, size_t size, const Way &way, quint8 ecn,
                     ngtcp2_tstamp now)
{
    Session &session = *entry.session;
    session.handleDatagram(data, size, way, ecn, now);
    touch(session);
    settle(entry, now);
    if (m_budget.isExceeded())
        keepBudget(now);
}

void Router::handleUnreachable(const Way &way, QByteArrayView quoted, ngtcp2_tstamp now)
{
    const auto isMeant = [&way](const Session &session) {
        return session.isUnansweredDial() && session.way().remote == way.remote;
    };
    // Our first packets: flags, version, both connection IDs with their lengths (RFC 9000 section 17.2).
    constexpr qsizetype HeaderSize = 1 + 4 + 1 + Limits::FirstDestinationIdSize + 1
        + Limits::ConnectionIdSize;
    if (quoted.size() >= HeaderSize) {
        const auto *data = reinterpret_cast<const quint8 *>(quoted.data());
        const auto size = size_t(quoted.size());
        ngtcp2_version_cid ids;
        if (formOf(data, size) != PacketForm::Long
            || ngtcp2_pkt_decode_version_cid(&ids, data, size, Limits::ConnectionIdSize) != 0
            || ids.version != NGTCP2_PROTO_VER_V1 || ids.scidlen != Limits::ConnectionIdSize)
            return;
        Session *session = m_byConnectionId.value(keyOf(cidOf(ids.scid, ids.scidlen)));
        if (session && isMeant(*session))
            unreachable(*entryOf(*session), now);
        return;
    }
    // RFC 792 asks for eight bytes of the datagram only, and those are the ports.
    std::vector<Entry *> meant;
    for (auto &[id, entry] : m_sessions) {
        if (isMeant(*entry.session))
            meant.push_back(&entry);
    }
    for (Entry *entry : meant)
        unreachable(*entry, now);
}

void Router::unreachable(Entry &entry, ngtcp2_tstamp now)
{
    entry.session->handleUnreachable(now);
    touch(*entry.session);
    settle(entry, now);
}

void Router::handleExpiry(ngtcp2_tstamp now)
{
    if (now >= m_relieveAt)
        relieveLine(now);
    if (now >= m_stallCheckAt)
        closeStalled(now);
    while (!m_deadlines.empty() && m_deadlines.begin()->first <= now) {
        const SessionId id = m_deadlines.begin()->second;
        Entry &entry = m_sessions.at(id);
        // Re-entered by write(): a session that is due again at once must not keep us here.
        m_deadlines.erase(m_deadlines.begin());
        entry.deadline = UINT64_MAX;
        entry.session->handleExpiry(now);
        touch(*entry.session);
    }
}

// ---- commands

void Router::startAccepting(quint16 port)
{
    m_accepting = true;
    m_settings.listeningPort = port;
}

SessionId Router::dial(const Way &way, const Session::DialOptions &options, ngtcp2_tstamp now)
{
    const SessionId id = m_nextId++;
    auto session = Session::dial(*this, id, m_events, way, options, now);
    if (!session)
        return 0;
    ++m_stats.handshakesStarted;
    Entry &entry = m_sessions[id];
    entry.session = std::move(session);
    touch(*entry.session);
    return id;
}

void Router::closeAll(quint64 code, const QByteArray &reason, const Error &cause, ngtcp2_tstamp now)
{
    m_accepting = false;
    for (auto &[id, entry] : m_sessions) {
        entry.session->close(code, reason, cause, now);
        touch(*entry.session);
    }
}

void Router::proveAll(ngtcp2_tstamp now)
{
    for (auto &[id, entry] : m_sessions) {
        entry.session->prove(now);
        touch(*entry.session);
    }
}

void Router::touch(Session &session)
{
    Entry *entry = entryOf(session);
    if (!entry->dirty) {
        entry->dirty = true;
        m_dirty.push_back(session.id());
    }
}

// ---- output

bool Router::write(std::span<quint8> buffer, const DatagramSink &sink, ngtcp2_tstamp now)
{
    serveLine(now);
    if (!m_budget.hasLine()) {
        m_relieveAt = UINT64_MAX;
    } else if (m_relieveAt == UINT64_MAX) {
        m_relieveAt = now + nanoseconds(Limits::BudgetWait);
        m_grantedAt = now;
    }
    serveRefused();
    if (!m_sendBudget.isTight()) {
        m_stallCheckAt = UINT64_MAX;
    } else if (m_stallCheckAt == UINT64_MAX) {
        m_stallCheckAt = now + nanoseconds(Limits::BudgetCheckInterval);
        m_sendBudget.startPeriods(now);
    }
    size_t written = 0;
    const DatagramSink counting = [&](const quint8 *data, size_t size, size_t segmentSize,
                                      const Way &way, quint8 ecn) {
        written += size;
        m_stats.bytesSent += size;
        m_stats.datagramsSent += (size + segmentSize - 1) / segmentSize;
        return sink(data, size, segmentSize, way, ecn);
    };
    while (!m_answers.empty()) {
        const Answer next = std::move(m_answers.front());
        m_answers.pop_front();
        const auto size = size_t(next.datagram.size());
        if (!counting(reinterpret_cast<const quint8 *>(next.datagram.constData()), size, size,
                      next.way, 0))
            return false;
    }
    while (!m_dirty.empty()) {
        if (written >= Limits::PumpWriteBudget)
            return false;
        const SessionId id = m_dirty.front();
        m_dirty.pop_front();
        const auto found = m_sessions.find(id);
        if (found == m_sessions.end())
            continue;
        Entry &entry = found->second;
        entry.dirty = false;
        const Session::WriteResult result = entry.session->write(buffer, counting, now);
        settle(entry, now);
        if (entry.session->state() == Session::State::Gone) {
            remove(id);
            continue;
        }
        const ngtcp2_tstamp deadline = entry.session->deadline();
        if (deadline != entry.deadline) {
            m_deadlines.erase({entry.deadline, id});
            if (deadline != UINT64_MAX)
                m_deadlines.insert({deadline, id});
            entry.deadline = deadline;
        }
        if (result != Session::WriteResult::Done)
            touch(*entry.session);
        if (result == Session::WriteResult::Blocked)
            return false;
    }
    return true;
}

// ---- stateless answers

void Router::sendVersionNegotiation(const ngtcp2_version_cid &ids, size_t size, const Way &way,
                                    ngtcp2_tstamp now)
{
    // RFC 9000 section 5.2.2: a datagram too small for an Initial is not answered.
    if (!m_accepting || size < Limits::MinInitialDatagram || !m_statelessBudget.take(now)) {
        ++m_stats.droppedUnknown;
        return;
    }
    const uint32_t versions[] = {NGTCP2_PROTO_VER_V1};
    quint8 unused = 0;
    m_settings.random({&unused, 1});
    QByteArray datagram(qsizetype(size), Qt::Uninitialized);
    const ngtcp2_ssize written = ngtcp2_pkt_write_version_negotiation(
        reinterpret_cast<quint8 *>(datagram.data()), size_t(datagram.size()), unused, ids.scid,
        ids.scidlen, ids.dcid, ids.dcidlen, versions, std::size(versions));
    if (written <= 0)
        return;
    datagram.truncate(written);
    if (answer(datagram, size, way))
        ++m_stats.versionNegotiationsSent;
}

void Router::sendRetry(const ngtcp2_pkt_hd &header, size_t size, const Way &way, ngtcp2_tstamp now)
{
    if (!m_retryBudget.take(now)) {
        ++m_stats.droppedOverload;
        return;
    }
    ngtcp2_cid retryId;
    retryId.datalen = Limits::ConnectionIdSize;
    m_settings.random({retryId.data, retryId.datalen});
    const QByteArray token = m_tokens.make(header.version, way.remote, retryId, header.dcid, now);
    QByteArray datagram(qsizetype(Limits::MinInitialDatagram), Qt::Uninitialized);
    const ngtcp2_ssize written = ngtcp2_crypto_write_retry(
        reinterpret_cast<quint8 *>(datagram.data()), size_t(datagram.size()), header.version,
        &header.scid, &retryId, &header.dcid, reinterpret_cast<const quint8 *>(token.constData()),
        size_t(token.size()));
    if (token.isEmpty() || written <= 0)
        return;
    datagram.truncate(written);
    if (answer(datagram, size, way))
        ++m_stats.retriesSent;
}

//! An immediate close without any state (RFC 9000 section 10.2.3).
void Router::sendRefusal(const ngtcp2_pkt_hd &header, size_t size, quint64 code, const Way &way,
                         ngtcp2_tstamp now)
{
    if (!m_statelessBudget.take(now))
        return;
    QByteArray datagram(qsizetype(Limits::MinInitialDatagram), Qt::Uninitialized);
    const ngtcp2_ssize written = ngtcp2_crypto_write_connection_close(
        reinterpret_cast<quint8 *>(datagram.data()), size_t(datagram.size()), header.version,
        &header.scid, &header.dcid, code, nullptr, 0);
    if (written <= 0)
        return;
    datagram.truncate(written);
    answer(datagram, size, way);
}

//! Never more out than came in: the address is not validated, and may be a victim's.
bool Router::answer(QByteArray datagram, size_t triggerSize, const Way &way)
{
    if (size_t(datagram.size()) > triggerSize)
        return false;
    if (m_answers.size() >= Limits::AnswersWaiting) {
        ++m_stats.droppedOverload;
        return false;
    }
    datagram.squeeze();
    m_answers.push_back({std::move(datagram), way});
    return true;
}

// ---- bookkeeping

//! Takes note of how far the session has come.
void Router::settle(Entry &entry, ngtcp2_tstamp now)
{
    const Session::State state = entry.session->state();
    if (entry.halfOpen && state >= Session::State::Open) {
        m_halfOpen.end(*entry.halfOpen);
        entry.halfOpen.reset();
        if (state != Session::State::Open)
            ++m_stats.handshakesFailed;
        else
            takePlace(entry, now);
    }
    if (entry.place && !entry.session->isLive()) {
        m_open.end(*entry.place);
        entry.place.reset();
    }
    // The dialler uses our connection ID by now (RFC 9000 section 7.2).
    if (!entry.initialId.isEmpty() && state >= Session::State::Open) {
        m_byInitialId.remove(entry.initialId);
        entry.initialId.clear();
    }
}

// ---- places

//! A tenth is kept for own dials, so that peers cannot cut us off by coming first.
int Router::placesForPeers() const
{
    return m_settings.maxConnections - m_settings.maxConnections / 10;
}

//! Whether a handshake with \a remote can lead to a place. Cheap, for anyone may ask.
bool Router::mayBegin(const SocketAddress &remote, ngtcp2_tstamp now)
{
    if (!m_open.hasRoom(remote))
        return false;
    // Half-open ones don't count: they have a limit of their own, and must not keep others out.
    if (m_open.count() < placesForPeers())
        return true;
    if (!m_crowding || now - m_crowdingAt >= nanoseconds(Limits::CrowdingInterval)) {
        m_crowding.emplace(crowding());
        m_crowdingAt = now;
    }
    return m_crowding->victimFor(remote).has_value();
}

Crowding Router::crowding() const
{
    std::vector<EvictionCandidate> candidates;
    candidates.reserve(size_t(m_open.count()));
    for (const auto &[id, entry] : m_sessions) {
        if (!entry.place)
            continue;
        const Session &session = *entry.session;
        candidates.push_back({id, session.way().remote, session.openedAt(), session.lastMessageAt(),
                              session.minRtt()});
    }
    return Crowding(candidates);
}

//! It has proven itself, so now somebody else may have to go for it.
void Router::takePlace(Entry &entry, ngtcp2_tstamp now)
{
    const SocketAddress remote = entry.session->way().remote;
    const bool isFull = m_open.count() >= placesForPeers();
    const auto victim = isFull ? crowding().victimFor(remote) : std::nullopt;
    if (!m_open.hasRoom(remote) || (isFull && !victim)) {
        evict(*entry.session, now);
        return;
    }
    if (victim)
        evict(*m_sessions.at(*victim).session, now);
    entry.place = m_open.begin(remote);
}

void Router::evict(Session &session, ngtcp2_tstamp now)
{
    ++m_stats.connectionsEvicted;
    session.close(
        CloseCode::Evicted, "too many connections",
        Error(ErrorCode::ResourceLimit,
              QStringLiteral("All connections that this side accepts are in use; this one "
                             "was closed for another.")),
        now);
    touch(session);
    settle(*entryOf(session), now);
}

// ---- the receive budget

void Router::keepBudget(ngtcp2_tstamp now)
{
    while (m_budget.isExceeded() && closeForMemory(now)) {
    }
}

//! Closes the session that holds most beyond what was granted; returns false where none does.
bool Router::closeForMemory(ngtcp2_tstamp now)
{
    const auto worst = m_budget.worst();
    if (!worst)
        return false;
    closeForMemory(*m_sessions.at(*worst).session,
                   Error(ErrorCode::ResourceLimit,
                         QStringLiteral("The receive budget of %1 bytes is spent, and of all peers "
                                        "this one held most of it.")
                             .arg(m_budget.limit())),
                   now);
    return true;
}

void Router::closeForMemory(Session &session, const Error &cause, ngtcp2_tstamp now)
{
    ++m_stats.connectionsClosedForMemory;
    session.close(CloseCode::MemoryLimit, "memory limit", cause, now);
    touch(session);
    settle(*entryOf(session), now);
}

//! Whoever waits for room in the budget gets it as far as there is some.
void Router::serveLine(ngtcp2_tstamp now)
{
    for (auto next = m_budget.next(); next; next = m_budget.next()) {
        Session &session = *m_sessions.at(*next).session;
        session.admitWaiting(now);
        touch(session);
        if (m_budget.next() == next)
            return; // it still waits
    }
}

//! Somebody has waited for long.
void Router::relieveLine(ngtcp2_tstamp now)
{
    m_relieveAt = now + nanoseconds(Limits::BudgetCheckInterval);
    while (m_budget.hasLine() && refuseSlowest(now))
        serveLine(now);
    if (std::exchange(m_grantsSeen, m_budget.grants()) != m_budget.grants()) {
        m_grantedAt = now;
    } else if (m_budget.hasLine() && now - m_grantedAt >= nanoseconds(Limits::BudgetStall)) {
        if (closeForMemory(now))
            serveLine(now);
    }
}

//! Of all messages under way, the one that would keep its room for longest gives it up, where that is long.
bool Router::refuseSlowest(ngtcp2_tstamp now)
{
    Session *holder = nullptr;
    Inbox::Slow slowest;
    slowest.secondsLeft = std::chrono::duration<double>(Limits::BudgetPatience).count();
    for (const auto &[id, entry] : m_sessions) {
        const Inbox::Slow slow = entry.session->slowestMessage(now);
        if (slow.secondsLeft > slowest.secondsLeft) {
            slowest = slow;
            holder = entry.session.get();
        }
    }
    if (!holder)
        return false;
    holder->refuseSlowMessage(*slowest.stream, now);
    touch(*holder);
    return true;
}

// ---- the send budget

void Router::serveRefused()
{
    for (const SessionId id : m_sendBudget.takeServed())
        m_sessions.at(id).session->sendBudgetHasRoom();
}

//! Peers that take nothing must not keep the budget from the others.
void Router::closeStalled(ngtcp2_tstamp now)
{
    m_stallCheckAt = now + nanoseconds(Limits::BudgetCheckInterval);
    while (m_sendBudget.isTight()) {
        const auto worst = m_sendBudget.worstStalled(now);
        if (!worst)
            return;
        closeForMemory(*m_sessions.at(*worst).session,
                       Error(ErrorCode::ResourceLimit,
                             QStringLiteral("The peer did not take what was sent to it, while the "
                                            "send budget of %1 bytes was more than a quarter used.")
                                 .arg(m_sendBudget.limit())),
                       now);
    }
}

void Router::remove(SessionId id)
{
    Entry &entry = m_sessions.at(id);
    if (entry.place)
        m_open.end(*entry.place);
    if (entry.halfOpen)
        m_halfOpen.end(*entry.halfOpen);
    for (const ngtcp2_cid &connectionId : entry.session->connectionIds())
        m_byConnectionId.remove(keyOf(connectionId));
    for (const ResetToken &token : entry.session->resetTokens())
        m_byResetToken.remove(bytesOf(token));
    if (!entry.initialId.isEmpty())
        m_byInitialId.remove(entry.initialId);
    m_deadlines.erase({entry.deadline, id});
    m_sessions.erase(id);
}

Router::Entry *Router::entryOf(const Session &session)
{
    return &m_sessions.at(session.id());
}

void Router::connectionIdAdded(Session &session, const ngtcp2_cid &id)
{
    m_byConnectionId.insert(keyOf(id), &session);
}

void Router::connectionIdRemoved(Session &session, const ngtcp2_cid &id)
{
    Q_UNUSED(session)
    m_byConnectionId.remove(keyOf(id));
}

void Router::resetTokenAdded(Session &session, const ResetToken &token)
{
    m_byResetToken.insert(bytesOf(token), &session);
}

void Router::resetTokenRemoved(Session &session, const ResetToken &token)
{
    Q_UNUSED(session)
    m_byResetToken.remove(bytesOf(token));
}

ResetToken Router::resetTokenFor(const ngtcp2_cid &id)
{
    ResetToken token{};
    ngtcp2_crypto_generate_stateless_reset_token(token.data(), m_resetSecret.data(),
                                                 m_resetSecret.size(), &id);
    return token;
}

} // namespace Qp2p::Engine
