// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A connection that is opening with one of everything queued, what came of it, and what the peer's program was given.
#pragma once

#include "diallingworld.h"

#include <shared/endpointpair.h>

#include <QTest>

#include <algorithm>

namespace Qp2p::Test {

using SendEarly = Endpoint::SendEarly;

template<typename T>
ErrorCode codeOf(const QFuture<T> &future)
{
    return future.isFinished() && future.resultCount() == 1 ? future.result().error().code
                                                            : ErrorCode::None;
}

//! An opening connection with one of everything queued, and what came of it.
class Opened
{
public:
    Opened(Endpoint &endpoint, const PeerAddress &peer, SendEarly early = SendEarly::ToExpectedPeer,
           Protocol protocol = Protocol::Qp2p1)
        : dialler(&endpoint)
        , connection(endpoint.openConnection(peer, protocol, early))
        , log(connection)
    {
        QObject::connect(connection, &Connection::stateChanged, &log,
                         [this](Connection::State state) {
                             if (state == Connection::State::Closed)
                                 reason = connection->closeReason();
                         });
        sent = connection->send(Message("sent"));
        confirmation = connection->sendAndConfirm(Message("confirmed"));
        request = connection->request(Message("asked"));
    }

    //! \brief Everything has failed with \a code, and nothing else was said.
    void verifyFailed(ErrorCode code) const
    {
        QCOMPARE(log.states, QList<Connection::State>{Connection::State::Closed});
        QCOMPARE(reason.code, code);
        QVERIFY(!reason.message.isEmpty());
        QCOMPARE(codeOf(confirmation), code);
        QCOMPARE(codeOf(request), code);
        QVERIFY(log.acknowledged.isEmpty());
        QCOMPARE(log.failures.size(), 3);
        for (const ConnectionLog::Failure &failure : log.failures)
            QCOMPARE(failure.error.code, code);
        QVERIFY(std::any_of(log.failures.begin(), log.failures.end(),
                            [this](const auto &failure) { return failure.id == sent; }));
        QVERIFY(dialler.opened.isEmpty());
        QVERIFY(dialler.closed.isEmpty());
        QVERIFY(connection.isNull()); // deleted
    }

    EndpointLog dialler;
    QPointer<Connection> connection;
    ConnectionLog log;
    Error reason;
    quint64 sent = 0;
    QFuture<Result<void>> confirmation;
    QFuture<Result<Message>> request;
};

inline PeerAddress withId(const PeerAddress &address, const PeerId &id)
{
    return PeerAddress(address.address(), address.port(), id);
}

//! A link of 20 ms there and back, and no Retry.
inline EndpointPair::Setup near()
{
    EndpointPair::Setup setup;
    setup.link = {.latency = 10ms};
    setup.acceptor.setRetryMode(EndpointConfig::RetryMode::Never);
    return setup;
}

inline PeerAddress expected(const EndpointPair &pair)
{
    return withId(pair.acceptorAddress(), pair.acceptor->peerId());
}

//! What the program behind an endpoint is given.
class Program : public QObject
{
public:
    explicit Program(Endpoint *endpoint)
    {
        connect(endpoint, &Endpoint::connectionOpened, this, [this](Connection *connection) {
            ++opened;
            connect(connection, &Connection::messageReceived, this,
                    [this](const Message &message) { payloads.append(message.payload()); });
            connect(connection, &Connection::requestReceived, this, [this](const Request &request) {
                payloads.append(request.message().payload());
                request.reply(Message("reply to " + request.message().payload()));
            });
        });
    }
    int opened = 0;
    QList<QByteArray> payloads;
};

inline const QList<QByteArray> everything = {"asked", "confirmed", "sent"};

inline QList<QByteArray> sorted(QList<QByteArray> list)
{
    std::sort(list.begin(), list.end());
    return list;
}

} // namespace Qp2p::Test
