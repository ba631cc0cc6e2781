// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// All connections of one endpoint: which datagram belongs to which, and when each has something to do.
#pragma once

#include <qp2pcore/certificates/knowncertificates.h>
#include <qp2pcore/connectionstats.h>
#include <qp2pcore/engine/addressvalidation.h>
#include <qp2pcore/engine/admission.h>
#include <qp2pcore/engine/memorypressure.h>
#include <qp2pcore/engine/session.h>
#include <qp2pcore/engine/sessionindex.h>
#include <qp2pcore/engine/sessionschedule.h>
#include <qp2pcore/engine/socketshares.h>
#include <qp2pcore/engine/statelessanswers.h>
#include <qp2pcore/engine/ticketkey.h>
#include <qp2pcore/engine/way.h>

#include <unordered_map>

namespace Qp2p::Engine {

//! \brief Routes datagrams to sessions, and keeps the sessions, their deadlines and their turns.
//!
//! What has no session is answered by StatelessAnswers; Admission says which peers may have one, and
//! MemoryPressure which have to give up memory.
//!
//! Call order in a pump: handleDatagram() for each, handleExpiry(), then write() until it is done,
//! then arm a timer for deadline(), then takeEvents() and deliver them. Between these, commands to
//! sessions through find(), each followed by touch().
class Router final : public SessionHost, private MemoryPressure::Sessions
{
public:
    //! \a settings.random must work. Errors: those of TlsContext::create().
    static Result<std::unique_ptr<Router>> create(const Settings &settings, ngtcp2_tstamp now);
    ~Router() override;
    Q_DISABLE_COPY_MOVE(Router)

    // Getters
    Session *find(SessionId id) const
    {
        const auto entry = m_sessions.find(id);
        return entry == m_sessions.end() ? nullptr : entry->second.session.get();
    }
    EndpointStats stats() const;
    //! What the next takeEvents() takes.
    const EventList &events() const { return m_events; }
    const Settings &settings() const override { return m_settings; }
    //! When handleExpiry() is due; UINT64_MAX: never.
    ngtcp2_tstamp deadline() { return std::min(m_memory.deadline(), m_schedule.deadline()); }
    bool hasSessions() const { return !m_sessions.empty(); }
    bool hasWork() const { return m_schedule.hasTurns() || !m_answers.isEmpty(); }

    // What happens
    //! Any bytes at all, from anywhere; what is no QUIC packet counts as malformed. \a data is not kept.
    void handleDatagram(const quint8 *data, size_t size, const Way &way, quint8 ecn,
                        ngtcp2_tstamp now);
    //! \brief The system says that nothing receives at \a way.remote (ICMP, port unreachable). \a quoted:
    //! the beginning of the datagram that came back, as far as it is known, perhaps nothing.
    //!
    //! Of effect only on dials to just there that have heard nothing yet, and only on the one that the
    //! quoted datagram is of, where that can be seen (RFC 9000 section 14.2.1).
    void handleUnreachable(const Way &way, QByteArrayView quoted, ngtcp2_tstamp now);
    void handleExpiry(ngtcp2_tstamp now);

    // Commands
    //! From then on incoming connections are accepted; \a port is advertised to peers.
    void startAccepting(quint16 port)
    {
        m_accepting = true;
        m_settings.listeningPort = port;
    }
    //! \brief For handshakes from now on, and verifyAgain(). The key must be the same. Errors: those of
    //! TlsContext::create(), after which nothing has changed.
    Result<void> setIdentity(const Identity &identity);
    //! Null in EncryptOnly.
    const TrustStore *authorities() const { return m_settings.authorities.get(); }
    //! For handshakes from now on, and verifyAgain().
    void setAuthorities(std::shared_ptr<const TrustStore> authorities)
    {
        m_settings.authorities = std::move(authorities);
        ++m_settings.authoritiesVersion;
    }
    //! \brief Verifies the certificates of peers again that were accepted by earlier authorities or have expired since,
    //! at most Limits::MaxVerificationsPerRound of them. Returns whether there are more.
    bool verifyAgain(ngtcp2_tstamp now);
    //! For connections from now on.
    void setQlog(QlogFactory factory) { m_settings.qlog = std::move(factory); }
    //! \a way.local is the bound address, unspecified or not (see DatagramChannel).
    //! 0 where there is no memory.
    SessionId dial(const Way &way, const Session::DialOptions &options, ngtcp2_tstamp now);
    //! Nothing is accepted any more either.
    void closeAll(quint64 code, const QByteArray &reason, const Error &cause, ngtcp2_tstamp now);
    //! Every open session has to hear from its peer: see Session::prove().
    void proveAll(ngtcp2_tstamp now);
    //! Something was asked of \a session: it gets its turn in the next write().
    void touch(Session &session) override
    {
        m_schedule.addTurn(session.id(), entryOf(session).schedule);
    }

    // Output
    //! \brief Each session that has something to send gets one turn, in the order in which they asked for it. Returns
    //! false where there is more: sessions would go on, the budget was spent, or the sink is blocked.
    bool write(std::span<quint8> buffer, const DatagramSink &sink, ngtcp2_tstamp now);
    //! What happened since the last call, in order.
    EventList takeEvents() { return std::exchange(m_events, {}); }
    //! Behind what is in \a events; where that is empty, its memory is used again for the next ones.
    void takeEvents(EventList &events)
    {
        if (events.empty()) {
            events.swap(m_events);
            return;
        }
        events.insert(events.end(), std::make_move_iterator(m_events.begin()),
                      std::make_move_iterator(m_events.end()));
        m_events.clear();
    }

    // SessionHost
    void connectionIdAdded(Session &session, const ngtcp2_cid &id) override
    {
        m_ids.add(id, session);
    }
    void connectionIdRemoved(Session &, const ngtcp2_cid &id) override { m_ids.remove(id); }
    void resetTokenAdded(Session &session, const ResetToken &token) override
    {
        m_ids.add(token, session);
    }
    void resetTokenRemoved(Session &, const ResetToken &token) override { m_ids.remove(token); }
    ResetToken resetTokenFor(const ngtcp2_cid &id) override { return m_answers.resetToken(id); }
    const std::shared_ptr<const TlsContext> &tls() const override { return m_tls; }
    QByteArrayView ticketKey(ngtcp2_tstamp now) override { return m_ticketKey.at(now); }
    void handshakeResumed() override { ++m_stats.handshakesResumed; }
    KnownCertificates &knownCertificates() override { return m_knownCertificates; }
    ReceiveBudget &receiveBudget() override { return m_memory.receiveBudget(); }
    SendBudget &sendBudget() override { return m_memory.sendBudget(); }
    bool isAccepting() const override { return m_accepting; }
    quint64 initialConnectionWindow() const override
    {
        return m_memory.receiveBudget().initialWindow(m_sessions.size());
    }

private:
    struct Entry
    {
        std::unique_ptr<Session> session;
        SessionSchedule::Entry schedule;
        SocketShares::Entry share;
        Admission::Ticket admission; // of a peer that has dialled
        QByteArray initialId; // the connection ID that its dialler chose at first
    };

    Router(const Settings &settings, std::shared_ptr<const TlsContext> tls, ngtcp2_tstamp now);

    // MemoryPressure::Sessions
    Session &session(SessionId id) override { return *m_sessions.at(id).session; }
    void visitSessions(const std::function<void(Session &)> &visit) override;
    void closeForMemory(Session &session, const Error &cause, ngtcp2_tstamp now) override;

    void handleInitial(const quint8 *data, size_t size, const ngtcp2_version_cid &ids,
                       const Way &way, quint8 ecn, ngtcp2_tstamp now);
    Entry *accept(const Session::AcceptOptions &options, const Way &way, ngtcp2_tstamp now);
    void handleUnknownShort(const quint8 *data, size_t size, const Way &way, quint8 ecn,
                            ngtcp2_tstamp now);
    void deliver(Entry &entry, const quint8 *data, size_t size, const Way &way, quint8 ecn,
                 ngtcp2_tstamp now);
    void reportUnreachable(Entry &entry, ngtcp2_tstamp now);
    Session::WriteResult write(SessionId id, Entry &entry, std::span<quint8> buffer, size_t turn,
                               const DatagramSink &sink, ngtcp2_tstamp now);
    void releaseWaiting(const Entry &entry);
    void recordProgress(Entry &entry, ngtcp2_tstamp now);
    void admit(Entry &entry, ngtcp2_tstamp now);
    void evict(Session &session, ngtcp2_tstamp now);
    std::vector<EvictionCandidate> evictionCandidates() const;
    void remove(SessionId id);
    Entry &entryOf(const Session &session) { return m_sessions.at(session.id()); }

    Settings m_settings;
    std::shared_ptr<const TlsContext> m_tls;
    TicketKey m_ticketKey;
    KnownCertificates m_knownCertificates;
    EndpointStats m_stats;
    StatelessAnswers m_answers;
    AddressValidation m_validation;
    Admission m_admission;
    MemoryPressure m_memory; // outlives the sessions, whose accounts are in its budgets
    SessionIndex m_ids;
    bool m_accepting = false;
    bool m_closing = false; // closeAll() was called

    std::unordered_map<SessionId, Entry> m_sessions;
    SessionId m_nextId = 1;
    SessionSchedule m_schedule;
    SocketShares m_shares;
    size_t m_released = 0; // turns given in the present write() to sessions that had waited
    EventList m_events;
};

} // namespace Qp2p::Engine
