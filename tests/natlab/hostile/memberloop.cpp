// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "memberloop.h"

#include "report.h"

#include <algorithm>

#include <poll.h>

namespace Qp2p::Test {

void runMembers(const std::vector<HostileMember::Plan> &plans, ngtcp2_duration duration,
                const volatile int &begin, const volatile int &stop)
{
    std::vector<std::unique_ptr<HostileMember>> members;
    const ngtcp2_tstamp end = clockNow() + duration;
    for (const HostileMember::Plan &plan : plans)
        members.push_back(std::make_unique<HostileMember>(plan, clockNow()));
    report(QStringLiteral("listening"), {});
    while (stop == 0 && clockNow() < end) {
        const auto attacks = begin != 0 ? HostileMember::Attacks::Now
                                        : HostileMember::Attacks::Later;
        std::vector<pollfd> descriptors;
        const ngtcp2_tstamp before = clockNow();
        ngtcp2_tstamp until = std::min(end, before + Seconds / 2);
        for (const auto &member : members) {
            member->advance(attacks, before);
            until = std::min(until, member->deadline());
            for (const int descriptor : member->descriptors())
                descriptors.push_back({descriptor, POLLIN, 0});
        }
        const ngtcp2_tstamp now = clockNow();
        // A full socket is tried again soon; nothing else is due earlier than a millisecond from now.
        const ngtcp2_duration left = std::max(until > now ? until - now : 0, Milliseconds);
        const timespec timeout{time_t(left / Seconds), long(left % Seconds)};
        ppoll(descriptors.data(), nfds_t(descriptors.size()), &timeout, nullptr);
    }
    report(QStringLiteral("stopped"), {});
}

} // namespace Qp2p::Test
