// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What is counted: four works of fixed size, each done by this library and by bare ngtcp2.
#pragma once

#include "wire.h"

#include <qp2pcore/identity.h>

#include <functional>
#include <memory>

namespace Instructions {

enum class Work { Handshakes, Resumptions, Bulk, Messages };

//! Whether it is nothing but handshakes, one after the other.
constexpr bool isHandshakes(Work work)
{
    return work == Work::Handshakes || work == Work::Resumptions;
}

//! \brief How much a work is. A change makes the stored ratios worthless.
struct Amount
{
    size_t count; //!< of handshakes or messages
    size_t size; //!< payload bytes of a message
    size_t inFlight; //!< messages under way together
};

constexpr Amount amountOf(Work work)
{
    switch (work) {
    case Work::Handshakes:
    case Work::Resumptions:
        return {200, 0, 0}; // one after the other
    case Work::Bulk:
        return {64, 1024 * 1024, 16};
    case Work::Messages:
        return {100'000, 64, 1000};
    }
    return {};
}

//! Bytes before the payload of each message, of both contenders.
inline constexpr size_t MessageHeaderSize = 16;

//! \brief A client and a server that are ready to do a work over \a wire. Only the function returned is
//! counted, and not what comes before: keys, endpoints, and for messages and
//! resumptions the first connection. It ends the
//! program where the work fails.
std::function<void()> prepareLibrary(Work work, Wire &wire, const Qp2p::Identity &client,
                                     const Qp2p::Identity &server);
std::function<void()> prepareBare(Work work, Wire &wire, const Qp2p::Identity &client,
                                  const Qp2p::Identity &server);

} // namespace Instructions
