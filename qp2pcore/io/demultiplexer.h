// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Tells the protocols that share a socket apart by the first byte of each datagram (RFC 9443).
#pragma once

#include <qp2pcore/connectionstats.h>
#include <qp2pcore/engine/way.h>

#include <array>
#include <chrono>
#include <span>

namespace Qp2p::Io {

//! \brief What a datagram is by its first byte. RFC 7983 and RFC 9443 leave 4 to 15 unassigned.
enum class DatagramClass : quint8 {
    Stun, //!< 0 to 3
    Leg, //!< 4: what a relaying node forwards
    Probe, //!< 5 to 7: probes of a path, and their answers
    Quic, //!< with the fixed bit of QUIC: 64 to 127, 192 to 255
    Other, //!< all others, and empty datagrams
};

constexpr DatagramClass datagramClass(std::span<const quint8> datagram)
{
    if (datagram.empty())
        return DatagramClass::Other;
    const quint8 first = datagram[0];
    // No side of ours greases the bit (RFC 9287).
    if ((first & 0x40) != 0)
        return DatagramClass::Quic;
    if (first <= 3)
        return DatagramClass::Stun;
    if (first == 4)
        return DatagramClass::Leg;
    return first <= 7 ? DatagramClass::Probe : DatagramClass::Other;
}

//! \brief Takes the datagrams of one class other than QUIC.
class DatagramReceiver
{
public:
    virtual ~DatagramReceiver() = default;
    //! \brief \a data is valid only during the call, at least one byte; \a now as Environment::now().
    //!
    //! May register and unregister receivers, destroy itself once it is unregistered, and send through the
    //! driver. Called while a socket is being read: it must not destroy the driver or run an event loop.
    virtual void handleDatagram(std::span<const quint8> data, const Engine::Way &way,
                                std::chrono::nanoseconds now) = 0;
};

//! \brief Hands datagrams that are not QUIC to the receivers of their classes, and counts the others.
class Demultiplexer
{
public:
    //! \brief From now on \a receiver takes what is of \a what (Stun, Leg or Probe); null: such datagrams are
    //! dropped. Replaces an earlier one, and must be unregistered before it is destroyed.
    void setReceiver(DatagramClass what, DatagramReceiver *receiver);
    //! \a datagram is not QUIC.
    void handleDatagram(std::span<const quint8> datagram, const Engine::Way &way,
                        std::chrono::nanoseconds now);
    //! Adds what has come, and what of it was dropped.
    void addTo(EndpointStats &stats) const;

private:
    std::array<DatagramReceiver *, 3> m_receivers{}; // by class, QUIC and others left out
    quint64 m_received = 0;
    quint64 m_receivedBytes = 0;
    quint64 m_dropped = 0;
};

} // namespace Qp2p::Io
