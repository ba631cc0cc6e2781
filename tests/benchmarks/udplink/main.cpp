// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The program udplink: options, the addresses it listens on as lines of JSON, and the counters.

#include "relay.h"

#include <arpa/inet.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace UdpLink;

namespace {

constexpr auto usage =
    "usage: udplink --to ADDRESS:PORT [--to ADDRESS:PORT]... --rate-mbit N [--bind ADDRESS] "
    "[--delay-ms N]\n"
    "               [--queue BYTES] [--mtu BYTES] [--loss-percent N] [--burst-starts-percent N]\n"
    "               [--burst-length N] [--burst-loss-percent N] [--seed N]\n"
    "Relays UDP between a port of 127.0.0.1 and ADDRESS (IPv4) until stdin is closed. With several "
    "of them\n"
    "each has a port, and all share the bottleneck and its queue. Rate, delay, queue and losses "
    "are "
    "those of\n"
    "each direction. A burst begins with a datagram in N of 100, lasts N datagrams on average, and "
    "loses N of\n"
    "100 of them. Prints the counters at the end, and whenever a line \"counters\" comes on stdin.";

struct Options
{
    in_addr host{htonl(INADDR_LOOPBACK)};
    std::vector<sockaddr_in> servers;
    LinkSettings settings;
    uint64_t seed = 1;
};

double number(std::string_view text, double least, double most)
{
    double value = NAN;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()
        || !(value >= least && value <= most))
        throw std::invalid_argument(std::string(text) + " is out of range\n" + usage);
    return value;
}

in_addr hostOf(const std::string &text)
{
    in_addr host{};
    if (inet_pton(AF_INET, text.c_str(), &host) != 1)
        throw std::invalid_argument(text + " is no IPv4 address\n" + usage);
    return host;
}

sockaddr_in addressOf(const std::string &text)
{
    const size_t colon = text.rfind(':');
    sockaddr_in address{};
    address.sin_family = AF_INET;
    if (colon == std::string::npos)
        throw std::invalid_argument(text + " is not ADDRESS:PORT\n" + usage);
    address.sin_addr = hostOf(text.substr(0, colon));
    address.sin_port = htons(uint16_t(number(std::string_view(text).substr(colon + 1), 1, 65535)));
    return address;
}

void set(Options &options, std::string_view name, const std::string &value)
{
    LinkSettings &link = options.settings;
    if (name == "--to")
        options.servers.push_back(addressOf(value));
    else if (name == "--bind")
        options.host = hostOf(value);
    else if (name == "--rate-mbit")
        link.bytesPerSecond = uint64_t(number(value, 0.001, 100'000) * 1e6 / 8);
    else if (name == "--delay-ms")
        link.delay = nanoseconds(int64_t(number(value, 0, 60'000) * 1e6));
    else if (name == "--queue")
        link.queueBytes = uint64_t(number(value, 1, 1e9));
    else if (name == "--mtu")
        link.mtu = uint64_t(number(value, 1, 65535));
    else if (name == "--loss-percent")
        link.loss = number(value, 0, 100) / 100;
    else if (name == "--burst-starts-percent")
        link.burstStarts = number(value, 0, 100) / 100;
    else if (name == "--burst-length")
        link.burstEnds = 1 / number(value, 1, 1e9);
    else if (name == "--burst-loss-percent")
        link.burstLoss = number(value, 0, 100) / 100;
    else if (name == "--seed")
        options.seed = uint64_t(number(value, 0, 1e15));
    else
        throw std::invalid_argument(std::string(name) + " is no option\n" + usage);
}

Options parse(int argc, char *argv[])
{
    Options options;
    options.settings.queueBytes = 1 << 20;
    for (int i = 1; i < argc; i += 2) {
        if (i + 1 == argc)
            throw std::invalid_argument(std::string(argv[i]) + " needs a value\n" + usage);
        set(options, argv[i], argv[i + 1]);
    }
    if (options.servers.empty() || options.settings.bytesPerSecond == 0)
        throw std::invalid_argument(usage);
    return options;
}

void print(const char *name, const LinkCounters &counters)
{
    const auto shown = [](uint64_t value) { return static_cast<unsigned long long>(value); };
    std::printf("\"%s\":{\"sent\":%llu,\"delivered\":%llu,\"lost\":%llu,\"queue_full\":%llu,"
                "\"too_large\":%llu,\"queued_seconds\":%.6f},",
                name, shown(counters.sent), shown(counters.delivered), shown(counters.lost),
                shown(counters.queueFull), shown(counters.tooLarge),
                std::chrono::duration<double>(counters.queued).count());
}

void print(const Relay &relay)
{
    std::printf("{");
    print("up", relay.up());
    print("down", relay.down());
    std::printf("\"servers\":[");
    const char *before = "";
    for (const Relay::Passed &passed : relay.passed()) {
        std::printf("%s{\"up_bytes\":%llu,\"down_bytes\":%llu}", before,
                    static_cast<unsigned long long>(passed.upBytes),
                    static_cast<unsigned long long>(passed.downBytes));
        before = ",";
    }
    std::printf("]}\n");
    std::fflush(stdout);
}

void printListening(const sockaddr_in &address)
{
    std::array<char, INET_ADDRSTRLEN> host{};
    inet_ntop(AF_INET, &address.sin_addr, host.data(), host.size());
    std::printf("{\"listening\":\"%s:%u\"}\n", host.data(), unsigned(ntohs(address.sin_port)));
    std::fflush(stdout);
}

} // namespace

int main(int argc, char *argv[])
{
    try {
        const Options options = parse(argc, argv);
        Relay relay(options.host, options.servers, options.settings, options.seed);
        for (const sockaddr_in &address : relay.addresses())
            printListening(address);
        relay.run([&relay](std::string_view line) {
            if (line == "counters")
                print(relay);
        });
        print(relay);
    } catch (const std::exception &exception) {
        std::fprintf(stderr, "udplink: %s\n", exception.what());
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
