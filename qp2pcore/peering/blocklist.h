// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Whom this member does not want to speak with, whatever happens.
#pragma once

#include <qp2pcore/peerid.h>
#include <qp2pcore/recordfile_p.h>
#include <qp2pcore/result.h>

#include <QHostAddress>
#include <QSet>

namespace Qp2p::Peering {

//! \brief Peers and addresses; in a file, where one was opened. Each change is written at once.
class BlockList
{
public:
    //! Errors: those of BootstrapCache::open(). It lives in memory then.
    Result<void> open(const QString &fileName);

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
    void take(const QList<QJsonObject> &records);
    template<typename Change>
    Result<void> change(Change change);

    QSet<PeerId> m_peers;
    QSet<QHostAddress> m_addresses;
    std::unique_ptr<RecordFile> m_file;
};

} // namespace Qp2p::Peering
