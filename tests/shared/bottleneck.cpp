// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <shared/bottleneck.h>

#include <shared/endpointpair.h>

#include <qp2pcore/private/simulated.h>

#include <algorithm>
#include <numeric>

namespace Qp2p::Test {

namespace {

constexpr qint64 MessageSize = 64 * 1024;
constexpr int UnderWay = 64; // 4 MiB: more than any of these links and queues holds

} // namespace

struct Bottleneck::Flow
{
    Flow(const EndpointConfig &sending, const EndpointConfig &receiving,
         const Simulation::Host &near, const Simulation::Host &far)
        : receiver(receiving, far)
        , sender(sending, near)
    {
    }

    void send(Connection *connection)
    {
        QObject::connect(connection, &Connection::messageAcknowledged, connection,
                         [this, connection] {
                             acknowledged += MessageSize;
                             connection->send(message);
                         });
        for (int i = 0; i < UnderWay; ++i)
            connection->send(message);
    }

    const Message message{QByteArray(MessageSize, 'x')};
    SimulatedEndpoint receiver;
    SimulatedEndpoint sender;
    qint64 acknowledged = 0; // bytes
};

Bottleneck::Bottleneck(const LinkProfile &link, quint64 seed)
    : m_simulation(seed)
    , m_near(m_simulation.host({QHostAddress(QStringLiteral("192.0.2.1"))}))
    , m_far(m_simulation.host({QHostAddress(QStringLiteral("192.0.2.2"))}))
{
    m_simulation.setLinks(m_near, m_far, link);
}

Bottleneck::~Bottleneck() = default;

bool Bottleneck::add(EndpointConfig sender)
{
    EndpointConfig receiver;
    receiver.setRetryMode(EndpointConfig::RetryMode::Never);
    receiver.setIdentity(sharedIdentity(0));
    sender.setIdentity(sharedIdentity(1));
    auto flow = std::make_unique<Flow>(sender, receiver, m_near, m_far);
    const QHostAddress address(QStringLiteral("192.0.2.2"));
    const auto port = quint16(4000 + m_flows.size());
    if (!flow->receiver.listen(address, port))
        return false;
    const auto dial = flow->sender.connectTo(PeerAddress(address, port));
    m_flows.push_back(std::move(flow));
    if (!m_simulation.runUntil([&] { return dial.isFinished(); }, std::chrono::seconds(10))
        || !dial.result())
        return false;
    m_flows.back()->send(dial.result().value());
    return true;
}

Bottleneck::Figures Bottleneck::run(std::chrono::nanoseconds duration)
{
    std::vector<qint64> acknowledged;
    for (const auto &flow : m_flows)
        acknowledged.push_back(flow->acknowledged);
    const LinkCounters before = m_simulation.counters(m_near, m_far);
    m_simulation.runFor(duration);
    const LinkCounters after = m_simulation.counters(m_near, m_far);

    Figures figures;
    const double seconds = std::chrono::duration<double>(duration).count();
    for (size_t i = 0; i < m_flows.size(); ++i)
        figures.megabytes.push_back(double(m_flows[i]->acknowledged - acknowledged[i]) / 1e6
                                    / seconds);
    const auto sent = double(after.sent - before.sent);
    const auto lost = double(after.lost + after.queueFull - before.lost - before.queueFull);
    const std::chrono::duration<double, std::milli> queued = after.queued - before.queued;
    figures.lossPercent = sent > 0 ? lost * 100 / sent : 0;
    figures.queueMilliseconds = sent > lost ? queued.count() / (sent - lost) : 0;
    return figures;
}

double Bottleneck::Figures::share(size_t flow) const
{
    const double all = std::accumulate(megabytes.begin(), megabytes.end(), 0.0);
    return all > 0 ? megabytes.at(flow) / all : 0;
}

LinkProfile bottleneckLink(double megabits, std::chrono::nanoseconds roundTrip, double queue,
                           double loss)
{
    constexpr double Datagram = 1472; // what of the wire's 1,500 bytes a link profile counts
    LinkProfile link;
    link.latency = roundTrip / 2;
    link.bytesPerSecond = quint64(megabits * 1e6 / 8 * Datagram / 1500);
    const double inFlight = double(link.bytesPerSecond)
        * std::chrono::duration<double>(roundTrip).count() / Datagram;
    link.queueLimit = std::max(int(inFlight * queue), 43); // 64 KiB
    link.loss = loss;
    return link;
}

} // namespace Qp2p::Test
