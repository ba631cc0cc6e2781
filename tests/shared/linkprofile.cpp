// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The numbers of the links that tests have in common.

#include <shared/linkprofile.h>

#include <algorithm>

namespace Qp2p::Test {

using namespace std::chrono_literals;

QList<NamedLinkProfile> degradationLadder()
{
    QList<NamedLinkProfile> ladder;
    const auto rung = [&](const char *name, quint64 kilobits, std::chrono::milliseconds roundTrip,
                          std::chrono::milliseconds jitter, double lossPercent, double meanBurst) {
        LinkProfile profile;
        profile.latency = roundTrip / 2;
        profile.jitter = jitter;
        profile.bytesPerSecond = kilobits * 1000 / 8;
        // A round trip of full-size packets; fewer than 16 would be no working link at all.
        const quint64 bytesInFlight = profile.bytesPerSecond * quint64(roundTrip.count()) / 1000;
        profile.queueLimit = int(std::max<quint64>(16, bytesInFlight / 1500));
        profile.loss = lossPercent / 100;
        profile.meanLossBurst = meanBurst;
        ladder.append({QString::fromLatin1(name), profile, 20s + 10s * ladder.size()});
    };
    rung("good-wifi", 100'000, 16ms, 0ms, 0.1, 4);
    rung("congested-wifi", 25'000, 40ms, 12ms, 1, 6);
    rung("weak-4g", 8'000, 90ms, 15ms, 2, 8);
    rung("slow-3g", 3'000, 200ms, 30ms, 3, 10);
    rung("congested-cellular", 1'500, 300ms, 40ms, 5, 12);
    rung("very-bad-cellular", 800, 450ms, 60ms, 8, 20);
    rung("satellite", 25'000, 600ms, 40ms, 1.5, 6);
    rung("barely-usable", 500, 450ms, 80ms, 12, 25);
    rung("absurd", 256, 800ms, 150ms, 25, 40);
    return ladder;
}

LinkProfile interopLink()
{
    LinkProfile profile;
    profile.latency = 15ms;
    profile.bytesPerSecond = 10'000'000 / 8;
    profile.queueLimit = 25;
    return profile;
}

LinkProfile loopbackLink()
{
    LinkProfile profile;
    profile.latency = 10us; // not zero: an exchange without end must let time pass
    profile.mtu = 0;
    return profile;
}

LinkProfile lanLink()
{
    LinkProfile profile;
    profile.latency = 200us;
    return profile;
}

} // namespace Qp2p::Test
