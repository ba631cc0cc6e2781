// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/natconfig.h>

namespace Qp2p {

class NatConfigData : public QSharedData
{
public:
    NatConfig::RelayedConnections relayedConnections = NatConfig::RelayedConnections::Allowed;
    NatConfig::RelayForOthers relayForOthers = NatConfig::RelayForOthers::Members;
    // As Nat::Limits, which a test compares.
    qint64 relayRate = 1024 * 1024;
    qint64 relayRatePerConnection = 128 * 1024;
};

NatConfig::NatConfig()
    : d(new NatConfigData)
{
}
NatConfig::NatConfig(const NatConfig &) = default;
NatConfig::NatConfig(NatConfig &&) noexcept = default;
NatConfig &NatConfig::operator=(const NatConfig &) = default;
NatConfig &NatConfig::operator=(NatConfig &&) noexcept = default;
NatConfig::~NatConfig() = default;

NatConfig::RelayedConnections NatConfig::relayedConnections() const
{
    return d->relayedConnections;
}

void NatConfig::setRelayedConnections(RelayedConnections policy)
{
    d->relayedConnections = policy;
}

NatConfig::RelayForOthers NatConfig::relayForOthers() const
{
    return d->relayForOthers;
}

void NatConfig::setRelayForOthers(RelayForOthers policy)
{
    d->relayForOthers = policy;
}

qint64 NatConfig::relayRate() const
{
    return d->relayRate;
}

qint64 NatConfig::relayRatePerConnection() const
{
    return d->relayRatePerConnection;
}

void NatConfig::setRelayRate(qint64 inAll, qint64 perConnection)
{
    d->relayRate = inAll;
    d->relayRatePerConnection = perConnection;
}

Result<void> NatConfig::validate() const
{
    constexpr qint64 MinRate = 1024;
    for (const qint64 rate : {d->relayRate, d->relayRatePerConnection}) {
        if (rate < MinRate)
            return Error(ErrorCode::InvalidArgument,
                         QStringLiteral("Nothing can be forwarded at %1 bytes a second. Give %2 or "
                                        "more, or switch forwarding for others off.")
                             .arg(rate)
                             .arg(MinRate));
    }
    return {};
}

} // namespace Qp2p
