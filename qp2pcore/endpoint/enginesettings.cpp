// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/endpoint/enginesettings.h>

namespace Qp2p {

namespace {

ngtcp2_cc_algo algorithmOf(EndpointConfig::CongestionControl control)
{
    switch (control) {
    case EndpointConfig::CongestionControl::Bbr:
        return NGTCP2_CC_ALGO_BBR;
    case EndpointConfig::CongestionControl::Reno:
        return NGTCP2_CC_ALGO_RENO;
    case EndpointConfig::CongestionControl::Cubic:
        break;
    }
    return NGTCP2_CC_ALGO_CUBIC;
}

} // namespace

Engine::Settings engineSettings(const EndpointConfig &config)
{
    const auto nanoseconds = [](std::chrono::milliseconds duration) {
        return ngtcp2_duration(duration.count()) * NGTCP2_MILLISECONDS;
    };
    Engine::Settings settings;
    settings.identity = config.identity();
    settings.policy = config.certificatePolicy();
    settings.retryMode = config.retryMode();
    settings.sessionResumption = config.sessionResumption();
    settings.congestionControl = algorithmOf(config.congestionControl());
    settings.handshakeTimeout = nanoseconds(config.handshakeTimeout());
    settings.idleTimeout = nanoseconds(config.idleTimeout());
    settings.keepAliveMilliseconds = config.keepAliveInterval().count();
    settings.receiveBudget = config.receiveBudget();
    settings.sendBudget = config.sendBudget();
    settings.maxConnections = config.maxConnections();
    settings.maxConnectionsPerAddress = config.maxConnectionsPerAddress();
    settings.maxConnectionsPerSite = config.maxConnectionsPerSite();
    return settings;
}

std::shared_ptr<Engine::MessageOptions> messageOptions(const EndpointConfig &config)
{
    auto options = std::make_shared<Engine::MessageOptions>();
    options->networkName = config.networkName().toUtf8();
    options->agent = config.agent().toUtf8();
    options->maxMessageSize = config.maxMessageSize();
    options->sendQueueLimit = config.sendQueueLimit();
    options->inboxLimit = config.inboxLimit();
    options->maxIncomingRequests = quint64(config.maxIncomingRequests());
    options->maxIncomingMessages = quint64(config.maxIncomingMessages());
    return options;
}

std::vector<Protocol> acceptedProtocols(const EndpointConfig &config)
{
    if (config.legacyPeers() == EndpointConfig::LegacyPeers::Accepted)
        return {Protocol::Qp2p1, Protocol::Legacy};
    return {Protocol::Qp2p1};
}

} // namespace Qp2p
