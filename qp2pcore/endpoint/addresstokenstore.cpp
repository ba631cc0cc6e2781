// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/endpoint/addresstokenstore.h>

#include <algorithm>

namespace Qp2p {

namespace {

Engine::SocketAddress withoutPort(Engine::SocketAddress address)
{
    address.setPort(0);
    return address;
}

} // namespace

void AddressTokenStore::put(const PeerId &peerId, const Engine::SocketAddress &remote,
                            const AddressToken &token)
{
    if (const auto old = entryOf(peerId, remote); old != m_entries.cend())
        m_entries.erase(old);
    else if (m_entries.size() == MaxTokens)
        m_entries.erase(m_entries.cbegin());
    m_entries.push_back({peerId, withoutPort(remote), token});
}

AddressToken AddressTokenStore::find(const PeerId &peerId, const Engine::SocketAddress &remote) const
{
    const auto entry = entryOf(peerId, remote);
    return entry == m_entries.cend() ? AddressToken() : entry->token;
}

AddressToken AddressTokenStore::take(const PeerId &peerId, const Engine::SocketAddress &remote)
{
    const auto entry = entryOf(peerId, remote);
    if (entry == m_entries.cend())
        return {};
    AddressToken token = entry->token;
    m_entries.erase(entry);
    return token;
}

AddressTokenStore::Entries::const_iterator AddressTokenStore::entryOf(
    const PeerId &peerId, const Engine::SocketAddress &remote) const
{
    const Engine::SocketAddress host = withoutPort(remote);
    return std::find_if(m_entries.cbegin(), m_entries.cend(), [&](const Entry &entry) {
        return entry.peerId == peerId && entry.host == host;
    });
}

} // namespace Qp2p
