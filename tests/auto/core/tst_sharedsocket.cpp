// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Hundreds of connections between two sockets, whose receive buffer is small, share it evenly.

#include "slowreader.h"

#include <shared/endpointpair.h>

#include <qp2pcore/private/simulated.h>

#include <QPointer>
#include <QTest>

#include <numeric>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

namespace {

constexpr int Connections = 200;
constexpr qsizetype MessageSize = 16'000;

//! \brief All send to one socket, which reads 85 MB/s and has the buffer of a stock Debian.
struct Scene
{
    Scene()
        : acceptorHost(simulation.host({QHostAddress(QStringLiteral("10.0.0.1"))}))
        , diallerHost(simulation.host({QHostAddress(QStringLiteral("10.0.0.2"))}))
        , reader(std::make_shared<SlowReader>(simulation, acceptorHost, 17us))
        , acceptor(config(0), reader)
        , dialler(config(1), diallerHost)
    {
        LinkProfile link;
        link.latency = 100us;
        simulation.setLinks(acceptorHost, diallerHost, link);
        simulation.setReceiveBuffer(acceptorHost, 180);
    }
    static EndpointConfig config(int identity)
    {
        EndpointConfig config;
        config.setIdentity(sharedIdentity(identity));
        config.setRetryMode(EndpointConfig::RetryMode::Never);
        return config;
    }
    bool connect()
    {
        constexpr quint16 Port = 4000;
        if (!acceptor.listen(QHostAddress(QHostAddress::Any), Port))
            return false;
        for (int i = 0; i < Connections; ++i) {
            const auto dial = dialler.connectTo(
                PeerAddress(QHostAddress(QStringLiteral("10.0.0.1")), Port));
            if (!simulation.runUntil([&] { return dial.isFinished(); }, 1s) || !dial.result())
                return false;
            connections.push_back(dial.result().value());
        }
        return true;
    }
    //! Each always has 128 kB to send, all of them less than the send budget.
    void send()
    {
        const Message message(noise(MessageSize, 1));
        confirmed.resize(connections.size());
        for (size_t i = 0; i < connections.size(); ++i) {
            Connection *connection = connections[i];
            QObject::connect(connection, &Connection::messageAcknowledged, connection,
                             [this, connection, i, message] {
                                 confirmed[i] += double(MessageSize);
                                 connection->send(message);
                             });
            for (int ahead = 0; ahead < 8; ++ahead)
                connection->send(message);
        }
    }
    //! Jain's index: 1 where all have the same, 1 / Connections where one has all.
    double fairness() const
    {
        double sum = 0;
        double squares = 0;
        for (const double bytes : confirmed) {
            sum += bytes;
            squares += bytes * bytes;
        }
        return sum * sum / (double(confirmed.size()) * squares);
    }
    double bytes() const { return std::accumulate(confirmed.begin(), confirmed.end(), 0.0); }

    Simulation simulation;
    Simulation::Host acceptorHost;
    Simulation::Host diallerHost;
    std::shared_ptr<SlowReader> reader;
    SimulatedEndpoint acceptor;
    SimulatedEndpoint dialler;
    std::vector<QPointer<Connection>> connections;
    std::vector<double> confirmed; // bytes, by connection
};

} // namespace

class tst_SharedSocket : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void manyConnectionsShareAReceiveBufferEvenly();
};

void tst_SharedSocket::manyConnectionsShareAReceiveBufferEvenly()
{
    Scene scene;
    QVERIFY(scene.connect());
    scene.simulation.runFor(1s);
    scene.send();
    scene.simulation.runFor(1s);
    quint64 lost = 0;
    quint64 sent = 0;
    for (const auto &connection : scene.connections) {
        lost += connection->stats().packetsLost;
        sent += connection->stats().packetsSent;
    }
    const QString figures = QStringLiteral("fairness %1, %2 MB, %3 of %4 packets lost")
                                .arg(scene.fairness())
                                .arg(scene.bytes() / 1e6)
                                .arg(lost)
                                .arg(sent);
    qInfo().noquote() << figures;
    QVERIFY2(scene.fairness() >= 0.8, qPrintable(figures));
    QVERIFY2(scene.bytes() > 70e6, qPrintable(figures));
    QVERIFY2(lost < sent / 100, qPrintable(figures));
}

QTEST_GUILESS_MAIN(tst_SharedSocket)
#include "tst_sharedsocket.moc"
