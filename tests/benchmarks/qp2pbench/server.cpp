// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "server.h"

#include <QCoreApplication>

#include <cstdio>

using namespace Qp2p;

Server::Server(const Options &options)
    : m_options(options)
    , m_endpoint(options.endpointConfig())
    , m_commands([this](const QByteArray &line) { handleCommand(line); },
                 [] { QCoreApplication::quit(); })
{
    QObject::connect(&m_endpoint, &Endpoint::connectionOpened, &m_endpoint, &Server::receiveFrom);
}

int Server::exec()
{
    if (const Result<void> listening = m_endpoint.listen(m_options.bind); !listening) {
        std::fprintf(stderr, "qp2p-bench-ours: %s\n", qUtf8Printable(listening.error().message));
        return 1;
    }
    const PeerAddress address(m_options.bind, m_endpoint.localPort());
    report("{\"listening\":\"" + address.toString().toUtf8() + "\"}");
    return QCoreApplication::exec();
}

void Server::receiveFrom(Connection *connection)
{
    QObject::connect(connection, &Connection::messageReceived, connection, [](const Message &) {});
    QObject::connect(connection, &Connection::requestReceived, connection,
                     [](const Request &request) { request.reply(request.message()); });
    QObject::connect(
        connection, &Connection::incomingMessageRefused, connection, [](const Error &error) {
            std::fprintf(stderr, "qp2p-bench-ours: receive: %s\n", qUtf8Printable(error.message));
        });
}

void Server::handleCommand(const QByteArray &command)
{
    if (command == "rss" && m_options.work == Options::Work::Idle) {
        report("{\"rss_kib\":" + QByteArray::number(rssKib())
               + ",\"connections\":" + QByteArray::number(m_endpoint.connections().size()) + "}");
    }
}
