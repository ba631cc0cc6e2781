// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/candidatebook.h>

#include <qp2pcore/peering/addressgroup.h>

#include <algorithm>

namespace Qp2p::Peering {

namespace {

constexpr int MostFailures = 3;
constexpr qsizetype MostFailuresKept = 1000;

QByteArray placeOf(const CandidateBook::Candidate &candidate)
{
    const QHostAddress address = candidate.addresses.first().address();
    const QByteArray group = addressGroup(address);
    return group.isEmpty() ? candidate.peerId.toBytes() : group;
}

std::optional<CandidateBook::Candidate> chooseFrom(const QList<CandidateBook::Candidate> &all,
                                                   const CandidateBook::Choice &choice)
{
    QHash<QByteArray, QList<const CandidateBook::Candidate *>> places;
    for (const CandidateBook::Candidate &candidate : all)
        places[placeOf(candidate)].append(&candidate);
    QList<QByteArray> names = places.keys();
    std::sort(names.begin(), names.end()); // a hash has another order in each process
    QList<QByteArray> fresh;
    for (const QByteArray &name : names) {
        if (!choice.linkedGroups.contains(name))
            fresh.append(name);
    }
    const QList<QByteArray> &pool = fresh.isEmpty() ? names : fresh;
    if (pool.isEmpty())
        return {};
    auto nodes = places.value(pool[choice.random(quint32(pool.size()))]);
    std::sort(nodes.begin(), nodes.end(),
              [](const auto *a, const auto *b) { return a->peerId < b->peerId; });
    return *nodes[choice.random(quint32(nodes.size()))];
}

} // namespace

void CandidateBook::told(const PeerId &source, const Candidate &node)
{
    if (node.addresses.isEmpty() || node.peerId.isNull())
        return;
    m_failures.remove(node.peerId);
    m_told.insert(node.peerId, {node, source, ++m_number});
    // Each source has a share, so that none can push out what the others told.
    const auto dropOldest = [this](const PeerId *of) {
        auto oldest = m_told.end();
        for (auto told = m_told.begin(); told != m_told.end(); ++told) {
            if (of && told->source != *of)
                continue;
            if (oldest == m_told.end() || told->number < oldest->number)
                oldest = told;
        }
        m_told.erase(oldest);
    };
    const auto ofSource = std::count_if(m_told.cbegin(), m_told.cend(),
                                        [&](const Told &told) { return told.source == source; });
    if (ofSource > MaxOfOneSource)
        dropOldest(&source);
    if (m_told.size() > MaxTold)
        dropOldest(nullptr);
}

void CandidateBook::failed(const PeerId &peerId, quint64 retryAt)
{
    if (m_failures.size() >= MostFailuresKept)
        m_failures.erase(m_failures.begin());
    Failure &failure = m_failures[peerId];
    ++failure.count;
    failure.retryAt = retryAt;
    if (failure.count >= MostFailures)
        m_told.remove(peerId);
}

std::optional<CandidateBook::Candidate> CandidateBook::choose(const Choice &choice) const
{
    const auto isOpen = [&](const PeerId &peerId) {
        const auto failure = m_failures.constFind(peerId);
        return !choice.isExcluded(peerId)
            && (failure == m_failures.cend() || failure->retryAt <= choice.now);
    };
    QHash<PeerId, Candidate> all;
    for (const Told &one : m_told) {
        if (isOpen(one.node.peerId))
            all.insert(one.node.peerId, one.node);
    }
    for (const BootstrapCache::Entry &entry : choice.remembered) {
        if (isOpen(entry.peerId))
            all.insert(entry.peerId, {entry.peerId, entry.addresses});
    }
    return chooseFrom(all.values(), choice);
}

} // namespace Qp2p::Peering
