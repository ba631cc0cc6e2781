// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The sums behind the limit on what all connections hold: who is charged what, who is next, who must go.

#include <shared/engine/enginesettings.h>
#include <shared/seededrandom.h>

#include <qp2pcore/engine/limits.h>
#include <qp2pcore/engine/receivebudget.h>

#include <QTest>

#include <array>
#include <memory>
#include <vector>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;

namespace {

constexpr qint64 MiB = 1024 * 1024;
constexpr size_t Base = size_t(Limits::ConnectionBaseMemory);
using Account = ReceiveBudget::Account;

} // namespace

class tst_ReceiveBudget : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatAnyConnectionNeedsIsNotCounted();
    void reservedBytesAreChargedOnce();
    void aReservationThatDoesNotFitStandsInLine();
    void theGroupThatHoldsLeastIsNext();
    void aSmallFirstReservationNeedNotWait();
    void theWorstOfTheWorstGroupGoes();
    void aGrantedMessageIsNeverTheWorst();
    void whatWaitsForTheProgramIsNobodysFault();
    void windowsGrowOutOfAPoolThatNeverRunsDry();
    void manyConnectionsBeginWithSmallWindows();
    void nothingIsLeftWhenAllHaveGone();
};

void tst_ReceiveBudget::whatAnyConnectionNeedsIsNotCounted()
{
    ReceiveBudget budget(10 * MiB);
    Account account(budget, 1, publicAddress(1));
    account.update(0, Base);
    QCOMPARE(budget.charged(), 0);
    account.update(5, Base + 7);
    QCOMPARE(budget.charged(), 12);
}

void tst_ReceiveBudget::reservedBytesAreChargedOnce()
{
    ReceiveBudget budget(10 * MiB);
    Account account(budget, 1, publicAddress(1));
    QVERIFY(account.reserve(4 * MiB));
    account.update(3 * MiB, Base);
    QCOMPARE(budget.charged(), 4 * MiB);
    QCOMPARE(account.excess(), 0);
    account.update(4 * MiB, Base + MiB);
    QCOMPARE(budget.charged(), 5 * MiB);
    QCOMPARE(account.excess(), MiB);
    QVERIFY(!budget.isTight());
    account.update(4 * MiB, Base + MiB + 1);
    QVERIFY(budget.isTight());
    account.release(4 * MiB);
    account.update(0, 0);
    QCOMPARE(budget.charged(), 0);
}

void tst_ReceiveBudget::aReservationThatDoesNotFitStandsInLine()
{
    ReceiveBudget budget(10 * MiB);
    Account first(budget, 1, publicAddress(1));
    Account second(budget, 2, publicAddress(2));
    QVERIFY(first.reserve(8 * MiB));
    QVERIFY(!second.reserve(2 * MiB));
    QCOMPARE(budget.next(), std::optional<quint64>(2));
    // Whoever comes later does not overtake, small as it may be.
    QVERIFY(!first.reserve(1));
    first.stopWaiting();
    first.release(8 * MiB);
    QVERIFY(second.reserve(2 * MiB));
    QVERIFY(!budget.hasWaiting());
}

void tst_ReceiveBudget::theGroupThatHoldsLeastIsNext()
{
    // The same IPv4 /16 twice, and another one.
    const auto near = SocketAddress::fromIpv4({11, 1, 0, 1}, 1);
    const auto alsoNear = SocketAddress::fromIpv4({11, 1, 9, 9}, 1);
    const auto far = SocketAddress::fromIpv4({12, 1, 0, 1}, 1);
    ReceiveBudget budget(10 * MiB);
    Account holder(budget, 1, near);
    QVERIFY(holder.reserve(8 * MiB));
    Account friendOfHolder(budget, 2, alsoNear);
    Account stranger(budget, 3, far);
    QVERIFY(!friendOfHolder.reserve(2 * MiB));
    QVERIFY(!stranger.reserve(2 * MiB));
    QCOMPARE(budget.next(), std::optional<quint64>(3));
    stranger.stopWaiting();
    QCOMPARE(budget.next(), std::optional<quint64>(2));
}

void tst_ReceiveBudget::aSmallFirstReservationNeedNotWait()
{
    ReceiveBudget budget(80 * MiB);
    Account attacker(budget, 1, SocketAddress::fromIpv4({11, 1, 0, 1}, 1));
    qint64 taken = 0;
    while (attacker.reserve(MiB))
        taken += MiB;
    QCOMPARE(taken, 70 * MiB); // an eighth is kept
    Account honest(budget, 2, SocketAddress::fromIpv4({12, 1, 0, 1}, 1));
    QVERIFY(honest.reserve(MiB));
    QVERIFY(!honest.reserve(MiB)); // only its first, …
    Account large(budget, 3, SocketAddress::fromIpv4({13, 1, 0, 1}, 1));
    QVERIFY(!large.reserve(4 * MiB)); // … and only a small one
    // The largest message that validate() allows still fits into a budget that nobody uses.
    ReceiveBudget huge(1088 * MiB);
    Account sender(huge, 1, publicAddress(1));
    QVERIFY(sender.reserve(1024 * MiB + 16));
}

void tst_ReceiveBudget::theWorstOfTheWorstGroupGoes()
{
    ReceiveBudget budget(10 * MiB);
    Account lone(budget, 1, SocketAddress::fromIpv4({12, 1, 0, 1}, 1));
    std::array<std::unique_ptr<Account>, 3> crowd;
    for (quint8 i = 0; i < 3; ++i) {
        crowd[i] = std::make_unique<Account>(budget, 2 + i,
                                             SocketAddress::fromIpv4({11, 1, i, 1}, 1));
        crowd[i]->update((i == 1 ? 3 : 2) * MiB, 0);
    }
    QVERIFY(!budget.isExceeded());
    lone.update(4 * MiB, 0); // more than any of the crowd, less than the crowd
    QVERIFY(budget.isExceeded());
    QCOMPARE(budget.worst(), std::optional<quint64>(3));
    crowd[1].reset();
    QVERIFY(!budget.isExceeded());
}

void tst_ReceiveBudget::aGrantedMessageIsNeverTheWorst()
{
    ReceiveBudget budget(10 * MiB);
    Account honest(budget, 1, publicAddress(1));
    QVERIFY(honest.reserve(8 * MiB));
    honest.update(8 * MiB, 0);
    Account other(budget, 2, publicAddress(2));
    other.update(2 * MiB + 1, 0);
    QVERIFY(budget.isExceeded());
    QCOMPARE(budget.worst(), std::optional<quint64>(2));
    other.update(0, 0);
    QVERIFY(!budget.isExceeded());
    QCOMPARE(budget.worst(), std::nullopt);
}

void tst_ReceiveBudget::whatWaitsForTheProgramIsNobodysFault()
{
    ReceiveBudget budget(10 * MiB);
    Account account(budget, 1, publicAddress(1));
    account.setWaitsForProgram(true);
    account.update(11 * MiB, 0);
    QVERIFY(!budget.isExceeded());
    QCOMPARE(budget.worst(), std::nullopt);
    // But nobody gets more room meanwhile.
    Account other(budget, 2, publicAddress(2));
    QVERIFY(!other.reserve(1));
    // And what came out of order is still the peer's own.
    account.update(11 * MiB, Base + 10 * MiB + 1);
    QVERIFY(budget.isExceeded());
    QCOMPARE(budget.worst(), std::optional<quint64>(1));
    account.update(11 * MiB, 0);
    account.setWaitsForProgram(false);
    QVERIFY(budget.isExceeded());
}

void tst_ReceiveBudget::windowsGrowOutOfAPoolThatNeverRunsDry()
{
    ReceiveBudget budget(256 * MiB);
    std::vector<std::unique_ptr<Account>> accounts;
    qint64 granted = 0;
    for (quint16 i = 0; i < 200; ++i) {
        accounts.push_back(std::make_unique<Account>(budget, i, publicAddress(quint16(i + 1))));
        const qint64 more = accounts.back()->growWindow(23 * MiB);
        if (i == 0)
            QCOMPARE(more, 23 * MiB);
        granted += more;
        QVERIFY(granted <= 128 * MiB);
    }
    QVERIFY(granted > 127 * MiB);
    accounts.clear();
    Account next(budget, 1, publicAddress(1));
    QCOMPARE(next.growWindow(23 * MiB), 23 * MiB);
}

void tst_ReceiveBudget::manyConnectionsBeginWithSmallWindows()
{
    ReceiveBudget budget(256 * MiB);
    QCOMPARE(budget.initialWindow(0), Limits::InitialConnectionWindow);
    QCOMPARE(budget.initialWindow(60), Limits::InitialConnectionWindow);
    QCOMPARE(budget.initialWindow(100'000), Limits::MinConnectionWindow);
    quint64 sum = 0;
    for (size_t i = 0; i < 512; ++i)
        sum += budget.initialWindow(i);
    QVERIFY(sum <= 256 * MiB);
}

void tst_ReceiveBudget::nothingIsLeftWhenAllHaveGone()
{
    SeededRandom random(1);
    ReceiveBudget budget(100 * MiB);
    std::vector<std::unique_ptr<Account>> accounts(20);
    std::vector<std::vector<qint64>> reservations(20);
    for (int i = 0; i < 20'000; ++i) {
        const auto index = size_t(random.next() % accounts.size());
        auto &account = accounts[index];
        if (!account) {
            account = std::make_unique<Account>(budget, index, publicAddress(quint16(index + 1)));
            reservations[index].clear();
        }
        switch (random.next() % 6) {
        case 0:
            account.reset();
            break;
        case 1: {
            const qint64 bytes = qint64(random.next() % quint64(16 * MiB));
            if (account->reserve(bytes))
                reservations[index].push_back(bytes);
            break;
        }
        case 2:
            if (!reservations[index].empty()) {
                account->release(reservations[index].back());
                reservations[index].pop_back();
            }
            break;
        case 3:
            account->setWaitsForProgram(random.next() % 2 == 0);
            break;
        default:
            account->update(qint64(random.next() % quint64(4 * MiB)),
                            size_t(random.next() % quint64(4 * MiB)));
        }
        qint64 sum = 0;
        for (const auto &one : accounts)
            sum += one ? one->charge() : 0;
        QCOMPARE(budget.charged(), sum);
    }
    accounts.clear();
    QCOMPARE(budget.charged(), 0);
    QVERIFY(!budget.hasWaiting());
    QVERIFY(!budget.isExceeded());
}

QTEST_APPLESS_MAIN(tst_ReceiveBudget)
#include "tst_receivebudget.moc"
