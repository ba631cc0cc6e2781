// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Connections over a relaying node: their packets travel on the link to it, each behind the header of a leg (nat/legdatagram.h).
#pragma once

#include <qp2pcore/engine/events.h>
#include <qp2pcore/engine/router.h>
#include <qp2pcore/io/datagramsender.h>
#include <qp2pcore/nat/legforwarder.h>
#include <qp2pcore/nat/legrun.h>

#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

namespace Qp2p::Io {

//! \brief The legs of which this endpoint is an end, and those that it forwards.
//!
//! A leg ends with its link: what is sent over it then is lost, and QUIC sends it again elsewhere or gives up.
class Legs
{
public:
    Legs(Engine::Router &router, DatagramSender &sender);
    Q_DISABLE_COPY_MOVE(Legs)

    //! \brief From now on the leg \a id, not 0, is known: \a link is the connection to the node that forwards it.
    void open(quint64 id, Engine::SessionId link) { m_links[id] = link; }
    void close(quint64 id) { m_links.erase(id); }
    //! The link has ended, and what was forwarded over it.
    void closeAllOf(Engine::SessionId link);
    size_t count() const { return m_links.size(); }
    //! 0 where it is not open.
    Engine::SessionId linkOf(quint64 id) const
    {
        const auto leg = m_links.find(id);
        return leg == m_links.end() ? 0 : leg->second;
    }

    // --- In ---

    //! \brief Takes a datagram that has arrived by \a way. Returns false where it is not of a leg known here, or not
    //! from the node that forwards it.
    bool receive(std::span<const quint8> datagram, const Engine::Way &way, quint8 ecn,
                 ngtcp2_tstamp now);
    // --- Forwarding for others ---

    //! A peer, and the connection to it.
    struct End
    {
        Engine::SessionId link;
        PeerId peer;
    };
    //! \brief From now on datagrams are forwarded between the two, at \a rates at most, which are those of the first call.
    Nat::OpenedLeg beginForwarding(const End &caller, const End &callee,
                                   const Nat::LegForwarder::Rates &rates, ngtcp2_tstamp now);
    //! \a id: of the end at \a link.
    void endForwarding(Nat::LegId id, Engine::SessionId link);
    //! \brief Ends the legs over which nothing came for Nat::Limits::LegIdleTime. To be called every few seconds.
    std::vector<Nat::EndedLeg> endIdle(ngtcp2_tstamp now);
    //! What was taken since the last call leaves: after each batch of received datagrams.
    void flush();
    //! Null where nothing was ever forwarded.
    const Nat::LegForwarder *forwarder() const { return m_forwarder.get(); }

    // --- Out ---

    //! \brief As DatagramSender::send(), for a \a way over a leg.
    bool send(std::span<const quint8> data, size_t segmentSize, const Engine::Way &way, quint8 ecn);

private:
    bool forward(std::span<const quint8> datagram, const Nat::LegDatagram &parsed,
                 const Engine::Way &way, quint8 ecn, ngtcp2_tstamp now);

    Engine::Router &m_router;
    DatagramSender &m_sender;
    std::unordered_map<quint64, Engine::SessionId> m_links; // by leg
    std::vector<quint8> m_buffer;
    std::unique_ptr<Nat::LegForwarder> m_forwarder;
    Nat::LegRun m_run;
    const Engine::DatagramSink m_sink; // of what is forwarded
};

} // namespace Qp2p::Io
