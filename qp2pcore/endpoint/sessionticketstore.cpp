// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/endpoint/sessionticketstore.h>

#include <algorithm>

namespace Qp2p {

void SessionTicketStore::put(const PeerId &peerId, const SessionTicket &ticket)
{
    remove(peerId);
    const qsizetype size = ticket.data.size();
    if (size > MaxBytes)
        return;
    while (!m_entries.empty() && (m_entries.size() >= MaxTickets || m_bytes + size > MaxBytes))
        remove(PeerId(m_entries.front().peerId));
    m_entries.push_back({peerId, ticket});
    m_bytes += size;
}

SessionTicket SessionTicketStore::take(const PeerId &peerId)
{
    const auto entry = std::find_if(
        m_entries.begin(), m_entries.end(),
        [&](const Entry &candidate) { return candidate.peerId == peerId; });
    if (entry == m_entries.end())
        return {};
    SessionTicket ticket = std::move(entry->ticket);
    m_entries.erase(entry);
    m_bytes -= ticket.data.size();
    return ticket;
}

void SessionTicketStore::removeIf(const std::function<bool(const PeerId &)> &isUnwanted)
{
    std::erase_if(m_entries, [&](const Entry &entry) {
        const bool leaves = isUnwanted(entry.peerId);
        if (leaves)
            m_bytes -= entry.ticket.data.size();
        return leaves;
    });
}

void SessionTicketStore::clear()
{
    m_entries.clear();
    m_bytes = 0;
}

} // namespace Qp2p
