// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The table of the congestion controllers: alone with losses, and beside each other. In virtual time, so the figures
// are the same on every machine.

#include <shared/bottleneck.h>

#include <QCoreApplication>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

namespace {

using Control = EndpointConfig::CongestionControl;

constexpr quint64 Seeds = 5;

EndpointConfig with(Control control)
{
    EndpointConfig config;
    config.setCongestionControl(control);
    return config;
}

const char *nameOf(Control control)
{
    return control == Control::Bbr ? "BBR" : control == Control::Reno ? "Reno" : "CUBIC";
}

Bottleneck::Figures measure(const LinkProfile &link, std::initializer_list<Control> flows,
                            quint64 seed)
{
    Bottleneck bottleneck(link, seed);
    for (const Control control : flows) {
        if (!bottleneck.add(with(control)))
            qFatal("A connection does not open.");
    }
    bottleneck.run(5s);
    return bottleneck.run(20s);
}

//! Median, smallest and largest.
void print(std::vector<double> figures, int digits)
{
    std::sort(figures.begin(), figures.end());
    std::printf("  %.*f [%.*f..%.*f]", digits, figures[figures.size() / 2], digits, figures.front(),
                digits, figures.back());
}

void printLosses(Control control, double percent)
{
    std::vector<double> rates;
    for (quint64 seed = 1; seed <= Seeds; ++seed) {
        const LinkProfile link = bottleneckLink(200, 20ms, 1, percent / 100);
        rates.push_back(measure(link, {control}, seed).megabytes.at(0));
    }
    std::printf("200 Mbit/s, 20 ms, %.1f %% loss, %s: MB/s", percent, nameOf(control));
    print(rates, 2);
    std::printf("\n");
    std::fflush(stdout);
}

void printShares(Control one, Control other, std::chrono::milliseconds roundTrip, double queue)
{
    std::vector<double> shares;
    std::vector<double> queued;
    std::vector<double> losses;
    std::vector<double> rates;
    for (quint64 seed = 1; seed <= Seeds; ++seed) {
        // In odd rounds it begins first.
        const bool isFirst = seed % 2 == 1;
        const Bottleneck::Figures figures = measure(bottleneckLink(40, roundTrip, queue),
                                                    {isFirst ? one : other, isFirst ? other : one},
                                                    seed);
        shares.push_back(figures.share(isFirst ? 0 : 1));
        queued.push_back(figures.queueMilliseconds);
        losses.push_back(figures.lossPercent);
        rates.push_back(figures.megabytes[0] + figures.megabytes[1]);
    }
    std::printf("40 Mbit/s, %lld ms, queue of %.1f BDP, %s beside %s: share",
                static_cast<long long>(roundTrip.count()), queue, nameOf(one), nameOf(other));
    print(shares, 2);
    std::printf("; in the queue, ms");
    print(queued, 1);
    std::printf("; loss, %%");
    print(losses, 2);
    std::printf("; both, MB/s");
    print(rates, 2);
    std::printf("\n");
    std::fflush(stdout);
}

} // namespace

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    for (const double percent : {0.0, 0.1, 1.0}) {
        for (const Control control : {Control::Cubic, Control::Bbr, Control::Reno})
            printLosses(control, percent);
    }
    for (const auto roundTrip : {20ms, 100ms}) {
        for (const double queue : {0.5, 1.0, 4.0}) {
            printShares(Control::Bbr, Control::Cubic, roundTrip, queue);
            printShares(Control::Cubic, Control::Cubic, roundTrip, queue);
            printShares(Control::Bbr, Control::Bbr, roundTrip, queue);
        }
    }
    return EXIT_SUCCESS;
}
