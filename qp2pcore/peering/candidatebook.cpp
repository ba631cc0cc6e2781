// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/candidatebook.h>

#include <qp2pcore/peering/addressgroup.h>

#include <QHash>

#include <algorithm>

namespace Qp2p::Peering {

// Points into the book and the choice.
struct CandidateBook::Open
{
    const Source *source;
    const PeerId *node;
    QByteArray owner; //!< of its addresses, as far as can be said
    QList<PeerAddress> addresses;
    const std::shared_ptr<DialBudget> *budget = nullptr;
};

namespace {

//! Where nothing can be said about owners each node counts for itself.
QByteArray ownerOf(const QByteArray &addressGroup, const PeerId &node)
{
    return addressGroup.isEmpty() ? node.toBytes() : addressGroup;
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
    const auto isOfGroup = [&](const Advertisement &one) {
        return one.source.group == source.group;
    };
    if (!makeRoom(MaxSourcesOfOneNode, source, isOfNode)
        || !makeRoom(MaxOfOneGroup, source, isOfGroup)
        || !makeRoom(MaxAdvertised, source, [](const Advertisement &) { return true; }))
        return;
    Advertisement advertisement{source, node, {}, std::move(budget)};
    for (const PeerAddress &address : addresses.first(std::min(addresses.size(), MaxAddresses)))
        advertisement.addresses.push_back({PeerAddress(address.address(), address.port(), node),
                                           addressGroup(address.address()),
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
    QHash<QByteArray, qsizetype> groups{{source.group, 1}};
    for (const Advertisement &one : m_advertised) {
        if (counts(one))
            ++groups[one.source.group];
    }
    QByteArray largestGroup = source.group;
    for (auto group = groups.cbegin(); group != groups.cend(); ++group) {
        const qsizetype most = groups.value(largestGroup);
        // Among equal ones always the same, whatever the order of a hash; but the newcomer's first.
        if (group.value() > most
            || (group.value() == most && largestGroup != source.group && group.key() < largestGroup))
            largestGroup = group.key();
    }
    const auto isOfGroup = [&](const Advertisement &one) {
        return counts(one) && one.source.group == largestGroup;
    };
    QHash<PeerId, qsizetype> sources;
    if (largestGroup == source.group)
        sources.insert(source.peerId, 1);
    for (const Advertisement &one : m_advertised) {
        if (isOfGroup(one))
            ++sources[one.source.peerId];
    }
    qsizetype most = 0;
    for (const qsizetype size : std::as_const(sources))
        most = std::max(most, size);
    const bool isOurs = largestGroup == source.group && sources.value(source.peerId) == most;
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

void CandidateBook::failed(const Candidate &candidate, quint64 now)
{
    const QByteArray &group = candidate.source.group;
    for (const PeerAddress &address : candidate.addresses)
        m_failures.add(group, dialPlace(address.address(), address.port()), now);
    const auto found = std::find_if(
        m_advertised.cbegin(), m_advertised.cend(), [&](const Advertisement &one) {
            return one.node == candidate.peerId && one.source == candidate.source;
        });
    const bool isElsewhere = found != m_advertised.cend()
        && std::any_of(found->addresses.cbegin(), found->addresses.cend(),
                       [&](const Address &address) {
                           return !m_failures.isPausing(group, address.place, now);
                       });
    if (isElsewhere)
        return; // its next address may be tried
    const QByteArray id = candidate.peerId.toBytes();
    m_failures.add(group, id, now);
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
                                &one.node,
                                ownerOf(address.group, one.node),
                                {address.address},
                                &one.budget});
        }
    }
}

void CandidateBook::addOpenRemembered(const Choice &choice, std::vector<Open> &open) const
{
    static const Source source = ourselves();
    for (const BootstrapCache::Entry &entry : choice.remembered) {
        if (choice.isExcluded(entry.peerId)
            || m_failures.isPausing(source.group, entry.peerId.toBytes(), choice.now))
            continue;
        QSet<QByteArray> places;
        QList<PeerAddress> addresses;
        for (const PeerAddress &address : entry.addresses) {
            const QByteArray place = dialPlace(address.address(), address.port());
            if (places.contains(place) || choice.isAddressExcluded(address)
                || m_failures.isPausing(source.group, place, choice.now))
                continue;
            places.insert(place);
            addresses.append(PeerAddress(address.address(), address.port(), entry.peerId));
        }
        if (!addresses.isEmpty())
            open.push_back({&source, &entry.peerId,
                            ownerOf(addressGroup(addresses.first().address()), entry.peerId),
                            addresses});
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
        weights[one.source->group].owners.try_emplace(one.owner, 0.0);
    struct OfOwner
    {
        double largest = 0;
        double sum = 0;
    };
    QHash<QByteArray, OfOwner> owners;
    const auto claimOf = [](const QByteArray &group, const WeightOfGroup &weight) {
        const auto size = double(weight.owners.size());
        return group == ourselves().group ? 1.0 : std::min(1.0, WeightOfOneGroup / size);
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
        if (group != ourselves().group && weights.size() > 1 && weight.sum > others)
            weight.sum = others; // only one can be larger
    }
    return weights;
}

std::optional<CandidateBook::Candidate> CandidateBook::choose(const Choice &choice) const
{
    std::vector<Open> open;
    addOpenAdvertised(choice, open);
    addOpenRemembered(choice, open);
    if (open.empty())
        return {};
    // What no link leads to comes first; of each group of sources by itself, or else those who invent
    // nodes in many networks would always be first.
    QSet<QByteArray> withFresh;
    const auto isFresh = [&](const Open &one) { return !choice.linkedGroups.contains(one.owner); };
    for (const Open &one : open) {
        if (isFresh(one))
            withFresh.insert(one.source->group);
    }
    std::erase_if(open, [&](const Open &one) {
        return !isFresh(one) && withFresh.contains(one.source->group);
    });
    const Weights weights = weightsOf(open);
    const QByteArray group = chooseKey(
        weights, [](const WeightOfGroup &weight) { return weight.sum; }, choice.random);
    const QByteArray owner = chooseKey(
        weights.at(group).owners, [](double share) { return share; }, choice.random);
    std::erase_if(
        open, [&](const Open &one) { return one.source->group != group || one.owner != owner; });
    std::map<PeerId, std::map<PeerId, std::vector<const Open *>>> bySource;
    for (const Open &one : open)
        bySource[one.source->peerId][*one.node].push_back(&one);
    const auto equally = [](const auto &) { return 1.0; };
    const auto &byNode = bySource.at(chooseKey(bySource, equally, choice.random));
    const auto &places = byNode.at(chooseKey(byNode, equally, choice.random));
    const Open &chosen = *places[choice.random(quint32(places.size()))];
    return Candidate{*chosen.node, chosen.addresses, *chosen.source,
                     chosen.budget ? *chosen.budget : nullptr};
}

} // namespace Qp2p::Peering
