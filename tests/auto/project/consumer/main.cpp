// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The smallest program on the installed library: it starts, loads everything and says so.

#include <qp2pcore/version.h>

#include <QCoreApplication>
#include <QTextStream>

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    QTextStream out(stdout);

    const Qp2p::Result<void> runtime = Qp2p::checkRuntime();
    if (!runtime) {
        out << runtime.error().message << '\n';
        return 1;
    }
    out << "qp2pcore " << Qp2p::versionString() << " on ngtcp2 " << Qp2p::ngtcp2Version()
        << " and GnuTLS " << Qp2p::gnutlsVersion() << '\n';
    return 0;
}
