// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Does one work by one contender, inside the function that callgrind counts.
#include "work.h"

#include <QCoreApplication>

#include <cstdio>

using namespace Instructions;

namespace {
std::function<void()> work;
}

//! With C's name, and never inlined: for callgrind's --toggle-collect.
extern "C" Q_NEVER_INLINE void qp2pCountedWork();
extern "C" void qp2pCountedWork()
{
    work();
    std::fflush(
        nullptr); // a call that stands last could become a jump, which would end the counting
}

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    const QStringList contenders = {QStringLiteral("library"), QStringLiteral("bare")};
    const QStringList works = {QStringLiteral("handshakes"), QStringLiteral("resumptions"),
                               QStringLiteral("bulk"), QStringLiteral("messages")};
    const qsizetype contender = contenders.indexOf(arguments.value(1));
    const qsizetype which = works.indexOf(arguments.value(2));
    if (contender < 0 || which < 0 || arguments.size() != 3) {
        std::fputs("Usage: qp2p-instructions library|bare handshakes|resumptions|bulk|messages\n",
                   stderr);
        return 1;
    }

    const auto client = Qp2p::Identity::generate();
    const auto server = Qp2p::Identity::generate();
    if (!client || !server)
        qFatal("No identity could be made.");
    Wire wire;
    const auto prepare = contender == 0 ? prepareLibrary : prepareBare;
    work = prepare(Work(which), wire, *client, *server);
    qp2pCountedWork();
    work = {};
    // Connection setup included. Where they differ between the contenders, so does the work.
    for (const End end : {Client, Server}) {
        const Wire::Sent &sent = wire.sentBy(end);
        std::printf("%s: %llu datagrams, %llu bytes, %llu calls\n",
                    end == Client ? "client" : "server", qulonglong(sent.datagrams),
                    qulonglong(sent.bytes), qulonglong(sent.calls));
    }
    return 0;
}
