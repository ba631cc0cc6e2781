// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The way out of an endpoint: what its channel does not take yet waits here, in order.
#pragma once

#include <qp2pcore/connectionstats.h>
#include <qp2pcore/engine/way.h>
#include <qp2pcore/io/datagramchannel.h>

#include <QByteArray>

#include <deque>

namespace Qp2p::Io {

//! \brief Sends the engine's datagrams, which must not be lost here, and others, of which some may wait.
class DatagramSender
{
public:
    //! What waits of enqueue() at most. A peer that is asked something has a deadline for it, and what would leave
    //! later than that is better lost.
    static constexpr size_t MaxQueuedDatagrams = 256;
    static constexpr qsizetype MaxQueuedBytes = 1024 * 1024;

    //! \a channel must outlive this.
    explicit DatagramSender(DatagramChannel &channel);
    Q_DISABLE_COPY_MOVE(DatagramSender)

    //! \brief The sink of the engine. Returns false where the channel is blocked; the datagrams then wait here.
    bool send(const quint8 *data, size_t size, size_t segmentSize, const Engine::Way &way,
              quint8 ecn);
    //! \brief Lets \a datagram, not empty, wait for the next flush(). Returns false, and drops it, where too many
    //! wait already.
    bool enqueue(const Engine::Way &way, const QByteArray &datagram);
    //! \brief Sends what waits. Returns false where the channel is blocked.
    bool flush();

    //! The channel did not take all: it calls DatagramChannel::onWritable when it can be tried again.
    bool isBlocked() const { return !m_backlog.empty(); }
    bool hasQueued() const { return !m_queue.empty(); }
    //! Adds what enqueue() has taken and the channel as well, and what was lost.
    void addTo(EndpointStats &stats) const;

private:
    struct Waiting
    {
        QByteArray data;
        size_t segmentSize;
        Engine::Way way;
        quint8 ecn;
    };
    size_t give(const quint8 *data, size_t size, size_t segmentSize, const Engine::Way &way,
                quint8 ecn);

    DatagramChannel &m_channel;
    std::deque<Waiting> m_backlog; // the channel was full; to the engine these are sent
    std::deque<Waiting> m_queue;
    qsizetype m_queuedBytes = 0;
    quint64 m_lost = 0;
    quint64 m_sentOfQueue = 0;
    quint64 m_sentBytesOfQueue = 0;
};

} // namespace Qp2p::Io
