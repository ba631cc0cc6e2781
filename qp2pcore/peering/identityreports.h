// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What peers say of our own identity: that another program uses it, and when we may dial them again.
#pragma once

#include <qp2pcore/peerid.h>
#include <qp2pcore/peering/monotonictime.h>

#include <QHash>

#include <functional>

namespace Qp2p::Peering {

//! \brief Counts the peers that say that another program uses our identity, and how often.
//!
//! Nothing proves what they say, so it has an effect on dials to those peers alone. An attempt to join leaves them out
//! while they pause, and waits for the end of a pause only where there is no other candidate.
class IdentityReports
{
public:
    //! The pause after the first report of a peer; each one after the end of a pause doubles it.
    static constexpr std::chrono::milliseconds FirstPause{15'000};
    static constexpr std::chrono::milliseconds MaxPause{300'000};
    //! What was said is forgotten after that time without a further report: the other program has stopped.
    static constexpr std::chrono::milliseconds Lifetime{3 * MaxPause};
    static constexpr qsizetype MaxPeers = 100;

    //! \brief \a peer says so; while it pauses, saying it again changes nothing. Returns whether the program is to hear of it now: once there are two reports, of one
    //! peer or of several, and once only until all are forgotten.
    bool record(const PeerId &peer, Time now, const std::function<quint32(quint32 limit)> &random);

    //! It is not dialled by our own choice.
    bool isPausing(const PeerId &peer, Time now) const { return pausedUntil(peer) > now; }
    //! Time::min() where it does not pause.
    Time pausedUntil(const PeerId &peer) const;
    qsizetype size() const { return m_reports.size(); }

private:
    struct Report
    {
        int count = 0;
        Time latest;
        Time pauseUntil;
    };

    QHash<PeerId, Report> m_reports;
    bool m_isReported = false;
};

} // namespace Qp2p::Peering
