// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/instancehistory.h>

#include <algorithm>

namespace Qp2p::Peering {

InstanceHistory::Change InstanceHistory::compare(const PeerId &peer, quint64 linked, quint64 next,
                                                 Time now)
{
    if (linked == 0 || next == 0) // it does not say
        return Change::Restarted;
    if (!m_peers.contains(peer) && m_peers.size() >= MaxPeers) {
        m_peers.erase(
            std::min_element(m_peers.cbegin(), m_peers.cend(),
                             [](const Entry &a, const Entry &b) { return a.seenAt < b.seenAt; }));
    }
    Entry &entry = m_peers[peer];
    entry.seenAt = now;
    const bool wasSeen = entry.instances.contains(next);
    for (const quint64 instance : {next, linked}) {
        entry.instances.removeAll(instance);
        entry.instances.prepend(instance);
    }
    entry.instances = entry.instances.mid(0, MaxInstances);
    return wasSeen ? Change::SecondProgram : Change::Restarted;
}

bool InstanceHistory::takeNotice(const PeerId &peer, Time now)
{
    const auto entry = m_peers.find(peer);
    if (entry == m_peers.end()
        || (entry->noticeAt != Time::min() && entry->noticeAt + NoticeInterval > now))
        return false;
    entry->noticeAt = now;
    return true;
}

bool InstanceHistory::takeReport(const PeerId &peer)
{
    const auto entry = m_peers.find(peer);
    return entry != m_peers.end() && !std::exchange(entry->isReported, true);
}

void InstanceHistory::forgetOld(Time now)
{
    m_peers.removeIf([now](const QHash<PeerId, Entry>::iterator entry) {
        return entry->seenAt + Lifetime <= now;
    });
}

} // namespace Qp2p::Peering
