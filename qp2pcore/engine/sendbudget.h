// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What all connections of an endpoint together may hold of what they have to send.
#pragma once

#include <qp2pcore/engine/socketaddress.h>

#include <QByteArray>

#include <ngtcp2/ngtcp2.h>

#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

namespace Qp2p::Engine {

//! \brief One limit for the bytes that wait to be sent or acknowledged, on all connections of an endpoint.
//!
//! Peers decide how long they wait, and by their requests also how many there are. So each group of addresses
//! may hold at most as much as is still free, and of the limit a part is kept for what is small and the first
//! of its group: one group alone takes less than half of the limit, and others go on at once.
//!
//! While more than a quarter is in use (isTight()), a connection that holds more than Limits::StalledFrom and
//! whose peer takes less than 1 KiB/s is in the way: worstStalled() is to be closed.
class SendBudget
{
public:
    struct Group
    {
        qint64 queued = 0; //!< of all its accounts
        int accounts = 0;
    };

    //! One session's part. The limit is kept by who asks hasRoom() before add().
    class Account
    {
    public:
        //! \a remote decides about the group.
        Account(SendBudget &budget, quint64 session, const SocketAddress &remote);
        //! Of what waits for a session: never among takeServed() and worstStalled().
        Account(SendBudget &budget, const SocketAddress &remote);
        ~Account();
        Q_DISABLE_COPY_MOVE(Account)

        //! \brief Whether \a bytes more may be added. Who is refused is among SendBudget::takeServed() later.
        bool hasRoom(qint64 bytes)
        {
            return m_group.second.queued + bytes <= m_budget.m_unkept - m_budget.m_queued
                || hasRoomAsFirst(bytes);
        }
        void add(qint64 bytes) { change(bytes); }
        //! The peer has acknowledged \a bytes.
        void acknowledged(qint64 bytes)
        {
            m_acknowledged += bytes;
            change(-bytes);
        }
        //! \a bytes are no longer to be sent.
        void drop(qint64 bytes) { change(-bytes); }
        qint64 queued() const { return m_queued; }
        const SendBudget &budget() const { return m_budget; }

    private:
        friend class SendBudget;
        bool hasRoomAsFirst(qint64 bytes);
        void change(qint64 bytes)
        {
            m_queued += bytes;
            m_group.second.queued += bytes;
            m_budget.m_queued += bytes;
        }

        SendBudget &m_budget;
        const quint64 m_session;
        std::pair<const QByteArray, Group> &m_group;
        qint64 m_queued = 0;
        qint64 m_wanted = 0; //!< what it was refused; 0: nothing
        qint64 m_acknowledged = 0;
        // Of the period under way, while it is tight:
        ngtcp2_tstamp m_since = 0;
        qint64 m_acknowledgedAtSince = 0;
    };

    //! \a limit in bytes.
    explicit SendBudget(qint64 limit);
    Q_DISABLE_COPY_MOVE(SendBudget)

    qint64 limit() const { return m_limit; }
    qint64 queued() const { return m_queued; }
    bool isTight() const { return m_queued > m_limit / 4; }

    //! \brief Sessions that were refused room and would get it now; each is returned once.
    std::vector<quint64> takeServed();
    //! It has become tight: from now on each connection must make progress.
    void startPeriods(ngtcp2_tstamp now);
    //! \brief Of the sessions that have made no progress for Limits::MessageProgressPeriod, the one that holds
    //! most in the group of addresses that holds most.
    std::optional<quint64> worstStalled(ngtcp2_tstamp now);

private:
    bool fits(const Account &account, qint64 bytes) const;

    const qint64 m_limit;
    const qint64 m_unkept; // of it, what is not kept for the first of each group
    qint64 m_queued = 0;
    std::map<QByteArray, Group> m_groups;
    std::unordered_map<quint64, Account *> m_accounts;
    std::vector<Account *> m_refused;
};

} // namespace Qp2p::Engine
