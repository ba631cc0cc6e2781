// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/receivebudget.h>

#include <qp2pcore/engine/addressprefix.h>
#include <qp2pcore/engine/limits.h>

#include <utility>

namespace Qp2p::Engine {

// ---- one session

ReceiveBudget::Account::Account(ReceiveBudget &budget, quint64 session, const SocketAddress &remote)
    : m_budget(budget)
    , m_session(session)
    , m_group(*budget.m_groups.try_emplace(addressGroup(remote)).first)
{
    ++m_group.second.accounts;
    m_budget.m_accounts.emplace(session, this);
}

ReceiveBudget::Account::~Account()
{
    clear();
    m_budget.m_accounts.erase(m_session);
    if (--m_group.second.accounts == 0)
        m_budget.m_groups.erase(m_budget.m_groups.find(m_group.first));
}

template<typename Change>
void ReceiveBudget::Account::apply(Change &&change)
{
    const qint64 chargedBefore = charge();
    const qint64 reservedBefore = m_reserved;
    const qint64 heldBefore = std::max(m_reserved, heldForPeer());
    change();
    m_budget.m_charged += charge() - chargedBefore;
    m_group.second.reserved += m_reserved - reservedBefore;
    m_budget.m_heldForPeers += std::max(m_reserved, heldForPeer()) - heldBefore;
}

bool ReceiveBudget::Account::reserve(qint64 bytes)
{
    const qint64 more = std::max(m_reserved + bytes, m_inOrder + m_allocated) - charge();
    // A group that has nothing yet need not wait behind those that have taken the rest.
    const bool isFirst = m_group.second.reserved == 0 && bytes <= Limits::FirstReservation;
    const bool isNext = isFirst || m_budget.m_waiting.empty() || m_budget.nextWaiting() == this;
    // validate() makes sure that any legal message fits into an unused budget.
    const qint64 kept = isFirst ? 0 : std::min(m_budget.m_limit / 8, Limits::KeptForFirst);
    if (!isNext || m_budget.m_charged + more > m_budget.m_limit - kept) {
        if (!std::exchange(m_isWaiting, true))
            m_budget.m_waiting.push_back(this);
        return false;
    }
    stopWaiting();
    apply([&] { m_reserved += bytes; });
    ++m_budget.m_grants;
    return true;
}

void ReceiveBudget::Account::release(qint64 bytes)
{
    apply([&] { m_reserved -= bytes; });
}

void ReceiveBudget::Account::update(qint64 inOrder, size_t allocated)
{
    const qint64 beyond = qint64(allocated) - Limits::ConnectionBaseMemory;
    const qint64 charged = std::max<qint64>(0, beyond);
    if (inOrder == m_inOrder && charged == m_allocated)
        return;
    apply([&] {
        m_inOrder = inOrder;
        m_allocated = charged;
    });
}

void ReceiveBudget::Account::setWaitsForProgram(bool waits)
{
    apply([&] { m_waitsForProgram = waits; });
}

void ReceiveBudget::Account::clear()
{
    stopWaiting();
    apply([this] { m_reserved = m_inOrder = m_allocated = 0; });
    m_budget.m_windows -= std::exchange(m_window, 0);
}

qint64 ReceiveBudget::Account::growWindow(qint64 bytes)
{
    // A quarter of what is left at most, so that there is always something left for the next one.
    const qint64 left = m_budget.m_limit / 2 - m_budget.m_windows;
    const qint64 granted = std::clamp<qint64>(left / 4, 0, bytes);
    m_window += granted;
    m_budget.m_windows += granted;
    return granted;
}

void ReceiveBudget::Account::stopWaiting()
{
    if (std::exchange(m_isWaiting, false))
        std::erase(m_budget.m_waiting, this);
}

// ---- all of them

ReceiveBudget::ReceiveBudget(qint64 limit)
    : m_limit(limit)
{
}

std::optional<quint64> ReceiveBudget::worst()
{
    for (auto &[prefix, group] : m_groups)
        group.excess = 0;
    for (const auto &[session, account] : m_accounts)
        account->m_group.second.excess += account->excess();
    const Account *worst = nullptr;
    for (const auto &[session, account] : m_accounts) {
        if (account->excess() == 0)
            continue;
        const auto rank = [](const Account *one) {
            return std::pair(one->m_group.second.excess, one->excess());
        };
        if (!worst || rank(account) > rank(worst))
            worst = account;
    }
    return worst ? std::optional(worst->m_session) : std::nullopt;
}

std::optional<quint64> ReceiveBudget::next() const
{
    return m_waiting.empty() ? std::nullopt : std::optional(nextWaiting()->m_session);
}

//! Those that have much cannot keep the others waiting. What is held without a reservation does not count:
//! an honest peer has sent what its first window allows, and an attacker need not.
ReceiveBudget::Account *ReceiveBudget::nextWaiting() const
{
    return *std::min_element(m_waiting.cbegin(), m_waiting.cend(),
                             [](const Account *a, const Account *b) {
                                 return a->m_group.second.reserved < b->m_group.second.reserved;
                             });
}

quint64 ReceiveBudget::initialWindow(size_t connections) const
{
    return std::clamp(quint64(m_limit) / 4 / (connections + 1), Limits::MinConnectionWindow,
                      Limits::InitialConnectionWindow);
}

} // namespace Qp2p::Engine
