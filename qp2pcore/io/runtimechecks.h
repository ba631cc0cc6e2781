// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What checkRuntime() and checkSocketBuffers() decide, apart from the machine they run on, for their test.
#pragma once

#include <qp2pcore/result.h>

#include <QStringView>

namespace Qp2p {

//! \a ngtcp2 and \a gnutls are versions as these libraries write them, e.g. "1.22.1".
Result<void> checkRuntimeVersions(QStringView ngtcp2, QStringView gnutls);

//! What a socket asks for, in bytes, for each direction. Linux clamps it to net.core.rmem_max and wmem_max,
//! 208 KiB on a stock system, where GRO still keeps 85 % of the speed; not so for processes with CAP_NET_ADMIN.
constexpr int SocketBufferSize = 4 * 1024 * 1024;

//! The result of checkSocketBuffers(); bytes.
Result<void> checkSocketBufferLimits(qint64 receiving, qint64 sending);

} // namespace Qp2p
