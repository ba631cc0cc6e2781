// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How many of something one public address, and the networks around it, may have.
#pragma once

#include <qp2pcore/engine/socketaddress.h>

#include <QByteArray>
#include <QHash>

#include <optional>
#include <vector>

namespace Qp2p::Engine {

//! \brief Counts by the prefixes of addresses, each with a limit.
//!
//! Private, link-local and loopback addresses have no limit of their own: whole laboratories live
//! behind one, and forging them from outside is not possible. Nor has a null one, of a peer behind a leg.
class AddressLimiter
{
public:
    struct Level
    {
        int family; //!< 4 or 6
        int bits; //!< of the address, whole bytes
        int limit;
    };
    //! What one is counted under, to give it back.
    using Ticket = std::vector<QByteArray>;

    explicit AddressLimiter(std::vector<Level> levels)
        : m_levels(std::move(levels))
    {
    }

    //! All that are counted, those of local scope included.
    int count() const { return m_count; }
    //! Whether one more from \a remote is within all limits.
    bool hasRoom(const SocketAddress &remote) const;
    //! \brief Counts one more from \a remote; nothing where a limit is reached.
    std::optional<Ticket> begin(const SocketAddress &remote);
    void end(const Ticket &ticket);

private:
    template<typename Visit>
    bool forEachLevel(const SocketAddress &remote, Visit &&visit) const;

    const std::vector<Level> m_levels;
    int m_count = 0;
    QHash<QByteArray, int> m_counts;
};

} // namespace Qp2p::Engine
