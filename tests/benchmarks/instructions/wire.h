// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A lossless wire in memory between a client and a server, and the virtual time of both.
#pragma once

#include <qp2pcore/engine/socketaddress.h>

#include <array>
#include <deque>
#include <vector>

namespace Instructions {

enum End : size_t { Client, Server };

inline End otherEnd(End end)
{
    return end == Client ? Server : Client;
}

//! \brief Carries runs of datagrams, as UDP_SEGMENT and UDP_GRO do: what one call sends arrives together.
//!
//! Both contenders use it, and it does as little as it can: one copy into memory that is used again.
class Wire
{
public:
    //! \brief Datagrams of \a segmentSize bytes, of which the last may be shorter.
    struct Run
    {
        std::vector<quint8> bytes;
        size_t size = 0;
        size_t segmentSize = 0;
        quint8 ecn = 0;
        quint64 arrival = 0;
    };

    //! What one end has sent.
    struct Sent
    {
        quint64 calls = 0;
        quint64 datagrams = 0;
        quint64 bytes = 0;
    };

    enum class Happens { Nothing, Arrival, Alarm };
    struct Next
    {
        Happens what = Happens::Nothing;
        End at = Client;
    };

    //! Of 11.0.0.0/16, neither loopback nor of local scope: the library probes for the MTU of Ethernet.
    static Qp2p::Engine::SocketAddress address(End end);

    quint64 now() const { return m_now; } //!< nanoseconds
    void send(End from, const quint8 *data, size_t size, size_t segmentSize, quint8 ecn);
    //! UINT64_MAX: none. One for each end.
    void setAlarm(End end, quint64 deadline) { m_alarms[end] = deadline; }
    //! \brief Moves time on to what happens next, if that is not after \a limit.
    Next advance(quint64 limit = UINT64_MAX - 1);

    //! What has arrived at \a end and is not taken yet; null: nothing.
    const Run *arrived(End end) const;
    void take(End end);

    const Sent &sentBy(End end) const { return m_sent[end]; }

private:
    quint64 m_now = 1'000'000'000; // not zero, which is easily taken for "not set"
    std::array<std::deque<Run>, 2> m_underWay; // by where they go
    std::array<quint64, 2> m_lineFree{}; // when the last byte sent so far is past the bottleneck
    std::array<Sent, 2> m_sent;
    std::array<quint64, 2> m_alarms{UINT64_MAX, UINT64_MAX};
    std::vector<std::vector<quint8>> m_spare;
};

} // namespace Instructions
