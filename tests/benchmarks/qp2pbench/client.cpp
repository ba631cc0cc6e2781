// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "client.h"

#include "fresh.h"
#include "works.h"

#include <QCoreApplication>

#include <cstdio>

using namespace Qp2p;

std::unique_ptr<Client> Client::create(const Options &options)
{
    switch (options.work) {
    case Options::Work::Messages:
        return std::make_unique<Messages>(options);
    case Options::Work::RoundTrip:
        return std::make_unique<RoundTrip>(options);
    case Options::Work::Handshakes:
        return std::make_unique<Handshakes>(options);
    case Options::Work::Idle:
        return std::make_unique<Idle>(options);
    case Options::Work::Cold:
        return std::make_unique<Cold>(options);
    case Options::Work::Crowd:
        return std::make_unique<Crowd>(options);
    }
    Q_UNREACHABLE();
}

Client::Client(const Options &options)
    : m_options(options)
    , m_endpoint(options.endpointConfig())
{
}

int Client::exec()
{
    // A dial alone would bind all addresses of both families; the counterpart binds one, too.
    if (const Result<void> bound = m_endpoint.listen(m_options.bind); !bound) {
        std::fprintf(stderr, "qp2p-bench-ours: %s\n", qUtf8Printable(bound.error().message));
        return 1;
    }
    QMetaObject::invokeMethod(
        &m_endpoint, [this] { start(); }, Qt::QueuedConnection);
    return QCoreApplication::exec();
}

void Client::dial(std::function<void(Connection *)> whenOpen)
{
    m_endpoint.connectTo(m_options.address)
        .then(&m_endpoint,
              [this, whenOpen = std::move(whenOpen)](const Result<QPointer<Connection>> &result) {
                  if (result && *result)
                      whenOpen(*result);
                  else
                      fail(result.error().message);
              });
}

void Client::finish()
{
    QObject::connect(&m_endpoint, &Endpoint::stateChanged, &m_endpoint, [](Endpoint::State state) {
        if (state == Endpoint::State::Closed)
            QCoreApplication::quit();
    });
    m_endpoint.close();
}

void Client::fail(const QString &why)
{
    std::fprintf(stderr, "qp2p-bench-ours: %s\n", qUtf8Printable(why));
    QCoreApplication::exit(1);
}
