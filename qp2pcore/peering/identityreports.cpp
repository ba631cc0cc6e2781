// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/identityreports.h>

#include <algorithm>

namespace Qp2p::Peering {

bool IdentityReports::record(const PeerId &peer, Time now,
                             const std::function<quint32(quint32 limit)> &random)
{
    m_reports.removeIf([now](const QHash<PeerId, Report>::iterator report) {
        return report->latest + Lifetime <= now;
    });
    if (m_reports.isEmpty())
        m_isReported = false;
    if (isPausing(peer, now)) // a burst is one report
        return false;
    if (!m_reports.contains(peer) && m_reports.size() >= MaxPeers)
        m_reports.erase(m_reports.cbegin());
    Report &report = m_reports[peer];
    const int doublings = std::min(report.count++, 20);
    const auto longest = std::min(FirstPause * (1 << doublings), MaxPause);
    // The other program does the same: chance keeps the two apart.
    const auto pause = longest / 2
        + std::chrono::milliseconds(random(quint32(longest.count() / 2)));
    report.latest = now;
    report.pauseUntil = now + pause;
    const bool isConfirmed = m_reports.size() > 1 || report.count > 1;
    return isConfirmed && !std::exchange(m_isReported, true);
}

Time IdentityReports::pausedUntil(const PeerId &peer) const
{
    const auto report = m_reports.constFind(peer);
    return report != m_reports.cend() ? report->pauseUntil : Time::min();
}

} // namespace Qp2p::Peering
