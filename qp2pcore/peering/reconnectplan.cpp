// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/reconnectplan.h>

#include <qp2pcore/peering/addressgroup.h>

#include <algorithm>
#include <map>

namespace Qp2p::Peering {

struct ReconnectPlan::Open
{
    QByteArray group;
    Target target;
};

namespace {

//! From two thirds of \a average to four thirds.
std::chrono::milliseconds around(std::chrono::milliseconds average,
                                 const ReconnectPlan::Random &random)
{
    const auto third = average / 3;
    return 2 * third + std::chrono::milliseconds(random(quint32(2 * third.count()) + 1));
}

} // namespace

// ---- what has happened

void ReconnectPlan::recordLost(const PeerId &node, const PeerAddress &address, Time now)
{
    forgetLost(node);
    if (lost() >= MaxLost) {
        std::map<QByteArray, int> sizes;
        for (const Lost &one : m_lost)
            ++sizes[one.group];
        const auto largest = std::max_element(
            sizes.cbegin(), sizes.cend(),
            [](const auto &a, const auto &b) { return a.second < b.second; });
        m_lost.erase(std::find_if(m_lost.begin(), m_lost.end(), [&](const Lost &one) {
            return largest->second == 1 || one.group == largest->first;
        }));
    }
    m_lost.push_back({node, PeerAddress(address.address(), address.port(), node),
                      addressGroup(address.address()), now});
}

void ReconnectPlan::recordHeard(const PeerId &node, const PeerAddress &address, Time now,
                                const PeerId &source)
{
    if (m_heard.size() >= MaxHeard && !m_heard.contains(node))
        return;
    Heard &heard = m_heard[node];
    heard.at = now;
    heard.address = address;
    if (heard.source.isNull())
        heard.source = source;
    else if (!source.isNull() && source != heard.source)
        heard.hasOtherSource = true;
}

void ReconnectPlan::rest(const QByteArray &dialled, Time until)
{
    if (m_resting.size() >= MaxResting && !m_resting.contains(dialled))
        m_resting.erase(std::min_element(m_resting.cbegin(), m_resting.cend()));
    m_resting.insert(dialled, until);
}

void ReconnectPlan::forgetOld(Time now)
{
    m_heard.removeIf([now](const auto &heard) { return heard.value().at + HeardLifetime <= now; });
    m_resting.removeIf([now](const auto &resting) { return resting.value() <= now; });
}

// ---- when

//! Whoever invents ids must not make us try more seldom.
qsizetype ReconnectPlan::credibleMembers() const
{
    QHash<PeerId, qsizetype> named;
    for (const Heard &heard : m_heard) {
        if (!heard.source.isNull() && !heard.hasOtherSource)
            ++named[heard.source];
    }
    const auto most = std::max_element(named.cbegin(), named.cend());
    return m_heard.size() - (most != named.cend() ? *most : 0);
}

void ReconnectPlan::scheduleNext(Time now, const Random &random)
{
    const auto slowdown = std::clamp<qsizetype>(credibleMembers() / SmallNetwork, 1, MaxSlowdown);
    m_next = now + around(Interval * slowdown, random);
}

void ReconnectPlan::scheduleSoon(Time now, const Random &random)
{
    m_next = std::min(m_next, now + around(NextAfterSuccess, random));
}

bool ReconnectPlan::beginExchange(Time now, const Random &random)
{
    if (now < m_nextExchange)
        return false;
    m_nextExchange = now + around(ExchangeInterval, random);
    return true;
}

// ---- which

bool ReconnectPlan::isHeard(const PeerId &node, Time now) const
{
    const auto heard = m_heard.constFind(node);
    return heard != m_heard.cend() && heard->at + HeardLifetime > now;
}

bool ReconnectPlan::isResting(const QByteArray &dialled, Time now) const
{
    return m_resting.value(dialled) > now;
}

std::vector<ReconnectPlan::Open> ReconnectPlan::openLost(const Choice &choice) const
{
    std::vector<Open> open;
    for (const Lost &one : m_lost) {
        if (!choice.isExcluded(one.node) && !choice.isAddressExcluded(one.address)
            && !isResting(keyOf(one.node), choice.now))
            open.push_back({one.group, {one.node, {one.address}, true}});
    }
    if (qsizetype(open.size()) > NewestLost && choice.random(2) == 0)
        open.erase(open.begin(), open.end() - NewestLost);
    return open;
}

std::vector<ReconnectPlan::Open> ReconnectPlan::openRemembered(const Choice &choice) const
{
    std::vector<Open> open;
    for (const CachedNode &node : choice.remembered) {
        if (choice.isExcluded(node.peerId) || isHeard(node.peerId, choice.now)
            || isResting(keyOf(node.peerId), choice.now))
            continue;
        const QList<PeerAddress> addresses = oneOfEachPlace(node.addresses, node.peerId,
                                                            choice.isAddressExcluded);
        if (!addresses.isEmpty())
            open.push_back({addressGroup(addresses.first().address()), {node.peerId, addresses}});
    }
    return open;
}

std::optional<ReconnectPlan::Target> ReconnectPlan::chooseNode(const Choice &choice) const
{
    std::vector<Open> open = openLost(choice);
    // Now and then one that is only remembered: all that were lost may be gone for good.
    if (open.empty() || choice.random(4) == 0) {
        if (std::vector<Open> remembered = openRemembered(choice); !remembered.empty())
            open = std::move(remembered);
    }
    if (open.empty())
        return {};
    std::map<QByteArray, std::vector<const Target *>> groups;
    for (const Open &one : open)
        groups[one.group].push_back(&one.target);
    const auto &targets = std::next(groups.cbegin(), choice.random(quint32(groups.size())))->second;
    return *targets[choice.random(quint32(targets.size()))];
}

//! It is in our part of the network, also after it was lost.
bool ReconnectPlan::isNamedAfterLoss(const PeerAddress &contact, Time now) const
{
    const QString place = contact.endpointString();
    Time since; // of the latest loss there
    for (const Lost &one : m_lost) {
        if (one.address.endpointString() == place)
            since = std::max(since, one.since + NamedAfterLoss);
    }
    return std::any_of(m_heard.cbegin(), m_heard.cend(), [&](const Heard &heard) {
        return heard.at >= since && heard.at + HeardLifetime > now
            && heard.address.endpointString() == place;
    });
}

PeerAddress ReconnectPlan::nextContact(const QList<PeerAddress> &contacts,
                                       const std::function<bool(const PeerAddress &)> &isLinked,
                                       Time now)
{
    const auto next = [&](qsizetype &tried, bool isNamed) {
        for (qsizetype i = 0; i < contacts.size(); ++i) {
            const PeerAddress &contact = contacts[tried++ % contacts.size()];
            if (!isLinked(contact) && !isResting(keyOf(contact), now)
                && isNamedAfterLoss(contact, now) == isNamed)
                return contact;
        }
        return PeerAddress();
    };
    if (++m_contactTurns % DoubtingTurn == 0) {
        if (const PeerAddress named = next(m_namedContactsTried, true); !named.isNull())
            return named;
    }
    return next(m_contactsTried, false);
}

} // namespace Qp2p::Peering
