// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/io/demultiplexer.h>

namespace Qp2p::Io {

void Demultiplexer::setReceiver(DatagramClass what, DatagramReceiver *receiver)
{
    Q_ASSERT(size_t(what) < m_receivers.size());
    m_receivers[size_t(what)] = receiver;
}

void Demultiplexer::handleDatagram(std::span<const quint8> datagram, const Engine::Way &way,
                                   std::chrono::nanoseconds now)
{
    ++m_received;
    m_receivedBytes += datagram.size();
    const auto what = size_t(datagramClass(datagram));
    DatagramReceiver *receiver = what < m_receivers.size() && way.canBeAnswered()
        ? m_receivers[what]
        : nullptr;
    if (receiver)
        receiver->handleDatagram(datagram, way, now); // it may be gone afterwards
    else
        ++m_dropped;
}

void Demultiplexer::addTo(EndpointStats &stats) const
{
    stats.datagramsReceived += m_received;
    stats.bytesReceived += m_receivedBytes;
    stats.droppedNotQuic += m_dropped;
}

} // namespace Qp2p::Io
