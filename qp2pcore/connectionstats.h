// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Snapshots of what connections and endpoints have done, taken when asked for.
#pragma once

#include <QMetaType>
#include <QtGlobal>

#include <chrono>

namespace Qp2p {

//! \brief Figures of one connection since its first packet. Durations are measured on a monotonic clock.
class ConnectionStats
{
public:
    quint64 bytesSent = 0; //!< UDP payload bytes, retransmissions included
    quint64 bytesReceived = 0;
    quint64 datagramsSent = 0;
    quint64 datagramsReceived = 0;
    quint64 messagesSent = 0; //!< acknowledged by the peer; requests and replies included
    quint64 messagesReceived = 0; //!< delivered or waiting in the inbox
    quint64 messagesRefused = 0; //!< incoming ones that were malformed, too large or too slow
    quint64 messagesFailed = 0; //!< outgoing ones
    qint64 sendQueueBytes = 0; //!< accepted by send() and not yet acknowledged
    qint64 inboxBytes = 0; //!< received and not yet delivered, incomplete messages included
    std::chrono::nanoseconds latestRtt{0}; //!< RFC 9002 section 5; zero before the first sample
    std::chrono::nanoseconds minRtt{0};
    std::chrono::nanoseconds smoothedRtt{0};
    std::chrono::nanoseconds rttVariance{0};
    quint64 congestionWindow = 0; //!< bytes
    quint64 bytesInFlight = 0;
    quint64 packetsSent = 0;
    quint64 packetsReceived = 0;
    quint64 packetsLost = 0;
    quint64 maxDatagramSize = 0; //!< UDP payload bytes that the path was found to carry
    std::chrono::nanoseconds age{0}; //!< since the connection was opened
};

//! \brief Figures of one endpoint since it was made: what came in and why some of it was dropped.
class EndpointStats
{
public:
    quint64 datagramsReceived = 0;
    quint64 bytesReceived = 0;
    quint64 datagramsSent = 0;
    quint64 bytesSent = 0;
    quint64 sendsLost = 0; //!< the system refused them (EMSGSIZE, EPERM, unreachable): lost packets
    quint64 droppedNotQuic = 0; //!< empty, too short, another protocol (RFC 9443)
    quint64 droppedMalformed = 0; //!< looked like QUIC and could not be parsed
    quint64 droppedUnknown = 0; //!< no such connection, nothing to answer with
    quint64 droppedOverload = 0; //!< the limits for half-open handshakes or stateless answers
    quint64 versionNegotiationsSent = 0;
    quint64 retriesSent = 0;
    quint64 handshakesResumed = 0; //!< of both sides, with a ticket instead of certificates
    quint64 tokensAccepted = 0; //!< of an earlier connection, which spared its bearer the Retry
    quint64 tokensRejected = 0; //!< of a Retry or of an earlier connection: forged, used, too old
    quint64 statelessResetsSent = 0;
    quint64 handshakesStarted = 0;
    quint64 handshakesFailed = 0;
    quint64 connectionsEvicted = 0; //!< closed for others, because all places were taken
    quint64 connectionsClosedForMemory = 0; //!< held most of a budget that was spent
    qint64 receiveBudget = 0; //!< bytes; see EndpointConfig::receiveBudget()
    qint64 receiveBudgetUsed = 0; //!< now: received and not yet handed over, or set aside for that
    qint64 sendBudget = 0; //!< bytes; see EndpointConfig::sendBudget()
    qint64 sendBudgetUsed = 0; //!< now: waiting to be sent or acknowledged
    int connections = 0; //!< now, half-open ones included
    int halfOpen = 0; //!< now, accepted and not yet through the handshake
};

} // namespace Qp2p

Q_DECLARE_METATYPE(Qp2p::ConnectionStats)
Q_DECLARE_METATYPE(Qp2p::EndpointStats)
