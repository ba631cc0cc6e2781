// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The defaults of an endpoint's settings, and all of them checked.
#include <qp2pcore/endpointconfig.h>

#include <qp2pcore/settings/configchecks.h>
#include <qp2pcore/version.h>

#include <QSharedData>

#include <algorithm>

namespace Qp2p {

using namespace ConfigChecks;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

class EndpointConfigData : public QSharedData
{
public:
    Identity identity;
    CertificatePolicy certificatePolicy = CertificatePolicy::encryptOnly();
    EndpointConfig::LegacyPeers legacyPeers = EndpointConfig::LegacyPeers::Refused;
    EndpointConfig::RetryMode retryMode = EndpointConfig::RetryMode::Always;
    EndpointConfig::SessionResumption sessionResumption = EndpointConfig::SessionResumption::Enabled;
    EndpointConfig::CongestionControl congestionControl = EndpointConfig::CongestionControl::Cubic;
    QString networkName;
    QString agent = QStringLiteral("qp2p/" QP2PCORE_VERSION_STRING);
    milliseconds handshakeTimeout = 10s;
    milliseconds idleTimeout = 14s;
    milliseconds keepAliveInterval = -1ms;
    qint64 maxMessageSize = 16 * MiB;
    qint64 sendQueueLimit = 16 * MiB;
    qint64 inboxLimit = 16 * MiB;
    int maxIncomingRequests = 100;
    int maxIncomingMessages = 1000;
    qint64 receiveBudget = 0;
    qint64 sendBudget = 0;
    int maxConnections = 4096;
    int maxConnectionsPerAddress = 64;
    int maxConnectionsPerSite = 256;
    std::chrono::microseconds busyPollLimit = 50us;
    QString qlogDirectory;
};

namespace {

// Below 100 ms no handshake gets through a path of ordinary length. The upper ends are where a forgotten
// unit (seconds for milliseconds) shows.
constexpr milliseconds MinHandshakeTimeout = 100ms;
constexpr milliseconds MaxHandshakeTimeout = 10min;
constexpr milliseconds MinIdleTimeout = 1s;
constexpr milliseconds MaxIdleTimeout = 1h;

constexpr qint64 DefaultReceiveBudget = 256 * MiB;
constexpr qint64 DefaultSendBudget = 128 * MiB;
// Every stream that a peer may open costs state here before it has sent anything.
constexpr int MaxStreams = 65'535;
// At some 40 KiB for an idle connection: more than a machine has memory for.
constexpr int MaxConnections = 1'000'000;

//! What was \a set, or \a otherwise and at least what any budget needs.
qint64 budgetOf(qint64 set, qint64 otherwise, qint64 maxMessageSize)
{
    return set > 0 ? set : std::max(otherwise, maxMessageSize + BudgetBesideMessage);
}

} // namespace

Result<void> EndpointConfig::validate() const
{
    const Result<void> checks[] = {
        d->certificatePolicy.validate(),
        checkDuration("handshakeTimeout", d->handshakeTimeout, MinHandshakeTimeout,
                      MaxHandshakeTimeout),
        checkDuration("idleTimeout", d->idleTimeout, MinIdleTimeout, MaxIdleTimeout),
        checkKeepAlive(d->keepAliveInterval, d->idleTimeout),
        checkSize("maxMessageSize", d->maxMessageSize),
        // Both may be smaller than a message: an empty queue or inbox takes any legal one.
        checkSize("sendQueueLimit", d->sendQueueLimit),
        checkSize("inboxLimit", d->inboxLimit),
        checkCount("maxIncomingRequests", d->maxIncomingRequests, MaxStreams),
        checkCount("maxIncomingMessages", d->maxIncomingMessages, MaxStreams),
        checkBudget("receiveBudget", d->receiveBudget, d->maxMessageSize),
        checkBudget("sendBudget", d->sendBudget, d->maxMessageSize),
        checkCount("maxConnections", d->maxConnections, MaxConnections),
        checkCount("maxConnectionsPerAddress", d->maxConnectionsPerAddress, MaxConnections),
        checkCount("maxConnectionsPerSite", d->maxConnectionsPerSite, MaxConnections),
        checkName("networkName", d->networkName),
        checkName("agent", d->agent),
        checkBusyPoll(d->busyPollLimit),
        checkLegacyPeers(d->legacyPeers, d->certificatePolicy),
        checkQlogDirectory(d->qlogDirectory),
    };
    const auto failed = std::find_if(std::begin(checks), std::end(checks),
                                     [](const Result<void> &check) { return !check.isOk(); });
    return failed == std::end(checks) ? Result<void>() : *failed;
}

EndpointConfig::EndpointConfig()
    : d(new EndpointConfigData)
{
}

EndpointConfig::EndpointConfig(const EndpointConfig &) = default;
EndpointConfig::EndpointConfig(EndpointConfig &&) noexcept = default;
EndpointConfig &EndpointConfig::operator=(const EndpointConfig &) = default;
EndpointConfig &EndpointConfig::operator=(EndpointConfig &&) noexcept = default;
EndpointConfig::~EndpointConfig() = default;

Identity EndpointConfig::identity() const
{
    return d->identity;
}

void EndpointConfig::setIdentity(const Identity &identity)
{
    d->identity = identity;
}

CertificatePolicy EndpointConfig::certificatePolicy() const
{
    return d->certificatePolicy;
}

void EndpointConfig::setCertificatePolicy(const CertificatePolicy &policy)
{
    d->certificatePolicy = policy;
}

EndpointConfig::LegacyPeers EndpointConfig::legacyPeers() const
{
    return d->legacyPeers;
}

void EndpointConfig::setLegacyPeers(LegacyPeers peers)
{
    d->legacyPeers = peers;
}

EndpointConfig::RetryMode EndpointConfig::retryMode() const
{
    return d->retryMode;
}

void EndpointConfig::setRetryMode(RetryMode mode)
{
    d->retryMode = mode;
}

EndpointConfig::SessionResumption EndpointConfig::sessionResumption() const
{
    return d->sessionResumption;
}

void EndpointConfig::setSessionResumption(SessionResumption resumption)
{
    d->sessionResumption = resumption;
}

EndpointConfig::CongestionControl EndpointConfig::congestionControl() const
{
    return d->congestionControl;
}

void EndpointConfig::setCongestionControl(CongestionControl control)
{
    d->congestionControl = control;
}

QString EndpointConfig::networkName() const
{
    return d->networkName;
}

void EndpointConfig::setNetworkName(const QString &name)
{
    d->networkName = name;
}

QString EndpointConfig::agent() const
{
    return d->agent;
}

void EndpointConfig::setAgent(const QString &agent)
{
    d->agent = agent;
}

milliseconds EndpointConfig::handshakeTimeout() const
{
    return d->handshakeTimeout;
}

void EndpointConfig::setHandshakeTimeout(milliseconds timeout)
{
    d->handshakeTimeout = timeout;
}

milliseconds EndpointConfig::idleTimeout() const
{
    return d->idleTimeout;
}

void EndpointConfig::setIdleTimeout(milliseconds timeout)
{
    d->idleTimeout = timeout;
}

milliseconds EndpointConfig::keepAliveInterval() const
{
    return d->keepAliveInterval;
}

void EndpointConfig::setKeepAliveInterval(milliseconds interval)
{
    d->keepAliveInterval = interval;
}

qint64 EndpointConfig::maxMessageSize() const
{
    return d->maxMessageSize;
}

void EndpointConfig::setMaxMessageSize(qint64 bytes)
{
    d->maxMessageSize = bytes;
}

qint64 EndpointConfig::sendQueueLimit() const
{
    return d->sendQueueLimit;
}

void EndpointConfig::setSendQueueLimit(qint64 bytes)
{
    d->sendQueueLimit = bytes;
}

qint64 EndpointConfig::inboxLimit() const
{
    return d->inboxLimit;
}

void EndpointConfig::setInboxLimit(qint64 bytes)
{
    d->inboxLimit = bytes;
}

int EndpointConfig::maxIncomingRequests() const
{
    return d->maxIncomingRequests;
}

void EndpointConfig::setMaxIncomingRequests(int count)
{
    d->maxIncomingRequests = count;
}

int EndpointConfig::maxIncomingMessages() const
{
    return d->maxIncomingMessages;
}

void EndpointConfig::setMaxIncomingMessages(int count)
{
    d->maxIncomingMessages = count;
}

int EndpointConfig::maxConnections() const
{
    return d->maxConnections;
}

void EndpointConfig::setMaxConnections(int count)
{
    d->maxConnections = count;
}

qint64 EndpointConfig::receiveBudget() const
{
    return budgetOf(d->receiveBudget, DefaultReceiveBudget, d->maxMessageSize);
}

void EndpointConfig::setReceiveBudget(qint64 bytes)
{
    d->receiveBudget = bytes;
}

qint64 EndpointConfig::sendBudget() const
{
    // One connection may fill its queue: see Engine::SendBudget.
    return budgetOf(d->sendBudget, std::max(DefaultSendBudget, 3 * d->sendQueueLimit),
                    d->maxMessageSize);
}

void EndpointConfig::setSendBudget(qint64 bytes)
{
    d->sendBudget = bytes;
}

int EndpointConfig::maxConnectionsPerAddress() const
{
    return d->maxConnectionsPerAddress;
}

void EndpointConfig::setMaxConnectionsPerAddress(int count)
{
    d->maxConnectionsPerAddress = count;
}

int EndpointConfig::maxConnectionsPerSite() const
{
    return d->maxConnectionsPerSite;
}

void EndpointConfig::setMaxConnectionsPerSite(int count)
{
    d->maxConnectionsPerSite = count;
}

std::chrono::microseconds EndpointConfig::busyPollLimit() const
{
    return d->busyPollLimit;
}

void EndpointConfig::setBusyPollLimit(std::chrono::microseconds limit)
{
    d->busyPollLimit = limit;
}

QString EndpointConfig::qlogDirectory() const
{
    return d->qlogDirectory;
}

void EndpointConfig::setQlogDirectory(const QString &directory)
{
    d->qlogDirectory = directory;
}

} // namespace Qp2p
