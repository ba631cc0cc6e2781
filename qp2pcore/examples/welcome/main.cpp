// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The member of a network that doc/tutorial.md shows: it welcomes each peer and prints what peers send.
#include <qp2pcore/network.h>

#include <QCoreApplication>
#include <QDebug>

using namespace Qp2p;

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    QList<PeerAddress> contacts; // "192.0.2.1:12000"; without any this member begins the network
    for (const QString &word : app.arguments().mid(1)) {
        const Result<PeerAddress> contact = PeerAddress::fromString(word);
        if (!contact)
            qFatal("%s", qPrintable(contact.error().message));
        contacts.append(*contact);
    }

    NetworkConfig config;
    config.setCacheFile(
        QStringLiteral("welcome-peers.jsonl")); // nodes to join through after a restart
    Network network(config);
    QObject::connect(&network, &Network::peerConnected, [](Peer *peer) {
        QObject::connect(peer, &Peer::messageReceived, [](const Message &message) {
            qInfo() << "Received:" << message.payload();
        });
        peer->send(Message("Welcome!")); // on the connection that leads to the peer
    });
    network.join(contacts).then(&app, [&network](const Result<void> &joined) {
        if (!joined)
            qWarning() << joined.error().message; // the network tries again by itself
        else
            qInfo() << "Joined, listening on port" << network.endpoint()->localPort();
    });
    return app.exec();
}
