// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/router.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/engine/limits.h>
#include <qp2pcore/engine/packetform.h>

#include <new>

namespace Qp2p::Engine {

Result<std::unique_ptr<Router>> Router::create(const Settings &settings, ngtcp2_tstamp now)
{
    auto tls = TlsContext::create(settings.identity);
    if (!tls)
        return tls.error();
    return std::unique_ptr<Router>(new Router(settings, *tls, now));
}

Router::Router(const Settings &settings, std::shared_ptr<const TlsContext> tls, ngtcp2_tstamp now)
    : m_settings(settings)
    , m_tls(std::move(tls))
    , m_answers(settings, m_stats)
    , m_validation(settings, m_answers, m_stats, now)
    , m_admission(settings, [this] { return evictionCandidates(); })
    , m_memory(settings, *this)
{
}

Router::~Router() = default;

EndpointStats Router::stats() const
{
    EndpointStats stats = m_stats;
    stats.connections = int(m_sessions.size());
    stats.halfOpen = m_admission.halfOpenCount();
    stats.receiveBudget = m_memory.receiveBudget().limit();
    stats.receiveBudgetUsed = m_memory.receiveBudget().charged();
    stats.sendBudget = m_memory.sendBudget().limit();
    stats.sendBudgetUsed = m_memory.sendBudget().queued();
    return stats;
}

// ---- what happens

void Router::handleDatagram(const quint8 *data, size_t size, const Way &way, quint8 ecn,
                            ngtcp2_tstamp now)
{
    ++m_stats.datagramsReceived;
    m_stats.bytesReceived += size;
    const PacketForm form = packetForm(data, size);
    if (!way.canBeAnswered()) {
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
        if (m_accepting)
            m_answers.sendVersionNegotiation(ids, size, way, now);
        else
            ++m_stats.droppedUnknown;
        return;
    }
    if (rv != 0) {
        ++m_stats.droppedMalformed;
        return;
    }

    Session *session = m_ids.find(ids.dcid, ids.dcidlen);
    if (!session && form == PacketForm::Long)
        session = m_ids.findInitial(ids.dcid, ids.dcidlen);
    if (session) {
        // RFC 9000 section 6.1: only the dialler ever gets Version Negotiation. One without any
        // version is to be ignored (RFC 8999 section 6); ngtcp2 would give the dial up.
        const size_t headerSize = 7 + ids.dcidlen + ids.scidlen;
        if (form == PacketForm::Long && ids.version == 0
            && (session->side() == Side::Acceptor || size == headerSize)) {
            ++m_stats.droppedMalformed;
            return;
        }
        deliver(entryOf(*session), data, size, way, ecn, now);
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
    // This side has agreed to a leg, also where it does not listen.
    const bool mayCome = way.kind == Way::Kind::Leg ? !m_closing : m_accepting;
    if (!mayCome || size < Limits::MinInitialDatagram || ids.version == 0
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
    if (!m_validation.check(header, size, way, m_admission.halfOpenCount(), options, now))
        return;
    if (!m_admission.mayBegin(way, now)) {
        ++m_stats.droppedOverload;
        m_answers.sendRefusal(header, size, NGTCP2_CONNECTION_REFUSED, way, now);
        return;
    }
    Entry *entry = accept(options, way, now);
    if (entry)
        deliver(*entry, data, size, way, ecn, now);
    else // No answer: the dialler tries again by itself, and by then there may be room.
        ++m_stats.droppedOverload;
}

//! Null where there is no room or no memory.
Router::Entry *Router::accept(const Session::AcceptOptions &options, const Way &way,
                              ngtcp2_tstamp now)
{
    auto ticket = m_admission.begin(way);
    if (!ticket)
        return nullptr;
    const SessionId id = m_nextId++;
    std::unique_ptr<Session> session;
    try {
        session = Session::accept(*this, id, m_events, way, options, now);
    } catch (const std::bad_alloc &) {
    }
    if (!session) {
        m_admission.endHalfOpen(*ticket);
        return nullptr;
    }
    ++m_stats.handshakesStarted;
    Entry &entry = m_sessions[id];
    entry.session = std::move(session);
    m_shares.add(entry.share, way.remote);
    entry.admission = *std::move(ticket);
    const ngtcp2_cid &initialId = options.clientDestinationId;
    entry.initialId = QByteArray(reinterpret_cast<const char *>(initialId.data),
                                 qsizetype(initialId.datalen));
    m_ids.addInitial(entry.initialId, *entry.session);
    return &entry;
}

void Router::handleUnknownShort(const quint8 *data, size_t size, const Way &way, quint8 ecn,
                                ngtcp2_tstamp now)
{
    // A stateless reset has a random connection ID; its last 16 bytes say whose it is (RFC 9000
    // section 10.3.1).
    if (Session *session = m_ids.findByResetToken(data, size))
        deliver(entryOf(*session), data, size, way, ecn, now);
    else if (m_accepting)
        m_answers.sendReset(data, size, way, now);
    else
        ++m_stats.droppedUnknown;
}

void Router::deliver(Entry &entry, const quint8 *data, size_t size, const Way &way, quint8 ecn,
                     ngtcp2_tstamp now)
{
    Session &session = *entry.session;
    session.handleDatagram(data, size, way, ecn, now);
    touch(session);
    recordProgress(entry, now);
    m_memory.afterInput(now);
}

void Router::handleUnreachable(const Way &way, QByteArrayView quoted, ngtcp2_tstamp now)
{
    const auto isMeant = [&way](const Session &session) {
        return session.isUnansweredDial() && session.way().remote == way.remote;
    };
    if (hasFirstPacketHeader(quoted)) {
        const auto source = sourceIdOfFirstPacket(quoted);
        Session *session = source ? m_ids.find(source->data, source->datalen) : nullptr;
        if (session && isMeant(*session))
            reportUnreachable(entryOf(*session), now);
        return;
    }
    // RFC 792 asks for eight bytes of the datagram only, and those are the ports.
    std::vector<Entry *> meant;
    for (auto &[id, entry] : m_sessions) {
        if (isMeant(*entry.session))
            meant.push_back(&entry);
    }
    for (Entry *entry : meant)
        reportUnreachable(*entry, now);
}

void Router::reportUnreachable(Entry &entry, ngtcp2_tstamp now)
{
    entry.session->handleUnreachable(now);
    touch(*entry.session);
    recordProgress(entry, now);
}

void Router::handleExpiry(ngtcp2_tstamp now)
{
    m_memory.handleExpiry(now);
    bool pings = false;
    // Set again by write(): a session that is due again immediately does not keep us here.
    while (const auto id = m_schedule.takeDue(now)) {
        Session &due = session(*id);
        due.handleExpiry(now);
        pings |= due.isPingRequested(now);
        touch(due);
    }
    if (!pings)
        return;
    // Others wake us later all the same: they share this one.
    m_schedule.takeEarly(now, now + nanoseconds(Limits::KeepAliveEarliness),
                         Limits::KeepAlivesAtOnce, [&](SessionId id) {
                             Session &early = session(id);
                             early.sendKeepAlive(now);
                             touch(early);
                         });
}

// ---- commands

SessionId Router::dial(const Way &way, const Session::DialOptions &options, ngtcp2_tstamp now)
{
    const SessionId id = m_nextId++;
    auto session = Session::dial(*this, id, m_events, way, options, now);
    if (!session)
        return 0;
    ++m_stats.handshakesStarted;
    Entry &entry = m_sessions[id];
    entry.session = std::move(session);
    m_shares.add(entry.share, way.remote);
    touch(*entry.session);
    return id;
}

void Router::closeAll(quint64 code, const QByteArray &reason, const Error &cause, ngtcp2_tstamp now)
{
    m_accepting = false;
    m_closing = true;
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

// ---- bookkeeping

//! What a session counts as follows from how far it has come.
void Router::recordProgress(Entry &entry, ngtcp2_tstamp now)
{
    const bool isOpen = entry.session->isOpen();
    const bool isDecided = isOpen || !entry.session->isLive();
    if (entry.admission.isHalfOpen() && isDecided) {
        m_admission.endHalfOpen(entry.admission);
        if (!isOpen)
            ++m_stats.handshakesFailed;
        else
            admit(entry, now);
    }
    if (entry.admission.isOpen() && !entry.session->isLive())
        m_admission.endOpen(entry.admission);
    // The dialler uses our connection ID by now (RFC 9000 section 7.2).
    if (!entry.initialId.isEmpty() && isDecided) {
        m_ids.removeInitial(entry.initialId);
        entry.initialId.clear();
    }
}

//! Its peer has proven itself, so now another connection may have to close for it.
void Router::admit(Entry &entry, ngtcp2_tstamp now)
{
    Way way = entry.session->way();
    way.remote = entry.session->provenAddress(); // a forged source must not fill the group of a victim
    const auto evicted = m_admission.sessionToEvict(entry.session->id(), way);
    if (evicted)
        evict(session(*evicted), now);
    if (evicted == entry.session->id())
        return;
    m_admission.open(entry.admission, way);
    if (way.kind == Way::Kind::Leg)
        return;
    if (const QByteArray token = m_validation.makeAddressToken(way.remote, now); !token.isEmpty()) {
        entry.session->sendAddressToken(token);
        touch(*entry.session);
    }
}

void Router::evict(Session &session, ngtcp2_tstamp now)
{
    ++m_stats.connectionsEvicted;
    session.close(
        CloseCode::Evicted, "too many connections",
        Error(
            ErrorCode::ResourceLimit,
            QStringLiteral(
                "All connections that this side accepts are in use; this one was closed for "
                "another. Raise EndpointConfig::setMaxConnections() where so many are expected.")),
        now);
    touch(session);
    recordProgress(entryOf(session), now);
}

std::vector<EvictionCandidate> Router::evictionCandidates() const
{
    std::vector<EvictionCandidate> candidates;
    candidates.reserve(m_sessions.size());
    for (const auto &[id, entry] : m_sessions) {
        if (!entry.admission.isOpen())
            continue;
        const Session &session = *entry.session;
        candidates.push_back({id, session.provenAddress(), session.openedAt(), session.lastUsedAt(),
                              session.minRtt()});
    }
    return candidates;
}

void Router::visitSessions(const std::function<void(Session &)> &visit)
{
    for (const auto &[id, entry] : m_sessions)
        visit(*entry.session);
}

void Router::closeForMemory(Session &session, const Error &cause, ngtcp2_tstamp now)
{
    ++m_stats.connectionsClosedForMemory;
    session.close(CloseCode::MemoryLimit, "memory limit", cause, now);
    touch(session);
    recordProgress(entryOf(session), now);
}

void Router::remove(SessionId id)
{
    Entry &entry = m_sessions.at(id);
    m_admission.endOpen(entry.admission);
    m_admission.endHalfOpen(entry.admission);
    m_ids.removeAll(*entry.session);
    if (!entry.initialId.isEmpty())
        m_ids.removeInitial(entry.initialId);
    m_schedule.release(entry.schedule);
    m_shares.remove(id, entry.share);
    m_sessions.erase(id);
}

} // namespace Qp2p::Engine
