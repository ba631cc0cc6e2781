// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/cachecontent.h>

#include <qp2pcore/certificateinfo.h>
#include <qp2pcore/peering/addressgroup.h>

#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Qp2p::Peering {

namespace {

constexpr qint64 RemovalLifetime = qint64(24) * 60 * 60 * 1000;
constexpr qint64 ClockTolerance = 60 * 1000; // several connections within a second have later times
constexpr qsizetype MaxName = 256; // characters; a host name has at most 253
constexpr int MaxCount = 1'000'000'000;
constexpr qsizetype MaxRemovals = 1000;

PeerAddress withoutId(const PeerAddress &address)
{
    return PeerAddress(address.address(), address.port());
}

//! A link-local address of nobody knows which link.
bool isWithoutScope(const QString &text)
{
    const QString host = text.startsWith(u'[') ? text.section(u']', 0, 0).mid(1) : QString();
    return PeerAddress(host, 1).lacksScope();
}

std::optional<CacheContent::Item> itemOf(const QJsonObject &record)
{
    CacheContent::Item item;
    const auto peerId = PeerId::fromString(record.value("peer"_L1).toString());
    if (!peerId)
        return {};
    item.entry.peerId = *peerId;
    const QJsonArray addresses = record.value("addresses"_L1).toArray();
    if (addresses.isEmpty() || addresses.size() > CachedNode::MaxAddresses)
        return {};
    for (const QJsonValue &text : addresses) {
        if (isWithoutScope(text.toString()))
            continue; // as older versions wrote them; the others are as good as ever
        const auto address = PeerAddress::fromString(text.toString());
        if (!address || address->isHostName() || !address->peerId().isNull())
            return {};
        item.entry.addresses.append(*address);
    }
    if (item.entry.addresses.isEmpty())
        return {};
    const QString certificate = record.value("certificate"_L1).toString();
    if (!certificate.isEmpty()) {
        item.entry.certificate = QByteArray::fromBase64(certificate.toLatin1());
        const auto info = CertificateInfo::fromDer(item.entry.certificate);
        if (!info || info->peerId != item.entry.peerId)
            return {};
    }
    item.entry.name = record.value("name"_L1).toString();
    item.time = record.value("lastConnected"_L1).toInteger(-1);
    item.entry.successes = record.value("successes"_L1).toInt(-1);
    item.entry.failures = record.value("failures"_L1).toInt(-1);
    item.entry.isAnchor = record.value("anchor"_L1).toBool();
    if (item.entry.name.size() > MaxName || item.time < 0 || item.entry.successes < 0
        || item.entry.failures < 0)
        return {};
    item.token = CachedToken::fromRecord(record);
    return item;
}

QJsonObject recordOf(const CacheContent::Item &item, qint64 now)
{
    QJsonArray addresses;
    for (const PeerAddress &address : item.entry.addresses)
        addresses.append(address.endpointString());
    QJsonObject record{
        {u"peer"_s, item.entry.peerId.toString()},
        {u"addresses"_s, addresses},
        {u"name"_s, item.entry.name},
        {u"lastConnected"_s, item.time},
        {u"successes"_s, item.entry.successes},
        {u"failures"_s, item.entry.failures},
        {u"certificate"_s, QString::fromLatin1(item.entry.certificate.toBase64())},
    };
    if (item.entry.isAnchor)
        record.insert(u"anchor"_s, true);
    if (item.token.isUsableFor(item.entry, now))
        item.token.writeTo(record);
    return record;
}

} // namespace

const CacheContent::Item *CacheContent::find(const PeerId &peerId) const
{
    const auto found = std::find_if(m_items.cbegin(), m_items.cend(),
                                    [&](const Item &item) { return item.entry.peerId == peerId; });
    return found == m_items.cend() ? nullptr : &*found;
}

CacheContent::Item *CacheContent::find(const PeerId &peerId)
{
    return const_cast<Item *>(std::as_const(*this).find(peerId));
}

//! Later than any other, whatever the clock says.
qint64 CacheContent::nextTime(qint64 now) const
{
    qint64 latest = m_clearedAt;
    if (!m_items.isEmpty())
        latest = std::max(latest, m_items.first().time);
    for (const qint64 removed : m_removed)
        latest = std::max(latest, removed);
    return std::max(now, latest + 1);
}

qint64 CacheContent::removedAt(const PeerId &peerId) const
{
    return std::max(m_clearedAt, m_removed.value(peerId, 0));
}

QList<PeerId> CacheContent::connected(const Entry &entry, qint64 now)
{
    const qint64 time = nextTime(now);
    Item item;
    if (const Item *old = find(entry.peerId))
        item = *old;
    Entry &updated = item.entry;
    updated.peerId = entry.peerId;
    for (const PeerAddress &given : entry.addresses) {
        if (given.lacksScope())
            continue;
        const PeerAddress address = withoutId(given);
        updated.addresses.removeAll(address);
        updated.addresses.prepend(address);
    }
    if (updated.addresses.isEmpty())
        return {};
    updated.addresses = updated.addresses.mid(0, CachedNode::MaxAddresses);
    updated.certificate = entry.certificate;
    updated.name = entry.name.left(MaxName);
    updated.successes = std::min(updated.successes + 1, MaxCount);
    updated.failures = 0;
    ++item.newSuccesses;
    item.newFailures = 0;
    item.time = time;
    put(item);
    return trim();
}

QList<PeerId> CacheContent::add(const Entry &entry, qint64 now)
{
    Item item;
    if (const Item *old = find(entry.peerId))
        item = *old;
    item.entry.peerId = entry.peerId;
    for (const PeerAddress &address : entry.addresses) {
        if (address.lacksScope())
            continue;
        item.entry.addresses.removeAll(withoutId(address));
        item.entry.addresses.prepend(withoutId(address));
    }
    if (item.entry.addresses.isEmpty())
        return {};
    item.entry.addresses = item.entry.addresses.mid(0, CachedNode::MaxAddresses);
    item.time = nextTime(now);
    put(item);
    return trim();
}

bool CacheContent::failed(const PeerId &peerId)
{
    Item *item = find(peerId);
    if (!item)
        return false;
    item->entry.failures = std::min(item->entry.failures + 1, MaxCount);
    ++item->newFailures;
    return true;
}

bool CacheContent::remove(const PeerId &peerId, qint64 now)
{
    const bool known = find(peerId) != nullptr;
    m_removed.insert(peerId, nextTime(now));
    m_items.removeIf([&](const Item &item) { return item.entry.peerId == peerId; });
    return known;
}

void CacheContent::clear(qint64 now)
{
    m_clearedAt = nextTime(now);
    m_items.clear();
    m_removed.clear();
}

bool CacheContent::setToken(const PeerId &peerId, const QHostAddress &address,
                            const AddressToken &token)
{
    Item *item = find(peerId);
    if (!item || token.bytes.isEmpty() || !hasAddress(item->entry, address)
        || item->token.token == token)
        return false;
    item->token = {address, token};
    return true;
}

AddressToken CacheContent::takeToken(const PeerId &peerId, const QHostAddress &address, qint64 now)
{
    Item *item = find(peerId);
    if (!item || item->token.address != address || !item->token.isUsableFor(item->entry, now))
        return {};
    AddressToken token = item->token.token;
    item->token.token.bytes.clear();
    return token;
}

bool CacheContent::setAnchors(const QList<PeerId> &anchors)
{
    bool changed = false;
    for (Item &item : m_items) {
        const bool isAnchor = anchors.indexOf(item.entry.peerId) >= 0
            && anchors.indexOf(item.entry.peerId) < CacheLimits::MaxAnchors;
        changed = changed || isAnchor != item.entry.isAnchor;
        item.entry.isAnchor = isAnchor;
    }
    return changed;
}

QList<PeerId> CacheContent::merge(const CacheContent &file, qint64 now)
{
    m_clearedAt = std::max(m_clearedAt, file.m_clearedAt);
    for (auto removed = file.m_removed.cbegin(); removed != file.m_removed.cend(); ++removed) {
        qint64 &ours = m_removed[removed.key()];
        ours = std::max(ours, removed.value());
    }
    for (const Item &theirs : file.m_items) {
        Item *ours = find(theirs.entry.peerId);
        if (!ours) {
            m_items.append(theirs);
            continue;
        }
        const int successes = std::min(theirs.entry.successes + ours->newSuccesses, MaxCount);
        const int failures = ours->newSuccesses > 0
            ? ours->entry.failures
            : std::min(theirs.entry.failures + ours->newFailures, MaxCount);
        const bool isAnchor = ours->entry.isAnchor;
        if (theirs.time > ours->time) {
            ours->entry = theirs.entry;
            ours->entry.isAnchor = isAnchor;
            ours->time = theirs.time;
        }
        if (theirs.token.token.receivedAt > ours->token.token.receivedAt)
            ours->token = theirs.token;
        ours->entry.successes = successes;
        ours->entry.failures = failures;
    }
    m_items.removeIf([this](const Item &item) { return removedAt(item.entry.peerId) >= item.time; });
    // Of removals only those count that are young, and not overtaken.
    m_removed.removeIf([&](const QHash<PeerId, qint64>::iterator removal) {
        return find(removal.key()) || removal.value() < now - RemovalLifetime
            || removal.value() <= m_clearedAt;
    });
    sort();
    int anchors = 0; // of all programs together
    for (Item &item : m_items)
        item.entry.isAnchor = item.entry.isAnchor && ++anchors <= CacheLimits::MaxAnchors;
    return trim();
}

void CacheContent::saved()
{
    for (Item &item : m_items)
        item.newSuccesses = item.newFailures = 0;
}

CacheContent CacheContent::fromRecords(const QList<QJsonObject> &records, qint64 now, int *invalid)
{
    CacheContent content;
    for (const QJsonObject &record : records) {
        const qint64 at = record.value("at"_L1).toInteger(-1);
        if (record.contains("cleared"_L1) && at >= 0) {
            content.m_clearedAt = std::max(content.m_clearedAt, at);
        } else if (record.contains("removed"_L1) && at >= 0) {
            const auto peerId = PeerId::fromString(record.value("removed"_L1).toString());
            if (peerId && content.m_removed.size() < MaxRemovals)
                content.m_removed.insert(*peerId, at);
        } else if (auto item = itemOf(record)) {
            const Item *twin = content.find(item->entry.peerId);
            if (!twin || twin->time < item->time)
                content.put(*item);
        } else if (invalid) {
            ++*invalid;
        }
    }
    content.m_items.removeIf(
        [&](const Item &item) { return content.removedAt(item.entry.peerId) >= item.time; });
    content.bringIntoPast(now);
    content.trim();
    return content;
}

QList<QJsonObject> CacheContent::toRecords(qint64 now) const
{
    QList<QJsonObject> records;
    for (const Item &item : m_items)
        records.append(recordOf(item, now));
    if (m_clearedAt > now - RemovalLifetime)
        records.append({{u"cleared"_s, true}, {u"at"_s, m_clearedAt}});
    for (auto removed = m_removed.cbegin(); removed != m_removed.cend(); ++removed) {
        if (removed.value() > now - RemovalLifetime)
            records.append({{u"removed"_s, removed.key().toString()}, {u"at"_s, removed.value()}});
    }
    return records;
}

void CacheContent::put(Item item)
{
    m_removed.remove(item.entry.peerId);
    m_items.removeIf([&](const Item &other) { return other.entry.peerId == item.entry.peerId; });
    const auto place = std::find_if(m_items.begin(), m_items.end(),
                                    [&](const Item &other) { return other.time <= item.time; });
    m_items.insert(place, std::move(item));
}

void CacheContent::sort()
{
    std::stable_sort(m_items.begin(), m_items.end(),
                     [](const Item &a, const Item &b) { return a.time > b.time; });
}

//! A clock that was ten years ahead must not make entries, or removals, immortal. The order stays.
void CacheContent::bringIntoPast(qint64 now)
{
    qint64 latest = now + ClockTolerance;
    for (Item &item : m_items) {
        item.time = std::min(item.time, latest);
        latest = std::max<qint64>(item.time - 1, 0);
    }
    // Entries that a removal was meant for are gone by now, so it comes before all that are left.
    const qint64 earlier = now - ClockTolerance;
    if (m_clearedAt > now + ClockTolerance)
        m_clearedAt = earlier;
    for (qint64 &removed : m_removed)
        removed = removed > now + ClockTolerance ? earlier : removed;
}

//! The oldest leave: of a group that has too many, then of the groups that have most, and where no group
//! has more than one, of all. So whoever has 32 groups can fill a cache with that many and not with 200
//! (measured by tst_eclipse). Anchors stay.
QList<PeerId> CacheContent::trim()
{
    QList<PeerId> left;
    QHash<QByteArray, int> groups;
    for (const Item &item : m_items) {
        if (item.entry.isAnchor)
            ++groups[addressGroup(item.entry.addresses.first().address())];
    }
    QList<Item> kept;
    for (const Item &item : m_items) {
        const QByteArray group = addressGroup(item.entry.addresses.first().address());
        if (!item.entry.isAnchor && !group.isEmpty() && ++groups[group] > CacheLimits::MaxPerGroup)
            left.append(item.entry.peerId);
        else
            kept.append(item);
    }
    while (kept.size() > CacheLimits::MaxEntries) {
        QHash<QByteArray, int> sizes;
        int largest = 1;
        for (const Item &item : kept) {
            const QByteArray group = addressGroup(item.entry.addresses.first().address());
            if (!group.isEmpty())
                largest = std::max(largest, ++sizes[group]);
        }
        const auto mayLeave = [&](const Item &item) {
            const QByteArray group = addressGroup(item.entry.addresses.first().address());
            return !item.entry.isAnchor && (largest == 1 || sizes.value(group) == largest);
        };
        auto oldest = std::find_if(kept.crbegin(), kept.crend(), mayLeave);
        if (oldest == kept.crend()) // the largest group has only anchors
            oldest = std::find_if(kept.crbegin(), kept.crend(),
                                  [](const Item &item) { return !item.entry.isAnchor; });
        left.append(oldest->entry.peerId);
        kept.erase(std::prev(oldest.base()));
    }
    m_items = kept;
    return left;
}

} // namespace Qp2p::Peering
