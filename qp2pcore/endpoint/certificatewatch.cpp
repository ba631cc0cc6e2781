// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/endpoint/certificatewatch.h>

#include <algorithm>

namespace Qp2p {

bool CertificateWatch::takeWarning(const PeerId &peer, Seconds until, Seconds now)
{
    // Compared without an overflow: a certificate without an end is valid until the year 9999, or longer.
    const auto warnings = size_t(
        std::count_if(WarningsBefore.begin(), WarningsBefore.end(),
                      [&](std::chrono::days before) { return now + before >= until; }));
    const auto given = m_given.find(peer);
    if (warnings == 0 || now > until) { // renewed, or it is too late for a warning
        if (given != m_given.end())
            m_given.erase(given);
        return false;
    }
    if (given != m_given.end() && given->until == until && given->warnings >= warnings)
        return false;
    if (given == m_given.end())
        makeRoom(now);
    m_given.insert(peer, {until, warnings});
    return true;
}

CertificateWatch::Seconds CertificateWatch::nextDue(Seconds until, Seconds now)
{
    const Seconds latest = now + MaxInterval;
    if (latest <= until - WarningsBefore.front() || now > until)
        return latest;
    Seconds due = until + std::chrono::seconds(1);
    for (const std::chrono::days before : WarningsBefore) {
        if (until - before > now)
            due = std::min<Seconds>(due, until - before);
    }
    return std::min(due, latest);
}

void CertificateWatch::makeRoom(Seconds now)
{
    if (m_given.size() < MaxPeers)
        return;
    m_given.removeIf(
        [now](const QHash<PeerId, Given>::iterator given) { return given->until < now; });
    if (m_given.size() >= MaxPeers)
        m_given.erase(m_given.cbegin());
}

} // namespace Qp2p
