// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// All connections of one endpoint: which datagram belongs to which, and what the rest deserves.
#pragma once

#include <qp2pcore/connectionstats.h>
#include <qp2pcore/engine/addresslimiter.h>
#include <qp2pcore/engine/addresstoken.h>
#include <qp2pcore/engine/eviction.h>
#include <qp2pcore/engine/receivebudget.h>
#include <qp2pcore/engine/sendbudget.h>
#include <qp2pcore/engine/session.h>
#include <qp2pcore/engine/tokenbucket.h>
#include <qp2pcore/engine/way.h>

#include <QHash>

#include <deque>
#include <map>
#include <set>
#include <unordered_map>

namespace Qp2p::Engine {

//! \brief Routes datagrams to sessions, answers those that have none, and keeps their deadlines.
//!
//! Call order in a pump: handleDatagram() for each, handleExpiry(), then write() until it is done,
//! then arm a timer for deadline(), then takeEvents() and deliver them. Between these, commands to
//! sessions through find(), each followed by touch().
class Router final : public SessionHost
{
public:
    //! \a settings.random must work. Errors: those of TlsContext::create().
    static Result<std::unique_ptr<Router>> create(const Settings &settings, ngtcp2_tstamp now);
    ~Router() override;
    Q_DISABLE_COPY_MOVE(Router)

    // Getters
    Session *find(SessionId id) const;
    EndpointStats stats() const;
    //! What the next takeEvents() takes.
    const EventList &events() const { return m_events; }
    const Settings &settings() const override { return m_settings; }
    //! When handleExpiry() is due; UINT64_MAX: never.
    ngtcp2_tstamp deadline() const;
    bool hasSessions() const { return !m_sessions.empty(); }
    bool hasWork() const { return !m_dirty.empty() || !m_answers.empty(); }

    // What happens
    //! Any bytes at all, from anywhere. \a data is not kept.
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
    //! From then on incoming connections are accepted; \a port is told to peers.
    void startAccepting(quint16 port);
    //! What hellos claim from now on.
    void setRole(Hello::Role role) { m_settings.role = role; }
    //! For handshakes from now on.
    void setAuthorities(std::shared_ptr<const TrustStore> authorities)
    {
        m_settings.authorities = std::move(authorities);
    }
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
    void touch(Session &session);

    // Output
    //! Returns false where the budget was spent or the sink is blocked: there is more.
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
    void connectionIdAdded(Session &session, const ngtcp2_cid &id) override;
    void connectionIdRemoved(Session &session, const ngtcp2_cid &id) override;
    void resetTokenAdded(Session &session, const ResetToken &token) override;
    void resetTokenRemoved(Session &session, const ResetToken &token) override;
    ResetToken resetTokenFor(const ngtcp2_cid &id) override;
    const TlsContext &tls() const override { return *m_tls; }
    ReceiveBudget &receiveBudget() override { return m_budget; }
    SendBudget &sendBudget() override { return m_sendBudget; }
    bool isAccepting() const override { return m_accepting; }
    quint64 initialConnectionWindow() const override
    {
        return m_budget.initialWindow(m_sessions.size());
    }

private:
    struct Entry
    {
        std::unique_ptr<Session> session;
        ngtcp2_tstamp deadline = UINT64_MAX; // as it stands in m_deadlines
        std::optional<AddressLimiter::Ticket> halfOpen; // while it counts as half-open
        std::optional<AddressLimiter::Ticket> place; // while it is open, where the peer has dialled
        QByteArray initialId; // the connection ID that its dialler chose at first
        bool dirty = false;
    };
    struct Answer
    {
        QByteArray datagram;
        Way way;
    };

    Router(const Settings &settings, std::shared_ptr<TlsContext> tls, ngtcp2_tstamp now);

    void handleInitial(const quint8 *data, size_t size, const ngtcp2_version_cid &ids,
                       const Way &way, quint8 ecn, ngtcp2_tstamp now);
    void handleUnknownShort(const quint8 *data, size_t size, const Way &way, quint8 ecn,
                            ngtcp2_tstamp now);
    void unreachable(Entry &entry, ngtcp2_tstamp now);
    void deliver(Entry &entry, const quint8 *data, size_t size, const Way &way, quint8 ecn,
                 ngtcp2_tstamp now);
    void sendVersionNegotiation(const ngtcp2_version_cid &ids, size_t size, const Way &way,
                                ngtcp2_tstamp now);
    void sendRetry(const ngtcp2_pkt_hd &header, size_t size, const Way &way, ngtcp2_tstamp now);
    void sendRefusal(const ngtcp2_pkt_hd &header, size_t size, quint64 code, const Way &way,
                     ngtcp2_tstamp now);
    bool answer(QByteArray datagram, size_t triggerSize, const Way &way);
    void settle(Entry &entry, ngtcp2_tstamp now);
    int placesForPeers() const;
    bool mayBegin(const SocketAddress &remote, ngtcp2_tstamp now);
    Crowding crowding() const;
    void takePlace(Entry &entry, ngtcp2_tstamp now);
    void evict(Session &session, ngtcp2_tstamp now);
    void keepBudget(ngtcp2_tstamp now);
    void serveLine(ngtcp2_tstamp now);
    void relieveLine(ngtcp2_tstamp now);
    bool refuseSlowest(ngtcp2_tstamp now);
    bool closeForMemory(ngtcp2_tstamp now);
    void closeForMemory(Session &session, const Error &cause, ngtcp2_tstamp now);
    void serveRefused();
    void closeStalled(ngtcp2_tstamp now);
    void remove(SessionId id);
    Entry *entryOf(const Session &session);

    Settings m_settings;
    std::shared_ptr<TlsContext> m_tls;
    AddressTokens m_tokens;
    std::array<quint8, 32> m_resetSecret;
    TokenBucket m_statelessBudget;
    TokenBucket m_retryBudget;
    AddressLimiter m_halfOpen;
    AddressLimiter m_open; // those that peers have dialled
    std::optional<Crowding> m_crowding; // for those who want to begin while all places are taken
    ngtcp2_tstamp m_crowdingAt = 0;
    ReceiveBudget m_budget;
    ngtcp2_tstamp m_relieveAt = UINT64_MAX; // when those that wait for the budget are looked at
    quint64 m_grantsSeen = 0; // of the budget, when that was done last
    ngtcp2_tstamp m_grantedAt = 0; // when those had last become more
    SendBudget m_sendBudget;
    ngtcp2_tstamp m_stallCheckAt = UINT64_MAX; // while it is tight
    bool m_accepting = false;

    std::unordered_map<SessionId, Entry> m_sessions;
    SessionId m_nextId = 1;
    QHash<quint64, Session *> m_byConnectionId; // our own ids, 8 random bytes
    QHash<QByteArray, Session *> m_byInitialId; // chosen by diallers, so hashed with a secret seed
    QHash<QByteArray, Session *> m_byResetToken;
    std::set<std::pair<ngtcp2_tstamp, SessionId>> m_deadlines;
    std::deque<SessionId> m_dirty;
    std::deque<Answer> m_answers;
    EventList m_events;
    EndpointStats m_stats;
};

} // namespace Qp2p::Engine
