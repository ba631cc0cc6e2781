// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/dialfailures.h>

#include <algorithm>

namespace Qp2p::Peering {

void DialFailures::add(const QByteArray &group, const QByteArray &dialled, Time now,
                       std::chrono::nanoseconds longest)
{
    const Key key(group, dialled);
    if (m_records.size() >= MaxRecords && !m_records.contains(key))
        makeRoom(now);
    Record &record = m_records[key];
    const int doublings = std::min(record.count++, 20);
    record.pauseUntil = now
        + std::min<std::chrono::nanoseconds>(FirstPause * (1 << doublings), longest);
    record.number = ++m_number;
}

void DialFailures::remove(const QByteArray &dialled)
{
    m_records.removeIf([&](const auto &record) { return record.key().second == dialled; });
}

bool DialFailures::isPausing(const QByteArray &group, const QByteArray &dialled, Time now) const
{
    if (m_records.isEmpty())
        return false;
    const auto record = m_records.constFind({group, dialled});
    return record != m_records.cend() && record->pauseUntil > now;
}

int DialFailures::count(const QByteArray &group, const QByteArray &dialled) const
{
    return m_records.value({group, dialled}).count;
}

void DialFailures::makeRoom(Time now)
{
    m_records.removeIf(
        [now](const auto &record) { return record.value().pauseUntil + LongestPause <= now; });
    if (m_records.size() < MaxRecords)
        return;
    QHash<QByteArray, qsizetype> ofGroup;
    for (auto record = m_records.cbegin(); record != m_records.cend(); ++record)
        ++ofGroup[record.key().first];
    const auto isFirst = [&](const auto &one, const auto &other) {
        const qsizetype sizeOfOne = ofGroup.value(one.key().first);
        const qsizetype sizeOfOther = ofGroup.value(other.key().first);
        if (sizeOfOne != sizeOfOther)
            return sizeOfOne > sizeOfOther;
        return one.value().number < other.value().number;
    };
    auto leaves = m_records.begin();
    for (auto record = m_records.begin(); record != m_records.end(); ++record) {
        if (isFirst(record, leaves))
            leaves = record;
    }
    m_records.erase(leaves);
}

} // namespace Qp2p::Peering
