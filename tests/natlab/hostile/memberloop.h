// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Runs hostile members on real sockets and a real clock.
#pragma once

#include "member.h"

namespace Qp2p::Test {

//! \brief Returns after \a duration, or soon after \a stop is set. The members link immediately; their attacks
//! begin when \a begin is set.
void runMembers(const std::vector<HostileMember::Plan> &plans, ngtcp2_duration duration,
                const volatile int &begin, const volatile int &stop);

} // namespace Qp2p::Test
