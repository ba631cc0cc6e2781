// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Which protocols of messages an endpoint speaks, for the settings of a router and for dials.
#pragma once

#include <qp2pcore/engine/messages/messageoptions.h>
#include <qp2pcore/engine/streamprotocol.h>
#include <qp2pcore/protocol.h>

#include <memory>
#include <vector>

namespace Qp2p::Engine {

//! \brief Makes connections that speak \a protocol; \a greeting is that of a dial.
std::shared_ptr<const StreamProtocolFactory> messageProtocol(
    Protocol protocol, std::shared_ptr<const MessageOptions> options,
    const GreetingOptions &greeting = {});

//! \brief For Settings::protocols, \a spoken with the preferred one first.
std::vector<std::shared_ptr<const StreamProtocolFactory>> messageProtocols(
    const std::vector<Protocol> &spoken, const std::shared_ptr<const MessageOptions> &options);

} // namespace Qp2p::Engine
