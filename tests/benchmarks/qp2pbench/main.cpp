// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The measured works of tests/benchmarks, done by this library. It takes the same command line and
// prints the same JSON lines as the programs of other stacks that it is run against in turn.

#include "client.h"
#include "options.h"
#include "server.h"

#include <QCoreApplication>

#include <cstdio>

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    const Qp2p::Result<Options> options = Options::parse(QCoreApplication::arguments().mid(1));
    if (!options) {
        std::fprintf(stderr, "qp2p-bench-ours: %s\n", qUtf8Printable(options.error().message));
        return 1;
    }
    if (options->role == Options::Role::Server) {
        Server server(*options);
        return server.exec();
    }
    return Client::create(*options)->exec();
}
