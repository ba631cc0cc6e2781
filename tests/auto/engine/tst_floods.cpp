// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Initials in great number, from forged addresses: a router keeps no state for strangers beyond its limits, and is
// no amplifier.

#include <shared/engine/victim.h>

#include <qp2pcore/engine/limits.h>

#include <QTest>

#include <map>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;

using RetryMode = EndpointConfig::RetryMode;

class tst_Floods : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void spoofedInitialsLeaveNoStateWithRetry();
    void spoofedInitialsMeetTheHalfOpenLimitsWithoutRetry();
    void halfOpenHandshakesAreLimitedByIpv6Household();
    void anInitialThatCannotBeDecryptedLeavesNoState();
    void unvalidatedAddressesGetThreeTimesTheirBytesAtMost();
    void retriesAreNeverLargerThanTheirTriggers();
    void beyondMaxConnectionsDiallersAreRefused();
};

void tst_Floods::spoofedInitialsLeaveNoStateWithRetry()
{
    constexpr quint64 Count = 100'000;
    Victim victim(RetryMode::Always);
    SeededRandom random(21);
    const QByteArray honest = firstInitial();
    for (quint64 i = 0; i < Count; ++i) {
        victim.now += 10'000; // 100,000 a second, twice of what gets a Retry
        const qsizetype size = 1200 + qsizetype(random.below(300));
        const QByteArray initial = i % 1000 == 0
            ? honest
            : junkInitial(randomBytes(random, 8 + qsizetype(random.below(13))),
                          randomBytes(random, qsizetype(random.below(21))), {}, size);
        const auto answers = victim.feed(initial, publicAddress(quint16(random.next())));
        QVERIFY(answers.size() <= 1);
        QVERIFY(bytesIn(answers) <= size_t(initial.size()));
        QCOMPARE(victim.stats().connections, 0);
    }
    const EndpointStats stats = victim.stats();
    QCOMPARE(stats.retriesSent + stats.droppedOverload, Count);
    QVERIFY(stats.retriesSent >= 50'000);
    QVERIFY(stats.retriesSent <= 56'000);
    QCOMPARE(stats.handshakesStarted, 0u);
    QVERIFY(!victim.party->router->hasSessions());
    QCOMPARE(victim.party->router->deadline(), UINT64_MAX);
}

void tst_Floods::spoofedInitialsMeetTheHalfOpenLimitsWithoutRetry()
{
    constexpr quint64 Count = 100'000;
    constexpr quint64 Addresses = 500;
    Victim victim(RetryMode::Never);
    SeededRandom random(22);
    const ClientHello hello = clientHello();
    std::map<quint16, quint64> in;
    std::map<QByteArray, quint64> out;
    const auto note = [&](const std::vector<Datagram> &datagrams) {
        for (const Datagram &datagram : datagrams) {
            const auto &to = datagram.to;
            out[QByteArray(reinterpret_cast<const char *>(to.addressBytes()), 4)] += quint64(
                datagram.data.size());
        }
    };
    for (quint64 i = 0; i < Count; ++i) {
        victim.now += 1000;
        const QByteArray id = randomBytes(random, 8);
        // Once nobody looks at them any more, cheaper ones will do.
        const QByteArray initial = victim.stats().halfOpen < Limits::HalfOpenTotal
            ? sealedInitial(id, id, hello.sourceId, {}, 0, hello.frames)
            : junkInitial(id, hello.sourceId);
        const auto host = quint16(i / 10 % Addresses); // ten in a row
        in[host] += quint64(initial.size());
        note(victim.feed(initial, publicAddress(host)));
        QVERIFY(victim.stats().halfOpen <= Limits::HalfOpenTotal);
        if (i == 9)
            QCOMPARE(victim.stats().halfOpen, Limits::HalfOpenPerSubnet);
        if (i == 99)
            QCOMPARE(victim.stats().halfOpen, 10 * Limits::HalfOpenPerSubnet);
    }
    QCOMPARE(victim.stats().halfOpen, Limits::HalfOpenTotal);
    QCOMPARE(victim.stats().connections, Limits::HalfOpenTotal);
    QCOMPARE(victim.stats().droppedOverload, Count - quint64(Limits::HalfOpenTotal));

    // Nobody ever answers: the victims get no more than three times their bytes, and all is
    // forgotten after the handshake's time.
    while (victim.party->deadline() <= TimeZero + 15 * Seconds) {
        victim.now = std::max(victim.now, victim.party->deadline());
        victim.party->expire(victim.now);
        note(victim.party->write(victim.now));
    }
    QCOMPARE(victim.stats().connections, 0);
    QCOMPARE(victim.stats().halfOpen, 0);
    QCOMPARE(victim.stats().handshakesFailed, quint64(Limits::HalfOpenTotal));
    QVERIFY(!out.empty());
    for (const auto &[host, bytes] : in) {
        const SocketAddress address = publicAddress(host);
        const QByteArray key(reinterpret_cast<const char *>(address.addressBytes()), 4);
        QVERIFY2(out[key] <= 3 * bytes, key.toHex().constData());
    }
    // There is room for honest ones again.
    const QByteArray id = randomBytes(random, 8);
    QVERIFY(!victim.feed(sealedInitial(id, id, hello.sourceId, {}, 0, hello.frames)).empty());
    QCOMPARE(victim.stats().halfOpen, 1);
}

void tst_Floods::halfOpenHandshakesAreLimitedByIpv6Household()
{
    Victim victim(RetryMode::Never);
    SeededRandom random(23);
    const ClientHello hello = clientHello();
    const auto feed = [&](const SocketAddress &from) {
        const QByteArray id = randomBytes(random, 8);
        victim.feed(sealedInitial(id, id, hello.sourceId, {}, 0, hello.frames), from);
        return victim.stats().halfOpen;
    };
    for (quint16 i = 0; i < 50; ++i) // another /64 each, of one /56
        feed(publicIpv6(1, i, i));
    QCOMPARE(victim.stats().halfOpen, Limits::HalfOpenPerSubnet);
    for (quint16 i = 0; i < 50; ++i)
        feed(publicIpv6(2, i, i));
    QCOMPARE(victim.stats().halfOpen, 2 * Limits::HalfOpenPerSubnet);
    // A laboratory behind one private address is not limited.
    for (quint16 i = 0; i < 50; ++i)
        feed(privateAddress(1, quint16(1000 + i)));
    QCOMPARE(victim.stats().halfOpen, 2 * Limits::HalfOpenPerSubnet + 50);
}

void tst_Floods::anInitialThatCannotBeDecryptedLeavesNoState()
{
    Victim victim(RetryMode::Never);
    SeededRandom random(24);
    for (int i = 0; i < 1000; ++i) {
        victim.now += Milliseconds;
        const QByteArray initial = junkInitial(randomBytes(random, 8), randomBytes(random, 8));
        QVERIFY(bytesIn(victim.feed(initial)) <= size_t(initial.size()));
        QCOMPARE(victim.stats().connections, 0);
        QCOMPARE(victim.stats().halfOpen, 0);
    }
}

void tst_Floods::unvalidatedAddressesGetThreeTimesTheirBytesAtMost()
{
    // All sizes that an Initial may have, with as much after the packet as fits.
    const ClientHello hello = clientHello();
    SeededRandom random(25);
    for (qsizetype size = 1200; size <= 1500; size += 50) {
        Victim victim(RetryMode::Never);
        const QByteArray id = randomBytes(random, 8);
        const QByteArray initial = sealedInitial(id, id, hello.sourceId, {}, 0, hello.frames)
                                       .leftJustified(size, '\0');
        size_t out = bytesIn(victim.feed(initial));
        size_t in = size_t(initial.size());
        QVERIFY(out > 0);
        for (int i = 0; i < 100; ++i) {
            victim.now += 200 * Milliseconds;
            if (victim.party->deadline() <= victim.now)
                victim.party->expire(victim.now);
            out += bytesIn(victim.party->write(victim.now));
            QVERIFY(out <= 3 * in);
        }
        QCOMPARE(victim.stats().connections, 0);
    }
}

void tst_Floods::retriesAreNeverLargerThanTheirTriggers()
{
    Victim victim(RetryMode::Always);
    // The largest connection IDs make the largest Retry.
    for (qsizetype ids = 8; ids <= 20; ++ids) {
        const auto answers = victim.feed(junkInitial(QByteArray(ids, 'd'), QByteArray(ids, 's')));
        QCOMPARE(answers.size(), 1u);
        QCOMPARE(parseLongHeader(answers[0].data)->type(), LongHeader::Retry);
        QVERIFY(answers[0].data.size() < 400);
    }
}

void tst_Floods::beyondMaxConnectionsDiallersAreRefused()
{
    for (const RetryMode mode : {RetryMode::Never, RetryMode::Always}) {
        Settings settings = acceptorSettings(mode);
        settings.maxConnections = 2;
        RouterPair pair(settings, makeSettings(2));
        for (size_t i = 1; i <= 2; ++i) {
            pair.dial();
            QVERIFY(pair.wire.runUntil([&] { return pair.acceptor->count<Events::Opened>() == i; }));
        }
        pair.dial();
        QVERIFY(pair.wire.runUntil([&] { return pair.dialler->count<Events::Closed>() == 1; }));
        QCOMPARE(pair.dialler->closeReason().code, ErrorCode::ConnectionRefused);
        QCOMPARE(pair.acceptor->router->stats().connections, 2);
        QCOMPARE(pair.acceptor->router->stats().droppedOverload, 1u);

        // As soon as one has gone, there is room.
        Session *session = pair.dialler->router->find(1);
        session->close(0, {}, Error(ErrorCode::ClosedLocally, {}), pair.wire.now);
        pair.dialler->router->touch(*session);
        QVERIFY(pair.wire.runUntil([&] { return pair.acceptor->router->stats().connections == 1; }));
        pair.dial();
        QVERIFY(pair.wire.runUntil([&] { return pair.acceptor->count<Events::Opened>() == 3; }));
    }
}

QTEST_GUILESS_MAIN(tst_Floods)
#include "tst_floods.moc"
