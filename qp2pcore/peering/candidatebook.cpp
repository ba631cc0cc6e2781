// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/candidatebook.h>

#include <qp2pcore/peering/addressgroup.h>

#include <QHash>
#include <QtEndian>

#include <algorithm>

namespace Qp2p::Peering {

// Points into the book and the choice.
struct CandidateBook::Open
{
    const Source *source;
    quint64 group; //!< of the source
    const PeerId *node;
    quint64 owner; //!< of its addresses, as far as can be said
    QList<PeerAddress> addresses;
    const std::shared_ptr<DialBudget> *budget = nullptr;
};

namespace {

constexpr quint64 Ourselves = UINT64_MAX;

//! A group of addresses, 0 to 4 bytes, as a number; they are compared a lot.
quint64 numberOf(const QByteArray &group)
{
    if (group.size() > 4)
        return Ourselves;
    quint64 number = quint64(group.size());
    for (const char byte : group)
        number = number << 8 | quint8(byte);
    return number;
}

//! Where nothing can be said about owners each node counts for itself.
quint64 ownerOf(const QHostAddress &address, const PeerId &node)
{
    const QByteArray group = addressGroup(address);
    return group.isEmpty() ? qFromBigEndian<quint64>(node.toBytes().constData()) | quint64(1) << 63
                           : numberOf(group);
}

//! A key of the map, each as likely as its weight is large. A map, as a hash has another order in each process.
template<typename Key, typename Value, typename WeightOf>
Key chooseKey(const std::map<Key, Value> &values, const WeightOf &weightOf,
              const std::function<quint32(quint32)> &random)
{
    double sum = 0;
    for (const auto &[key, value] : values)
        sum += weightOf(value);
    constexpr quint32 steps = 1u << 30;
    double rest = sum * random(steps) / steps;
    for (const auto &[key, value] : values) {
        rest -= weightOf(value);
        if (rest < 0)
            return key;
    }
    return values.rbegin()->first;
}

} // namespace

CandidateBook::Source CandidateBook::ourselves()
{
    return {{}, QByteArrayLiteral("ourselves")}; // no other group has that many bytes
}

void CandidateBook::add(const Source &source, const PeerId &node,
                        const QList<PeerAddress> &addresses, std::shared_ptr<DialBudget> budget)
{
    if (node.isNull() || addresses.isEmpty())
        return;
    std::erase_if(m_advertised, [&](const Advertisement &old) {
        return old.node == node && old.source == source;
    });
    const auto isOfNode = [&](const Advertisement &one) { return one.node == node; };
    const quint64 group = numberOf(source.group);
    const auto isOfGroup = [&](const Advertisement &one) { return one.group == group; };
    if (!makeRoom(MaxSourcesOfOneNode, source, isOfNode)
        || !makeRoom(MaxOfOneGroup, source, isOfGroup)
        || !makeRoom(MaxAdvertised, source, [](const Advertisement &) { return true; }))
        return;
    Advertisement advertisement{source, group, node, {}, std::move(budget)};
    for (const PeerAddress &address : addresses.first(std::min(addresses.size(), MaxAddresses)))
        advertisement.addresses.push_back({PeerAddress(address.address(), address.port(), node),
                                           ownerOf(address.address(), node),
                                           dialPlace(address.address(), address.port())});
    m_advertised.push_back(std::move(advertisement));
}

//! \brief Makes room for one more of \a source among those that count. Returns whether there is.
//!
//! The largest group gives up the oldest of its largest source. Where the newcomer would itself be of the
//! largest, one of its own leaves, or it stays out: none grows at the cost of one that is not larger.
template<typename Predicate>
bool CandidateBook::makeRoom(qsizetype limit, const Source &source, const Predicate &counts)
{
    if (std::count_if(m_advertised.cbegin(), m_advertised.cend(), counts) < limit)
        return true;
    const quint64 own = numberOf(source.group);
    std::map<quint64, qsizetype> groups{{own, 1}};
    for (const Advertisement &one : m_advertised) {
        if (counts(one))
            ++groups[one.group];
    }
    quint64 largestGroup = own; // where it is one of the largest, else the first of these
    for (const auto &[group, size] : groups) {
        if (size > groups.at(largestGroup))
            largestGroup = group;
    }
    const auto isOfGroup = [&](const Advertisement &one) {
        return one.group == largestGroup && counts(one);
    };
    QHash<PeerId, qsizetype> sources;
    if (largestGroup == own)
        sources.insert(source.peerId, 1);
    for (const Advertisement &one : m_advertised) {
        if (isOfGroup(one))
            ++sources[one.source.peerId];
    }
    qsizetype most = 0;
    for (const qsizetype size : std::as_const(sources))
        most = std::max(most, size);
    const bool isOurs = largestGroup == own && sources.value(source.peerId) == most;
    const auto leaves = std::find_if(m_advertised.cbegin(), m_advertised.cend(),
                                     [&](const Advertisement &one) {
                                         return isOfGroup(one)
                                             && (isOurs ? one.source.peerId == source.peerId
                                                        : sources.value(one.source.peerId) == most);
                                     });
    if (leaves == m_advertised.cend())
        return false;
    m_advertised.erase(leaves);
    return true;
}

void CandidateBook::failed(const DialTarget &target, Time now)
{
    const QByteArray &group = target.source.group;
    // What we remember has answered before, and nobody can plant it.
    const auto longest = target.source == ourselves() ? DialFailures::FirstPause
                                                      : DialFailures::LongestPause;
    for (const PeerAddress &address : target.addresses)
        m_failures.add(group, dialPlace(address.address(), address.port()), now, longest);
    const auto found = std::find_if(
        m_advertised.cbegin(), m_advertised.cend(), [&](const Advertisement &one) {
            return one.node == target.peerId && one.source == target.source;
        });
    const bool isElsewhere = found != m_advertised.cend()
        && std::any_of(found->addresses.cbegin(), found->addresses.cend(),
                       [&](const Address &address) {
                           return !m_failures.isPausing(group, address.place, now);
                       });
    if (isElsewhere)
        return; // its next address may be tried
    const QByteArray id = target.peerId.toBytes();
    m_failures.add(group, id, now, longest);
    if (found != m_advertised.cend() && m_failures.count(group, id) >= MaxFailures)
        m_advertised.erase(found);
}

void CandidateBook::succeeded(const PeerId &peerId, const PeerAddress &address)
{
    std::erase_if(m_advertised, [&](const Advertisement &one) { return one.node == peerId; });
    m_failures.remove(peerId.toBytes());
    m_failures.remove(dialPlace(address.address(), address.port()));
}

QList<CandidateBook::Advertised> CandidateBook::advertised() const
{
    QList<Advertised> list;
    for (const Advertisement &one : m_advertised)
        list.append({one.source, one.node, qsizetype(one.addresses.size())});
    return list;
}

void CandidateBook::addOpenAdvertised(const Choice &choice, std::vector<Open> &open) const
{
    for (const Advertisement &one : m_advertised) {
        if ((one.budget && !one.budget->hasRoom()) || choice.isExcluded(one.node)
            || m_failures.isPausing(one.source.group, one.node.toBytes(), choice.now))
            continue;
        for (const Address &address : one.addresses) {
            if (!m_failures.isPausing(one.source.group, address.place, choice.now)
                && !choice.isAddressExcluded(address.address))
                open.push_back({&one.source,
                                one.group,
                                &one.node,
                                address.owner,
                                {address.address},
                                &one.budget});
        }
    }
}

void CandidateBook::addOpenRemembered(const Choice &choice, std::vector<Open> &open) const
{
    static const Source source = ourselves();
    for (const CachedNode &entry : choice.remembered) {
        if (choice.isExcluded(entry.peerId)
            || m_failures.isPausing(source.group, entry.peerId.toBytes(), choice.now))
            continue;
        const QList<PeerAddress> addresses = oneOfEachPlace(
            entry.addresses, entry.peerId, [&](const PeerAddress &address) {
                return choice.isAddressExcluded(address)
                    || m_failures.isPausing(source.group, dialPlace(address), choice.now);
            });
        if (!addresses.isEmpty())
            open.push_back({&source, Ourselves, &entry.peerId,
                            ownerOf(addresses.first().address(), entry.peerId), addresses});
    }
}

//! \brief How likely it is that a choice takes what each group of sources names.
//!
//! Owners are as likely as each other, whoever and how many name them. But one group of sources counts for
//! no more than WeightOfOneGroup of them, and for no more than all others together.
CandidateBook::Weights CandidateBook::weightsOf(const std::vector<Open> &open)
{
    Weights weights;
    for (const Open &one : open)
        weights[one.group].owners.try_emplace(one.owner, 0.0);
    struct OfOwner
    {
        double largest = 0;
        double sum = 0;
    };
    QHash<quint64, OfOwner> owners;
    const auto claimOf = [](quint64 group, const WeightOfGroup &weight) {
        const auto size = double(weight.owners.size());
        return group == Ourselves ? 1.0 : std::min(1.0, WeightOfOneGroup / size);
    };
    for (const auto &[group, weight] : weights) {
        const double claim = claimOf(group, weight);
        for (const auto &[owner, share] : weight.owners) {
            OfOwner &all = owners[owner];
            all.largest = std::max(all.largest, claim);
            all.sum += claim;
        }
    }
    double sum = 0;
    for (auto &[group, weight] : weights) {
        const double claim = claimOf(group, weight);
        for (auto &[owner, share] : weight.owners) {
            const OfOwner &all = *owners.constFind(owner);
            share = all.largest * claim / all.sum;
            weight.sum += share;
        }
        sum += weight.sum;
    }
    for (auto &[group, weight] : weights) {
        const double others = sum - weight.sum;
        if (group != Ourselves && weights.size() > 1 && weight.sum > others)
            weight.sum = others; // only one can be larger
    }
    return weights;
}

std::optional<CandidateBook::DialTarget> CandidateBook::choose(const Choice &choice) const
{
    std::vector<Open> open;
    addOpenAdvertised(choice, open);
    addOpenRemembered(choice, open);
    if (open.empty())
        return {};
    // What no link leads to comes first; of each group of sources by itself, or else those who invent
    // nodes in many networks would always be first.
    QSet<quint64> linked;
    for (const QByteArray &group : choice.linkedGroups)
        linked.insert(numberOf(group));
    QSet<quint64> withFresh;
    for (const Open &one : open) {
        if (!linked.contains(one.owner))
            withFresh.insert(one.group);
    }
    std::erase_if(open, [&](const Open &one) {
        return linked.contains(one.owner) && withFresh.contains(one.group);
    });
    const Weights weights = weightsOf(open);
    const quint64 group = chooseKey(
        weights, [](const WeightOfGroup &weight) { return weight.sum; }, choice.random);
    const quint64 owner = chooseKey(
        weights.at(group).owners, [](double share) { return share; }, choice.random);
    std::erase_if(open, [&](const Open &one) { return one.group != group || one.owner != owner; });
    std::map<PeerId, std::map<PeerId, std::vector<const Open *>>> bySource;
    for (const Open &one : open)
        bySource[one.source->peerId][*one.node].push_back(&one);
    const auto equally = [](const auto &) { return 1.0; };
    const auto &byNode = bySource.at(chooseKey(bySource, equally, choice.random));
    const auto &places = byNode.at(chooseKey(byNode, equally, choice.random));
    const Open &chosen = *places[choice.random(quint32(places.size()))];
    return DialTarget{*chosen.node, chosen.addresses, *chosen.source,
                      chosen.budget ? *chosen.budget : nullptr};
}

} // namespace Qp2p::Peering
