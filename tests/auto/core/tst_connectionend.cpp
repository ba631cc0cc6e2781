// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The end of a Connection: codes, reasons, and what is still delivered.

#include "busyenvironment.h"

#include <shared/endpointpair.h>

#include <qp2pcore/private/simulated.h>

#include <QTest>

#include <algorithm>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

namespace {

constexpr qsizetype KB = 1000;
constexpr qsizetype MB = 1000 * KB;
constexpr quint64 LargestCode = (quint64(1) << 60) - 1;

QByteArray numbered(int number)
{
    return QByteArray::number(number);
}

template<typename T>
QList<T> sorted(QList<T> list)
{
    std::sort(list.begin(), list.end());
    return list;
}

} // namespace

class tst_ConnectionEnd : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void closeTellsCodeAndReason_data();
    void closeTellsCodeAndReason();
    void longReasonIsCutAtACharacter_data();
    void longReasonIsCutAtACharacter();
    void reservedCodeBecomesZero_data();
    void reservedCodeBecomesZero();
    void bothMayCloseAtOnce();
    void secondCloseChangesNothing();
    void unacknowledgedMessagesFailAtBothSides();
    void messagesSentJustBeforeTheEndAreDelivered();
    void messagesThatComeTogetherWithTheEndAreDelivered();
    void nothingIsDeliveredAfterClose();
    void closedConnectionRefusesEverything();
    void closedConnectionStillKnowsItsFacts();
};

void tst_ConnectionEnd::closeTellsCodeAndReason_data()
{
    QTest::addColumn<bool>("diallerCloses");
    QTest::addColumn<quint64>("code");
    QTest::addColumn<QString>("reason");
    for (const bool dialler : {true, false}) {
        const char *who = dialler ? "dialler" : "acceptor";
        QTest::addRow("%s: nothing", who) << dialler << quint64(0) << QString();
        QTest::addRow("%s: 7", who) << dialler << quint64(7) << QStringLiteral("enough");
        QTest::addRow("%s: largest", who) << dialler << LargestCode << QString(1000, u'r');
        QTest::addRow("%s: UTF-8", who)
            << dialler << quint64(1) << QString::fromUtf8("schöne Grüße, 再见 👋");
    }
}

void tst_ConnectionEnd::closeTellsCodeAndReason()
{
    QFETCH(bool, diallerCloses);
    QFETCH(quint64, code);
    QFETCH(QString, reason);
    EndpointPair pair;
    QVERIFY(pair.connect());
    EndpointLog dialler(pair.dialler.get());
    EndpointLog acceptor(pair.acceptor.get());
    EndpointLog &near = diallerCloses ? dialler : acceptor;
    EndpointLog &far = diallerCloses ? acceptor : dialler;
    (diallerCloses ? pair.out : pair.in)->close(code, reason);
    QVERIFY(near.closed.isEmpty());
    QVERIFY(pair.until([&] { return !near.closed.isEmpty() && !far.closed.isEmpty(); }, 1s));

    QCOMPARE(far.closed.at(0).reason.code, ErrorCode::ClosedByPeer);
    QCOMPARE(far.closed.at(0).reason.closeCode, code);
    QCOMPARE(far.closed.at(0).reason.closeReason, reason);
    QCOMPARE(near.closed.at(0).reason.code, ErrorCode::ClosedLocally);
    QCOMPARE(near.closed.at(0).reason.closeCode, code);
    QCOMPARE(near.closed.at(0).reason.closeReason, reason);
    pair.simulation.runFor(1min);
    QCOMPARE(near.closed.size(), 1);
    QCOMPARE(far.closed.size(), 1);
    QVERIFY(!pair.in && !pair.out); // deleted
    QVERIFY(pair.acceptor->connections().isEmpty() && pair.dialler->connections().isEmpty());
    QCOMPARE(pair.acceptor->stats().connections, 0);
    QCOMPARE(pair.dialler->stats().connections, 0);
}

void tst_ConnectionEnd::longReasonIsCutAtACharacter_data()
{
    QTest::addColumn<QString>("reason");
    QTest::addColumn<QString>("expected");
    const QString umlauts(2000, QChar(0xe4)); // two bytes each
    QTest::newRow("one byte") << QString(5000, u'r') << QString(1000, u'r');
    QTest::newRow("two bytes, even") << umlauts << umlauts.left(500);
    QTest::newRow("two bytes, odd") << u'x' + umlauts << u'x' + umlauts.left(499);
    const QString waves = QString::fromUtf8("👋").repeated(300); // four bytes, a surrogate pair
    for (int shift = 1; shift < 4; ++shift)
        QTest::addRow("four bytes, %d over", shift)
            << QString(shift, u'x') + waves << QString(shift, u'x') + waves.left(498);
}

void tst_ConnectionEnd::longReasonIsCutAtACharacter()
{
    QFETCH(QString, reason);
    QFETCH(QString, expected);
    EndpointPair pair;
    QVERIFY(pair.connect());
    EndpointLog acceptor(pair.acceptor.get());
    pair.out->close(1, reason);
    QVERIFY(pair.until([&] { return !acceptor.closed.isEmpty(); }, 1s));
    QCOMPARE(acceptor.closed.at(0).reason.closeReason, expected);
}

void tst_ConnectionEnd::reservedCodeBecomesZero_data()
{
    QTest::addColumn<quint64>("code");
    QTest::newRow("first") << LargestCode + 1;
    QTest::newRow("one of the library") << LargestCode + 2; // WrongNetwork
    QTest::newRow("not a code of QUIC") << (quint64(1) << 62);
    QTest::newRow("largest number") << ~quint64(0);
}

void tst_ConnectionEnd::reservedCodeBecomesZero()
{
    QFETCH(quint64, code);
    {
        EndpointPair pair;
        QVERIFY(pair.connect());
        EndpointLog acceptor(pair.acceptor.get());
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("2\\^60")));
        pair.out->close(code);
        QVERIFY(pair.until([&] { return !acceptor.closed.isEmpty(); }, 1s));
        QCOMPARE(acceptor.closed.at(0).reason.code, ErrorCode::ClosedByPeer);
        QCOMPARE(acceptor.closed.at(0).reason.closeCode, 0u);
    }
    {
        EndpointPair pair;
        QVERIFY(pair.connect());
        EndpointLog acceptor(pair.acceptor.get());
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("2\\^60")));
        pair.dialler->close(code);
        QVERIFY(pair.until([&] { return !acceptor.closed.isEmpty(); }, 1s));
        QCOMPARE(acceptor.closed.at(0).reason.code, ErrorCode::ClosedByPeer);
        QCOMPARE(acceptor.closed.at(0).reason.closeCode, 0u);
    }
    EndpointPair pair;
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    const auto reply = pair.out->request(Message("question"));
    QVERIFY(pair.until([&] { return in.requests.size() == 1; }));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("2\\^60")));
    in.requests.at(0).reject(code);
    QVERIFY(pair.finish(reply));
    QCOMPARE(reply.result().error().code, ErrorCode::NoReply);
    QCOMPARE(reply.result().error().closeCode, 0u);
}

void tst_ConnectionEnd::bothMayCloseAtOnce()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    EndpointLog dialler(pair.dialler.get());
    EndpointLog acceptor(pair.acceptor.get());
    pair.out->close(1);
    pair.in->close(2);
    pair.simulation.runFor(1min);
    QCOMPARE(dialler.closed.size(), 1);
    QCOMPARE(acceptor.closed.size(), 1);
    QCOMPARE(dialler.closed.at(0).reason.closeCode, 1u);
    QCOMPARE(acceptor.closed.at(0).reason.closeCode, 2u);
    QCOMPARE(pair.acceptor->stats().connections, 0);
    QCOMPARE(pair.dialler->stats().connections, 0);
}

void tst_ConnectionEnd::secondCloseChangesNothing()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    EndpointLog dialler(pair.dialler.get());
    EndpointLog acceptor(pair.acceptor.get());
    pair.out->close(1, QStringLiteral("first"));
    pair.out->close(2, QStringLiteral("second"));
    pair.simulation.runFor(1min);
    QCOMPARE(dialler.closed.size(), 1);
    QCOMPARE(dialler.closed.at(0).reason.closeCode, 1u);
    QCOMPARE(acceptor.closed.size(), 1);
    QCOMPARE(acceptor.closed.at(0).reason.closeReason, QStringLiteral("first"));
}

void tst_ConnectionEnd::unacknowledgedMessagesFailAtBothSides()
{
    EndpointPair pair({.link = interopLink()});
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    ConnectionLog out(pair.out);
    QList<quint64> fromOut;
    QList<quint64> fromIn;
    for (int i = 0; i < 5; ++i) {
        fromOut.append(pair.out->send(Message(noise(1 * MB, 1))));
        fromIn.append(pair.in->send(Message(noise(1 * MB, 1))));
    }
    pair.simulation.runFor(500ms);
    pair.out->close(9);
    pair.simulation.runFor(1min);

    const auto idsOf = [](const QList<ConnectionLog::Failure> &failures) {
        QList<quint64> ids;
        for (const auto &failure : failures)
            ids.append(failure.id);
        return sorted(ids);
    };
    QCOMPARE(idsOf(out.failures), fromOut);
    QCOMPARE(idsOf(in.failures), fromIn);
    for (const auto &failure : out.failures)
        QCOMPARE(failure.error.code, ErrorCode::ClosedLocally);
    for (const auto &failure : in.failures) {
        QCOMPARE(failure.error.code, ErrorCode::ClosedByPeer);
        QCOMPARE(failure.error.closeCode, 9u);
    }
    QVERIFY(in.acknowledged.isEmpty() && out.acknowledged.isEmpty());
}

void tst_ConnectionEnd::messagesSentJustBeforeTheEndAreDelivered()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    ConnectionLog in(pair.in);
    int messagesAtTheEnd = -1;
    QObject::connect(pair.in, &Connection::stateChanged, pair.in,
                     [&] { messagesAtTheEnd = int(in.messages.size()); });
    pair.simulation.runFor(1s);
    for (int i = 0; i < 5; ++i)
        pair.out->send(Message(numbered(i)));
    pair.simulation.runFor(0ns); // they leave, and the end behind them in the same instant
    pair.out->close();
    pair.simulation.runFor(1s);
    QVERIFY(!pair.in);
    QCOMPARE(messagesAtTheEnd, 5);
}

void tst_ConnectionEnd::messagesThatComeTogetherWithTheEndAreDelivered()
{
    // The whole life of a connection waits in the socket of a program that was busy.
    EndpointPair pair;
    const auto busy = std::make_shared<BusyEnvironment>(pair.diallerHost);
    pair.dialler = std::make_unique<SimulatedEndpoint>(pair.dialler->config(), busy);
    QVERIFY(pair.acceptor->listen().isOk());
    QObject::connect(pair.acceptor.get(), &Endpoint::connectionOpened, pair.acceptor.get(),
                     [&](Connection *connection) {
                         connection->send(Message("welcome"));
                         pair.simulation.after(2ms, [connection] { connection->close(); });
                     });
    QStringList told;
    QObject::connect(pair.dialler.get(), &Endpoint::connectionOpened, pair.dialler.get(),
                     [&](Connection *connection) {
                         told.append(QStringLiteral("opened"));
                         QObject::connect(connection, &Connection::messageReceived, connection,
                                          [&] { told.append(QStringLiteral("message")); });
                         QObject::connect(connection, &Connection::stateChanged, connection,
                                          [&] { told.append(QStringLiteral("closed")); });
                     });
    const auto dial = pair.dialler->connectTo(pair.acceptorAddress());
    pair.simulation.runFor(22ms);
    busy->setBusy();
    pair.simulation.runFor(50ms);
    QVERIFY(told.isEmpty());
    busy->returnToEventLoop();
    pair.simulation.runFor(1s);
    QCOMPARE(told.join(u' '), QStringLiteral("opened message closed"));
    QVERIFY(dial.isFinished());
}

void tst_ConnectionEnd::nothingIsDeliveredAfterClose()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    int messages = 0;
    QObject::connect(pair.in, &Connection::messageReceived, pair.in, [&] {
        ++messages;
        pair.in->close();
    });
    for (int i = 0; i < 5; ++i)
        pair.out->send(Message(numbered(i)));
    pair.simulation.runFor(1s);
    QCOMPARE(messages, 1);
}

void tst_ConnectionEnd::closedConnectionRefusesEverything()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    ConnectionLog out(pair.out);
    pair.out->close();
    QVERIFY(!pair.out->canSend(1));
    const quint64 first = pair.out->send(Message("late"));
    const quint64 second = pair.out->send(Message("later"));
    const auto confirmation = pair.out->sendAndConfirm(Message("late"));
    const auto reply = pair.out->request(Message("late"));
    QVERIFY(first != second);
    QVERIFY(out.failures.isEmpty());
    QVERIFY(confirmation.isFinished() && reply.isFinished());
    QCOMPARE(confirmation.result().error().code, ErrorCode::WrongState);
    QCOMPARE(reply.result().error().code, ErrorCode::WrongState);
    QVERIFY(pair.until([&] { return out.failures.size() == 2; }, 1s));
    QCOMPARE(out.failures.at(0).id, first);
    QCOMPARE(out.failures.at(1).id, second);
    QCOMPARE(out.failures.at(0).error.code, ErrorCode::WrongState);
}

void tst_ConnectionEnd::closedConnectionStillKnowsItsFacts()
{
    EndpointPair pair;
    QVERIFY(pair.connect());
    const auto confirmation = pair.out->sendAndConfirm(Message("hello"));
    QVERIFY(pair.finish(confirmation));
    const quint64 id = pair.in->id();
    bool told = false;
    QObject::connect(pair.acceptor.get(), &Endpoint::connectionClosed, pair.acceptor.get(),
                     [&](Connection *connection, const Error &reason) {
                         told = true;
                         QCOMPARE(connection->id(), id);
                         QCOMPARE(connection->state(), Connection::State::Closed);
                         QCOMPARE(connection->closeReason().code, reason.code);
                         QCOMPARE(connection->closeReason().closeCode, 4u);
                         QCOMPARE(connection->peerId(), pair.dialler->peerId());
                         QCOMPARE(connection->stats().messagesReceived, 1u);
                         QVERIFY(connection->stats().bytesReceived > 0);
                         QVERIFY(!pair.acceptor->connections().contains(connection));
                     });
    pair.out->close(4);
    pair.simulation.runFor(1s);
    QVERIFY(told);
    QVERIFY(!pair.in);
}

QTEST_GUILESS_MAIN(tst_ConnectionEnd)
#include "tst_connectionend.moc"
