// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/linktable.h>

#include <algorithm>

namespace Qp2p::Peering {

LinkPointer LinkTable::add(const PeerId &peerId, Time now)
{
    auto link = std::make_shared<Link>(peerId);
    link->isAttached = true;
    link->deadlines.halves = now + HalfTimeout;
    link->origin.since = now;
    m_links.insert(peerId, link);
    return link;
}

void LinkTable::establish(const LinkPointer &link, Time now, const QDateTime &since)
{
    link->isAnnounced = true;
    link->establishedAt = now;
    link->establishedSince = since;
    m_established.append(link);
}

void LinkTable::expectHalf(Link &link, Time now) const
{
    link.deadlines.halves = std::min(link.deadlines.halves, now + HalfTimeout);
}

void LinkTable::remove(const LinkPointer &link)
{
    link->isAttached = false;
    m_links.remove(link->id);
    m_established.removeAll(link);
}

QList<PeerId> LinkTable::overdue(Time now) const
{
    QList<PeerId> list;
    for (const LinkPointer &link : m_links) {
        if (link->deadlines.halves <= now)
            list.append(link->id);
    }
    return list;
}

QList<LinkPointer> LinkTable::extras() const
{
    QList<LinkPointer> list;
    for (const LinkPointer &link : m_established) {
        if (link->origin.isExtra)
            list.append(link);
    }
    return list;
}

QList<PeerId> LinkTable::longestChosen() const
{
    QList<LinkPointer> links;
    for (const LinkPointer &link : m_established) {
        if (link->origin.isChosen && link->state().role() == LinkState::Role::Node)
            links.append(link);
    }
    std::stable_sort(links.begin(), links.end(), [](const LinkPointer &a, const LinkPointer &b) {
        return a->establishedAt < b->establishedAt;
    });
    QList<PeerId> list;
    for (const LinkPointer &link : std::as_const(links))
        list.append(link->id);
    return list;
}

// ---- lost peers

void LinkTable::recordLost(const PeerId &peerId, const Error &reason)
{
    if (m_lost.size() >= MaxLost)
        m_lost.clear();
    m_lost.insert(peerId, reason);
}

Error LinkTable::anyLoss(const PeerId &peerId, const Error &otherwise) const
{
    return m_lost.isEmpty() ? otherwise : m_lost.value(peerId, m_lost.cbegin().value());
}

// ---- addresses that we were in touch with

void LinkTable::recordTouch(const QHostAddress &address, Time now)
{
    if (m_touches.size() < MaxTouches || m_touches.contains(address))
        m_touches.insert(address, now);
}

void LinkTable::forgetOldTouches(Time now)
{
    m_touches.removeIf([now](const QHash<QHostAddress, Time>::iterator touch) {
        return touch.value() + TouchLifetime <= now;
    });
}

} // namespace Qp2p::Peering
