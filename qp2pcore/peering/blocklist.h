// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Whom this member does not want to speak with, whatever happens.
#pragma once

#include <qp2pcore/localfile.h>
#include <qp2pcore/peerid.h>
#include <qp2pcore/result.h>
#include <qp2pcore/storage/recordfile.h>

#include <QHostAddress>
#include <QSet>
#include <QString>

#include <memory>

namespace Qp2p::Peering {

//! \brief Peers and addresses; in a file, where one was opened. Each change is written at once.
class BlockList
{
public:
    //! Errors: those of BootstrapCache::open(). It lives in memory then. FileWriteFailed, where a damaged
    //! file cannot be replaced: its valid entries are used, and each change tries again.
    Result<void> open(const QString &fileName, ForeignFile foreign = ForeignFile::SetAside);
    //! \brief What its file says now takes the place of what is known; without a file nothing changes. Errors: those of
    //! open(), after which nothing has changed, or no entry is missing.
    Result<void> reload();
    //! As BootstrapCache::damage().
    QString damage() const { return m_damage; }

    bool contains(const PeerId &peerId) const { return m_peers.contains(peerId); }
    bool contains(const QHostAddress &address) const { return m_addresses.contains(address); }
    QList<PeerId> peers() const;
    QList<QHostAddress> addresses() const;

    //! Where saving fails, with FileWriteFailed, the change holds until the program ends.
    Result<void> add(const PeerId &peerId);
    Result<void> add(const QHostAddress &address);
    Result<void> remove(const PeerId &peerId);
    Result<void> remove(const QHostAddress &address);

private:
    //! Returns how many are not valid.
    qsizetype take(const QList<QJsonObject> &records);
    Result<void> setAside(const QString &damage, int invalid);
    template<typename Change>
    Result<void> change(Change change);

    QSet<PeerId> m_peers;
    QSet<QHostAddress> m_addresses;
    std::unique_ptr<RecordFile> m_file;
    QString m_damage;
};

} // namespace Qp2p::Peering
