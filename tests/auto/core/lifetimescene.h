// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Two endpoints with everything under way that can be: whatever is done in a slot has much to leave behind.
#pragma once

#include <shared/endpointaccess.h>
#include <shared/endpointpair.h>

#include <algorithm>

namespace Qp2p::Test {

using namespace std::chrono_literals;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool isSanitized = true;
#else
constexpr bool isSanitized = false;
#endif

constexpr qsizetype KB = 1000;

template<typename T>
bool hasValue(const QFuture<T> &future)
{
    return future.isFinished() && future.resultCount() == 1;
}

//! A pair with two connections, and everything under way that can be: whatever is done in a slot has
//! much to leave behind.
class Scene
{
public:
    Scene()
        : pair(setup())
    {
    }

    bool start()
    {
        if (!pair.connect())
            return false;
        const QPointer<Connection> out = pair.out;
        const QPointer<Connection> in = pair.in;
        if (!pair.connect())
            return false;
        otherOut = std::exchange(pair.out, out);
        otherIn = std::exchange(pair.in, in);
        return true;
    }

    //! \brief Makes every signal come that a connection has.
    void play()
    {
        QObject context;
        const auto answer = [&](Connection *connection) {
            QObject::connect(connection, &Connection::requestReceived, &context,
                             [](const Request &request) { request.reply(Message("answer")); });
        };
        if (pair.in)
            answer(pair.in);
        if (pair.out)
            answer(pair.out);
        for (const auto &side : {pair.out, pair.in, otherOut, otherIn}) {
            const QPointer<Connection> connection = side;
            for (int i = 0; i < 5 && connection; ++i) {
                connection->send(
                    Message(noise(18 * KB, 1))); // the fifth makes it more than half full
                connection->send(Message(QByteArray())); // fails
                confirmations.append(connection->sendAndConfirm(Message("confirm")));
                requests.append(connection->request(Message("question")));
            }
        }
        pair.simulation.runFor(1ms);
        if (pair.out && pair.out->state() == Connection::State::Open && pair.dialler)
            resetAMessage();
        pair.simulation.runFor(200ms);
        pair.simulation.rebindNat(pair.diallerHost, NatRebinding::AddressAndPort);
        for (const auto &connection : {pair.out, otherOut}) {
            if (connection)
                connection->send(Message(noise(40 * KB, 2)));
        }
        pair.simulation.runFor(2s);
        for (const auto &connection : {pair.in, pair.out}) {
            if (connection)
                connection->close(1, QStringLiteral("the end"));
        }
        pair.simulation.runFor(1min);
    }

    bool everyFutureHasAValue() const
    {
        return std::all_of(confirmations.begin(), confirmations.end(), hasValue<Result<void>>)
            && std::all_of(requests.begin(), requests.end(), hasValue<Result<Message>>);
    }

    EndpointPair pair;
    QPointer<Connection> otherOut;
    QPointer<Connection> otherIn;
    QList<QFuture<Result<void>>> confirmations;
    QList<QFuture<Result<Message>>> requests;

private:
    static EndpointPair::Setup setup()
    {
        EndpointPair::Setup setup;
        setup.link = {.latency = 10ms, .bytesPerSecond = 1'000'000};
        setup.diallerBehindNat = true;
        setup.dialler.setSendQueueLimit(100 * KB);
        setup.acceptor.setSendQueueLimit(100 * KB);
        return setup;
    }

    //! What our own peers never do: a message that breaks off.
    void resetAMessage()
    {
        ngtcp2_conn *quic = EndpointAccess::quic(*pair.dialler);
        int64_t stream = -1;
        if (ngtcp2_conn_open_uni_stream(quic, &stream, nullptr) == 0)
            ngtcp2_conn_shutdown_stream_write(quic, 0, stream, 7);
    }
};

} // namespace Qp2p::Test
