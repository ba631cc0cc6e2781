// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "options.h"

#include <algorithm>
#include <iterator>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

constexpr auto usage =
    "usage:\n"
    "  qp2p-bench-ours server --work WORK [--bind ADDRESS] [--retry always|never]\n"
    "                  [--congestion cubic|bbr|reno]\n"
    "  qp2p-bench-ours client --work WORK ADDRESS [--count N] [--size N] "
    "[--in-flight N] [--connections N] [--seconds S] [--bind ADDRESS]\n"
    "                  [--congestion cubic|bbr|reno]\n"
    "both, for idle connections: [--keep-alive MILLISECONDS], and the server --count N where N is "
    "above 4,000\n"
    "WORK is messages, roundtrip, handshakes, idle, cold or crowd; --seconds ends a work "
    "before its count is reached;\n"
    "sockets are bound to 127.0.0.1 by default"_L1;

Error wrong(const QString &what)
{
    return Error(ErrorCode::InvalidArgument, what + u"\n"_s + usage);
}

template<typename T, size_t N>
bool choose(const QString &name, const std::pair<QLatin1StringView, T> (&choices)[N], T &chosen)
{
    const auto *const choice = std::find_if(
        std::begin(choices), std::end(choices),
        [&](const auto &candidate) { return candidate.first == name; });
    if (choice == std::end(choices))
        return false;
    chosen = choice->second;
    return true;
}

template<typename T>
bool number(const QString &text, T &result)
{
    bool isNumber = false;
    result = T(text.toULongLong(&isNumber));
    return isNumber && result > 0;
}

bool isWork(const QString &name, Options &options)
{
    using Work = Options::Work;
    return choose(name,
                  {{"messages"_L1, Work::Messages},
                   {"roundtrip"_L1, Work::RoundTrip},
                   {"handshakes"_L1, Work::Handshakes},
                   {"idle"_L1, Work::Idle},
                   {"cold"_L1, Work::Cold},
                   {"crowd"_L1, Work::Crowd}},
                  options.work);
}

bool isCongestionControl(const QString &name, Options &options)
{
    using Control = EndpointConfig::CongestionControl;
    Control control{};
    if (!choose(name,
                {{"cubic"_L1, Control::Cubic}, {"bbr"_L1, Control::Bbr}, {"reno"_L1, Control::Reno}},
                control))
        return false;
    options.congestionControl = control;
    return true;
}

bool isOption(const QString &name, const QString &value, Options &options)
{
    using Retry = EndpointConfig::RetryMode;
    if (name == "--work"_L1)
        return isWork(value, options);
    if (name == "--bind"_L1)
        return options.bind.setAddress(value);
    if (name == "--retry"_L1)
        return choose(value, {{"always"_L1, Retry::Always}, {"never"_L1, Retry::Never}},
                      options.retryMode);
    if (name == "--congestion"_L1)
        return isCongestionControl(value, options);
    if (name == "--count"_L1)
        return number(value, options.count);
    if (name == "--size"_L1)
        return number(value, options.size);
    if (name == "--in-flight"_L1)
        return number(value, options.inFlight);
    if (name == "--connections"_L1)
        return number(value, options.connections);
    if (name == "--keep-alive"_L1) {
        bool isNumber = false;
        options.keepAlive = std::chrono::milliseconds(value.toUInt(&isNumber));
        return isNumber;
    }
    if (name == "--seconds"_L1) {
        bool isNumber = false;
        const std::chrono::duration<double> seconds(value.toDouble(&isNumber));
        options.timeLimit = std::chrono::duration_cast<std::chrono::nanoseconds>(seconds);
        return isNumber && seconds.count() >= 0;
    }
    return false;
}

} // namespace

Result<Options> Options::parse(QStringList arguments)
{
    Options options;
    if (arguments.isEmpty()
        || !choose(arguments.takeFirst(),
                   {{"server"_L1, Role::Server}, {"client"_L1, Role::Client}}, options.role))
        return wrong(u"The first argument is server or client."_s);

    bool workKnown = false;
    while (!arguments.isEmpty()) {
        const QString argument = arguments.takeFirst();
        if (argument.startsWith(u'-')) {
            const QString value = arguments.isEmpty() ? QString() : arguments.takeFirst();
            if (!isOption(argument, value, options))
                return wrong(u"%1 %2 makes no sense."_s.arg(argument, value));
            workKnown = workKnown || argument == "--work"_L1;
            continue;
        }
        const Result<PeerAddress> address = PeerAddress::fromString(argument);
        if (!address)
            return wrong(address.error().message);
        options.address = *address;
    }
    if (!workKnown)
        return wrong(u"--work is missing."_s);
    if (options.address.isNull() != (options.role == Role::Server))
        return wrong(u"A client, and only a client, needs the server's address."_s);
    return options;
}

EndpointConfig Options::endpointConfig() const
{
    EndpointConfig config;
    config.setRetryMode(retryMode);
    if (congestionControl)
        config.setCongestionControl(*congestionControl);
    // A tenth is kept for own dials.
    if (work == Work::Idle && 2 * count > quint64(config.maxConnections()))
        config.setMaxConnections(int(std::min<quint64>(2 * count, 1'000'000)));
    // All connections come from one address here.
    config.setMaxConnectionsPerAddress(config.maxConnections());
    if (keepAlive)
        config.setKeepAliveInterval(*keepAlive);
    // As the counterpart does; the keep-alive default makes 20 s of it, which is its value too.
    config.setIdleTimeout(std::chrono::minutes(1));
    // The other default that would be in the way: 16 messages of 1 MiB and their headers are a little
    // more than the 16 MiB that it allows.
    const qint64 underWay = qint64(inFlight) * (size + 16);
    config.setSendQueueLimit(std::clamp(underWay, config.sendQueueLimit(), qint64(1) << 30));
    return config;
}

QDeadlineTimer Options::deadline(double part) const
{
    if (!timeLimit)
        return QDeadlineTimer(QDeadlineTimer::Forever);
    return QDeadlineTimer(std::chrono::duration_cast<std::chrono::nanoseconds>(*timeLimit * part),
                          Qt::PreciseTimer);
}
