// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What reaches the router from anywhere: any bytes, floods, forged packets. It stands, keeps no
// state for strangers, and is no amplifier.

#include <shared/engine/enginesettings.h>
#include <shared/engine/quicpackets.h>
#include <shared/engine/rawpeer.h>
#include <shared/engine/virtualwire.h>

#include <qp2pcore/engine/limits.h>

#include <ngtcp2/ngtcp2_crypto.h>

#include <QTest>

#include <map>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;

namespace {

using RetryMode = EndpointConfig::RetryMode;

Settings acceptorSettings(RetryMode retryMode)
{
    Settings settings = makeSettings(1);
    settings.retryMode = retryMode;
    return settings;
}

// A router on its own: what goes in, and what comes out at once.
struct Victim
{
    explicit Victim(RetryMode retryMode = RetryMode::Always)
        : Victim(acceptorSettings(retryMode))
    {
    }
    explicit Victim(const Settings &settings)
        : party(makeAcceptor(publicAddress(1), settings))
    {
    }

    std::vector<Datagram> feed(const QByteArray &data, const SocketAddress &from = publicAddress(9))
    {
        party->receive({from, party->address, data}, now);
        return party->write(now);
    }
    EndpointStats stats() const { return party->router->stats(); }

    ngtcp2_tstamp now = TimeZero;
    std::unique_ptr<RouterParty> party;
};

size_t bytesIn(const std::vector<Datagram> &datagrams)
{
    size_t bytes = 0;
    for (const Datagram &datagram : datagrams)
        bytes += size_t(datagram.data.size());
    return bytes;
}

// The first datagram of an honest dialler, and its handshake message in it.
QByteArray firstInitial(int number = 2)
{
    RouterParty dialler(publicAddress(2), makeSettings(number));
    dial(dialler, publicAddress(1), TimeZero);
    const auto written = dialler.write(TimeZero);
    return written.empty() ? QByteArray() : written.front().data;
}

struct ClientHello
{
    QByteArray frames;
    QByteArray sourceId;
};

// The frames of a genuine first Initial, to be sealed again for other connection IDs.
ClientHello clientHello()
{
    ClientHello hello;
    RawPeer peer(publicAddress(2), publicAddress(1), {});
    peer.mutate = [&](RawPeer::PacketKind, std::span<quint8> frames) {
        hello.frames = QByteArray(reinterpret_cast<const char *>(frames.data()),
                                  qsizetype(frames.size()));
    };
    const auto written = peer.write(TimeZero);
    hello.sourceId = parseLongHeader(written.front().data)->sourceId;
    while (hello.frames.endsWith('\0'))
        hello.frames.chop(1);
    return hello;
}

QByteArray toBytes(const ngtcp2_cid &id)
{
    return QByteArray(reinterpret_cast<const char *>(id.data), qsizetype(id.datalen));
}

QByteArray resetPacket(SeededRandom &random, const ResetToken &token)
{
    QByteArray packet = randomBytes(random, 40);
    packet[0] = char(0x40 | (packet[0] & 0x3f));
    return packet
        + QByteArray(reinterpret_cast<const char *>(token.data()), qsizetype(token.size()));
}

} // namespace

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

    void spoofedInitialsLeaveNoStateWithRetry();
    void spoofedInitialsMeetTheHalfOpenLimitsWithoutRetry();
    void halfOpenHandshakesAreLimitedByIpv6Household();
    void anInitialThatCannotBeDecryptedLeavesNoState();
    void unvalidatedAddressesGetThreeTimesTheirBytesAtMost();
    void retriesAreNeverLargerThanTheirTriggers();
    void beyondMaxConnectionsDiallersAreRefused();

    void aResetAnswersFrom22BytesOnAndIsSmaller();
    void resetsAreLimitedTo200ASecond();
    void twoRoutersThatResetEachOtherStopWithinFivePackets();
    void guessedResetTokensHaveNoEffect();
    void theGenuineResetEndsTheConnection();

    void aRestartedAcceptorResetsWhatItNoLongerKnows_data();
    void aRestartedAcceptorResetsWhatItNoLongerKnows();

    void fasterCopiesFromAnotherAddressDoNotStealTheConnection_data();
    void fasterCopiesFromAnotherAddressDoNotStealTheConnection();

    void forgedVersionNegotiationDuringTheHandshake_data();
    void forgedVersionNegotiationDuringTheHandshake();
    void versionNegotiationIsIgnoredOnceTheAcceptorHasAnswered_data();
    void versionNegotiationIsIgnoredOnceTheAcceptorHasAnswered();
    void versionNegotiationToAnAcceptorIsDropped();
    void aRetryWithAWrongTagIsIgnored();
    void aSecondRetryIsIgnored();
    void aDamagedTokenGetsNoAnswerAndAStaleOneIsRefused();
    void aDialWhoseTokenWasDamagedOnceStillOpens();
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
            const auto answers = victim.feed(data, from);
            ++fed;
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
    // Below 64 and from 128 to 191 nothing is QUIC (RFC 9443), and empty is nothing at all.
    QCOMPARE(stats.droppedNotQuic, 1500u * 128u + 256u);
    QVERIFY(stats.droppedMalformed > 0);
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
    QCOMPARE(session->state(), Session::State::Open);
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
    QCOMPARE(victim.stats().droppedNotQuic, 1000u);
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

// ---- floods

void tst_Router::spoofedInitialsLeaveNoStateWithRetry()
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

void tst_Router::spoofedInitialsMeetTheHalfOpenLimitsWithoutRetry()
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

void tst_Router::halfOpenHandshakesAreLimitedByIpv6Household()
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

void tst_Router::anInitialThatCannotBeDecryptedLeavesNoState()
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

void tst_Router::unvalidatedAddressesGetThreeTimesTheirBytesAtMost()
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

void tst_Router::retriesAreNeverLargerThanTheirTriggers()
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

void tst_Router::beyondMaxConnectionsDiallersAreRefused()
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

// ---- stateless reset

void tst_Router::aResetAnswersFrom22BytesOnAndIsSmaller()
{
    Victim victim;
    for (qsizetype size = 1; size <= 1500; ++size) {
        victim.now += Seconds;
        const auto answers = victim.feed(junkShort(QByteArray(8, 'i'), size));
        QCOMPARE(answers.size(), size >= 22 ? 1u : 0u);
        if (answers.empty())
            continue;
        QVERIFY(answers[0].data.size() < size);
        QVERIFY(answers[0].data.size() >= 21); // RFC 9000 section 10.3
        QCOMPARE(answers[0].data[0] & 0xc0, 0x40); // looks like any short header packet
    }
}

void tst_Router::resetsAreLimitedTo200ASecond()
{
    Victim victim;
    size_t answers = 0;
    for (int i = 0; i < 100'000; ++i) {
        victim.now += 100'000; // for ten seconds
        answers += victim.feed(junkShort(QByteArray(8, 'i'), 100)).size();
    }
    QVERIFY(answers <= 2200); // the burst, and then the rate
    QVERIFY(answers >= 2000);
}

void tst_Router::twoRoutersThatResetEachOtherStopWithinFivePackets()
{
    for (const qsizetype size : {22, 43, 44, 64, 1200, 1500}) {
        VirtualWire wire;
        const auto one = makeAcceptor(publicAddress(1), makeSettings(1));
        const auto other = makeAcceptor(publicAddress(2), makeSettings(2));
        wire.connect(*one);
        wire.connect(*other);
        int packets = 0;
        wire.filter = [&](Datagram &) { return ++packets < 1000; };
        wire.inject(one->address, other->address, junkShort(QByteArray(8, 'i'), size));
        wire.runFor(10 * Seconds);
        QVERIFY(packets >= 1);
        QVERIFY2(packets <= 5, QByteArray::number(packets).constData());
    }
}

void tst_Router::guessedResetTokensHaveNoEffect()
{
    RouterPair pair;
    QVERIFY(pair.open());
    SeededRandom random(31);
    RouterParty &dialler = *pair.dialler;
    ResetToken near = dialler.session()->resetTokens().front();
    near.back() ^= 1;
    for (int i = 0; i < 10'000; ++i) {
        ResetToken token = near;
        if (i > 0)
            std::generate(token.begin(), token.end(), [&] { return quint8(random.next()); });
        QByteArray packet = resetPacket(random, token);
        if (i % 2) // with a connection ID that reaches the session
            packet.replace(1, 8, toBytes(dialler.session()->connectionIds().front()));
        dialler.receive({pair.acceptor->address, dialler.address, packet}, pair.wire.now);
        QVERIFY(dialler.session());
        QCOMPARE(dialler.session()->state(), Session::State::Open);
    }
    QCOMPARE(dialler.count<Events::Closed>(), 0u);
}

void tst_Router::theGenuineResetEndsTheConnection()
{
    // Only the acceptor's first connection ID has a token (RFC 9000 section 18.2).
    RouterPair pair;
    QVERIFY(pair.open());
    SeededRandom random(32);
    RouterParty &victim = *pair.dialler;
    QVERIFY(!victim.session()->resetTokens().empty());
    const ResetToken token = victim.session()->resetTokens().front();
    victim.receive({pair.acceptor->address, victim.address, resetPacket(random, token)},
                   pair.wire.now);
    QVERIFY(victim.write(pair.wire.now).empty());
    QCOMPARE(victim.count<Events::Closed>(), 1u);
    QCOMPARE(victim.closeReason().code, ErrorCode::ConnectionReset);
    QCOMPARE(victim.router->stats().connections, 0);
    QCOMPARE(victim.router->deadline(), UINT64_MAX);
}

void tst_Router::aRestartedAcceptorResetsWhatItNoLongerKnows_data()
{
    QTest::addColumn<int>("identity");
    QTest::addColumn<quint16>("localPort");
    QTest::addColumn<bool>("isTheSame");
    QTest::addRow("the same") << 1 << quint16(4433) << true;
    QTest::addRow("with another identity") << 3 << quint16(4433) << false;
    QTest::addRow("on another port") << 1 << quint16(4434) << false;
}

void tst_Router::aRestartedAcceptorResetsWhatItNoLongerKnows()
{
    QFETCH(const int, identity);
    QFETCH(const quint16, localPort);
    QFETCH(const bool, isTheSame);

    Settings settings = acceptorSettings(RetryMode::Never);
    settings.localPort = 4433;
    RouterPair pair(settings, makeSettings(2));
    QVERIFY(pair.open());
    pair.wire.runFor(Seconds);
    pair.wire.disconnect(*pair.acceptor);
    settings = makeSettings(identity);
    settings.localPort = localPort;
    pair.acceptor = makeAcceptor(publicAddress(1), settings);
    pair.wire.connect(*pair.acceptor);

    pair.dialler->send(pair.dialler->session()->id(), Message(QByteArray(100, 'm')));
    pair.wire.runFor(2 * Seconds);
    QVERIFY(pair.acceptor->router->stats().statelessResetsSent > 0);
    QCOMPARE(pair.dialler->count<Events::Closed>(), isTheSame ? 1u : 0u);
    if (isTheSame)
        QCOMPARE(pair.dialler->closeReason().code, ErrorCode::ConnectionReset);
}

// ---- copies of genuine packets (RFC 9000 section 9.3)

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

// ---- forged Version Negotiation and Retry

namespace {

void addVersionLists()
{
    QTest::addColumn<QList<quint32>>("versions");
    QTest::addColumn<bool>("ends");
    QTest::addRow("empty") << QList<quint32>{} << false;
    QTest::addRow("with version 1") << QList<quint32>{0x1a2a3a4a, 1, 2} << false;
    QList<quint32> many;
    for (quint32 i = 0; i < 1000; ++i)
        many.append(0x1000 + i);
    // Nothing protects a dialler that has heard nothing yet from someone who reads its packets.
    QTest::addRow("a thousand others") << many << true;
}

} // namespace

void tst_Router::forgedVersionNegotiationDuringTheHandshake_data()
{
    addVersionLists();
}

void tst_Router::forgedVersionNegotiationDuringTheHandshake()
{
    QFETCH(const QList<quint32>, versions);
    QFETCH(const bool, ends);

    for (const bool knowsIds : {false, true}) {
        RouterPair pair;
        bool forged = false;
        pair.wire.filter = [&](Datagram &datagram) {
            const auto header = parseLongHeader(datagram.data);
            if (!header || std::exchange(forged, true))
                return true;
            const QByteArray guess(8, 'g');
            pair.wire.inject(pair.acceptor->address, pair.dialler->address,
                             versionNegotiation(knowsIds ? header->sourceId : guess,
                                                knowsIds ? header->destinationId : guess, versions));
            return true;
        };
        const bool opened = pair.open();
        QCOMPARE(opened, !(ends && knowsIds));
        if (!opened) {
            QCOMPARE(pair.dialler->closeReason().code, ErrorCode::HandshakeFailed);
            QCOMPARE(pair.dialler->router->stats().connections, 0);
        }
    }
}

void tst_Router::versionNegotiationIsIgnoredOnceTheAcceptorHasAnswered_data()
{
    addVersionLists();
}

void tst_Router::versionNegotiationIsIgnoredOnceTheAcceptorHasAnswered()
{
    QFETCH(const QList<quint32>, versions);

    for (const RetryMode mode : {RetryMode::Never, RetryMode::Always}) {
        RouterPair pair(mode);
        QByteArray theirs, ours;
        int answers = 0;
        pair.wire.filter = [&](Datagram &datagram) {
            const auto header = parseLongHeader(datagram.data);
            if (!header)
                return true;
            if (datagram.from == pair.dialler->address) {
                theirs = header->destinationId;
                ours = header->sourceId;
            } else {
                ++answers; // right behind each flight of the acceptor
            }
            return true;
        };
        pair.dial();
        const auto forge = [&] {
            pair.wire.inject(pair.acceptor->address, pair.dialler->address,
                             versionNegotiation(ours, theirs, versions));
        };
        // After each answer of the acceptor, and once all is open.
        for (int seen = 1; !pair.dialler->count<Events::Opened>(); ++seen) {
            if (!pair.wire.runUntil(
                    [&] { return answers >= seen || pair.dialler->count<Events::Opened>(); }))
                break;
            forge();
        }
        QCOMPARE(pair.dialler->count<Events::Opened>(), 1u);
        forge();
        pair.wire.runFor(Seconds);
        QCOMPARE(pair.dialler->session()->state(), Session::State::Open);
    }
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
    QCOMPARE(session->state(), Session::State::Open);
}

void tst_Router::aRetryWithAWrongTagIsIgnored()
{
    RouterPair pair(RetryMode::Always);
    int forged = 0;
    pair.wire.filter = [&](Datagram &datagram) {
        const auto header = parseLongHeader(datagram.data);
        if (!header || datagram.from != pair.acceptor->address
            || header->type() != LongHeader::Retry)
            return true;
        // Ahead of the genuine one: flipped bits in the tag, in the token, and no token at all.
        for (const qsizetype at : {qsizetype(1), qsizetype(16), qsizetype(17), qsizetype(60)}) {
            QByteArray wrong = datagram.data;
            wrong[wrong.size() - at] = char(wrong[wrong.size() - at] ^ 0x10);
            pair.wire.inject(datagram.from, datagram.to, wrong);
            ++forged;
        }
        pair.wire.inject(datagram.from, datagram.to,
                         datagram.data.left(datagram.data.size() - header->rest.size())
                             + header->rest.right(16));
        return true;
    };
    QVERIFY(pair.open());
    QVERIFY(forged >= 4);
    QCOMPARE(pair.acceptor->router->stats().retriesSent, 1u);
    QCOMPARE(pair.acceptor->router->stats().tokensRejected, 0u);
}

void tst_Router::aSecondRetryIsIgnored()
{
    RouterPair pair(RetryMode::Always);
    std::optional<LongHeader> first; // the dialler's first Initial
    bool injected = false;
    pair.wire.filter = [&](Datagram &datagram) {
        const auto header = parseLongHeader(datagram.data);
        if (!header)
            return true;
        if (datagram.from == pair.dialler->address && !first)
            first = header;
        if (datagram.from == pair.acceptor->address && header->type() == LongHeader::Retry
            && !injected) {
            injected = true;
            // Right behind the genuine one, with a tag that is right too: its maker has read the
            // first Initial.
            const auto cid = [](const QByteArray &bytes) {
                ngtcp2_cid id;
                ngtcp2_cid_init(&id, reinterpret_cast<const quint8 *>(bytes.constData()),
                                size_t(bytes.size()));
                return id;
            };
            const ngtcp2_cid to = cid(first->sourceId), from = cid(QByteArray(8, 'e')),
                             original = cid(first->destinationId);
            QByteArray second(1200, '\0');
            const quint8 token[] = "not the acceptor's token";
            const auto size = ngtcp2_crypto_write_retry(
                reinterpret_cast<quint8 *>(second.data()), size_t(second.size()),
                NGTCP2_PROTO_VER_V1, &to, &from, &original, token, sizeof(token));
            second.truncate(size);
            Datagram genuine = datagram;
            pair.wire.inject(genuine.from, genuine.to, genuine.data);
            pair.wire.inject(genuine.from, genuine.to, second);
            return false;
        }
        return true;
    };
    QVERIFY(pair.open());
    QVERIFY(injected);
    QCOMPARE(pair.acceptor->router->stats().tokensRejected, 0u);
}

void tst_Router::aDamagedTokenGetsNoAnswerAndAStaleOneIsRefused()
{
    RouterPair pair(RetryMode::Always);
    RouterParty &acceptor = *pair.acceptor;
    bool held = false;
    Datagram good;
    pair.wire.filter = [&](Datagram &datagram) {
        const auto header = parseLongHeader(datagram.data);
        if (held || !header || datagram.from != pair.dialler->address
            || header->type() != LongHeader::Initial || header->rest.startsWith('\0'))
            return true;
        held = true; // the second Initial, the first one with a token
        good = datagram;
        return false;
    };
    pair.dial();
    QVERIFY(pair.wire.runUntil([&] { return held; }));
    const ngtcp2_tstamp now = pair.wire.now;

    const auto feed = [&](const SocketAddress &from, const QByteArray &data, ngtcp2_tstamp when) {
        acceptor.receive({from, acceptor.address, data}, when);
        const auto answers = acceptor.write(when);
        return answers.empty() ? QByteArray() : answers.front().data;
    };
    const auto header = parseLongHeader(good.data);
    const qsizetype tokenSize = (quint8(header->rest[0]) & 0x3f) << 8 | quint8(header->rest[1]);
    const qsizetype tokenAt = good.data.size() - header->rest.size() + 2;
    quint64 rejected = 0;
    for (qsizetype bit = 8; bit < 8 * tokenSize; ++bit) { // the first byte tells what it is
        QByteArray wrong = good.data;
        wrong[tokenAt + bit / 8] = char(wrong[tokenAt + bit / 8] ^ (1 << bit % 8));
        QCOMPARE(feed(good.from, wrong, now), QByteArray());
        QCOMPARE(acceptor.router->stats().tokensRejected, ++rejected);
    }

    // Stolen by someone else it is no better, and used too late it is refused.
    SocketAddress otherPort = good.from;
    otherPort.setPort(quint16(good.from.port() + 1));
    for (const SocketAddress &thief : {publicAddress(77), otherPort}) {
        QVERIFY(feed(thief, good.data, now).size() < 100);
        QCOMPARE(acceptor.router->stats().tokensRejected, ++rejected);
    }
    const QByteArray refusal = feed(good.from, good.data, now + 10 * Seconds);
    QCOMPARE(acceptor.router->stats().tokensRejected, ++rejected);
    QCOMPARE(parseLongHeader(refusal)->type(), LongHeader::Initial);
    QVERIFY(refusal.size() <= good.data.size());
    QCOMPARE(acceptor.router->stats().connections, 0);
    QCOMPARE(acceptor.router->stats().handshakesStarted, 0u);
    pair.wire.inject(acceptor.address, good.from, refusal);
    QVERIFY(pair.wire.runUntil([&] { return pair.dialler->count<Events::Closed>() == 1; }));
    QCOMPARE(pair.dialler->closeReason().code, ErrorCode::HandshakeFailed);
    QCOMPARE(pair.dialler->closeReason().closeCode, quint64(NGTCP2_INVALID_TOKEN));

    QVERIFY(!feed(good.from, good.data, now + Seconds).isEmpty());
    QCOMPARE(acceptor.router->stats().connections, 1);
}

void tst_Router::aDialWhoseTokenWasDamagedOnceStillOpens()
{
    RouterPair pair(RetryMode::Always);
    bool damaged = false;
    pair.wire.filter = [&](Datagram &datagram) {
        const auto header = parseLongHeader(datagram.data);
        if (damaged || !header || datagram.from != pair.dialler->address
            || header->type() != LongHeader::Initial || header->rest.startsWith('\0'))
            return true;
        damaged = true;
        const qsizetype at = datagram.data.size() - header->rest.size() + 40;
        datagram.data[at] = char(datagram.data[at] ^ 1);
        return true;
    };
    QVERIFY(pair.open());
    QVERIFY(damaged);
    QCOMPARE(pair.acceptor->router->stats().tokensRejected, 1u);
}

QTEST_GUILESS_MAIN(tst_Router)
#include "tst_router.moc"
