// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The inside of BootstrapCache: its content, its file, and when it is saved.
#pragma once

#include <qp2pcore/bootstrapcache.h>
#include <qp2pcore/io/environment.h>
#include <qp2pcore/peering/cachecontent.h>
#include <qp2pcore/storage/recordfile.h>

#include <QHash>

#include <chrono>
#include <memory>
#include <optional>

namespace Qp2p {

class BootstrapCache::Private
{
public:
    static constexpr std::chrono::nanoseconds SaveDelay = std::chrono::seconds(
        5); //!< after a change

    explicit Private(std::shared_ptr<Io::Environment> surroundings)
        : environment(std::move(surroundings))
    {
    }

    qint64 now() const { return environment->wallClock() * 1000; }
    Entry entryOf(const Peering::CacheContent::Item &item) const;
    void changed(std::chrono::nanoseconds saveWithin = SaveDelay);
    void saveNow();
    Result<void> save();
    //! Emits what is different from \a before. The cache may be gone afterwards.
    void emitChanges(const QHash<PeerId, Entry> &before);
    QHash<PeerId, Entry> snapshot() const;

    BootstrapCache *q = nullptr; //!< set by its constructor
    std::shared_ptr<Io::Environment> environment;
    std::unique_ptr<Io::Timer> timer;
    std::optional<RecordFile> file; // none: in memory only
    QString damage;
    Peering::CacheContent content;
    QString reportedFailure; // of the last save
    bool dirty = false;
};

} // namespace Qp2p
