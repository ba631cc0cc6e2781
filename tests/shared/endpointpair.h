// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Two whole endpoints in virtual time, joined by a link, and logs of what they and their connections emitted.
#pragma once

#include <shared/simulation.h>

#include <qp2pcore/endpoint.h>

#include <QFuture>
#include <QObject>
#include <QPointer>

#include <memory>

namespace Qp2p::Test {

//! \brief The identity number \a number of this process, made when first asked for: tests with a
//! thousand endpoints don't need a thousand keys.
Identity sharedIdentity(int number);

//! Bytes that no two messages share: the same for the same \a seed.
QByteArray noise(qsizetype size, quint32 seed);

//! \brief On real sockets: handles events until \a condition is true, for at most \a limit. Without
//! the pauses of QTRY_VERIFY, which are what a thousand short exchanges would mostly consist of.
bool waitUntil(const std::function<bool()> &condition,
               std::chrono::milliseconds limit = std::chrono::seconds(20));

//! \brief What a connection has emitted, in order.
class ConnectionLog : public QObject
{
public:
    explicit ConnectionLog(Connection *connection);

    struct Failure
    {
        quint64 id;
        Error error;
    };

    QList<Message> messages;
    QList<Request> requests; //!< kept, so that they wait for their answer
    QList<quint64> acknowledged;
    QList<Failure> failures;
    QList<Error> refused; //!< incoming messages
    QList<PeerAddress> addresses; //!< of the peer, after the first one
    int queueAvailable = 0;
    QList<Connection::State> states;

    QList<QByteArray> payloads() const;
};

//! \brief What an endpoint has emitted, in order.
class EndpointLog : public QObject
{
public:
    explicit EndpointLog(Endpoint *endpoint);

    struct Closing
    {
        quint64 connection; //!< its Connection::id()
        Error reason;
    };

    QList<QPointer<Connection>> opened;
    QList<Closing> closed;
    QList<Endpoint::State> states;
    QList<Error> errors;
};

//! \brief Two hosts, an endpoint on each, and soon a connection from one to the other.
//!
//! \code
//! EndpointPair pair({.link = interopLink()});
//! QVERIFY(pair.connect());
//! ConnectionLog log(pair.in);
//! pair.out->send(Message("hello"));
//! QVERIFY(pair.until([&] { return log.messages.size() == 1; }));
//! \endcode
class EndpointPair
{
public:
    enum class Ip { V4, V6 };
    struct Setup
    {
        LinkProfile link = {};
        EndpointConfig acceptor = {};
        EndpointConfig dialler = {};
        quint64 seed = 1;
        bool diallerBehindNat = false; //!< whose second public address is 192.0.2.3, or 2001:db8::3
        Ip ip = Ip::V4;
    };

    EndpointPair();
    explicit EndpointPair(const Setup &setup);

    //! \brief Listens, dials, and waits until both sides are open: out and in. Can be called again
    //! for another connection.
    bool connect(std::chrono::nanoseconds limit = std::chrono::seconds(60));
    PeerAddress acceptorAddress() const;
    //! In both directions nothing arrives any more, until heal().
    void cut();
    void heal();
    //! \brief Puts another endpoint, with the acceptor's configuration, on its port.
    void restartAcceptor();

    bool until(const std::function<bool()> &condition,
               std::chrono::nanoseconds limit = std::chrono::seconds(60));
    //! Nanoseconds that have passed in virtual time until \a condition was true; -1 if it never was.
    std::chrono::nanoseconds timeUntil(const std::function<bool()> &condition,
                                       std::chrono::nanoseconds limit = std::chrono::hours(2));
    template<typename T>
    bool finish(const QFuture<T> &future, std::chrono::nanoseconds limit = std::chrono::seconds(60))
    {
        return until([&] { return future.isFinished(); }, limit);
    }

    const Setup setup;
    Simulation simulation;
    Simulation::Host acceptorHost;
    Simulation::Host diallerHost;
    std::unique_ptr<Endpoint> acceptor;
    std::unique_ptr<Endpoint> dialler;
    QPointer<Connection> out; //!< of the dialler
    QPointer<Connection> in; //!< of the acceptor
};

} // namespace Qp2p::Test
