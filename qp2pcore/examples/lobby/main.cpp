// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A member of a network that greets everybody who comes, and finds its way back after a restart.
//
//   lobby CACHE                      begins a network, or returns to the one it remembers in CACHE
//   lobby CACHE 192.0.2.1:12000 …    joins through one of those
#include <qp2pcore/network.h>
#include <qp2pcore/safetext.h>

#include <QCoreApplication>

#include <cstdio>

using namespace Qp2p;

namespace {

void print(const QString &line)
{
    std::puts(line.toUtf8().constData());
    std::fflush(stdout);
}

class Lobby : public QObject
{
public:
    Lobby(const NetworkConfig &config, const QList<PeerAddress> &contacts)
        : m_network(config)
    {
        connect(&m_network, &Network::peerConnected, this, &Lobby::greet);
        connect(&m_network, &Network::peerDisconnected, this,
                [](const Peer *peer, const Error &reason) {
                    print(QStringLiteral("%1 is gone. %2")
                              .arg(peer->id().toString(), safeText(reason.message)));
                });
        connect(&m_network, &Network::reachabilityChanged, this,
                [](auto, const Reachability &found) {
                    if (found.state == Reachability::State::NotReachable)
                        print(QStringLiteral("Nobody can dial us: %1").arg(safeText(found.reason)));
                });
        m_network.join(contacts).then(this, [](const Result<void> &joined) {
            // It goes on trying by itself.
            print(joined ? QStringLiteral("Joined") : joined.error().message);
        });
        print(QStringLiteral("Listening on port %1 as %2")
                  .arg(m_network.endpoint()->localPort())
                  .arg(m_network.peerId().toString()));
    }

private:
    void greet(Peer *peer)
    {
        const QString who = peer->id().toString();
        print(QStringLiteral("%1 is here").arg(who));
        connect(peer, &Peer::messageReceived, this, [who](const Message &message) {
            print(QStringLiteral("%1 says: %2")
                      .arg(who, safeText(QString::fromUtf8(message.payload()))));
        });
        peer->send(Message("Welcome!")); // the peer knows on which connection
    }

    Network m_network;
};

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    const QStringList words = QCoreApplication::arguments().mid(1);
    if (words.isEmpty())
        qFatal("Usage: lobby CACHE [CONTACT]...");
    NetworkConfig config;
    config.setCacheFile(words.first());
    QList<PeerAddress> contacts;
    for (const QString &word : words.mid(1)) {
        const Result<PeerAddress> contact = PeerAddress::fromString(word);
        if (!contact)
            qFatal("%s", qPrintable(contact.error().message));
        contacts.append(*contact);
    }
    const Lobby lobby(config, contacts);
    return QCoreApplication::exec();
}
