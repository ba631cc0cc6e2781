// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Flows that send all they can through one link, in virtual time: how much of it each gets.
#pragma once

#include <shared/simulation.h>

#include <qp2pcore/endpointconfig.h>

#include <memory>
#include <vector>

namespace Qp2p::Test {

//! \brief A host with senders and one with receivers. Each flow has an endpoint on both.
class Bottleneck
{
public:
    //! Both directions are as \a link says.
    explicit Bottleneck(const LinkProfile &link, quint64 seed = 1);
    ~Bottleneck();
    Q_DISABLE_COPY_MOVE(Bottleneck)

    //! \brief Opens a connection, on which messages are always under way from now on. Returns false where it does not
    //! open.
    [[nodiscard]] bool add(EndpointConfig sender);

    struct Figures
    {
        std::vector<double> megabytes; //!< a second of each flow, as acknowledged to its program
        double queueMilliseconds = 0; //!< mean wait before the bottleneck
        double lossPercent = 0; //!< of all datagrams, in the queue or behind it
        double share(size_t flow) const; //!< of all flows; 0 to 1
    };
    //! Lets \a duration pass.
    Figures run(std::chrono::nanoseconds duration);

private:
    struct Flow;

    Simulation m_simulation;
    const Simulation::Host m_near;
    const Simulation::Host m_far;
    std::vector<std::unique_ptr<Flow>> m_flows;
};

//! \brief A link of \a megabits a second with a queue of \a queue times the bytes that fit into \a roundTrip, in
//! datagrams of 1,500 bytes on the wire.
LinkProfile bottleneckLink(double megabits, std::chrono::nanoseconds roundTrip, double queue,
                           double loss = 0);

} // namespace Qp2p::Test
