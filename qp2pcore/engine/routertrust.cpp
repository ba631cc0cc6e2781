// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What changes in the trust of an endpoint while it runs: its own certificate, the authorities, and the time.
#include <qp2pcore/engine/router.h>

#include <qp2pcore/engine/limits.h>

namespace Qp2p::Engine {

Result<void> Router::setIdentity(const Identity &identity)
{
    auto tls = TlsContext::create(identity);
    if (!tls)
        return tls.error();
    m_settings.identity = identity;
    m_tls = std::move(tls).value();
    m_ticketKey.forget(); // peers have to see the new certificate
    return {};
}

bool Router::verifyAgain(ngtcp2_tstamp now)
{
    const std::chrono::sys_seconds time{
        std::chrono::seconds(m_settings.wallClock ? m_settings.wallClock() : 0)};
    int left = Limits::MaxVerificationsPerRound;
    for (auto &[id, entry] : m_sessions) {
        Session &session = *entry.session;
        const Acceptance &acceptance = session.acceptance();
        if (!session.isLive() || !acceptance.validUntil
            || (session.authoritiesVersion() == m_settings.authoritiesVersion
                && time <= *acceptance.validUntil))
            continue;
        if (left-- == 0)
            return true;
        session.verifyAgain(now);
        touch(session);
        recordProgress(entry, now);
    }
    return false;
}

} // namespace Qp2p::Engine
