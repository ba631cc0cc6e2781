// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// In which ranges the settings of an endpoint can work.
#pragma once

#include <qp2pcore/endpointconfig.h>
#include <qp2pcore/result.h>

#include <QString>

#include <chrono>

//! Each gives InvalidArgument with the name of the setting, its value, and what to set instead.
namespace Qp2p::ConfigChecks {

inline constexpr qint64 MiB = qint64(1024) * 1024;
inline constexpr qint64 GiB = 1024 * MiB;

//! Bytes of a budget beside the largest message: what keeps the other connections going meanwhile.
inline constexpr qint64 BudgetBesideMessage = 64 * MiB;

Result<void> checkDuration(const char *setting, std::chrono::milliseconds value,
                           std::chrono::milliseconds min, std::chrono::milliseconds max);
Result<void> checkKeepAlive(std::chrono::milliseconds interval,
                            std::chrono::milliseconds idleTimeout);
Result<void> checkBusyPoll(std::chrono::microseconds limit);
Result<void> checkSize(const char *setting, qint64 bytes);
Result<void> checkBudget(const char *setting, qint64 bytes, qint64 maxMessageSize);
Result<void> checkCount(const char *setting, int count, int max);
//! \brief Peers compare the network name byte by byte and show the agent, so neither may change on its way
//! through UTF-8 nor steer a terminal.
Result<void> checkName(const char *setting, const QString &name);
Result<void> checkLegacyPeers(EndpointConfig::LegacyPeers peers, const CertificatePolicy &policy);
Result<void> checkQlogDirectory(const QString &directory);

} // namespace Qp2p::ConfigChecks
