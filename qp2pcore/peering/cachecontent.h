// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What is in a bootstrap cache, and the rules by which it changes: no file, no clock.
#pragma once

#include <qp2pcore/cachednode.h>
#include <qp2pcore/peering/cachedtoken.h>

#include <QHash>
#include <QJsonObject>

namespace Qp2p::Peering {

//! \brief Entries, newest first, and what was removed. Times are milliseconds since 1970.
class CacheContent
{
public:
    using Entry = CachedNode;

    struct Item
    {
        Entry entry;
        qint64 time = 0; //!< of the last connection; no two are equal, so that the order is one
        int newSuccesses = 0; //!< that no file has yet
        int newFailures = 0;
        CachedToken token;
    };

    const QList<Item> &items() const { return m_items; }
    const Item *find(const PeerId &peerId) const;

    //! \a entry's counts are not looked at. Returns who had to leave.
    QList<PeerId> connected(const Entry &entry, qint64 now);
    //! Added by hand: the newest, with no success.
    QList<PeerId> add(const Entry &entry, qint64 now);
    bool failed(const PeerId &peerId);
    bool remove(const PeerId &peerId, qint64 now);
    void clear(qint64 now);
    //! \brief Keeps \a token for the next dial to \a address, one of the node's. False where it is not kept.
    bool setToken(const PeerId &peerId, const QHostAddress &address, const AddressToken &token);
    //! \brief Gives it up. Without bytes where there is none that may still be used.
    AddressToken takeToken(const PeerId &peerId, const QHostAddress &address, qint64 now);
    //! True where something is different now.
    bool setAnchors(const QList<PeerId> &anchors);

    //! \brief Takes in what a file says. What is newer wins, and what was removed later than it was last
    //! connected stays away. Returns who had to leave for others.
    QList<PeerId> merge(const CacheContent &file, qint64 now);
    //! It is in a file now.
    void saved();

    //! Of what a file holds; what is not valid is left out and counted in \a invalid.
    static CacheContent fromRecords(const QList<QJsonObject> &records, qint64 now, int *invalid);
    QList<QJsonObject> toRecords(qint64 now) const;

private:
    Item *find(const PeerId &peerId);
    qint64 nextTime(qint64 now) const;
    qint64 removedAt(const PeerId &peerId) const;
    void put(Item item);
    void sort();
    void bringIntoPast(qint64 now);
    QList<PeerId> trim();

    QList<Item> m_items;
    QHash<PeerId, qint64> m_removed;
    qint64 m_clearedAt = 0;
};

} // namespace Qp2p::Peering
