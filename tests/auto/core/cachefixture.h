// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Bootstrap caches in a folder of their own, and nodes that are named by numbers.
#pragma once

#include <shared/simulation.h>

#include <qp2pcore/bootstrapcache.h>
#include <qp2pcore/private/simulated.h>

#include <QCryptographicHash>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace Qp2p::Test {

using namespace Qt::StringLiterals;

inline PeerId idOf(int number)
{
    return PeerId::fromBytes(
        QCryptographicHash::hash(QByteArray::number(number), QCryptographicHash::Sha256));
}

//! Each in a group of its own.
inline PeerAddress addressOf(int number)
{
    return PeerAddress(QHostAddress(quint32(0x0b000001 + (number << 16))), 12000);
}

inline QList<PeerId> idsIn(const BootstrapCache &cache)
{
    QList<PeerId> ids;
    for (const auto &entry : cache.entries())
        ids.append(entry.peerId);
    return ids;
}

inline QList<PeerId> ids(const QList<int> &numbers)
{
    QList<PeerId> result;
    for (const int number : numbers)
        result.append(idOf(number));
    return result;
}

inline QByteArray contentOf(const QString &fileName)
{
    QFile file(fileName);
    return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
}

inline void setContent(const QString &fileName, const QByteArray &bytes)
{
    QFile file(fileName);
    QVERIFY(file.open(QFile::WriteOnly | QFile::Truncate));
    QCOMPARE(file.write(bytes), bytes.size());
}

inline void put(BootstrapCache &cache, int number)
{
    cache.connected(idOf(number), addressOf(number), {});
}

//! \brief A base of tests: a folder, and a machine whose clock the caches read, new ones for each function.
class CacheFixture
{
protected:
    //! \brief To be called by init(). The folder is in memory where the system has such a place: a save waits
    //! for the disk (fsync), and thousands of them show nothing of the disk.
    void begin()
    {
        const QFileInfo memory(u"/dev/shm"_s);
        m_folder = memory.isDir() && memory.isWritable()
            ? std::make_unique<QTemporaryDir>(u"/dev/shm/qp2p-tst_cache-XXXXXX"_s)
            : std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
        m_simulation = std::make_unique<Simulation>(1);
        m_host = m_simulation->host({QHostAddress(u"192.0.2.1"_s)});
    }
    QString folderPath() const { return m_folder->path(); }
    QString path(const QString &name = u"peers.jsonl"_s) const { return m_folder->filePath(name); }
    Simulation &simulation() const { return *m_simulation; }
    const Simulation::Host &host() const { return m_host; }
    //! The cache of path(\a name). A file that cannot be opened is a warning.
    std::unique_ptr<BootstrapCache> opened(const QString &name = u"peers.jsonl"_s) const
    {
        auto cache = std::make_unique<SimulatedCache>(m_host);
        const Result<void> result = cache->open(path(name));
        if (!result)
            qWarning().noquote() << result.error().message;
        return cache;
    }
    //! The bytes of a file with the nodes 0 to \a entries - 1.
    QByteArray fullFile(int entries) const
    {
        const QString name = u"made.jsonl"_s;
        QFile::remove(path(name));
        {
            const auto cache = opened(name);
            for (int i = 0; i < entries; ++i)
                put(*cache, i);
        }
        const QByteArray bytes = contentOf(path(name));
        QFile::remove(path(name));
        return bytes;
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Simulation> m_simulation;
    Simulation::Host m_host;
};

} // namespace Qp2p::Test
