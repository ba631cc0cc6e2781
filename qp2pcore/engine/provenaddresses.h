// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// At which addresses a peer has shown that it receives: a source address alone can be forged.
#pragma once

#include <qp2pcore/engine/socketaddress.h>

#include <algorithm>
#include <array>
#include <utility>

namespace Qp2p::Engine {

//! \brief Where a peer that moves is, for those who act on it: a new address counts once it has answered a
//! PATH_CHALLENGE (RFC 9000 section 8.2). Until then ngtcp2 sends there, but little.
class ProvenAddresses
{
public:
    //! \a first: proven by the handshake.
    explicit ProvenAddresses(const SocketAddress &first)
        : m_reported(first)
    {
        m_proven[0] = first;
    }

    //! The peer has answered from \a address.
    void prove(const SocketAddress &address)
    {
        m_mayHaveChanged = true;
        if (isProven(address))
            return;
        m_proven[m_next] = address;
        m_next = (m_next + 1) % m_proven.size();
    }
    //! It has to answer from \a address once more.
    void revoke(const SocketAddress &address)
    {
        std::replace(m_proven.begin(), m_proven.end(), address, SocketAddress());
    }
    //! Datagrams go elsewhere now: maybe to an address of those proven.
    void setMoved() { m_mayHaveChanged = true; }
    //! \brief Whether \a current, where the peer is now, is proven and was not reported as the latest; it is then.
    //! Cheap as long as nothing has changed.
    bool takeChange(const SocketAddress &current)
    {
        // ngtcp2 does not validate again what it has validated in the last minutes.
        if (!std::exchange(m_mayHaveChanged, false) || current == m_reported || !isProven(current))
            return false;
        m_reported = current;
        return true;
    }
    //! The latest that was reported.
    const SocketAddress &reported() const { return m_reported; }

private:
    bool isProven(const SocketAddress &address) const
    {
        return std::find(m_proven.cbegin(), m_proven.cend(), address) != m_proven.cend();
    }

    std::array<SocketAddress, 6> m_proven{}; // ngtcp2 remembers four besides the current one
    size_t m_next = 1;
    bool m_mayHaveChanged = false; // since takeChange() was last asked
    SocketAddress m_reported;
};

} // namespace Qp2p::Engine
