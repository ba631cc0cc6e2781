// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Connections over a relaying node: their packets travel on the link to it, each behind the header of a leg (nat/legdatagram.h).
#pragma once

#include <qp2pcore/engine/events.h>
#include <qp2pcore/engine/router.h>
#include <qp2pcore/io/datagramsender.h>

#include <span>
#include <unordered_map>
#include <vector>

namespace Qp2p::Io {

//! \brief The legs of which this endpoint is an end.
//!
//! A leg ends with its link: what is sent over it then is lost, and QUIC sends it again elsewhere or gives up.
class Legs
{
public:
    Legs(Engine::Router &router, DatagramSender &sender)
        : m_router(router)
        , m_sender(sender)
    {
    }
    Q_DISABLE_COPY_MOVE(Legs)

    //! \brief From now on the leg \a id, not 0, is known: \a link is the connection to the node that forwards it.
    void open(quint64 id, Engine::SessionId link) { m_links[id] = link; }
    void close(quint64 id) { m_links.erase(id); }
    //! The link has ended.
    void closeAllOf(Engine::SessionId link);
    size_t count() const { return m_links.size(); }

    //! \brief Takes a datagram that has arrived by \a way. Returns false where it is not of a leg known here, or not
    //! from the node that forwards it.
    bool receive(std::span<const quint8> datagram, const Engine::Way &way, quint8 ecn,
                 ngtcp2_tstamp now);
    //! \brief As DatagramSender::send(), for a \a way over a leg.
    bool send(std::span<const quint8> data, size_t segmentSize, const Engine::Way &way, quint8 ecn);

private:
    Engine::Router &m_router;
    DatagramSender &m_sender;
    std::unordered_map<quint64, Engine::SessionId> m_links; // by leg
    std::vector<quint8> m_buffer;
};

} // namespace Qp2p::Io
