// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Connections that are closed, deleted or silenced while they open: each message has one end.
#include "openingscene.h"
#include "signalhook.h"

#include <QSet>
#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

namespace {

//! Every message of \a opened was reported exactly once, and so were its futures.
void verifyOneEndEach(const Opened &opened)
{
    QList<quint64> ended = opened.log.acknowledged;
    for (const ConnectionLog::Failure &failure : opened.log.failures)
        ended.append(failure.id);
    const QSet<quint64> distinct(ended.begin(), ended.end());
    QCOMPARE(distinct.size(), ended.size());
    QVERIFY(ended.contains(opened.sent));
    QVERIFY(opened.confirmation.isFinished() && opened.confirmation.resultCount() == 1);
    QVERIFY(opened.request.isFinished() && opened.request.resultCount() == 1);
}

void verifyNoDuplicates(const Program &program)
{
    const QSet<QByteArray> distinct(program.payloads.begin(), program.payloads.end());
    QCOMPARE(distinct.size(), program.payloads.size());
}

void addMoments()
{
    QTest::addColumn<int>("milliseconds");
    QTest::addColumn<SendEarly>("early");
    for (const auto early : {SendEarly::ToExpectedPeer, SendEarly::Never}) {
        for (const int moment : {0, 1, 5, 15, 20, 21, 25, 30, 31, 35, 40, 41, 45, 55})
            QTest::addRow("%d ms, %d", moment, int(early)) << moment << early;
    }
}

} // namespace

class tst_OpeningEnds : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void closedWhileOpening_data() { addMoments(); }
    void closedWhileOpening();
    void closedWithItsEndpoint_data() { addMoments(); }
    void closedWithItsEndpoint();
    void deletedWhileOpening_data() { addMoments(); }
    void deletedWhileOpening();
    void deletedWithItsEndpoint_data() { addMoments(); }
    void deletedWithItsEndpoint();
    void deletedInEverySlot_data();
    void deletedInEverySlot();
    void silencedWhileOpening_data() { addMoments(); }
    void silencedWhileOpening();
};

void tst_OpeningEnds::closedWhileOpening()
{
    QFETCH(const int, milliseconds);
    QFETCH(const SendEarly, early);
    EndpointPair pair(near());
    QVERIFY(pair.acceptor->listen().isOk());
    Program program(pair.acceptor.get());
    EndpointLog acceptor(pair.acceptor.get());
    Opened opened(*pair.dialler, expected(pair), early);
    pair.simulation.runFor(std::chrono::milliseconds(milliseconds));
    QVERIFY(opened.connection);
    const bool wasOpening = opened.connection->state() == Connection::State::Opening;
    opened.connection->close(7, QStringLiteral("bye"));
    QVERIFY(wasOpening ? opened.log.states.isEmpty() : opened.log.states.size() == 1);
    QVERIFY(!wasOpening || !opened.confirmation.isFinished());
    opened.connection->close(8); // no more than once
    const auto late = opened.connection->sendAndConfirm(Message("late"));
    pair.simulation.runFor(1min);
    QVERIFY(opened.connection.isNull());
    verifyOneEndEach(opened);
    verifyNoDuplicates(program);
    QVERIFY(!program.payloads.contains("late"));
    QVERIFY(late.isFinished() && late.result().error().isError());
    if (wasOpening) {
        opened.verifyFailed(ErrorCode::ClosedLocally);
        QCOMPARE(opened.reason.closeCode, 7u);
        QCOMPARE(opened.reason.closeReason, QStringLiteral("bye"));
    }
    QCOMPARE(acceptor.closed.size(), program.opened);
    for (const EndpointLog::Closing &closing : acceptor.closed)
        QCOMPARE(closing.reason.closeCode, 7u);
    QCOMPARE(pair.dialler->stats().connections, 0);
    QCOMPARE(pair.acceptor->stats().connections, 0);
    QCOMPARE(pair.dialler->stats().sendBudgetUsed, 0);
}

void tst_OpeningEnds::closedWithItsEndpoint()
{
    QFETCH(const int, milliseconds);
    QFETCH(const SendEarly, early);
    EndpointPair pair(near());
    QVERIFY(pair.acceptor->listen().isOk());
    Program program(pair.acceptor.get());
    Opened opened(*pair.dialler, expected(pair), early);
    pair.simulation.runFor(std::chrono::milliseconds(milliseconds));
    const bool wasOpening = opened.connection->state() == Connection::State::Opening;
    pair.dialler->close(9, QStringLiteral("all"));
    pair.simulation.runFor(1min);
    QCOMPARE(pair.dialler->state(), Endpoint::State::Closed);
    verifyOneEndEach(opened);
    verifyNoDuplicates(program);
    if (wasOpening)
        opened.verifyFailed(ErrorCode::ClosedLocally);
    QVERIFY(opened.connection.isNull());
    QCOMPARE(pair.acceptor->stats().connections, 0);
}

void tst_OpeningEnds::deletedWhileOpening()
{
    QFETCH(const int, milliseconds);
    QFETCH(const SendEarly, early);
    EndpointPair pair(near());
    QVERIFY(pair.acceptor->listen().isOk());
    Program program(pair.acceptor.get());
    Opened opened(*pair.dialler, expected(pair), early);
    pair.simulation.runFor(std::chrono::milliseconds(milliseconds));
    const bool wasOpening = opened.connection->state() == Connection::State::Opening;
    delete opened.connection;
    QVERIFY(opened.confirmation.isFinished() && opened.request.isFinished());
    if (wasOpening) {
        QCOMPARE(codeOf(opened.confirmation), ErrorCode::ClosedLocally);
        QCOMPARE(codeOf(opened.request), ErrorCode::ClosedLocally);
    }
    pair.simulation.runFor(1min);
    QCOMPARE(opened.log.states.size(), wasOpening ? 0 : 1);
    QVERIFY(opened.dialler.closed.isEmpty());
    QCOMPARE(pair.dialler->stats().connections, 0);
    QCOMPARE(pair.dialler->stats().sendBudgetUsed, 0);
    QCOMPARE(pair.acceptor->stats().connections, 0);
    verifyNoDuplicates(program);
    QVERIFY(pair.connect());
}

void tst_OpeningEnds::deletedWithItsEndpoint()
{
    QFETCH(const int, milliseconds);
    QFETCH(const SendEarly, early);
    EndpointPair pair(near());
    QVERIFY(pair.acceptor->listen().isOk());
    Opened opened(*pair.dialler, expected(pair), early);
    // What it calls cannot open another one.
    Connection *another = pair.acceptor->openConnection({});
    const auto continued = opened.confirmation.then(
        [&](const Result<void> &) { another = pair.dialler->openConnection(expected(pair)); });
    pair.simulation.runFor(std::chrono::milliseconds(milliseconds));
    const bool wasOpening = opened.connection->state() == Connection::State::Opening;
    Endpoint *doomed = pair.dialler.get();
    delete doomed;
    if (wasOpening)
        QVERIFY(another == nullptr);
    static_cast<void>(pair.dialler.release());
    QVERIFY(opened.connection.isNull());
    QVERIFY(opened.confirmation.isFinished() && opened.request.isFinished());
    pair.simulation.runFor(1min);
    QCOMPARE(pair.acceptor->stats().connections, 0);
}

void tst_OpeningEnds::deletedInEverySlot_data()
{
    QTest::addColumn<Signal>("signal");
    QTest::addColumn<bool>("isRefused");
    QTest::addColumn<int>("what");
    const QList<Signal> ofSuccess = {
        {"Qp2p::Connection", "stateChanged"},  {"Qp2p::Connection", "messageAcknowledged"},
        {"Qp2p::Connection", "messageFailed"}, {"Qp2p::Connection", "sendQueueAvailable"},
        {"Qp2p::Endpoint", "stateChanged"},    {"Qp2p::Endpoint", "connectionOpened"}};
    const QList<Signal> ofRefusal = {{"Qp2p::Connection", "stateChanged"},
                                     {"Qp2p::Connection", "messageFailed"},
                                     {"Qp2p::Endpoint", "stateChanged"}};
    for (const bool isRefused : {false, true}) {
        for (const Signal &signal : isRefused ? ofRefusal : ofSuccess) {
            for (const int what : {0, 1, 2, 3})
                QTest::addRow("%s::%s, %s, %d", signal.className.constData(),
                              signal.name.constData(), isRefused ? "refused" : "open", what)
                    << signal << isRefused << what;
        }
    }
}

void tst_OpeningEnds::deletedInEverySlot()
{
    QFETCH(const Signal, signal);
    QFETCH(const bool, isRefused);
    QFETCH(const int, what);
    EndpointPair::Setup setup = near();
    setup.dialler.setSendQueueLimit(100'000);
    EndpointPair pair(setup);
    QVERIFY(pair.acceptor->listen().isOk());
    Program program(pair.acceptor.get());
    int calls = 0;
    Opened opened(
        *pair.dialler,
        isRefused ? withId(pair.acceptorAddress(), sharedIdentity(9).peerId()) : expected(pair));
    Hook hook([&](QObject *, QObject *) {
        if (++calls > 1)
            return;
        switch (what) {
        case 0:
            delete opened.connection;
            break;
        case 1:
            pair.dialler.reset();
            break;
        case 2:
            opened.connection->close(1);
            break;
        case 3:
            pair.dialler->close(1);
            break;
        }
    });
    hook.watch(opened.connection, signal.className, signal.name);
    hook.watch(pair.dialler.get(), signal.className, signal.name);
    opened.connection->send(Message()); // fails
    const auto large = opened.connection->sendAndConfirm(Message(noise(90'000, 1)));
    pair.simulation.runFor(1min);
    QVERIFY(calls > 0);
    for (const auto &future : {opened.confirmation, large})
        QVERIFY(future.isFinished() && future.resultCount() == 1);
    QVERIFY(opened.request.isFinished() && opened.request.resultCount() == 1);
    if (what < 2 || isRefused)
        QVERIFY(opened.connection.isNull());
    if (what == 0)
        QVERIFY(pair.dialler->connections().isEmpty());
    verifyNoDuplicates(program);
    if (isRefused)
        QVERIFY(program.payloads.isEmpty());
}

void tst_OpeningEnds::silencedWhileOpening()
{
    QFETCH(const int, milliseconds);
    QFETCH(const SendEarly, early);
    EndpointPair pair(near());
    QVERIFY(pair.acceptor->listen().isOk());
    Program program(pair.acceptor.get());
    Opened opened(*pair.dialler, expected(pair), early);
    pair.simulation.after(std::chrono::milliseconds(milliseconds), [&] { pair.cut(); });
    pair.simulation.runFor(1min);
    verifyOneEndEach(opened);
    verifyNoDuplicates(program);
    QVERIFY(opened.connection.isNull());
    if (opened.log.states.size() == 1)
        opened.verifyFailed(ErrorCode::HandshakeTimeout);
}

QTEST_GUILESS_MAIN(tst_OpeningEnds)
#include "tst_openingends.moc"
