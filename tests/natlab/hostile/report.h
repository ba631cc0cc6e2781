// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What qp2p-hostile prints: one JSON object a line on standard output.
#pragma once

#include <shared/engine/virtualwire.h>

#include <QJsonObject>

namespace Qp2p::Test {

//! Written to the last byte when it returns, for a script waits for it.
void report(const QString &event, QJsonObject fields);

//! As in an URL: an IPv6 address in brackets.
QString textOf(const Engine::SocketAddress &address);
//! Without the port, and without brackets.
QString hostOf(const Engine::SocketAddress &address);

//! Nanoseconds of a monotonic clock.
ngtcp2_tstamp clockNow();

} // namespace Qp2p::Test
