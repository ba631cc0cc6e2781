// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The session tickets that peers have given us, for the next dial to each (RFC 8446 section 4.6.1).
#pragma once

#include <qp2pcore/peerid.h>

#include <QByteArray>

#include <chrono>
#include <functional>
#include <vector>

namespace Qp2p {

//! \brief What spares the next handshake with a peer the certificates, once. In memory only: it has secrets.
struct SessionTicket
{
    static constexpr std::chrono::hours Lifetime{24}; //!< what acceptors of this library grant

    QByteArray data; //!< see Engine::Session::DialOptions; empty: there is none
    std::chrono::sys_seconds receivedAt{};

    //! \brief Whether it is worth a try. By a clock that was set back it is not.
    bool isUsable(std::chrono::sys_seconds now) const
    {
        return !data.isEmpty() && now >= receivedAt && now - receivedAt < Lifetime;
    }
};

//! \brief The newest ticket of each peer; of all of them the newest that fit.
class SessionTicketStore
{
public:
    static constexpr size_t MaxTickets = 200;
    static constexpr qsizetype MaxBytes = 512 * 1024; //!< of all of them

    //! One that is too large for the store is dropped, as is what was there for \a peerId.
    void put(const PeerId &peerId, const SessionTicket &ticket);
    //! \brief Without data where there is none. It is forgotten: a ticket is used in one dial only.
    SessionTicket take(const PeerId &peerId);
    void remove(const PeerId &peerId) { take(peerId); }
    //! Those of peers for which \a isUnwanted returns true.
    void removeIf(const std::function<bool(const PeerId &)> &isUnwanted);
    void clear();
    size_t size() const { return m_entries.size(); }
    qsizetype bytes() const { return m_bytes; }

private:
    struct Entry
    {
        PeerId peerId;
        SessionTicket ticket;
    };
    std::vector<Entry> m_entries; // the newest last
    qsizetype m_bytes = 0;
};

} // namespace Qp2p
