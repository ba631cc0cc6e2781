// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/blocklist.h>

#include <qp2pcore/privatefile_p.h>

#include <QFileInfo>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Qp2p::Peering {

namespace {

const QString Format = u"qp2p-block-list"_s;

} // namespace

Result<void> BlockList::open(const QString &fileName)
{
    auto file = std::make_unique<RecordFile>(fileName, Format);
    makePrivateFolder(QFileInfo(fileName).absolutePath());
    file->removeLeftovers();
    const auto read = file->read();
    if (!read)
        return read.error();
    take(read->records);
    m_file = std::move(file);
    return {};
}

QList<PeerId> BlockList::peers() const
{
    QList<PeerId> list = m_peers.values();
    std::sort(list.begin(), list.end());
    return list;
}

QList<QHostAddress> BlockList::addresses() const
{
    QList<QHostAddress> list = m_addresses.values();
    std::sort(list.begin(), list.end(), [](const QHostAddress &a, const QHostAddress &b) {
        return a.toString() < b.toString();
    });
    return list;
}

void BlockList::take(const QList<QJsonObject> &records)
{
    for (const QJsonObject &record : records) {
        if (const auto peerId = PeerId::fromString(record.value("peer"_L1).toString()))
            m_peers.insert(*peerId);
        const QHostAddress address(record.value("address"_L1).toString());
        if (!address.isNull())
            m_addresses.insert(address);
    }
}

//! On what the file says now, for another program may have changed it.
template<typename Change>
Result<void> BlockList::change(Change change)
{
    if (!m_file) {
        change();
        return {};
    }
    RecordFile::Lock lock(m_file->fileName());
    const Result<void> locked = lock.take();
    const auto read = m_file->read();
    if (locked && read) {
        if (!read->damage.isEmpty())
            m_file->setAside();
        else {
            m_peers.clear();
            m_addresses.clear();
        }
        take(read->records);
    }
    change();
    if (!locked)
        return locked;
    if (!read)
        return read.error();
    QList<QJsonObject> records;
    for (const PeerId &peerId : peers())
        records.append({{u"peer"_s, peerId.toString()}});
    for (const QHostAddress &address : addresses())
        records.append({{u"address"_s, address.toString()}});
    return m_file->write(records);
}

Result<void> BlockList::add(const PeerId &peerId)
{
    return change([&] { m_peers.insert(peerId); });
}

Result<void> BlockList::add(const QHostAddress &address)
{
    return change([&] { m_addresses.insert(address); });
}

Result<void> BlockList::remove(const PeerId &peerId)
{
    return change([&] { m_peers.remove(peerId); });
}

Result<void> BlockList::remove(const QHostAddress &address)
{
    return change([&] { m_addresses.remove(address); });
}

} // namespace Qp2p::Peering
