// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The same library with co_await: every future of it works with QCoro. Needs no peer: it is its own.
#include <qp2pcore/endpoint.h>

#include <QCoroFuture>
#include <QCoroTask>

#include <QCoreApplication>

#include <cstdio>

using namespace Qp2p;

namespace {

//! Sums the numbers from 1 to \a last with a peer that can only add two.
QCoro::Task<Result<int>> sumWith(Endpoint &endpoint, PeerAddress address, int last)
{
    const auto dialled = co_await endpoint.connectTo(address);
    if (!dialled)
        co_return dialled.error();
    const QPointer<Connection> peer = *dialled; // it may end, and be deleted, at any co_await

    int sum = 0;
    for (int number = 1; number <= last && peer; ++number) {
        const auto reply = co_await peer->request(
            Message(QByteArray::number(sum) + ' ' + QByteArray::number(number)));
        if (!reply)
            co_return reply.error();
        sum = reply->payload().toInt();
    }
    if (peer) {
        const auto sent = co_await peer->sendAndConfirm(Message("thank you"));
        if (!sent)
            co_return sent.error();
    }
    co_return sum;
}

void answer(const Request &request)
{
    const QList<QByteArray> numbers = request.message().payload().split(' ');
    request.reply(Message(QByteArray::number(numbers.value(0).toInt() + numbers.value(1).toInt())));
}

QCoro::Task<> run()
{
    Endpoint adder;
    QObject::connect(&adder, &Endpoint::connectionOpened, &adder, [&adder](Connection *peer) {
        QObject::connect(peer, &Connection::requestReceived, &adder, answer);
        QObject::connect(peer, &Connection::messageReceived, &adder, [](const Message &message) {
            std::printf("The adder hears: %s\n", message.payload().constData());
        });
    });
    int exitCode = 1;
    if (const auto listening = adder.listen(); !listening) {
        std::puts(qPrintable(listening.error().message));
    } else {
        Endpoint asker;
        const PeerAddress address(QHostAddress(QHostAddress::LocalHost), adder.localPort(),
                                  adder.peerId());
        const Result<int> sum = co_await sumWith(asker, address, 100);
        if (sum) {
            std::printf("The sum is %d\n", *sum);
            exitCode = 0;
        } else {
            std::puts(qPrintable(sum.error().message));
        }
        // An error is a value here, too: nobody is called so.
        const PeerAddress stranger(QHostAddress(QHostAddress::LocalHost), adder.localPort(),
                                   asker.peerId());
        const Result<int> nothing = co_await sumWith(asker, stranger, 100);
        std::puts(qPrintable(errorCodeName(nothing.error().code)));
    }
    QCoreApplication::exit(exitCode);
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QMetaObject::invokeMethod(
        &application, [] { run(); }, Qt::QueuedConnection);
    return QCoreApplication::exec();
}
