// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Dials a peer, sends it one message in the first flight that can carry any, and ends when it is confirmed.
//
//   errand PEERID@192.0.2.1:12000
#include <qp2pcore/endpoint.h>

#include <QCoreApplication>
#include <QDebug>

using namespace Qp2p;

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    const Result<PeerAddress> peer = PeerAddress::fromString(app.arguments().value(1));
    if (!peer)
        qFatal("%s", qPrintable(peer.error().message));

    Endpoint endpoint;
    Connection *connection = endpoint.openConnection(*peer); // opening: it takes messages already
    connection->sendAndConfirm(Message("marco")).then(&app, [](const Result<void> &sent) {
        if (!sent)
            qWarning() << sent.error().message; // why the dial failed, or the message
        QCoreApplication::exit(sent ? 0 : 1);
    });
    return app.exec();
}
