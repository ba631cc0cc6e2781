// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/sendbudget.h>

#include <qp2pcore/engine/addressprefix.h>
#include <qp2pcore/engine/duration.h>
#include <qp2pcore/engine/limits.h>

#include <algorithm>
#include <utility>

namespace Qp2p::Engine {

// ---- one session

SendBudget::Account::Account(SendBudget &budget, quint64 session, const SocketAddress &remote)
    : m_budget(budget)
    , m_session(session)
    , m_group(*budget.m_groups.try_emplace(addressGroup(remote)).first)
{
    ++m_group.second.accounts;
    m_budget.m_accounts.emplace(session, this);
}

SendBudget::Account::Account(SendBudget &budget, const SocketAddress &remote)
    : m_budget(budget)
    , m_session(0)
    , m_group(*budget.m_groups.try_emplace(addressGroup(remote)).first)
{
    ++m_group.second.accounts;
}

SendBudget::Account::~Account()
{
    drop(m_queued);
    std::erase(m_budget.m_refused, this);
    m_budget.m_accounts.erase(m_session);
    if (--m_group.second.accounts == 0)
        m_budget.m_groups.erase(m_budget.m_groups.find(m_group.first));
}

bool SendBudget::Account::hasRoomAsFirst(qint64 bytes)
{
    if (m_budget.fits(*this, bytes))
        return true;
    if (m_session != 0 && std::exchange(m_wanted, bytes) == 0)
        m_budget.m_refused.push_back(this);
    return false;
}

// ---- all of them

SendBudget::SendBudget(qint64 limit)
    : m_limit(limit)
    , m_unkept(limit - std::min(limit / 8, Limits::KeptForFirst))
{
}

//! validate() makes sure that any legal message fits into an unused budget.
bool SendBudget::fits(const Account &account, qint64 bytes) const
{
    const qint64 ofGroup = account.m_group.second.queued;
    if (ofGroup == 0 && bytes <= Limits::FirstReservation)
        return bytes <= m_limit - m_queued;
    return ofGroup + bytes <= m_unkept - m_queued;
}

std::vector<quint64> SendBudget::takeServed()
{
    std::vector<quint64> served;
    std::erase_if(m_refused, [&](Account *account) {
        if (!fits(*account, account->m_wanted))
            return false;
        account->m_wanted = 0;
        served.push_back(account->m_session);
        return true;
    });
    return served;
}

void SendBudget::startPeriods(ngtcp2_tstamp now)
{
    for (const auto &[session, account] : m_accounts) {
        account->m_since = now;
        account->m_acknowledgedAtSince = account->m_acknowledged;
    }
}

std::optional<quint64> SendBudget::worstStalled(ngtcp2_tstamp now)
{
    const Account *worst = nullptr;
    for (const auto &[session, account] : m_accounts) {
        const bool isNew = account->m_since == 0;
        const qint64 progress = account->m_acknowledged - account->m_acknowledgedAtSince;
        if (isNew || account->m_queued <= Limits::StalledFrom
            || progress >= Limits::MessageProgressBytes) {
            account->m_since = now;
            account->m_acknowledgedAtSince = account->m_acknowledged;
            continue;
        }
        if (now - account->m_since < nanoseconds(Limits::MessageProgressPeriod))
            continue;
        const auto rank = [](const Account *one) {
            return std::pair(one->m_group.second.queued, one->m_queued);
        };
        if (!worst || rank(account) > rank(worst))
            worst = account;
    }
    return worst ? std::optional(worst->m_session) : std::nullopt;
}

} // namespace Qp2p::Engine
