// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/blocklist.h>

#include <qp2pcore/storage/filelock.h>
#include <qp2pcore/storage/folders.h>
#include <qp2pcore/support/logging.h>

#include <QCoreApplication>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace Qp2p::Peering {

namespace {

struct BlockListText
{
    Q_DECLARE_TR_FUNCTIONS(Qp2p::BlockList)
};

const QString Format = u"qp2p-block-list"_s;

} // namespace

Result<void> BlockList::open(const QString &fileName, ForeignFile foreign)
{
    auto file = std::make_unique<RecordFile>(fileName, Format);
    makePrivateFolder(folderName(fileName));
    file->removeLeftovers();
    const auto read = file->read();
    if (!read)
        return read.error();
    if (read->isForeign && foreign == ForeignFile::Refuse)
        return Error(
            ErrorCode::InvalidArgument,
            BlockListText::tr(
                "The file \"%1\" is not a block list: %2. It is left as it is; name another file.")
                .arg(fileName, read->damage));
    const qsizetype invalid = take(read->records);
    m_file = std::move(file);
    m_damage.clear();
    if (!read->damage.isEmpty() || invalid > 0)
        return change([] {}); // sets it aside and begins a new one
    return {};
}

Result<void> BlockList::reload()
{
    if (!m_file)
        return {};
    const auto read = m_file->read();
    if (!read)
        return read.error();
    const QSet<PeerId> peersBefore = std::exchange(m_peers, {});
    const QSet<QHostAddress> addressesBefore = std::exchange(m_addresses, {});
    if (take(read->records) == 0 && read->damage.isEmpty())
        return {};
    m_peers += peersBefore; // what a damaged file has lost
    m_addresses += addressesBefore;
    return change([] {});
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

qsizetype BlockList::take(const QList<QJsonObject> &records)
{
    qsizetype invalid = 0;
    for (const QJsonObject &record : records) {
        const auto peerId = PeerId::fromString(record.value("peer"_L1).toString());
        const QHostAddress address(record.value("address"_L1).toString());
        if (record.size() != 1) // one of another kind of file may name a peer as well
            ++invalid;
        else if (peerId)
            m_peers.insert(*peerId);
        else if (!address.isNull())
            m_addresses.insert(address);
        else
            ++invalid;
    }
    return invalid;
}

//! On what the file says now, for another program may have changed it.
template<typename Change>
Result<void> BlockList::change(Change change)
{
    if (!m_file) {
        change();
        return {};
    }
    FileLock lock(m_file->targetName());
    const Result<void> locked = lock.take();
    const auto read = m_file->read();
    if (locked && read) {
        // What a damaged file has lost is still known here.
        const QSet<PeerId> peersBefore = std::exchange(m_peers, {});
        const QSet<QHostAddress> addressesBefore = std::exchange(m_addresses, {});
        const qsizetype invalid = take(read->records);
        if (!read->damage.isEmpty() || invalid > 0) {
            m_peers += peersBefore;
            m_addresses += addressesBefore;
            if (Result<void> kept = setAside(read->damage, int(invalid)); !kept) {
                change();
                return kept;
            }
        }
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

Result<void> BlockList::setAside(const QString &damage, int invalid)
{
    const Result<QString> aside = m_file->setAside();
    if (!aside)
        return aside.error();
    m_damage = BlockListText::tr(
                   "The block list \"%1\" was damaged: %2. It is kept as \"%3\", and its valid "
                   "entries are used.")
                   .arg(m_file->fileName(),
                        damage.isEmpty()
                            ? BlockListText::tr("entries that are not valid: %1").arg(invalid)
                            : damage,
                        *aside);
    qCWarning(lcNetwork).noquote() << m_damage;
    return {};
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
