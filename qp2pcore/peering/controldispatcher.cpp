// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/controldispatcher.h>

#include <qp2pcore/peering/access.h>

namespace Qp2p::Peering {

std::vector<quint64> ControlDispatcher::kinds() const
{
    std::vector<quint64> kinds;
    for (const auto &[kind, entry] : m_entries)
        kinds.push_back(kind);
    return kinds;
}

void ControlDispatcher::dispatch(Connection *connection, const Engine::ControlMessage &message) const
{
    const auto found = m_entries.find(message.kind);
    if (found == m_entries.end())
        return;
    const auto entry = found->second; // outlives this object, which the handler may delete
    if (const Result<void> handled = (*entry)(connection, message.map); !handled)
        Access::closeForViolation(*connection, handled.error()); // no handler has run
}

} // namespace Qp2p::Peering
