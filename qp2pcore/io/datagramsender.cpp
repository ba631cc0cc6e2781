// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/io/datagramsender.h>

#include <algorithm>

namespace Qp2p::Io {

DatagramSender::DatagramSender(DatagramChannel &channel)
    : m_channel(channel)
{
}

bool DatagramSender::send(const quint8 *data, size_t size, size_t segmentSize,
                          const Engine::Way &way, quint8 ecn)
{
    const size_t taken = isBlocked() ? 0 : give(data, size, segmentSize, way, ecn);
    if (taken == size)
        return true;
    m_backlog.push_back(
        {QByteArray(reinterpret_cast<const char *>(data + taken), qsizetype(size - taken)),
         segmentSize, way, ecn});
    return false;
}

bool DatagramSender::enqueue(const Engine::Way &way, const QByteArray &datagram)
{
    Q_ASSERT(!datagram.isEmpty());
    if (m_queue.size() >= MaxQueuedDatagrams || m_queuedBytes + datagram.size() > MaxQueuedBytes)
        return false;
    m_queuedBytes += datagram.size();
    m_queue.push_back({datagram, size_t(datagram.size()), way, 0});
    return true;
}

bool DatagramSender::flush()
{
    while (!m_backlog.empty()) {
        Waiting &front = m_backlog.front();
        const auto size = size_t(front.data.size());
        const size_t taken = give(reinterpret_cast<const quint8 *>(front.data.constData()), size,
                                  front.segmentSize, front.way, front.ecn);
        if (taken < size) {
            front.data.remove(0, qsizetype(taken));
            return false;
        }
        m_backlog.pop_front();
    }
    while (!m_queue.empty() && !isBlocked()) {
        const Waiting next = std::move(m_queue.front());
        m_queue.pop_front();
        const auto size = size_t(next.data.size());
        m_queuedBytes -= next.data.size();
        ++m_sentOfQueue;
        m_sentBytesOfQueue += size;
        send(reinterpret_cast<const quint8 *>(next.data.constData()), size, size, next.way,
             next.ecn);
    }
    return !isBlocked();
}

void DatagramSender::addTo(EndpointStats &stats) const
{
    stats.datagramsSent += m_sentOfQueue;
    stats.bytesSent += m_sentBytesOfQueue;
    stats.sendsLost += m_lost;
}

//! Returns how many bytes need not be sent any more: they have left, or the system refused them.
size_t DatagramSender::give(const quint8 *data, size_t size, size_t segmentSize,
                            const Engine::Way &way, quint8 ecn)
{
    const OutgoingDatagrams datagrams{data,       size,      std::min(size, segmentSize),
                                      way.remote, way.local, ecn};
    const SendResult result = m_channel.send(datagrams);
    switch (result.status) {
    case SendStatus::Sent:
        break;
    case SendStatus::Lost:
        ++m_lost;
        break;
    case SendStatus::PartlySent:
        return result.sentBytes;
    case SendStatus::WouldBlock:
        return 0;
    }
    return size;
}

} // namespace Qp2p::Io
