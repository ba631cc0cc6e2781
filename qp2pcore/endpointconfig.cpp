// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The defaults of an endpoint's settings and the ranges in which they can work.
#include <qp2pcore/endpointconfig.h>

#include <qp2pcore/version.h>

#include <QCoreApplication>
#include <QFileInfo>
#include <QSharedData>

#include <algorithm>

namespace Qp2p {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {
constexpr qint64 MiB = qint64(1024) * 1024;
constexpr qint64 GiB = 1024 * MiB;
} // namespace

class EndpointConfigData : public QSharedData
{
public:
    Identity identity;
    CertificatePolicy certificatePolicy = CertificatePolicy::encryptOnly();
    EndpointConfig::LegacyPeers legacyPeers = EndpointConfig::LegacyPeers::Refused;
    EndpointConfig::RetryMode retryMode = EndpointConfig::RetryMode::Always;
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

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Qp2p::EndpointConfig)
};

// Below 100 ms no handshake gets through a path of ordinary length, and a keep-alive would be a
// flood. The upper ends are where a forgotten unit (seconds for milliseconds) shows.
constexpr milliseconds MinHandshakeTimeout = 100ms;
constexpr milliseconds MaxHandshakeTimeout = 10min;
constexpr milliseconds MinIdleTimeout = 1s;
constexpr milliseconds MaxIdleTimeout = 1h;
constexpr milliseconds MinKeepAlive = 100ms;

// The wire format could carry 12 GiB; what is larger than this belongs in several messages.
constexpr qint64 MaxSize = GiB;
constexpr qint64 DefaultReceiveBudget = 256 * MiB;
constexpr qint64 DefaultSendBudget = 128 * MiB;
// Beside the largest message: what keeps the other connections going meanwhile.
constexpr qint64 BudgetBesideMessage = 64 * MiB;
constexpr qint64 MaxBudget = 64 * GiB;
// Every stream that a peer may open costs state here before it has sent anything.
constexpr int MaxStreams = 65'535;
// At some 40 KiB for an idle connection: more than a machine has memory for.
constexpr int MaxConnections = 1'000'000;
// The hello that carries both must fit a control message with room to spare.
constexpr qsizetype MaxNameBytes = 64;

Error invalid(const QString &message)
{
    return Error(ErrorCode::InvalidArgument, message);
}

QString durationText(milliseconds duration)
{
    if (duration.count() != 0 && duration % 1h == 0ms)
        return QStringLiteral("%1 h").arg(duration / 1h);
    if (duration.count() != 0 && duration % 1min == 0ms)
        return QStringLiteral("%1 min").arg(duration / 1min);
    if (duration.count() != 0 && duration % 1s == 0ms)
        return QStringLiteral("%1 s").arg(duration / 1s);
    return QStringLiteral("%1 ms").arg(duration.count());
}

Result<void> checkDuration(const char *setting, milliseconds value, milliseconds lowest,
                           milliseconds highest)
{
    if (value >= lowest && value <= highest)
        return {};
    return invalid(Text::tr("%1 is %2. Set a duration from %3 to %4.")
                       .arg(QLatin1String(setting), durationText(value), durationText(lowest),
                            durationText(highest)));
}

Result<void> checkKeepAlive(milliseconds interval, milliseconds idleTimeout)
{
    const bool isDefaultOrOff = interval <= 0ms;
    if (isDefaultOrOff || (interval >= MinKeepAlive && interval < idleTimeout))
        return {};
    return invalid(
        Text::tr("%1 is %2. Set at least %3 and less than the idle timeout of %4, zero to "
                 "switch keep-alive off, or a negative value for the default.")
            .arg(QLatin1String("keepAliveInterval"), durationText(interval),
                 durationText(MinKeepAlive), durationText(idleTimeout)));
}

Result<void> checkBusyPoll(std::chrono::microseconds limit)
{
    constexpr std::chrono::microseconds Highest = 1ms; // timers and other events wait meanwhile
    if (limit >= 0us && limit <= Highest)
        return {};
    return invalid(Text::tr("%1 is %2 us. Set at most %3 us, or zero to switch polling off.")
                       .arg(QLatin1String("busyPollLimit"), QString::number(limit.count()),
                            QString::number(Highest.count())));
}

Result<void> checkLegacyPeers(EndpointConfig::LegacyPeers peers, const CertificatePolicy &policy)
{
    if (peers == EndpointConfig::LegacyPeers::Refused
        || policy.mode() == CertificatePolicy::Mode::EncryptOnly)
        return {};
    return invalid(Text::tr("Legacy peers have no certificate that an authority could have issued. "
                            "Accept them in the mode EncryptOnly only."));
}

Result<void> checkSize(const char *setting, qint64 bytes)
{
    if (bytes >= 1 && bytes <= MaxSize)
        return {};
    return invalid(
        Text::tr("%1 is %2 bytes. Set a size from 1 byte to %3 bytes (1 GiB).")
            .arg(QLatin1String(setting), QString::number(bytes), QString::number(MaxSize)));
}

//! What was \a set, or \a otherwise and at least what any budget needs.
qint64 budgetOf(qint64 set, qint64 otherwise, qint64 maxMessageSize)
{
    return set > 0 ? set : std::max(otherwise, maxMessageSize + BudgetBesideMessage);
}

Result<void> checkBudget(const char *setting, qint64 bytes, qint64 maxMessageSize)
{
    const qint64 least = maxMessageSize + BudgetBesideMessage;
    if (bytes == 0 || (bytes >= least && bytes <= MaxBudget))
        return {};
    return invalid(
        Text::tr("%1 is %2 bytes. Set a size from %3 bytes (the largest message and 64 MiB) to "
                 "%4 bytes (64 GiB), or zero for the default.")
            .arg(QLatin1String(setting), QString::number(bytes), QString::number(least),
                 QString::number(MaxBudget)));
}

Result<void> checkCount(const char *setting, int count, int highest)
{
    if (count >= 1 && count <= highest)
        return {};
    return invalid(
        Text::tr("%1 is %2. Set a number from 1 to %3.")
            .arg(QLatin1String(setting), QString::number(count), QString::number(highest)));
}

//! Peers compare the network name byte by byte and show the agent, so neither may change on its way
//! through UTF-8 nor steer a terminal.
Result<void> checkName(const char *setting, const QString &name)
{
    const QLatin1String shownSetting(setting);
    if (!name.isValidUtf16())
        return invalid(Text::tr("%1 is not valid Unicode. Set another text.").arg(shownSetting));
    const qsizetype bytes = name.toUtf8().size();
    if (bytes > MaxNameBytes)
        return invalid(
            Text::tr("%1 has %2 bytes in UTF-8. Set a text of at most %3 bytes.")
                .arg(shownSetting, QString::number(bytes), QString::number(MaxNameBytes)));
    const bool steers = std::any_of(name.begin(), name.end(), [](QChar c) {
        return c.category() == QChar::Other_Control || c.category() == QChar::Separator_Line
            || c.category() == QChar::Separator_Paragraph;
    });
    if (steers)
        return invalid(Text::tr("%1 has a control character or a line break. Set a text without.")
                           .arg(shownSetting));
    return {};
}

Result<void> checkQlogDirectory(const QString &directory)
{
    if (directory.isEmpty())
        return {};
    const QFileInfo info(directory);
    if (!info.exists())
        return invalid(
            Text::tr("The folder \"%1\" for qlog files does not exist. Create it, or name "
                     "another.")
                .arg(directory));
    if (!info.isDir())
        return invalid(
            Text::tr("\"%1\", which was given for qlog files, is not a folder. Name one.")
                .arg(directory));
    if (!info.isWritable() || !info.isExecutable())
        return invalid(Text::tr("This program may not write to the folder \"%1\" for qlog files. "
                                "Change its permissions, or name another.")
                           .arg(directory));
    return {};
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
