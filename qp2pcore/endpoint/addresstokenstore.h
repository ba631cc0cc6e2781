// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The address tokens that peers have given us, for the next dial to each (RFC 9000 section 8.1.3).
#pragma once

#include <qp2pcore/engine/socketaddress.h>
#include <qp2pcore/peerid.h>

#include <QByteArray>

#include <chrono>
#include <vector>

namespace Qp2p {

//! \brief Opaque bytes that spare a dialling side the Retry, once.
struct AddressToken
{
    static constexpr std::chrono::hours Lifetime{24}; //!< what acceptors of this library grant

    QByteArray bytes; //!< empty: there is none
    std::chrono::sys_seconds receivedAt{};

    //! \brief Whether it is worth a try. By a clock that was set back it is not.
    bool isUsable(std::chrono::sys_seconds now) const
    {
        return !bytes.isEmpty() && now >= receivedAt && now - receivedAt < Lifetime;
    }
    friend bool operator==(const AddressToken &, const AddressToken &) = default;
};

//! \brief The newest token of each peer at each IP address; of all of them the newest 200.
class AddressTokenStore
{
public:
    static constexpr size_t MaxTokens = 200;

    //! The port of \a remote does not matter, here and below.
    void put(const PeerId &peerId, const Engine::SocketAddress &remote, const AddressToken &token);
    //! Without bytes where there is none.
    AddressToken find(const PeerId &peerId, const Engine::SocketAddress &remote) const;
    //! As find(), and forgets it: a token is used in one dial only.
    AddressToken take(const PeerId &peerId, const Engine::SocketAddress &remote);
    size_t size() const { return m_entries.size(); }

private:
    struct Entry
    {
        PeerId peerId;
        Engine::SocketAddress host; // port 0
        AddressToken token;
    };
    using Entries = std::vector<Entry>;
    Entries::const_iterator entryOf(const PeerId &peerId, const Engine::SocketAddress &remote) const;

    Entries m_entries; // the newest last
};

} // namespace Qp2p
