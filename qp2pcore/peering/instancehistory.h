// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Whether a peer that comes back with another instance was restarted, or is a second program.
#pragma once

#include <qp2pcore/peerid.h>
#include <qp2pcore/peering/monotonictime.h>

#include <QHash>
#include <QList>

namespace Qp2p::Peering {

//! \brief The instances (hello key 9) that were replaced by others of the same peer.
//!
//! A program that is restarted never returns to an earlier instance. Where one that was replaced comes back while the
//! other is still linked, two programs have the key of the peer, and both have proven it in a handshake. Nothing
//! else leads here, so a stranger cannot make two programs of one.
class InstanceHistory
{
public:
    //! Longer than any pause after which such a program tries again.
    static constexpr std::chrono::hours Lifetime{1};
    //! Peers that have come back with another instance recently: a hundred bytes each.
    static constexpr qsizetype MaxPeers = 1000;
    static constexpr qsizetype MaxInstances = 8; //!< of a peer
    static constexpr std::chrono::minutes NoticeInterval{1};

    enum class Change { Restarted, SecondProgram };
    //! \brief A connection of \a peer has come with the instance \a next, while one with \a linked is linked.
    Change compare(const PeerId &peer, quint64 linked, quint64 next, Time now);

    //! Whether the linked program is to hear of it now; then not for NoticeInterval.
    bool takeNotice(const PeerId &peer, Time now);
    //! Whether our own program is to hear of it now: once, until nothing has come for Lifetime.
    bool takeReport(const PeerId &peer);

    void forgetOld(Time now);
    qsizetype size() const { return m_peers.size(); }

private:
    struct Entry
    {
        QList<quint64> instances; //!< the latest first
        Time seenAt;
        Time noticeAt = Time::min();
        bool isReported = false;
    };

    QHash<PeerId, Entry> m_peers;
};

} // namespace Qp2p::Peering
