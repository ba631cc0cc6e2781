// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// An endpoint's world with nothing in it but the wire: what is counted is the library, not a simulation.
#pragma once

#include "wire.h"

#include <qp2pcore/io/environment.h>

#include <shared/seededrandom.h>

namespace Instructions {

//! \brief One end of \a wire for one endpoint, which opens one channel and one timer.
class MemoryEnvironment final : public Qp2p::Io::Environment
{
public:
    MemoryEnvironment(Wire &wire, End end)
        : m_wire(wire)
        , m_end(end)
        , m_random(1 + end)
    {
    }

    //! \brief The channel is readable, or the timer has fired.
    void handle(Wire::Happens what);

    Qp2p::Io::Time now() override { return Qp2p::Io::toTime(m_wire.now()); }
    qint64 wallClock() override { return 1'780'272'000; } // 2026-06-01
    void random(std::span<quint8> bytes) override;
    std::unique_ptr<Qp2p::Io::Timer> makeTimer(std::function<void()> onTimeout) override;
    Qp2p::Result<std::unique_ptr<Qp2p::Io::DatagramChannel>> openChannel(const QHostAddress &address,
                                                                         quint16 port) override;

private:
    class Channel;
    class AlarmClock;

    Wire &m_wire;
    const End m_end;
    Qp2p::Test::SeededRandom m_random;
    Channel *m_channel = nullptr;
    AlarmClock *m_timer = nullptr;
};

} // namespace Instructions
