// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What all connections of an endpoint together may hold of what they have received.
#pragma once

#include <qp2pcore/engine/socketaddress.h>

#include <QByteArray>

#include <ngtcp2/ngtcp2.h>

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <unordered_map>

namespace Qp2p::Engine {

//! \brief One limit for the bytes that an endpoint has received and not yet handed to its program.
//!
//! Every session has an Account. An account is charged what its session holds, or what it has reserved for
//! messages under way, whichever is more. So the bytes of a message that was granted room never count as
//! excess, however much of it is there: an honest peer in the middle of a large message is never the one
//! that pays for others.
//!
//! - While the charges exceed half of the limit, isTight(): each message must keep its own pace.
//! - A reservation that does not fit waits; next is, of those whose group of addresses has least
//!   reserved, the one that came first (next()).
//! - A part is kept for the first small reservation of each group, so that a group without any need not wait.
//! - Where the excess over the reservations takes the sum above the limit, isExceeded(), and worst() is to
//!   be closed. Bytes that wait for this program (Account::setWaitsForProgram()) are no excess: they
//!   withhold credit from all peers, and no connection is closed for them.
//!
//! Flow-control windows grow out of a pool of half the limit, for what a window allows may come at once.
class ReceiveBudget
{
public:
    struct Group
    {
        qint64 reserved = 0; //!< by all its accounts
        qint64 excess = 0; //!< only while worst() runs
        int accounts = 0;
    };

    class Account
    {
    public:
        //! \a remote decides about the group.
        Account(ReceiveBudget &budget, quint64 session, const SocketAddress &remote);
        ~Account();
        Q_DISABLE_COPY_MOVE(Account)

        //! \brief Sets \a bytes aside for a message under way. Returns false where it must wait for its turn.
        bool reserve(qint64 bytes);
        void release(qint64 bytes);
        qint64 reserved() const { return m_reserved; }
        //! \brief What is held now: \a inOrder bytes of messages, and what the transport has \a allocated.
        void update(qint64 inOrder, size_t allocated);
        //! The program does not read: what is held in order waits for it, not for the peer.
        void setWaitsForProgram(bool waits);
        //! The session has ended and holds nothing any more.
        void clear();
        //! \brief Room for a flow-control window to grow; returns how much of \a bytes it may.
        qint64 growWindow(qint64 bytes);
        void stopWaiting();
        bool isTight() const { return m_budget.isTight(); }

        //! What it is charged.
        qint64 charge() const { return std::max(m_reserved, m_inOrder + m_allocated); }
        //! What it holds beyond its reservations.
        qint64 excess() const { return std::max<qint64>(0, heldForPeer() - m_reserved); }

    private:
        friend class ReceiveBudget;
        //! What counts when a connection has to be closed.
        qint64 heldForPeer() const { return m_allocated + (m_waitsForProgram ? 0 : m_inOrder); }
        //! Calls \a change and keeps the sums.
        template<typename Change>
        void apply(Change &&change);

        ReceiveBudget &m_budget;
        const quint64 m_session;
        std::pair<const QByteArray, Group> &m_group;
        qint64 m_reserved = 0;
        qint64 m_inOrder = 0;
        qint64 m_allocated = 0; //!< beyond what any connection needs
        qint64 m_window = 0; //!< taken from the pool
        bool m_waitsForProgram = false;
        bool m_isWaiting = false;
    };

    //! \a limit in bytes.
    explicit ReceiveBudget(qint64 limit);
    Q_DISABLE_COPY_MOVE(ReceiveBudget)

    qint64 limit() const { return m_limit; }
    qint64 charged() const { return m_charged; }
    bool isTight() const { return m_charged > m_limit / 2; }
    bool isExceeded() const { return m_heldForPeers > m_limit; }
    //! \brief The session with the largest excess, in the group of addresses with the largest excess. None
    //! where no session has any.
    std::optional<quint64> worst();
    bool hasWaiting() const { return !m_waiting.empty(); }
    //! How often a reservation was granted so far.
    quint64 grants() const { return m_grants; }
    //! \brief The session whose turn it is to reserve; it waits until it has, or stops waiting.
    std::optional<quint64> next() const;
    //! \brief What a connection that opens now offers to take at once, bytes.
    quint64 initialWindow(size_t connections) const;

private:
    Account *nextWaiting() const;

    const qint64 m_limit;
    qint64 m_charged = 0;
    qint64 m_heldForPeers = 0; // like m_charged, without what waits for the program
    qint64 m_windows = 0;
    quint64 m_grants = 0;
    std::map<QByteArray, Group> m_groups;
    std::unordered_map<quint64, Account *> m_accounts;
    std::deque<Account *> m_waiting;
};

} // namespace Qp2p::Engine
