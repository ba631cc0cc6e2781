// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// qp2p-hostile: attacks a peer of one's own with many connections, to see its limits hold.

#include "capture.h"
#include "memberloop.h"
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
volatile std::sig_atomic_t begun = 1;

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
    usageError(u"\"%1\" is not an IP address."_s.arg(host));
}

Engine::SocketAddress targetAddress(const QString &text)
{
    const QUrl url(u"udp://"_s + text);
    if (url.port() <= 0)
        usageError(u"\"%1\" is not ADDRESS:PORT."_s.arg(text));
    return socketAddress(url.host(), quint16(url.port()));
}

int number(const QCommandLineParser &parser, const QString &option)
{
    bool ok = false;
    const int value = parser.value(option).toInt(&ok);
    if (!ok || value < 1)
        usageError(u"--%1: \"%2\" is not a number above zero."_s.arg(option, parser.value(option)));
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

std::vector<Engine::SocketAddress> addressList(const QString &text, quint16 port)
{
    std::vector<Engine::SocketAddress> all;
    for (const QString &one : text.split(u',', Qt::SkipEmptyParts))
        all.push_back(socketAddress(one, port));
    return all;
}

QString namesOf(const QList<QByteArray> &names)
{
    return QString::fromLatin1(names.join(", "));
}

void describe(QCommandLineParser &parser)
{
    parser.setApplicationDescription(
        u"Attacks a peer of one's own with many connections. Attacks: %1. "
        "As a member of its network: %2. Or prints what passes a network namespace."_s.arg(
            namesOf(Behaviour::names()), namesOf(MemberAttack::names())));
    parser.addHelpOption();
    parser.addPositionalArgument(u"TARGET"_s,
                                 u"ADDRESS:PORT of the peer; a member takes several, or none."_s);
    parser.addOption({u"attack"_s, u"What to do."_s, u"NAME"_s});
    parser.addOption(
        {u"local"_s, u"Addresses to come from, in turn; a member on each."_s, u"A,A,…"_s});
    parser.addOption({u"connections"_s, u"How many."_s, u"N"_s, u"24"_s});
    parser.addOption({u"at-once"_s, u"Dials under way at a time."_s, u"N"_s, u"100000"_s});
    parser.addOption({u"patience"_s, u"When to give up a dial."_s, u"SECONDS"_s, u"10"_s});
    parser.addOption({u"rate"_s, u"Bytes a second of all together. Default: no limit."_s, u"N"_s});
    parser.addOption({u"seconds"_s, u"When to stop; earlier on SIGTERM."_s, u"SECONDS"_s, u"60"_s});
    parser.addOption({u"again"_s, u"Dial again after a connection was closed."_s});
    parser.addOption({u"listen"_s, u"Port of the members."_s, u"PORT"_s, u"12000"_s});
    parser.addOption({u"victims"_s, u"Addresses that members name."_s, u"A,A,…"_s});
    parser.addOption({u"victim-port"_s, u"Their port. Default: each time another."_s, u"PORT"_s});
    parser.addOption({u"answers"_s, u"How often a member advertises them."_s, u"N"_s});
    parser.addOption({u"wait"_s, u"Members attack on SIGUSR1, not immediately."_s});
    parser.addOption({u"capture"_s, u"Print each UDP datagram of this network namespace."_s});
}

Siege::Plan siegePlan(const QCommandLineParser &parser)
{
    if (parser.positionalArguments().size() != 1)
        usageError(u"TARGET is missing."_s);
    Siege::Plan plan;
    plan.target = targetAddress(parser.positionalArguments().first());
    plan.behaviour = parser.value(u"attack"_s).toLatin1();
    if (!Behaviour::create(plan.behaviour))
        usageError(u"--attack: none has the name \"%1\"."_s.arg(parser.value(u"attack"_s)));
    plan.locals = addressList(parser.value(u"local"_s), 0);
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
    return plan;
}

std::vector<HostileMember::Plan> memberPlans(const QCommandLineParser &parser)
{
    HostileMember::Plan plan;
    plan.attack = parser.value(u"attack"_s).toLatin1();
    for (const QString &target : parser.positionalArguments())
        plan.targets.push_back(targetAddress(target));
    plan.options.victims = addressList(parser.value(u"victims"_s), 0);
    if (plan.options.victims.empty() && MemberAttack::needsVictims(plan.attack))
        usageError(u"--victims is missing."_s);
    if (parser.isSet(u"victim-port"_s))
        plan.options.port = quint16(number(parser, u"victim-port"_s));
    if (parser.isSet(u"answers"_s))
        plan.options.answers = number(parser, u"answers"_s);
    std::vector<HostileMember::Plan> plans;
    for (const auto &local :
         addressList(parser.value(u"local"_s), quint16(number(parser, u"listen"_s)))) {
        plan.own = local;
        plan.identityNumber = int(plans.size());
        plans.push_back(plan);
    }
    if (plans.empty())
        usageError(u"--local is missing."_s);
    return plans;
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    QCommandLineParser parser;
    describe(parser);
    parser.process(app);
    std::signal(SIGTERM, [](int) { stopped = 1; });
    if (parser.isSet(u"capture"_s)) {
        capture(stopped);
        return 0;
    }
    allowManySockets();
    if (MemberAttack::names().contains(parser.value(u"attack"_s).toLatin1())) {
        if (parser.isSet(u"wait"_s))
            begun = 0;
        std::signal(SIGUSR1, [](int) { begun = 1; });
        runMembers(memberPlans(parser), ngtcp2_duration(number(parser, u"seconds"_s)) * Seconds,
                   begun, stopped);
        return 0;
    }
    Siege(siegePlan(parser)).run(stopped);
    return 0;
}
