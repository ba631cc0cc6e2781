// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// qp2p-hostile: attacks a peer of one's own with many connections, to see its limits hold.

#include "siege.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QUrl>

#include <csignal>
#include <cstdio>

#include <arpa/inet.h>
#include <sys/resource.h>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;

namespace {

volatile std::sig_atomic_t stopped = 0;

[[noreturn]] void usageError(const QString &what)
{
    std::fprintf(stderr, "qp2p-hostile: %s\n", qUtf8Printable(what));
    std::exit(2);
}

//! \a host is an IPv4 or IPv6 address, without brackets.
Engine::SocketAddress socketAddress(const QString &host, quint16 port)
{
    std::array<quint8, 4> ipv4;
    if (inet_pton(AF_INET, host.toLatin1().constData(), ipv4.data()) == 1)
        return Engine::SocketAddress::fromIpv4(ipv4, port);
    std::array<quint8, 16> ipv6;
    if (inet_pton(AF_INET6, host.toLatin1().constData(), ipv6.data()) == 1)
        return Engine::SocketAddress::fromIpv6(ipv6, port);
    usageError(u"'%1' is not an IP address."_s.arg(host));
}

Engine::SocketAddress targetAddress(const QString &text)
{
    const QUrl url(u"udp://"_s + text);
    if (url.port() <= 0)
        usageError(u"'%1' is not ADDRESS:PORT."_s.arg(text));
    return socketAddress(url.host(), quint16(url.port()));
}

int number(const QCommandLineParser &parser, const QString &option)
{
    bool ok = false;
    const int value = parser.value(option).toInt(&ok);
    if (!ok || value < 1)
        usageError(u"--%1: '%2' is not a number above zero."_s.arg(option, parser.value(option)));
    return value;
}

//! One socket each: as many as the system permits.
void allowManySockets()
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    QCommandLineParser parser;
    QByteArray names;
    for (const QByteArray &name : Behaviour::names())
        names += (names.isEmpty() ? "" : ", ") + name;
    parser.setApplicationDescription(
        u"Attacks a peer of one's own with many connections. Attacks: "_s
        + QString::fromLatin1(names));
    parser.addHelpOption();
    parser.addPositionalArgument(u"TARGET"_s, u"ADDRESS:PORT of the peer."_s);
    parser.addOption({u"attack"_s, u"What to do."_s, u"NAME"_s});
    parser.addOption({u"local"_s, u"Addresses to come from, in turn."_s, u"A,A,…"_s});
    parser.addOption({u"connections"_s, u"How many."_s, u"N"_s, u"24"_s});
    parser.addOption({u"at-once"_s, u"Dials under way at a time."_s, u"N"_s, u"100000"_s});
    parser.addOption({u"patience"_s, u"When to give up a dial."_s, u"SECONDS"_s, u"10"_s});
    parser.addOption({u"rate"_s, u"Bytes a second of all together. Default: no limit."_s, u"N"_s});
    parser.addOption({u"seconds"_s, u"When to stop; earlier on SIGTERM."_s, u"SECONDS"_s, u"60"_s});
    parser.addOption({u"again"_s, u"Dial again after a connection was closed."_s});
    parser.process(app);

    if (parser.positionalArguments().size() != 1)
        usageError(u"TARGET is missing."_s);
    Siege::Plan plan;
    plan.target = targetAddress(parser.positionalArguments().first());
    plan.behaviour = parser.value(u"attack"_s).toLatin1();
    if (!Behaviour::create(plan.behaviour))
        usageError(u"--attack: none has the name '%1'."_s.arg(parser.value(u"attack"_s)));
    for (const QString &local : parser.value(u"local"_s).split(u',', Qt::SkipEmptyParts))
        plan.locals.push_back(socketAddress(local, 0));
    if (plan.locals.empty())
        plan.locals.push_back(plan.target.isIpv4() ? socketAddress(u"0.0.0.0"_s, 0)
                                                   : socketAddress(u"::"_s, 0));
    plan.connections = number(parser, u"connections"_s);
    plan.atOnce = number(parser, u"at-once"_s);
    plan.patience = ngtcp2_duration(number(parser, u"patience"_s)) * Seconds;
    plan.duration = ngtcp2_duration(number(parser, u"seconds"_s)) * Seconds;
    if (parser.isSet(u"rate"_s))
        plan.rate = number(parser, u"rate"_s);
    if (parser.isSet(u"again"_s))
        plan.afterClose = Siege::AfterClose::DialAgain;

    allowManySockets();
    std::signal(SIGTERM, [](int) { stopped = 1; });
    Siege(plan).run(stopped);
    return 0;
}
