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
    settings.legacyPeers = config.legacyPeers();
    settings.retryMode = config.retryMode();
    settings.congestionControl = algorithmOf(config.congestionControl());
    settings.networkName = config.networkName().toUtf8();
    settings.agent = config.agent().toUtf8();
    settings.handshakeTimeout = nanoseconds(config.handshakeTimeout());
    settings.idleTimeout = nanoseconds(config.idleTimeout());
    settings.keepAliveMilliseconds = config.keepAliveInterval().count();
    settings.maxMessageSize = config.maxMessageSize();
    settings.sendQueueLimit = config.sendQueueLimit();
    settings.inboxLimit = config.inboxLimit();
    settings.maxIncomingRequests = quint64(config.maxIncomingRequests());
    settings.maxIncomingMessages = quint64(config.maxIncomingMessages());
    settings.receiveBudget = config.receiveBudget();
    settings.sendBudget = config.sendBudget();
    settings.maxConnections = config.maxConnections();
    settings.maxConnectionsPerAddress = config.maxConnectionsPerAddress();
    settings.maxConnectionsPerSite = config.maxConnectionsPerSite();
    return settings;
}

} // namespace Qp2p
