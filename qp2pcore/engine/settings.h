// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What the engine is configured with: the endpoint's configuration in the engine's own terms.
#pragma once

#include <qp2pcore/certificates/truststore.h>
#include <qp2pcore/endpointconfig.h>
#include <qp2pcore/engine/messages/hello.h>
#include <qp2pcore/engine/socketaddress.h>

#include <QString>

#include <ngtcp2/ngtcp2.h>

#include <algorithm>
#include <functional>
#include <span>
#include <vector>

namespace Qp2p::Engine {

//! \brief Fills \a bytes from a cryptographically secure generator.
using RandomSource = std::function<void(std::span<quint8> bytes)>;

//! \brief Takes a connection's qlog as it is written.
struct QlogSink
{
    std::function<void(QByteArrayView data)> write; //!< empty where there is none
    QString name; //!< where it goes, for people
};
//! Makes the sink for a new connection, named by its original destination connection ID.
using QlogFactory = std::function<QlogSink(QByteArrayView originalConnectionId)>;

struct Settings
{
    Identity identity;
    CertificatePolicy policy = CertificatePolicy::encryptOnly();
    std::shared_ptr<const TrustStore> authorities; //!< not for EncryptOnly
    EndpointConfig::LegacyPeers legacyPeers = EndpointConfig::LegacyPeers::Refused;
    EndpointConfig::RetryMode retryMode = EndpointConfig::RetryMode::Always;
    ngtcp2_cc_algo congestionControl = NGTCP2_CC_ALGO_CUBIC;
    QByteArray networkName; //!< UTF-8
    QByteArray agent; //!< UTF-8
    quint16 listeningPort = 0; //!< 0 while not listening
    quint16 localPort = 0; //!< of the socket
    Hello::Role role = Hello::Role::None; //!< what our hellos claim; see setRole() of the router
    quint64 instance = 0; //!< said in hellos; 0: nothing is
    //! The control messages that are handed up as Events::Control; only the form of others is checked.
    std::vector<quint64> controlKinds;
    //! Nothing is delivered before Session::resumeReceiving(): for networks, whose links must stand first.
    bool startPaused = false;
    //! \brief Why a peer whose key is proven is not wanted; no error where it is. Empty: all are.
    std::function<Error(const PeerId &peer, const SocketAddress &remote)> refuse;
    //! The port that a hello to \a remote claims, where it may differ from \a listening. Empty: never.
    std::function<quint16(const SocketAddress &remote, quint16 listening)> claimedPort;
    ngtcp2_duration handshakeTimeout = 10 * NGTCP2_SECONDS;
    ngtcp2_duration idleTimeout = 14 * NGTCP2_SECONDS;
    //! 0 off; negative three sevenths of the effective idle time where this side has dialled, off where it has not.
    qint64 keepAliveMilliseconds = -1;
    qint64 maxMessageSize = 16 * 1024 * 1024;
    qint64 sendQueueLimit = 16 * 1024 * 1024;
    qint64 inboxLimit = 16 * 1024 * 1024;
    quint64 maxIncomingRequests = 100;
    quint64 maxIncomingMessages = 1000;
    qint64 receiveBudget = 256 * 1024 * 1024;
    qint64 sendBudget = 128 * 1024 * 1024;
    int maxConnections = 4096; //!< that peers have dialled; a tenth is kept for own dials
    int maxConnectionsPerAddress = 64; //!< of a public IPv4 address or IPv6 /64
    int maxConnectionsPerSite = 256; //!< of a public IPv6 /48
    RandomSource random;
    //! Seconds since 1970-01-01 UTC, for the dates in certificates.
    std::function<qint64()> wallClock;
    QlogFactory qlog; //!< empty where no qlog is wanted

    bool handlesControl(quint64 kind) const
    {
        return std::find(controlKinds.begin(), controlKinds.end(), kind) != controlKinds.end();
    }
};

} // namespace Qp2p::Engine
