// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A program with one channel on a simulated host, and two of them with a link between.
#pragma once

#include <shared/simulation.h>

#include <algorithm>

namespace Qp2p::Test {

using namespace std::chrono_literals;
using Engine::SocketAddress;
using Io::ReceiveStatus;

inline QHostAddress ip(const char *text)
{
    return QHostAddress(QString::fromLatin1(text));
}

inline SocketAddress at(const char *text, quint16 port)
{
    return Io::toSocketAddress(ip(text), port);
}

// A program with one channel that notes everything it gets.
class Program
{
public:
    struct Received
    {
        quint64 time;
        QByteArray data;
        SocketAddress from;
        SocketAddress to;
        quint8 ecn;
        friend bool operator==(const Received &, const Received &) = default;
    };

    explicit Program(Simulation::Host host, const QHostAddress &address = QHostAddress::Any,
                     quint16 port = 1000)
        : m_host(std::move(host))
    {
        auto opened = m_host->openChannel(address, port);
        if (!opened)
            qFatal("%s", qPrintable(opened.error().message));
        channel = std::move(opened).value();
        channel->onReadable = [this] {
            ++calls;
            while (receive() == ReceiveStatus::BudgetSpent) {
            }
        };
    }

    ReceiveStatus receive(int maxDatagrams = 1000, size_t maxBytes = 1'000'000)
    {
        return channel->receive(
            maxDatagrams, maxBytes, [this](const Io::IncomingDatagram &datagram) {
                received.append({Io::toNanoseconds(m_host->now()),
                                 QByteArray(reinterpret_cast<const char *>(datagram.data),
                                            qsizetype(datagram.size)),
                                 datagram.remote, datagram.local, datagram.ecn});
            });
    }

    Io::SendResult send(const SocketAddress &to, const QByteArray &data, size_t segmentSize = 0,
                        const SocketAddress &local = {}, quint8 ecn = 0)
    {
        Io::OutgoingDatagrams datagrams;
        datagrams.data = reinterpret_cast<const quint8 *>(data.constData());
        datagrams.size = size_t(data.size());
        datagrams.segmentSize = segmentSize > 0 ? segmentSize : datagrams.size;
        datagrams.remote = to;
        datagrams.local = local;
        datagrams.ecn = ecn;
        return channel->send(datagrams);
    }

    QByteArrayList receivedData() const
    {
        QByteArrayList data;
        for (const Received &one : received)
            data.append(one.data);
        return data;
    }

    const Simulation::Host &host() const { return m_host; }

    std::unique_ptr<Io::DatagramChannel> channel;
    QList<Received> received;
    int calls = 0; // of onReadable

private:
    Simulation::Host m_host;
};

// Two hosts, a program on each, and a link from one to the other.
struct Pair
{
    explicit Pair(const LinkProfile &profile = {}, quint64 seed = 1)
        : simulation(seed)
        , aliceHost(simulation.host({ip("192.0.2.1")}))
        , bobHost(simulation.host({ip("192.0.2.2")}))
        , alice(aliceHost)
        , bob(bobHost)
    {
        simulation.setLink(aliceHost, bobHost, profile);
    }
    LinkCounters counters() const { return simulation.counters(aliceHost, bobHost); }
    // Numbered datagrams, one every \a interval
    void sendMany(int count, std::chrono::nanoseconds interval = 0ns, int size = 100)
    {
        for (int i = 0; i < count; ++i) {
            QByteArray data = QByteArray::number(i);
            data.append(QByteArray(std::max<qsizetype>(size - data.size(), 0), ' '));
            alice.send(toBob, data);
            if (interval > 0ns)
                simulation.runFor(interval);
        }
    }

    Simulation simulation;
    Simulation::Host aliceHost;
    Simulation::Host bobHost;
    Program alice;
    Program bob;
    const SocketAddress toAlice = at("192.0.2.1", 1000);
    const SocketAddress toBob = at("192.0.2.2", 1000);
};

inline LinkProfile perfect()
{
    LinkProfile profile;
    profile.latency = 10ms;
    return profile;
}

} // namespace Qp2p::Test
