// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/endpoint/certificatewatch.h>

#include <algorithm>

namespace Qp2p {

bool CertificateWatch::takeWarning(const PeerId &peer, Seconds until, Seconds now)
{
    const size_t warnings = warningsUntil(until, now);
    const Certificate certificate(peer, until.time_since_epoch().count());
    if (warnings == 0) { // it is too late for a warning, or too early
        m_given.remove(certificate);
        return false;
    }
    if (!isWarningDue(peer, until, now))
        return false;
    if (!m_given.contains(certificate))
        makeRoom(now);
    m_given.insert(certificate, warnings);
    return true;
}

bool CertificateWatch::isWarningDue(const PeerId &peer, Seconds until, Seconds now) const
{
    const size_t warnings = warningsUntil(until, now);
    return m_given.value({peer, until.time_since_epoch().count()}) < warnings;
}

size_t CertificateWatch::warningsUntil(Seconds until, Seconds now)
{
    if (now > until)
        return 0;
    return size_t(std::count_if(WarningsBefore.begin(), WarningsBefore.end(),
                                [&](std::chrono::days before) { return now + before >= until; }));
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
        [now](const auto &given) { return given.key().second < now.time_since_epoch().count(); });
    if (m_given.size() >= MaxPeers)
        m_given.erase(m_given.cbegin());
}

} // namespace Qp2p
