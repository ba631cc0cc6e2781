// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The measured works of tests/benchmarks/compare, done by ngtcp2 and GnuTLS with nothing around them: what this
// library could reach. It takes the same command line and prints the same JSON lines as the other programs.

#include "works.h"

#include <arpa/inet.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string_view>

using namespace Bare;

namespace {

constexpr auto usage =
    "usage:\n"
    "  bare-bench server --work WORK [--bind ADDRESS]\n"
    "  bare-bench client --work WORK ADDRESS:PORT [--count N] [--size N] [--in-flight N]\n"
    "             [--connections N] [--seconds S] [--bind ADDRESS]\n"
    "WORK is messages, roundtrip, handshakes, idle, cold or crowd; IPv4 only";

template<typename T>
T number(std::string_view text)
{
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < T{})
        throw std::invalid_argument(std::string(text) + " is no number that fits\n" + usage);
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
    if (colon == std::string::npos)
        throw std::invalid_argument(text + " is not ADDRESS:PORT\n" + usage);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr = hostOf(text.substr(0, colon));
    address.sin_port = htons(number<uint16_t>(std::string_view(text).substr(colon + 1)));
    return address;
}

void set(Options &options, std::string_view name, const std::string &value)
{
    if (name == "--work")
        options.work = value;
    else if (name == "--bind")
        options.bind = hostOf(value);
    else if (name == "--count")
        options.count = number<uint64_t>(value);
    else if (name == "--size")
        options.size = number<size_t>(value);
    else if (name == "--in-flight")
        options.inFlight = number<uint64_t>(value);
    else if (name == "--connections")
        options.connections = number<uint64_t>(value);
    else if (name == "--seconds")
        options.seconds = number<double>(value);
    else
        throw std::invalid_argument(std::string(name) + " is no option\n" + usage);
}

Options parse(int argc, char *argv[])
{
    Options options;
    const std::string_view role = argc > 1 ? argv[1] : "";
    for (int i = 2; i < argc; ++i) {
        const std::string argument = argv[i];
        if (argument.rfind("--", 0) != 0)
            options.server = addressOf(argument);
        else if (i + 1 < argc)
            set(options, argument, argv[++i]);
        else
            throw std::invalid_argument(argument + " needs a value\n" + usage);
    }
    options.role = role == "client" ? Role::Client : Role::Server;
    if ((role != "server" && role != "client")
        || (options.server.sin_port != 0) != (options.role == Role::Client))
        throw std::invalid_argument(usage);
    if (options.count == 0 || options.size == 0 || options.size > Endpoint::PayloadSize
        || options.inFlight == 0 || options.connections == 0)
        throw std::invalid_argument("A number is zero, or --size is more than 64 MiB.");
    return options;
}

//! Until standard input is closed.
void serve(const Options &options)
{
    Handler handler;
    Endpoint endpoint(options.bind, handler, Endpoint::Accepts::Yes);
    char host[INET_ADDRSTRLEN] = {};
    inet_ntop(AF_INET, &endpoint.address().sin_addr, host, sizeof(host));
    std::printf("{\"listening\":\"%s:%u\"}\n", host, unsigned(ntohs(endpoint.address().sin_port)));
    std::fflush(stdout);
    endpoint.run(
        [&](const std::string &line) {
            if (line == "rss" && options.work == "idle") {
                std::printf("{\"rss_kib\":%ld,\"connections\":%zu}\n", rssKib(),
                            endpoint.connectionCount());
                std::fflush(stdout);
            }
        },
        [&] { endpoint.quit(); });
}

} // namespace

int main(int argc, char *argv[])
{
    try {
        const Options options = parse(argc, argv);
        if (options.role == Role::Server)
            serve(options);
        else
            measure(options);
    } catch (const std::exception &exception) {
        std::fprintf(stderr, "bare-bench: %s\n", exception.what());
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
