// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What reaches the router from anywhere: any bytes, packets cut short, copies of genuine ones. It survives, and
// gives no larger answer.

#include <shared/engine/victim.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;

using RetryMode = EndpointConfig::RetryMode;

class tst_Router : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anyBytesOfAnyLengthAreSurvivedAndGetNoLargerAnswer_data();
    void anyBytesOfAnyLengthAreSurvivedAndGetNoLargerAnswer();
    void garbageForAnOpenConnectionDoesNotDisturbIt();
    void emptyDatagramsAreCountedAndDropped();
    void connectionIdsAbove20BytesAreDropped_data();
    void connectionIdsAbove20BytesAreDropped();
    void datagramsWithoutAUsableSourceAreDropped();
    void anUnknownVersionGetsVersionNegotiationFrom1200BytesOn();
    void aTruncatedInitialGetsNothing_data();
    void aTruncatedInitialGetsNothing();
    void aRouterThatDoesNotListenAnswersNobody();
    void versionNegotiationToAnAcceptorIsDropped();
    void fasterCopiesFromAnotherAddressDoNotStealTheConnection_data();
    void fasterCopiesFromAnotherAddressDoNotStealTheConnection();
};

void tst_Router::anyBytesOfAnyLengthAreSurvivedAndGetNoLargerAnswer_data()
{
    QTest::addColumn<RetryMode>("retryMode");
    QTest::addColumn<bool>("plausible");

    QTest::addRow("noise") << RetryMode::Always << false;
    QTest::addRow("long headers of version 1 with Retry") << RetryMode::Always << true;
    QTest::addRow("long headers of version 1 without Retry") << RetryMode::Never << true;
}

void tst_Router::anyBytesOfAnyLengthAreSurvivedAndGetNoLargerAnswer()
{
    QFETCH(const RetryMode, retryMode);
    QFETCH(const bool, plausible);

    Victim victim(retryMode);
    SeededRandom random(11);
    const QByteArray pool = randomBytes(random, 8192);
    quint64 fed = 0;
    for (qsizetype size = 0; size <= 1500; ++size) {
        for (int first = 0; first < 256; ++first) {
            QByteArray data = pool.mid(qsizetype(random.below(quint64(8192 - size + 1))), size);
            if (size > 0)
                data[0] = char(first);
            if (plausible && size > 20 && (first & 0x80) != 0) {
                // An empty token and a length that fits, so that Initials are Initials.
                data.prepend(longHeader(quint8(first), Version1, data.mid(1, 8),
                                        data.mid(9, qsizetype(random.below(9))))
                             + QByteArray(1, '\0')
                             + varint(quint64(std::max<qsizetype>(size - 60, 0)), 2));
                data.truncate(size);
            }
            victim.now += 10'000;
            const auto from = publicAddress(quint16(random.next()),
                                            quint16(1 + random.below(65535)));
            const quint64 malformed = victim.stats().droppedMalformed;
            const auto answers = victim.feed(data, from);
            ++fed;
            // Without the fixed bit it is no packet (RFC 9000 section 17).
            const bool isPacket = size > 0 && (first & 0x40) != 0;
            if (!isPacket && (!answers.empty() || victim.stats().droppedMalformed != malformed + 1))
                QFAIL(qPrintable(QStringLiteral("%1 bytes that begin with %2 pass for a packet")
                                     .arg(size)
                                     .arg(first)));
            if (answers.size() > 1 || bytesIn(answers) > size_t(size))
                QFAIL(qPrintable(QStringLiteral("%1 bytes that begin with %2 got %3 bytes")
                                     .arg(size)
                                     .arg(first)
                                     .arg(bytesIn(answers))));
        }
    }
    const EndpointStats stats = victim.stats();
    QCOMPARE(stats.datagramsReceived, fed);
    QCOMPARE(victim.party->count<Events::Opened>(), 0u);
    QCOMPARE(victim.party->count<Events::MessageArrived>(), 0u);
    QCOMPARE(stats.connections, 0);
    QCOMPARE(stats.halfOpen, 0);
    QVERIFY(stats.droppedMalformed > 1500u * 128u + 256u);
    QVERIFY(stats.statelessResetsSent > 0);
    if (!plausible)
        QVERIFY(stats.versionNegotiationsSent > 0);
    else if (retryMode == RetryMode::Always)
        QVERIFY(stats.retriesSent > 0);
}

void tst_Router::garbageForAnOpenConnectionDoesNotDisturbIt()
{
    RouterPair pair;
    QVERIFY(pair.open());
    Session *session = pair.acceptor->session();
    QVERIFY(session);

    SeededRandom random(12);
    const QByteArray pool = randomBytes(random, 4096);
    const QByteArray id = toBytes(session->connectionIds().front());
    size_t out = 0;
    for (qsizetype size = 0; size <= 1500; ++size) {
        for (int first = 0x40; first < 256; first += 7) {
            QByteArray data = pool.mid(qsizetype(random.below(quint64(4096 - size))), size);
            data.prepend(first & 0x80
                             ? longHeader(quint8(first), size % 3 ? Version1 : 0, id, data.left(8))
                             : QByteArray(char(first) + id));
            data.truncate(size);
            pair.acceptor->receive({pair.dialler->address, pair.acceptor->address, data},
                                   pair.wire.now);
            out += bytesIn(pair.acceptor->write(pair.wire.now));
        }
    }
    QCOMPARE(out, 0u);
    QVERIFY(session->isOpen());
    pair.dialler->send(pair.dialler->session()->id(), Message("still here"));
    QVERIFY(pair.wire.runUntil([&] { return pair.acceptor->count<Events::MessageArrived>() == 1; },
                               Seconds));
    QCOMPARE(pair.acceptor->last<Events::MessageArrived>()->message.payload(), "still here");
}

void tst_Router::emptyDatagramsAreCountedAndDropped()
{
    Victim victim;
    for (int i = 0; i < 1000; ++i)
        QVERIFY(victim.feed({}).empty());
    QCOMPARE(victim.stats().datagramsReceived, 1000u);
    QCOMPARE(victim.stats().bytesReceived, 0u);
    QCOMPARE(victim.stats().droppedMalformed, 1000u);
}

void tst_Router::connectionIdsAbove20BytesAreDropped_data()
{
    QTest::addColumn<quint32>("version");
    QTest::addRow("version 1") << quint32(Version1);
    QTest::addRow("unknown version") << quint32(0x1a2a3a4a);
    QTest::addRow("version negotiation") << quint32(0);
}

void tst_Router::connectionIdsAbove20BytesAreDropped()
{
    QFETCH(const quint32, version);

    Victim victim;
    quint64 dropped = 0;
    for (qsizetype size = 21; size <= 255; ++size) {
        const QByteArray tooLong(size, 'x');
        const QByteArray good(8, 'y');
        for (const QByteArray &header :
             {longHeader(0xc0, version, tooLong, good), longHeader(0xc0, version, good, tooLong),
              longHeader(0xc0, version, tooLong, tooLong)}) {
            for (const qsizetype total : {header.size(), qsizetype(1200)}) {
                const QByteArray datagram = header.leftJustified(total, '\0');
                QVERIFY(victim.feed(datagram).empty());
                QCOMPARE(victim.stats().droppedMalformed, ++dropped);
            }
        }
    }
    // Each length field as the last byte, or cut off before it.
    for (qsizetype size = 1; size <= 15; ++size) {
        QVERIFY(
            victim
                .feed(longHeader(0xc0, version, QByteArray(4, 'x'), QByteArray(6, 'y')).left(size))
                .empty());
        QCOMPARE(victim.stats().droppedMalformed, ++dropped);
    }
}

void tst_Router::datagramsWithoutAUsableSourceAreDropped()
{
    Victim victim(RetryMode::Never);
    QVERIFY(victim.feed(firstInitial(), publicAddress(9, 0)).empty());
    QVERIFY(victim.feed(firstInitial(), SocketAddress::fromIpv4({0, 0, 0, 0}, 4433)).empty());
    QCOMPARE(victim.stats().droppedNotQuic, 2u);
    QCOMPARE(victim.stats().connections, 0);
}

void tst_Router::anUnknownVersionGetsVersionNegotiationFrom1200BytesOn()
{
    Victim victim;
    const QByteArray theirs = QByteArray::fromHex("0102030405060708090a0b0c0d0e0f1011121314");
    const QByteArray ours = QByteArray::fromHex("a1a2a3");
    for (const quint32 version : {0x1a2a3a4au, 0x6b3343cfu, 0xff00001du, 2u}) {
        const QByteArray header = longHeader(0xc3, version, ours, theirs);
        QVERIFY(victim.feed(header.leftJustified(1199, 'z')).empty());
        for (const qsizetype size : {1200, 1201, 1500, 9000}) {
            const auto answers = victim.feed(header.leftJustified(size, 'z'));
            QCOMPARE(answers.size(), 1u);
            const auto answer = parseLongHeader(answers[0].data);
            QVERIFY(answer);
            QCOMPARE(answer->version, 0u);
            QCOMPARE(answer->destinationId, theirs);
            QCOMPARE(answer->sourceId, ours);
            QCOMPARE(answer->rest, QByteArray::fromHex("00000001"));
        }
    }
    QCOMPARE(victim.stats().versionNegotiationsSent, 16u);
    QCOMPARE(victim.stats().connections, 0);
}

void tst_Router::aTruncatedInitialGetsNothing_data()
{
    QTest::addColumn<RetryMode>("retryMode");
    QTest::addRow("with Retry") << RetryMode::Always;
    QTest::addRow("without Retry") << RetryMode::Never;
}

void tst_Router::aTruncatedInitialGetsNothing()
{
    QFETCH(const RetryMode, retryMode);

    const QByteArray initial = firstInitial();
    QVERIFY(initial.size() >= 1200);
    for (qsizetype size = 0; size < 1200; ++size) {
        Victim victim(retryMode);
        QVERIFY2(victim.feed(initial.left(size)).empty(), QByteArray::number(size).constData());
        QCOMPARE(victim.stats().connections, 0);
        QCOMPARE(victim.stats().handshakesStarted, 0u);
    }
    Victim victim(retryMode);
    QVERIFY(!victim.feed(initial).empty());
    QCOMPARE(victim.stats().connections, retryMode == RetryMode::Never ? 1 : 0);
}

void tst_Router::aRouterThatDoesNotListenAnswersNobody()
{
    RouterParty party(publicAddress(1), acceptorSettings(RetryMode::Never));
    for (const QByteArray &data :
         {firstInitial(), junkInitial(QByteArray(8, 'a'), QByteArray(8, 'b')),
          longHeader(0xc0, 0x1a2a3a4a, QByteArray(8, 'a'), {}).leftJustified(1200, '\0'),
          junkShort(QByteArray(8, 'a'), 1200)}) {
        party.receive({publicAddress(9), party.address, data}, TimeZero);
        QVERIFY(party.write(TimeZero).empty());
    }
    QCOMPARE(party.router->stats().droppedUnknown, 4u);
    QCOMPARE(party.router->stats().connections, 0);
}

void tst_Router::versionNegotiationToAnAcceptorIsDropped()
{
    RouterPair pair;
    QVERIFY(pair.open());
    Session *session = pair.acceptor->session();
    const quint64 before = pair.acceptor->router->stats().droppedMalformed;
    for (const QList<quint32> &versions :
         {QList<quint32>{}, QList<quint32>{1}, QList<quint32>(1000, 0x1a2a3a4au)}) {
        const QByteArray packet = versionNegotiation(toBytes(session->connectionIds().front()),
                                                     QByteArray(8, 's'), versions);
        pair.acceptor->receive({pair.dialler->address, pair.acceptor->address, packet},
                               pair.wire.now);
        QVERIFY(pair.acceptor->write(pair.wire.now).empty());
    }
    QCOMPARE(pair.acceptor->router->stats().droppedMalformed, before + 3);
    QVERIFY(session->isOpen());
}

// Whoever copies all packets and is always faster can keep the two apart as long as that goes on. But
// the address in the copies, perhaps a victim's, is not flooded, and the connection outlives it.
void tst_Router::fasterCopiesFromAnotherAddressDoNotStealTheConnection_data()
{
    QTest::addColumn<bool>("duringHandshake");
    QTest::addRow("from the first packet on") << true;
    QTest::addRow("of an open connection") << false;
}

void tst_Router::fasterCopiesFromAnotherAddressDoNotStealTheConnection()
{
    QFETCH(const bool, duringHandshake);

    RouterPair pair;
    const SocketAddress other = publicAddress(66, 6666);
    size_t toOther = 0, fromOther = 0;
    bool copies = duringHandshake;
    pair.wire.filter = [&](Datagram &datagram) {
        if (datagram.to == other) {
            toOther += size_t(datagram.data.size());
        } else if (copies && datagram.from == pair.dialler->address) {
            pair.wire.inject(other, datagram.to, datagram.data);
            fromOther += size_t(datagram.data.size());
        }
        return true;
    };
    if (duringHandshake) {
        // The acceptor answers whom it hears first, and the dialler has to dial again.
        pair.dial();
        pair.wire.runFor(15 * Seconds);
        QVERIFY(toOther > 0 && toOther <= 3 * fromOther);
        QCOMPARE(pair.acceptor->router->stats().connections, 0);
        copies = false;
        QVERIFY(pair.open());
        return;
    }
    QVERIFY(pair.open());
    const auto send = [&](size_t count) {
        for (size_t i = 0; i < count; ++i) {
            pair.dialler->send(pair.dialler->session()->id(), Message(QByteArray(500, 'm')));
            pair.wire.runFor(20 * Milliseconds);
        }
    };
    copies = true;
    send(50);
    copies = false;
    QVERIFY(toOther > 0 && toOther <= 3 * fromOther);
    send(50);
    QVERIFY(
        pair.wire.runUntil([&] { return pair.acceptor->count<Events::MessageArrived>() == 100; }));
    QVERIFY(pair.wire.runUntil([&] { return pair.dialler->count<Events::Acknowledged>() == 100; }));
    QCOMPARE(pair.acceptor->session()->way().remote, pair.dialler->address);
    QVERIFY(toOther <= 3 * fromOther);
}

QTEST_GUILESS_MAIN(tst_Router)
#include "tst_router.moc"
