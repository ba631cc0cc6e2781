// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/bootstrapcache.h>

#include <qp2pcore/network/bootstrapcacheprivate.h>
#include <qp2pcore/storage/filelock.h>
#include <qp2pcore/storage/folders.h>
#include <qp2pcore/support/logging.h>
#include <qp2pcore/support/threadcheck.h>

#include <QHash>
#include <QPointer>

#include <chrono>

using namespace Qt::StringLiterals;

namespace Qp2p {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::nanoseconds SaveAgain = 60s; // after a save that failed

const QString Format = u"qp2p-bootstrap-cache"_s;

} // namespace

BootstrapCache::Entry BootstrapCache::Private::entryOf(const Peering::CacheContent::Item &item) const
{
    Entry entry = item.entry;
    // While the clock is behind, times in memory run ahead of it.
    entry.lastConnected = QDateTime::fromMSecsSinceEpoch(std::min(item.time, now()), Qt::UTC);
    return entry;
}

void BootstrapCache::Private::changed(std::chrono::nanoseconds saveWithin)
{
    if (!file || std::exchange(dirty, true))
        return;
    if (!timer) // in the thread that the cache lives in by now
        timer = environment->makeTimer([this] { saveNow(); });
    timer->arm(environment->now() + saveWithin);
}

void BootstrapCache::Private::saveNow()
{
    const QPointer<BootstrapCache> alive(q);
    const Result<void> saved = q->save();
    if (alive && !saved)
        Q_EMIT q->saveFailed(saved.error());
}

Result<void> BootstrapCache::Private::save()
{
    if (!file)
        return {};
    FileLock lock(file->targetName());
    if (Result<void> locked = lock.take(); !locked)
        return locked;
    const auto read = file->read();
    if (!read)
        return read.error();
    int invalid = 0;
    const auto theirs = Peering::CacheContent::fromRecords(read->records, now(), &invalid);
    if (!read->damage.isEmpty() || invalid > 0) { // its valid records are taken all the same
        const Result<QString> aside = file->setAside();
        if (!aside)
            return aside.error();
        const QString what = read->damage.isEmpty()
            ? BootstrapCache::tr("entries that are not valid: %1").arg(invalid)
            : read->damage;
        damage =
            BootstrapCache::tr(
                "The bootstrap cache \"%1\" was damaged: %2. It is kept as \"%3\", and its valid "
                "entries are used.")
                .arg(file->fileName(), what, *aside);
        qCWarning(lcNetwork).noquote() << damage;
    }
    content.merge(theirs, now());
    if (Result<void> written = file->write(content.toRecords(now())); !written)
        return written;
    content.saved();
    return {};
}

QHash<PeerId, BootstrapCache::Entry> BootstrapCache::Private::snapshot() const
{
    QHash<PeerId, Entry> entries;
    for (const auto &item : content.items())
        entries.insert(item.entry.peerId, entryOf(item));
    return entries;
}

void BootstrapCache::Private::emitChanges(const QHash<PeerId, Entry> &before)
{
    const QPointer<BootstrapCache> alive(q);
    const QHash<PeerId, Entry> after = snapshot();
    for (auto entry = before.cbegin(); alive && entry != before.cend(); ++entry) {
        if (!after.contains(entry.key()))
            Q_EMIT alive->entryRemoved(entry.key());
    }
    for (auto entry = after.cbegin(); alive && entry != after.cend(); ++entry) {
        const auto old = before.constFind(entry.key());
        if (old == before.cend())
            Q_EMIT alive->entryAdded(entry.key());
        else if (*old != *entry)
            Q_EMIT alive->entryChanged(entry.key());
    }
}

BootstrapCache::BootstrapCache(QObject *parent)
    : BootstrapCache(*new Private(Io::systemEnvironment()), parent)
{
}

BootstrapCache::BootstrapCache(Private &inside, QObject *parent)
    : QObject(parent)
    , d(&inside)
{
    d->q = this;
}

BootstrapCache::~BootstrapCache()
{
    QP2P_CHECK_THREAD();
    if (!d->dirty)
        return;
    // What save() and saveFailed() have reported before is not logged as well.
    if (const Result<void> saved = d->save(); !saved && saved.error().message != d->reportedFailure)
        qCWarning(lcNetwork).noquote() << saved.error().message;
}

Result<void> BootstrapCache::open(const QString &fileName, ForeignFile foreign)
{
    QP2P_CHECK_THREAD();
    d->file.reset();
    d->damage.clear();
    if (fileName.isEmpty() || fileName.contains(QChar::Null) || fileName.endsWith(u'/'))
        return Error(ErrorCode::InvalidArgument,
                     tr("\"%1\" is not the name of a file. Name one.").arg(fileName));
    const RecordFile file(fileName, Format);
    makePrivateFolder(folderName(fileName));
    file.removeLeftovers();
    const auto read = file.read();
    if (!read)
        return read.error();
    if (read->isForeign && foreign == ForeignFile::Refuse)
        return Error(
            ErrorCode::InvalidArgument,
            tr("The file \"%1\" is not a bootstrap cache: %2. It is left as it is; name another "
               "file.")
                .arg(fileName, read->damage));
    const auto before = d->snapshot();
    int invalid = 0;
    const auto theirs = Peering::CacheContent::fromRecords(read->records, d->now(), &invalid);
    d->content.merge(theirs, d->now());
    d->file.emplace(fileName, Format);
    if (!read->damage.isEmpty() || invalid > 0) {
        // Now, so that the next program finds a file that is whole.
        if (const Result<void> replaced = d->save(); !replaced) {
            d->damage = replaced.error().message;
            qCWarning(lcNetwork).noquote() << d->damage;
            d->changed(SaveAgain);
        }
    }
    d->emitChanges(before);
    return {};
}

QString BootstrapCache::fileName() const
{
    QP2P_CHECK_THREAD();
    return d->file ? d->file->fileName() : QString();
}

QString BootstrapCache::damage() const
{
    QP2P_CHECK_THREAD();
    return d->damage;
}

QList<BootstrapCache::Entry> BootstrapCache::entries() const
{
    QP2P_CHECK_THREAD();
    QList<Entry> entries;
    for (const auto &item : d->content.items())
        entries.append(d->entryOf(item));
    return entries;
}

std::optional<BootstrapCache::Entry> BootstrapCache::entry(const PeerId &peerId) const
{
    QP2P_CHECK_THREAD();
    if (const auto *item = std::as_const(d->content).find(peerId))
        return d->entryOf(*item);
    return {};
}

qsizetype BootstrapCache::size() const
{
    QP2P_CHECK_THREAD();
    return d->content.items().size();
}

void BootstrapCache::connected(const PeerId &peerId, const PeerAddress &address,
                               const QByteArray &certificate, const QString &name)
{
    QP2P_CHECK_THREAD();
    if (peerId.isNull() || address.isNull() || address.isHostName())
        return;
    const auto before = d->snapshot();
    Entry entry;
    entry.peerId = peerId;
    entry.addresses = {address};
    entry.certificate = certificate;
    entry.name = name;
    d->content.connected(entry, d->now());
    d->changed();
    d->emitChanges(before);
}

void BootstrapCache::failed(const PeerId &peerId)
{
    QP2P_CHECK_THREAD();
    if (!d->content.failed(peerId))
        return;
    d->changed();
    Q_EMIT entryChanged(peerId);
}

Result<void> BootstrapCache::add(const PeerAddress &address)
{
    QP2P_CHECK_THREAD();
    if (address.isNull() || address.isHostName() || address.peerId().isNull())
        return Error(
            ErrorCode::InvalidArgument,
            tr("\"%1\" cannot be added: a node needs its peer id and an IP address, such as "
               "PEERID@192.0.2.1:12000.")
                .arg(address.toString()));
    if (address.lacksScope())
        return Error(
            ErrorCode::InvalidArgument,
            tr("\"%1\" cannot be added: it is a link-local address, another machine on each link. "
               "Name the network interface too, as in PEERID@[%2%eth0]:12000.")
                .arg(address.toString(), address.host()));
    const auto before = d->snapshot();
    Entry entry;
    entry.peerId = address.peerId();
    entry.addresses = {address};
    d->content.add(entry, d->now());
    d->changed();
    d->emitChanges(before);
    return {};
}

bool BootstrapCache::remove(const PeerId &peerId)
{
    QP2P_CHECK_THREAD();
    const bool known = d->content.remove(peerId, d->now());
    d->changed();
    if (known)
        Q_EMIT entryRemoved(peerId);
    return known;
}

void BootstrapCache::clear()
{
    QP2P_CHECK_THREAD();
    const auto before = d->snapshot();
    d->content.clear(d->now());
    d->changed();
    d->emitChanges(before);
}

void BootstrapCache::setAnchors(const QList<PeerId> &anchors)
{
    QP2P_CHECK_THREAD();
    const auto before = d->snapshot();
    if (!d->content.setAnchors(anchors))
        return;
    d->changed();
    d->emitChanges(before);
}

void BootstrapCache::keepToken(const PeerId &peerId, const QHostAddress &address,
                               const AddressToken &token)
{
    if (d->content.setToken(peerId, address, token))
        d->changed();
}

AddressToken BootstrapCache::takeToken(const PeerId &peerId, const QHostAddress &address)
{
    const AddressToken token = d->content.takeToken(peerId, address, d->now());
    if (!token.bytes.isEmpty())
        d->changed();
    return token;
}

Result<void> BootstrapCache::save()
{
    QP2P_CHECK_THREAD();
    const auto before = d->snapshot();
    if (d->timer)
        d->timer->disarm();
    d->dirty = false;
    const Result<void> saved = d->save();
    d->reportedFailure = saved ? QString() : saved.error().message;
    if (!saved)
        d->changed(SaveAgain);
    d->emitChanges(before);
    return saved;
}

} // namespace Qp2p
