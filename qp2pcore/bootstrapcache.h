// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The nodes through which a network is found again after a restart.
#pragma once

#include <qp2pcore/cachednode.h>
#include <qp2pcore/localfile.h>
#include <qp2pcore/peeraddress.h>
#include <qp2pcore/peerid.h>
#include <qp2pcore/qp2pcore_export.h>
#include <qp2pcore/result.h>

#include <QByteArray>
#include <QHostAddress>
#include <QList>
#include <QObject>

#include <memory>
#include <optional>

namespace Qp2p {

struct AddressToken;

//! \brief The 200 nodes most recently connected, kept on disk.
//!
//! A Network puts a node here only after its own outgoing connection to it succeeded without any help of
//! a NAT. The newest stands first, the oldest leaves. Of one public IPv4 /16 or IPv6 /32 at most 8 stay,
//! and once the cache is full the oldest of the groups with most entries goes first: an owner of many
//! addresses, who has them in few groups, cannot push out the nodes of all others. Two anchors, the nodes longest linked, stay
//! whatever else comes.
//!
//! Several programs may share the file: a save takes in what the others have written. What was removed
//! stays removed for a day, whatever they still have. A damaged file, or one that is something else, is
//! kept under another name (".damaged", ".damaged-2", …), and all of its valid records are used.
class QP2PCORE_EXPORT BootstrapCache : public QObject
{
    Q_OBJECT

public:
    static constexpr qsizetype MaxEntries = CacheLimits::MaxEntries;
    static constexpr int MaxPerGroup = CacheLimits::MaxPerGroup;
    static constexpr qsizetype MaxAddresses = CachedNode::MaxAddresses; //!< of one node
    static constexpr int MaxAnchors = CacheLimits::MaxAnchors;

    using Entry = CachedNode;

    explicit BootstrapCache(QObject *parent = nullptr);
    //! Saves what has not been saved.
    ~BootstrapCache() override;

    //! \brief Reads \a fileName, which need not exist, and saves to it from now on, 5 s after a change.
    //!
    //! Errors: FileUnreadable (also a folder or a pipe), InvalidArgument (no file's name), Unsupported (a
    //! later version wrote it): the file is left alone then, and the cache lives in memory only. Whatever
    //! else is in the file is no error: it is kept under another name, and damage() says so.
    //!
    //! \a foreign: whether that is also done with a file that has nothing of a cache in it.
    Result<void> open(const QString &fileName, ForeignFile foreign = ForeignFile::SetAside);
    QString fileName() const;
    //! \brief What was wrong with the file, and under which name it is kept, as sentences; empty where
    //! nothing was.
    QString damage() const;

    QList<Entry> entries() const; //!< newest first
    std::optional<Entry> entry(const PeerId &peerId) const;
    qsizetype size() const;

    //! \brief A connection that we dialled has opened: \a peerId becomes the newest. \a address is an IP
    //! address, and becomes the first of its addresses.
    void connected(const PeerId &peerId, const PeerAddress &address, const QByteArray &certificate,
                   const QString &name = {});
    //! A dial of ours has failed.
    void failed(const PeerId &peerId);
    //! \brief Adds a node that the user names: as the newest, without a certificate.
    //! Errors: InvalidArgument (no peer id, or a host name).
    Result<void> add(const PeerAddress &address);
    //! False where it is not there.
    bool remove(const PeerId &peerId);
    void clear();
    //! The nodes longest linked, at most two; what was one before is one no more.
    void setAnchors(const QList<PeerId> &anchors);

    //! \brief Takes in what other programs have written, and writes the file. Also done by itself.
    //! Errors: FileWriteFailed, those of open(). What is in memory stays, and is saved a minute later.
    Result<void> save();

Q_SIGNALS:
    void entryAdded(const Qp2p::PeerId &peerId);
    void entryChanged(const Qp2p::PeerId &peerId);
    void entryRemoved(const Qp2p::PeerId &peerId);
    //! An automatic save has failed; it is tried again.
    void saveFailed(const Qp2p::Error &error);

protected:
    class Private;
    BootstrapCache(Private &inside, QObject *parent); // which it owns from then on

    const std::unique_ptr<Private> d;

private:
    friend class Network; // its cache has the clock and the timers of the network
    //! For the next dial to the node \a peerId at \a address, if it is here and has that. Emits nothing.
    void keepToken(const PeerId &peerId, const QHostAddress &address, const AddressToken &token);
    //! Gives it up. Emits nothing.
    AddressToken takeToken(const PeerId &peerId, const QHostAddress &address);
};

} // namespace Qp2p
