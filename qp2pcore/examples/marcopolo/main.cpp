// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A node that calls "marco" to every address given, and answers "polo" to whoever calls it.
//
//   marcopolo                        waits for others, and says where
//   marcopolo 192.0.2.1:12000 …      calls those, and waits for others as well
//   marcopolo --once ADDRESS…        ends when all of them have answered
#include <qp2pcore/endpoint.h>

#include <QCoreApplication>

#include <cstdio>

using namespace Qp2p;

namespace {

void print(const QString &line)
{
    std::puts(line.toUtf8().constData());
    std::fflush(stdout);
}

class MarcoPolo : public QObject
{
public:
    MarcoPolo(const QList<PeerAddress> &peers, bool once)
        : m_unanswered(peers.size())
        , m_once(once)
    {
        connect(&m_endpoint, &Endpoint::connectionOpened, this, &MarcoPolo::welcome);
        connect(&m_endpoint, &Endpoint::connectionClosed, this,
                [](const Connection *peer, const Error &reason) {
                    print(QStringLiteral("%1 is gone. %2")
                              .arg(peer->peerAddress().endpointString(), reason.message));
                });
        if (const auto listening = m_endpoint.listen(); !listening)
            qFatal("%s", qPrintable(listening.error().message));
        print(QStringLiteral("Listening on port %1 as %2")
                  .arg(m_endpoint.localPort())
                  .arg(m_endpoint.peerId().toString()));
        for (const PeerAddress &peer : peers)
            call(peer);
    }

private:
    void call(const PeerAddress &address)
    {
        m_endpoint.connectTo(address).then(this, [](const Result<QPointer<Connection>> &dialled) {
            // Where it succeeds, welcome() has seen the connection already.
            if (!dialled) {
                print(dialled.error().message);
                QCoreApplication::exit(1);
            } else if (Connection *peer = *dialled) {
                peer->send(Message("marco"));
            }
        });
    }

    void welcome(Connection *peer)
    {
        print(QStringLiteral("%1 is %2")
                  .arg(peer->peerAddress().endpointString(), peer->peerId().toString()));
        connect(peer, &Connection::messageReceived, this,
                [this, peer](const Message &message) { heard(peer, message.payload()); });
    }

    void heard(Connection *peer, const QByteArray &word)
    {
        const QString where = peer->peerAddress().endpointString();
        if (word == "marco") {
            print(QStringLiteral("%1 called: polo!").arg(where));
            peer->send(Message("polo"));
        } else if (word == "polo") {
            print(QStringLiteral("%1 answered").arg(where));
            if (--m_unanswered == 0 && m_once)
                finish();
        }
    }

    void finish()
    {
        // The peers are notified before the program ends.
        connect(&m_endpoint, &Endpoint::stateChanged, this, [](Endpoint::State state) {
            if (state == Endpoint::State::Closed)
                QCoreApplication::quit();
        });
        m_endpoint.close();
    }

    Endpoint m_endpoint;
    qsizetype m_unanswered;
    const bool m_once;
};

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QStringList words = QCoreApplication::arguments().mid(1);
    const bool once = words.removeAll(QStringLiteral("--once")) > 0;
    QList<PeerAddress> peers;
    for (const QString &word : words) {
        const Result<PeerAddress> peer = PeerAddress::fromString(word);
        if (!peer)
            qFatal("%s", qPrintable(peer.error().message));
        peers.append(*peer);
    }
    const MarcoPolo node(peers, once);
    return QCoreApplication::exec();
}
