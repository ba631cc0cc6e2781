// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Whether the window stays alive while its endpoint receives as much as it can take: how late a 16 ms
// timer of its thread is, at rest and under load, and how long a refresh of 2,000 connections takes.

#include <mainwindow.h>
#include <panels/connectionspanel.h>
#include <panels/tableview.h>

#include <qp2pcore/network.h>

#include <QApplication>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>
#include <QTimer>

#include <algorithm>
#include <cstdio>

using namespace Qp2p;
using namespace Qp2p::Gui;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto Interval = 16ms;

//! Lateness of the timer in milliseconds, sorted.
class Pulse
{
public:
    Pulse()
    {
        m_timer.setTimerType(Qt::PreciseTimer);
        m_timer.setInterval(Interval);
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] {
            m_late.append(
                std::max(0.0, double(m_clock.nsecsElapsed()) / 1e6 - double(Interval.count())));
            m_clock.restart();
        });
    }

    QList<double> measure(std::chrono::milliseconds duration)
    {
        m_late.clear();
        m_clock.start();
        m_timer.start();
        QEventLoop loop;
        QTimer::singleShot(duration, &loop, &QEventLoop::quit);
        loop.exec();
        m_timer.stop();
        std::sort(m_late.begin(), m_late.end());
        return m_late;
    }

private:
    QTimer m_timer;
    QElapsedTimer m_clock;
    QList<double> m_late;
};

double percentile(const QList<double> &sorted, double part)
{
    return sorted.isEmpty() ? -1 : sorted.at(qsizetype(double(sorted.size() - 1) * part));
}

void print(const char *what, const QList<double> &late)
{
    std::printf("%-22s timer late by p50 %5.2f ms, p99 %5.2f ms, at most %5.2f ms (%lld times)\n",
                what, percentile(late, 0.5), percentile(late, 0.99), percentile(late, 1),
                static_cast<long long>(late.size()));
    std::fflush(stdout);
}

//! The other program: sends as fast as asked for, until it is ended.
int runSender(QCoreApplication &app, const QString &contact, double bytesPerSecond)
{
    NetworkConfig config;
    config.setRole(Peer::Role::Client);
    Network network(config);
    const Message message(QByteArray(256 * 1024, 'x'));
    QElapsedTimer clock;
    double sent = 0;
    QTimer timer;
    timer.setTimerType(Qt::PreciseTimer);
    QObject::connect(&timer, &QTimer::timeout, &timer, [&] {
        for (Peer *peer : network.peers()) {
            Connection *connection = peer->connections().value(0);
            while (connection && sent < bytesPerSecond * double(clock.nsecsElapsed()) / 1e9
                   && connection->canSend(message.size())) {
                peer->send(message);
                sent += double(message.size());
            }
        }
    });
    QObject::connect(&network, &Network::peerConnected, &network, [&] {
        clock.start();
        timer.start(1ms);
    });
    (void)network.join({*PeerAddress::fromString(contact)});
    return app.exec();
}

QList<ConnectionSnapshot> manyRows()
{
    QList<ConnectionSnapshot> rows;
    for (quint64 id = 1; id <= 2000; ++id) {
        auto facts = std::make_shared<ConnectionFacts>();
        facts->id = id;
        facts->peerId = PeerId::fromBytes(QByteArray(32, char(id)));
        ConnectionSnapshot row;
        row.facts = facts;
        row.state = ConnectionSnapshot::State::Open;
        row.address = PeerAddress(QHostAddress(quint32(0x0a000000 + id)), 12000);
        rows.append(row);
    }
    return rows;
}

void measureRefresh(Workspace &workspace, MainWindow &window)
{
    window.connectionsPanel().table().sortByColumn(ConnectionModel::Rtt, Qt::AscendingOrder);
    QList<ConnectionSnapshot> rows = manyRows();
    workspace.connections().update(rows);
    QList<double> times;
    quint32 random = 1;
    for (int round = 0; round < 31; ++round) {
        for (ConnectionSnapshot &row : rows) {
            random = random * 1664525 + 1013904223;
            row.stats.bytesSent += random >> 20;
            row.stats.smoothedRtt = std::chrono::microseconds(random >> 12);
        }
        QElapsedTimer clock;
        clock.start();
        workspace.connections().update(rows);
        Q_EMIT workspace.refreshed();
        QCoreApplication::processEvents();
        times.append(double(clock.nsecsElapsed()) / 1e6);
    }
    std::sort(times.begin(), times.end());
    std::printf(
        "2,000 connections      a refresh, sorted by a figure that changes, takes %.1f ms (p50), "
        "%.1f ms (at most)\n",
        percentile(times, 0.5), percentile(times, 1));
    workspace.connections().update({});
}

} // namespace

int main(int argc, char *argv[])
{
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication app(argc, argv);
    QCommandLineParser parser;
    parser.addHelpOption();
    const QCommandLineOption senderOption(u"send-to"_s, u"Be the sender."_s, u"contact"_s);
    const QCommandLineOption rateOption(u"rate"_s, u"Gbit/s that are sent; 1 by default."_s,
                                        u"rate"_s, u"1"_s);
    const QCommandLineOption secondsOption(u"seconds"_s, u"How long to measure; 10 by default."_s,
                                           u"seconds"_s, u"10"_s);
    parser.addOptions({senderOption, rateOption, secondsOption});
    parser.process(app);
    if (parser.isSet(senderOption))
        return runSender(app, parser.value(senderOption),
                         parser.value(rateOption).toDouble() * 1e9 / 8);

    QTemporaryDir folder;
    auto profile = Profile::open(folder.filePath(u"bench"_s));
    if (!profile) {
        std::fprintf(stderr, "%s\n", qPrintable(profile.error().message));
        return 1;
    }
    profile.value()->settings().setListenAddress(u"127.0.0.1"_s);
    Workspace workspace(std::move(profile).value());
    MainWindow window(workspace);
    window.show();
    measureRefresh(workspace, window);
    Pulse pulse;
    const auto duration = std::chrono::seconds(parser.value(secondsOption).toInt());
    workspace.join({});
    print("at rest", pulse.measure(duration));

    const quint16 port = workspace.host().lastSnapshot().status.localPort;
    QProcess sender;
    sender.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    sender.start(
        QCoreApplication::applicationFilePath(),
        {u"--send-to"_s, u"127.0.0.1:%1"_s.arg(port), u"--rate"_s, parser.value(rateOption)});
    pulse.measure(3s); // until it runs
    const quint64 before = workspace.host().lastSnapshot().status.statistics.bytesReceived;
    QElapsedTimer clock;
    clock.start();
    print("under load", pulse.measure(duration));
    const double seconds = double(clock.nsecsElapsed()) / 1e9;
    const quint64 after = workspace.host().lastSnapshot().status.statistics.bytesReceived;
    std::printf("received               %.2f Gbit/s, %d messages in the table\n",
                double(after - before) * 8 / 1e9 / seconds, workspace.messages().rowCount());
    sender.kill();
    sender.waitForFinished();
    return 0;
}
