// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The monotonic clock, as the code of networks names it.
#pragma once

#include <qp2pcore/io/monotonictime.h>

namespace Qp2p::Peering {

using Io::Never;
using Io::Time;
using Io::toNanoseconds;
using Io::toTime;

} // namespace Qp2p::Peering
