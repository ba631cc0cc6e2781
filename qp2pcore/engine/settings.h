// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What the engine is configured with: the endpoint's configuration in the engine's own terms.
#pragma once

#include <qp2pcore/certificates/truststore.h>
#include <qp2pcore/endpointconfig.h>
#include <qp2pcore/engine/socketaddress.h>

#include <QString>

#include <ngtcp2/ngtcp2.h>

#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace Qp2p::Engine {

class StreamProtocolFactory;

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
    quint32 authoritiesVersion = 0; //!< raised when they are replaced
    //! What peers may speak that dial, and what is dialled with where a dial names nothing else: the first.
    std::vector<std::shared_ptr<const StreamProtocolFactory>> protocols;
    EndpointConfig::RetryMode retryMode = EndpointConfig::RetryMode::Always;
    EndpointConfig::SessionResumption sessionResumption = EndpointConfig::SessionResumption::Enabled;
    ngtcp2_cc_algo congestionControl = NGTCP2_CC_ALGO_CUBIC;
    quint16 listeningPort = 0; //!< 0 while not listening
    quint16 localPort = 0; //!< of the socket
    ngtcp2_duration handshakeTimeout = 10 * NGTCP2_SECONDS;
    ngtcp2_duration idleTimeout = 14 * NGTCP2_SECONDS;
    //! 0 off; negative three sevenths of the effective idle time where this side has dialled, off where it has not.
    qint64 keepAliveMilliseconds = -1;
    qint64 receiveBudget = 256 * 1024 * 1024;
    qint64 sendBudget = 128 * 1024 * 1024;
    int maxConnections = 4096; //!< that peers have dialled; a tenth is kept for own dials
    int maxConnectionsPerAddress = 64; //!< of a public IPv4 address or IPv6 /64
    int maxConnectionsPerSite = 256; //!< of a public IPv6 /48
    RandomSource random;
    //! Seconds since 1970-01-01 UTC, for the dates in certificates.
    std::function<qint64()> wallClock;
    QlogFactory qlog; //!< empty where no qlog is wanted
};

} // namespace Qp2p::Engine
