// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a simulated link does to datagrams, and the links that tests have in common.
#pragma once

#include <QList>
#include <QString>

#include <chrono>

namespace Qp2p::Test {

//! \brief One direction between two hosts. Sizes are bytes of UDP payload.
struct LinkProfile
{
    std::chrono::nanoseconds latency = std::chrono::milliseconds(5);
    //! Evenly spread around latency. Never changes the order of datagrams; see reorder.
    std::chrono::nanoseconds jitter{0};

    quint64 bytesPerSecond = 0; //!< 0: as fast as you like
    int queueLimit = 0; //!< datagrams before the bottleneck, the one on its way included; 0: no limit
    size_t mtu = 1472; //!< larger ones vanish; 1472 is Ethernet with IPv4. 0: no limit

    double loss = 0; //!< the fraction that is lost in the long run
    //! Above 1, losses come in bursts of this mean length (Gilbert's model); else each is on its own.
    double meanLossBurst = 1;
    //! After that many in a row one gets through (which lowers the fraction); 0: no limit.
    int maxLossBurst = 0;

    double corruption = 0; //!< the fraction in which 1 to 4 bytes are changed
    double duplication = 0; //!< the fraction that arrives twice
    double reorder = 0; //!< the fraction that is late by reorderDelay, and overtaken
    std::chrono::nanoseconds reorderDelay = std::chrono::milliseconds(5);
};

//! What happened on one direction of a link. Every datagram is sent, and then either delivered or
//! one of those that say why not; a duplicate is delivered twice.
struct LinkCounters
{
    quint64 sent = 0;
    quint64 sentBytes = 0;
    quint64 delivered = 0; //!< on its way: it arrives, but perhaps at a closed port
    quint64 deliveredBytes = 0;

    quint64 lost = 0;
    quint64 queueFull = 0;
    quint64 tooLarge = 0;
    quint64 blackholed = 0;
    quint64 onDropList = 0;

    quint64 corrupted = 0;
    quint64 duplicated = 0;
    quint64 reordered = 0;

    //! How long all that the queue had room for has waited there, added up.
    std::chrono::nanoseconds queued{0};

    friend bool operator==(const LinkCounters &, const LinkCounters &) = default;
};

struct NamedLinkProfile
{
    QString name;
    LinkProfile profile; //!< for each direction
    std::chrono::seconds timeout; //!< what a simple exchange may take
};

//! \brief The degradation ladder of iroh: last-mile links from good to absurd, each with a buffer
//! of one round trip and losses in bursts. In facts/security.md section 1 and here the delays of the
//! ladder are round trips; a profile has half.
QList<NamedLinkProfile> degradationLadder();

//! \brief The default scenario of the QUIC interop runner: 15 ms, 10 Mbit/s, 25 datagrams.
LinkProfile interopLink();

//! \brief Within one machine: fast, next to no delay, any size.
LinkProfile loopbackLink();

//! \brief Within one local network, or through its router and back in.
LinkProfile lanLink();

} // namespace Qp2p::Test
