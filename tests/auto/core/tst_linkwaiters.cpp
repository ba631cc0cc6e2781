// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Futures of dials that wait for the link to whoever has answered.

#include <qp2pcore/peering/linkwaiters.h>

#include <QTest>

#include <memory>

using namespace Qp2p;
using namespace Qp2p::Peering;
using namespace Qt::StringLiterals;

namespace {

PeerId idOf(int number)
{
    return PeerId::fromBytes(QByteArray(32, char(number)));
}

} // namespace

class tst_LinkWaiters : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void onlyThoseOfThePeerFinish();
    void failedDialFinishesAlone();
    void allFinishAtTheEnd();
    void continuationMayDeleteThem();
};

void tst_LinkWaiters::onlyThoseOfThePeerFinish()
{
    LinkWaiters<int> waiters;
    const auto first = waiters.add();
    const auto second = waiters.add();
    const auto other = waiters.add();
    waiters.waitFor(idOf(1), first);
    waiters.waitFor(idOf(1), second);
    waiters.waitFor(idOf(2), other);
    waiters.finish(idOf(1), 7);
    QCOMPARE(first->future().result().value(), 7);
    QCOMPARE(second->future().result().value(), 7);
    QVERIFY(!other->future().isFinished());
    QCOMPARE(waiters.size(), 1);
    waiters.finish(idOf(3), 7);
    QCOMPARE(waiters.size(), 1);
}

void tst_LinkWaiters::failedDialFinishesAlone()
{
    LinkWaiters<int> waiters;
    const auto failed = waiters.add();
    const auto other = waiters.add();
    waiters.finish(failed, Error(ErrorCode::HandshakeTimeout, u"silent"_s));
    QCOMPARE(failed->future().result().error().code, ErrorCode::HandshakeTimeout);
    QVERIFY(!other->future().isFinished());
}

void tst_LinkWaiters::allFinishAtTheEnd()
{
    LinkWaiters<int> waiters;
    const auto dialling = waiters.add();
    const auto linking = waiters.add();
    waiters.waitFor(idOf(1), linking);
    waiters.finishAll(Error(ErrorCode::Cancelled, u"left"_s));
    QCOMPARE(dialling->future().result().error().code, ErrorCode::Cancelled);
    QCOMPARE(linking->future().result().error().code, ErrorCode::Cancelled);
    waiters.finish(idOf(1), 7);
    QCOMPARE(linking->future().resultCount(), 1);
    QCOMPARE(waiters.size(), 0);
}

void tst_LinkWaiters::continuationMayDeleteThem()
{
    auto waiters = std::make_unique<LinkWaiters<int>>();
    const auto first = waiters->add();
    const auto second = waiters->add();
    waiters->waitFor(idOf(1), first);
    waiters->waitFor(idOf(1), second);
    first->future().then([&](const Result<int> &) { waiters.reset(); });
    waiters->finish(idOf(1), 7);
    QVERIFY(!waiters);
    QCOMPARE(second->future().result().value(), 7);
}

QTEST_GUILESS_MAIN(tst_LinkWaiters)

#include "tst_linkwaiters.moc"
