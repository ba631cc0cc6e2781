// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Networks on real sockets, each in a thread of its own, as a program with windows has them.

#include <qp2pcore/network.h>

#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <chrono>
#include <semaphore>

using namespace Qp2p;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto Patience = 30s; // only ever used up where something is broken

//! A network that lives elsewhere.
class Elsewhere
{
public:
    explicit Elsewhere(const NetworkConfig &config)
        : network(new Network(config))
    {
        network->moveToThread(&thread);
        thread.start();
    }
    ~Elsewhere()
    {
        QMetaObject::invokeMethod(
            network, [this] { delete network; }, Qt::BlockingQueuedConnection);
        thread.quit();
        thread.wait();
    }
    Q_DISABLE_COPY_MOVE(Elsewhere)

    template<typename Function>
    void run(Function function)
    {
        QMetaObject::invokeMethod(network, function, Qt::BlockingQueuedConnection);
    }

    QThread thread;
    Network *network;
};

} // namespace

class tst_NetworkThread : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void networksMoveToThreadsOfTheirOwn();
};

void tst_NetworkThread::networksMoveToThreadsOfTheirOwn()
{
    const QTemporaryDir folder;
    NetworkConfig config;
    config.setListen(QHostAddress(QHostAddress::LocalHost), 0);
    config.setCacheFile(folder.filePath(u"first"_s));
    Elsewhere first(config);
    config.setCacheFile(folder.filePath(u"second"_s));
    Elsewhere second(config);
    std::counting_semaphore<> joined(0); // which ThreadSanitizer sees, as it does not QSemaphore
    std::counting_semaphore<> heard(0);
    quint16 port = 0;
    first.run([&] {
        QObject::connect(first.network, &Network::peerConnected, first.network, [&](Peer *peer) {
            QObject::connect(peer, &Peer::messageReceived, peer,
                             [&](const Message &) { heard.release(); });
        });
        first.network->join();
        port = first.network->endpoint()->localPort();
    });
    QVERIFY(port != 0);
    bool inItsThread = false;
    second.run([&] {
        QObject::connect(second.network, &Network::peerConnected, second.network, [&](Peer *peer) {
            inItsThread = QThread::currentThread() == &second.thread
                && peer->thread() == &second.thread
                && second.network->endpoint()->thread() == &second.thread
                && second.network->bootstrapCache()->thread() == &second.thread;
            peer->send(Message("from another thread"));
            joined.release();
        });
        second.network->join({PeerAddress(QHostAddress(QHostAddress::LocalHost), port)});
    });
    QVERIFY(joined.try_acquire_for(Patience));
    QVERIFY(inItsThread);
    QVERIFY(heard.try_acquire_for(Patience));
}

QTEST_GUILESS_MAIN(tst_NetworkThread)
#include "tst_networkthread.moc"
