// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <shared/engine/virtualwire.h>

#include <shared/engine/enginesettings.h>

#include <qp2pcore/engine/limits.h>

#include <algorithm>

namespace Qp2p::Test {

using namespace Qp2p::Engine;

MessageStreams &messagesOf(const Session &session)
{
    MessagingProtocol *protocol = MessagingProtocol::of(session);
    if (!protocol)
        qFatal("the session speaks no messages");
    return protocol->messages();
}

RouterParty::RouterParty(const SocketAddress &own, const Settings &settings, ngtcp2_tstamp now)
    : Party(own)
    , m_buffer(Limits::SessionWriteTurn + Limits::MaxDatagram)
{
    auto made = Router::create(settings, now);
    if (!made)
        qFatal("no router: %s", qPrintable(made.error().message));
    router = std::move(made).value();
}

void RouterParty::receive(const Datagram &datagram, ngtcp2_tstamp now)
{
    // A copy that is exactly as long as the datagram, so that a sanitizer sees a read beyond it.
    const std::vector<quint8> bytes(datagram.data.begin(), datagram.data.end());
    router->handleDatagram(bytes.data(), bytes.size(), Way::throughSocket(address, datagram.from),
                           0, now);
}

void RouterParty::expire(ngtcp2_tstamp now)
{
    router->handleExpiry(now);
}

std::vector<Datagram> RouterParty::write(ngtcp2_tstamp now)
{
    std::vector<Datagram> written;
    const DatagramSink sink = [&](const quint8 *data, size_t size, size_t segmentSize,
                                  const Way &way, quint8) {
        for (size_t at = 0; at < size; at += segmentSize) {
            const auto bytes = qsizetype(std::min(segmentSize, size - at));
            written.push_back({way.local, way.remote,
                               QByteArray(reinterpret_cast<const char *>(data + at), bytes)});
        }
        return true;
    };
    while (!router->write(m_buffer, sink, now)) {
    }
    for (Event &event : router->takeEvents())
        events.push_back(std::move(event));
    return written;
}

ngtcp2_tstamp RouterParty::deadline() const
{
    return router->deadline();
}

Error RouterParty::closeReason() const
{
    const auto *closed = last<Events::Closed>();
    return closed ? closed->error : Error();
}

Session *RouterParty::session() const
{
    Session *found = nullptr;
    SessionId id = 0;
    for (const Event &event : events)
        id = std::max(id, event.session);
    for (SessionId i = 1; i <= id + 8; ++i) {
        Session *session = router->find(i);
        if (session && found)
            return nullptr;
        found = session ? session : found;
    }
    return found;
}

quint64 RouterParty::send(SessionId id, const Message &message)
{
    Session *session = router->find(id);
    if (!session)
        return 0;
    const quint64 message_id = messagesOf(*session).send(message, 0);
    router->touch(*session);
    return message_id;
}

void VirtualWire::inject(const SocketAddress &from, const SocketAddress &to, const QByteArray &data)
{
    m_underWay.push_back({from, to, data, now + latency});
}

void VirtualWire::collect()
{
    for (Party *party : m_parties) {
        for (Datagram &datagram : party->write(now)) {
            datagram.arrival = now + latency;
            if (!filter || filter(datagram))
                m_underWay.push_back(std::move(datagram));
        }
    }
}

bool VirtualWire::runUntil(const std::function<bool()> &condition, ngtcp2_duration limit)
{
    const ngtcp2_tstamp end = now + limit;
    for (;;) {
        collect();
        if (condition())
            return true;
        ngtcp2_tstamp next = m_underWay.empty() ? UINT64_MAX : m_underWay.front().arrival;
        for (const Party *party : m_parties)
            next = std::min(next, party->deadline());
        if (next > end) {
            now = end;
            return false;
        }
        now = std::max(now, next);
        while (!m_underWay.empty() && m_underWay.front().arrival <= now) {
            const Datagram datagram = std::move(m_underWay.front());
            m_underWay.pop_front();
            for (Party *party : m_parties) {
                if (party->address == datagram.to)
                    party->receive(datagram, now);
            }
        }
        for (Party *party : m_parties) {
            if (party->deadline() <= now)
                party->expire(now);
        }
    }
}

void VirtualWire::runFor(ngtcp2_duration duration)
{
    runUntil([] { return false; }, duration);
}

std::unique_ptr<RouterParty> makeAcceptor(const SocketAddress &own, const Settings &settings)
{
    auto party = std::make_unique<RouterParty>(own, settings);
    party->router->startAccepting(own.port());
    return party;
}

SessionId dial(RouterParty &dialler, const SocketAddress &acceptor, ngtcp2_tstamp now,
               const Session::DialOptions &options)
{
    return dialler.router->dial(Way::throughSocket(dialler.address, acceptor), options, now);
}

namespace {
Settings withRetry(EndpointConfig::RetryMode mode)
{
    Settings settings = makeSettings(1);
    settings.retryMode = mode;
    return settings;
}
} // namespace

RouterPair::RouterPair(const Settings &acceptorSettings, const Settings &diallerSettings)
    : acceptor(makeAcceptor(publicAddress(1), acceptorSettings))
    , dialler(std::make_unique<RouterParty>(publicAddress(2), diallerSettings))
{
    wire.connect(*acceptor);
    wire.connect(*dialler);
}

RouterPair::RouterPair(EndpointConfig::RetryMode retryMode)
    : RouterPair(withRetry(retryMode), makeSettings(2))
{
}

bool RouterPair::open()
{
    dial();
    return wire.runUntil([this] {
        return acceptor->count<Events::Opened>() > 0 && dialler->count<Events::Opened>() > 0;
    });
}

SessionId RouterPair::dial(const Session::DialOptions &options)
{
    return Test::dial(*dialler, acceptor->address, wire.now, options);
}

} // namespace Qp2p::Test
