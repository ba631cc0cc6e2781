// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The works done by this library, through what a program uses: Endpoint and Connection.
#include "memoryenvironment.h"
#include "work.h"

#include <qp2pcore/endpoint.h>
#include <qp2pcore/private/simulated.h>

#include <QCoreApplication>

#include <array>

using namespace Qp2p;

namespace Instructions {

namespace {

class Library
{
public:
    Library(Work work, Wire &wire, const Identity &client, const Identity &server);

    void run();

private:
    void connect();
    void disconnect();
    void handshakes();
    void messages();
    void sendNext();
    void runUntil(const std::function<bool()> &condition);
    static void sendPostedEvents();
    EndpointConfig config(const Identity &identity) const;

    const Work m_work;
    const Amount m_amount;
    const Message m_message;
    Wire &m_wire;
    std::array<std::shared_ptr<MemoryEnvironment>, 2> m_environments;
    SimulatedEndpoint m_client;
    SimulatedEndpoint m_server;
    QPointer<Connection> m_connection; // the client's
    size_t m_opened = 0; // connections of the server
    size_t m_closed = 0; // of both
    size_t m_sent = 0;
    size_t m_acknowledged = 0;
    size_t m_received = 0;
    qint64 m_bytesReceived = 0;
};

Library::Library(Work work, Wire &wire, const Identity &client, const Identity &server)
    : m_work(work)
    , m_amount(amountOf(work))
    , m_message(QByteArray(qsizetype(m_amount.size), 0x5a))
    , m_wire(wire)
    , m_environments{std::make_shared<MemoryEnvironment>(wire, Client),
                     std::make_shared<MemoryEnvironment>(wire, Server)}
    , m_client(config(client), m_environments[Client])
    , m_server(config(server), m_environments[Server])
{
    const auto countClosed = [this] { ++m_closed; };
    QObject::connect(&m_client, &Endpoint::connectionClosed, &m_client, countClosed);
    QObject::connect(&m_server, &Endpoint::connectionClosed, &m_server, countClosed);
    QObject::connect(&m_server, &Endpoint::connectionOpened, &m_server,
                     [this](Connection *connection) {
                         ++m_opened;
                         QObject::connect(connection, &Connection::messageReceived, &m_server,
                                          [this](const Message &message) {
                                              ++m_received;
                                              m_bytesReceived += message.size();
                                          });
                     });
    for (Endpoint *endpoint : {&m_client, &m_server}) {
        if (const Result<void> listening = endpoint->listen(); !listening)
            qFatal("%s", qPrintable(listening.error().message));
    }
    if (m_work == Work::Handshakes)
        return;
    connect();
    if (m_work == Work::Resumptions) {
        disconnect();
        return;
    }
    QObject::connect(m_connection, &Connection::messageAcknowledged, &m_client, [this] {
        ++m_acknowledged;
        sendNext();
    });
}

EndpointConfig Library::config(const Identity &identity) const
{
    EndpointConfig config;
    config.setIdentity(identity);
    config.setRetryMode(EndpointConfig::RetryMode::Never);
    // The default holds 16 MiB, without the headers of 16 messages.
    config.setSendQueueLimit(std::max(
        config.sendQueueLimit(), qint64(m_amount.inFlight * (m_amount.size + MessageHeaderSize))));
    return config;
}

void Library::run()
{
    if (isHandshakes(m_work))
        handshakes();
    else
        messages();
}

//! Until both sides have the connection.
void Library::connect()
{
    const size_t opened = m_opened;
    const PeerAddress address(QHostAddress(QStringLiteral("11.0.0.2")),
                              Wire::address(Server).port(),
                              m_work == Work::Resumptions ? m_server.peerId() : PeerId());
    m_client.connectTo(address).then(&m_client, [this](const Result<QPointer<Connection>> &result) {
        if (!result)
            qFatal("%s", qPrintable(result.error().message));
        m_connection = *result;
    });
    runUntil([&] { return m_connection && m_opened > opened; });
}

void Library::disconnect()
{
    m_connection->close();
    m_connection = nullptr;
    runUntil([this] { return m_closed == 2 * m_opened; });
}

void Library::handshakes()
{
    for (size_t i = 0; i < m_amount.count; ++i) {
        connect();
        disconnect();
    }
    if (m_server.stats().handshakesResumed != (m_work == Work::Resumptions ? m_amount.count : 0))
        qFatal("It was the other kind of handshake.");
    // Three probe timeouts after its end each is forgotten (RFC 9000 section 10.2).
    for (const quint64 end = m_wire.now() + 1'000'000'000;;) {
        const Wire::Next next = m_wire.advance(end);
        if (next.what == Wire::Happens::Nothing)
            break;
        m_environments[next.at]->handle(next.what);
        sendPostedEvents();
    }
}

void Library::messages()
{
    while (m_sent < m_amount.inFlight)
        sendNext();
    runUntil([this] { return m_acknowledged == m_amount.count; });
    if (m_received != m_amount.count || m_bytesReceived != qint64(m_amount.count * m_amount.size))
        qFatal("%zu messages with %lld bytes arrived.", m_received, qlonglong(m_bytesReceived));
}

void Library::sendNext()
{
    if (m_sent == m_amount.count)
        return;
    ++m_sent;
    m_connection->send(m_message);
}

void Library::runUntil(const std::function<bool()> &condition)
{
    for (;;) {
        sendPostedEvents();
        if (condition())
            return;
        const Wire::Next next = m_wire.advance();
        if (next.what == Wire::Happens::Nothing)
            qFatal("The library waits for something that never happens.");
        m_environments[next.at]->handle(next.what);
    }
}

//! All of Qt's event loop that the library needs: no sockets and no timers of Qt's are in use.
void Library::sendPostedEvents()
{
    QCoreApplication::sendPostedEvents();
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
}

} // namespace

std::function<void()> prepareLibrary(Work work, Wire &wire, const Identity &client,
                                     const Identity &server)
{
    const auto library = std::make_shared<Library>(work, wire, client, server);
    return [library] { library->run(); };
}

} // namespace Instructions
