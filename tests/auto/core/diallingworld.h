// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// One endpoint that dials and others, on hosts of their own, that it can dial.
#pragma once

#include <shared/endpointpair.h>

#include <qp2pcore/private/simulated.h>

#include <map>

namespace Qp2p::Test {

using namespace std::chrono_literals;

using Dialling = QFuture<Result<QPointer<Connection>>>;

inline QHostAddress ip(const char *text)
{
    return QHostAddress(QString::fromLatin1(text));
}

//! Endpoints on hosts of their own. The dialler is 192.0.2.1; the others are named by their number.
class World
{
public:
    explicit World(const EndpointConfig &diallerConfig = {})
        : diallerHost(simulation.host({ip("192.0.2.1"), ip("2001:db8::1")}))
        , dialler(withIdentity(diallerConfig, 1), diallerHost)
        , log(&dialler)
    {
    }

    //! A host that hears the dialler after \a latency, with an endpoint that listens there.
    Endpoint *add(int number, std::chrono::nanoseconds latency = 5ms,
                  const EndpointConfig &config = {})
    {
        Party &party = m_parties[number];
        party.host = simulation.host({hostAddress(number), ipv6Address(number)});
        simulation.setLinks(diallerHost, party.host, {.latency = latency});
        party.endpoint = std::make_unique<SimulatedEndpoint>(withIdentity(config, number),
                                                             party.host);
        party.log = std::make_unique<EndpointLog>(party.endpoint.get());
        const Result<void> listening = party.endpoint->listen(QHostAddress(QHostAddress::Any), Port);
        if (!listening)
            qFatal("%s", qPrintable(listening.error().message));
        return party.endpoint.get();
    }

    //! Also of those that don't exist.
    static PeerAddress address(int number, const PeerId &expected = {})
    {
        return PeerAddress(hostAddress(number), Port, expected);
    }
    static QHostAddress hostAddress(int number)
    {
        return QHostAddress(0xc0000200u + quint32(number));
    }
    static QHostAddress ipv6Address(int number)
    {
        return QHostAddress(QStringLiteral("2001:db8::%1").arg(number));
    }
    Endpoint &at(int number) { return *m_parties.at(number).endpoint; }
    const EndpointLog &logOf(int number) { return *m_parties.at(number).log; }
    const Simulation::Host &hostOf(int number) { return m_parties.at(number).host; }

    bool finish(const Dialling &dial, std::chrono::nanoseconds limit = 60s)
    {
        return simulation.runUntil([&] { return dial.isFinished(); }, limit);
    }
    ErrorCode errorOf(const Dialling &dial)
    {
        return finish(dial) ? dial.result().error().code : ErrorCode::None;
    }
    bool works(Connection *from, Connection *to)
    {
        ConnectionLog received(to);
        from->send(Message("does it work?"));
        return simulation.runUntil([&] { return received.messages.size() == 1; }, 10s);
    }

    static constexpr quint16 Port = 4000;

    static EndpointConfig withIdentity(EndpointConfig config, int number)
    {
        config.setIdentity(sharedIdentity(number));
        return config;
    }

    Simulation simulation;
    Simulation::Host diallerHost;
    SimulatedEndpoint dialler;
    EndpointLog log;

private:
    struct Party
    {
        Simulation::Host host;
        std::unique_ptr<Endpoint> endpoint;
        std::unique_ptr<EndpointLog> log;
    };
    std::map<int, Party> m_parties;
};

} // namespace Qp2p::Test
