// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// NEW_TOKEN between routers: who was met before needs no Retry, and no peer gains more by a token than by answering one.

#include <shared/engine/attack.h>
#include <shared/engine/victim.h>

#include <qp2pcore/engine/limits.h>

#include <ngtcp2/ngtcp2_crypto.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;

using RetryMode = EndpointConfig::RetryMode;

namespace {

// Its wall clock goes on with the wire.
Settings settingsAt(const VirtualWire &wire, int number)
{
    Settings settings = makeSettings(number);
    settings.wallClock = [&wire] { return qint64(1'780'272'000 + wire.now / Seconds); };
    return settings;
}

// An acceptor that always asks for a Retry, and what dials it.
struct World
{
    explicit World(RetryMode mode = RetryMode::Always,
                   const std::vector<Protocol> &spoken = {Protocol::Qp2p1, Protocol::Legacy})
    {
        Settings settings = settingsAt(wire, 1);
        settings.retryMode = mode;
        settings.protocols = protocolsWith(makeMessageOptions(), spoken);
        restart(settings);
    }

    void restart(const Settings &settings)
    {
        if (acceptor)
            wire.disconnect(*acceptor);
        acceptor = makeAcceptor(publicAddress(1), settings);
        wire.connect(*acceptor);
    }

    // How long it took until both were open; none: they never were.
    std::optional<ngtcp2_duration> open(const SocketAddress &from, const QByteArray &token,
                                        Protocol protocol = Protocol::Qp2p1)
    {
        if (dialler)
            wire.disconnect(*dialler);
        dialler = std::make_unique<RouterParty>(from, settingsAt(wire, 2), wire.now);
        wire.connect(*dialler);
        Session::DialOptions options;
        options.addressToken = token;
        options.protocol = messageProtocol(
            protocol, std::make_shared<MessageOptions>(makeMessageOptions()), {});
        const ngtcp2_tstamp start = wire.now;
        const size_t before = acceptor->count<Events::Opened>();
        dial(*dialler, acceptor->address, wire.now, options);
        const bool isOpen = wire.runUntil([&] {
            return dialler->count<Events::Opened>() == 1
                && acceptor->count<Events::Opened>() == before + 1;
        });
        const ngtcp2_duration took = wire.now - start;
        wire.runFor(20 * Milliseconds);
        return isOpen ? std::optional(took) : std::nullopt;
    }
    // As open(), after which the dialler is gone; what the acceptor has given it.
    QByteArray meet(const SocketAddress &from, const QByteArray &token = {})
    {
        if (!open(from, token))
            return {};
        const auto *received = dialler->last<Events::AddressTokenReceived>();
        const QByteArray given = received ? received->token : QByteArray();
        dialler->router->closeAll(0, {}, Error(ErrorCode::ClosedLocally, QStringLiteral("over")),
                                  wire.now);
        wire.runFor(Seconds);
        return given;
    }
    EndpointStats stats() const { return acceptor->router->stats(); }

    VirtualWire wire;
    std::unique_ptr<RouterParty> acceptor;
    std::unique_ptr<RouterParty> dialler;
};

QByteArray firstInitialWith(const QByteArray &token, const SocketAddress &from, int number)
{
    RouterParty dialler(from, makeSettings(number));
    Session::DialOptions options;
    options.addressToken = token;
    dial(dialler, publicAddress(1), TimeZero, options);
    const auto written = dialler.write(TimeZero);
    return written.empty() ? QByteArray() : written.front().data;
}

} // namespace

class tst_NewToken : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theNextDialIsOneRoundTripShorter();
    void itIsUsedInEveryModeThatAsksForRetries_data();
    void itIsUsedInEveryModeThatAsksForRetries();
    void eachConnectionBringsExactlyOne();
    void legacyPeersAreGivenNone();
    void fromAnotherAddressItMeetsARetry();
    void afterADayItMeetsARetry();
    void usedTwiceItMeetsARetry();
    void aRestartedAcceptorAsksForARetry();
    void garbageIsNoToken_data();
    void garbageIsNoToken();
    void withoutRetriesTokensAreNotLookedAt();

    void theAddressCountsAsValidated();
    void replayedTokensBeginOneHandshake();
    void manyTokensOfOneAddressMeetItsHalfOpenLimit();
    void aDiallerTakesTwoTokensAtMost();
    void anOversizedTokenIsLeftAlone();
};

void tst_NewToken::theNextDialIsOneRoundTripShorter()
{
    World world;
    const auto first = world.open(publicAddress(2), {});
    QVERIFY(first);
    QCOMPARE(world.stats().retriesSent, 1u);
    QCOMPARE(world.dialler->count<Events::AddressTokenReceived>(), 1u);
    const QByteArray given = world.dialler->last<Events::AddressTokenReceived>()->token;
    const auto second = world.open(publicAddress(2, 5555), given); // the port does not matter
    QVERIFY(second);
    QCOMPARE(*first - *second, 2 * world.wire.latency);
    QCOMPARE(world.stats().retriesSent, 1u);
    QCOMPARE(world.stats().tokensAccepted, 1u);
    QCOMPARE(world.stats().tokensRejected, 0u);
}

void tst_NewToken::itIsUsedInEveryModeThatAsksForRetries_data()
{
    QTest::addColumn<RetryMode>("mode");
    QTest::addColumn<bool>("isUsed");
    QTest::addRow("always") << RetryMode::Always << true;
    QTest::addRow("under load") << RetryMode::UnderLoad << true;
    QTest::addRow("never") << RetryMode::Never << false;
}

void tst_NewToken::itIsUsedInEveryModeThatAsksForRetries()
{
    QFETCH(const RetryMode, mode);
    QFETCH(const bool, isUsed);
    World world(mode);
    const QByteArray token = world.meet(publicAddress(2));
    QCOMPARE(!token.isEmpty(), isUsed);
    QCOMPARE(!world.meet(publicAddress(2), token).isEmpty(), isUsed);
    QCOMPARE(world.stats().tokensAccepted, quint64(isUsed));
}

void tst_NewToken::eachConnectionBringsExactlyOne()
{
    Settings settings = victimSettings();
    settings.retryMode = RetryMode::UnderLoad;
    Attack attack({}, settings);
    QVERIFY(attack.open());
    attack.settle();
    const QByteArray newToken = QByteArray(1, '\x07') + varint(NGTCP2_CRYPTO_MAX_REGULAR_TOKENLEN)
        + char(NGTCP2_CRYPTO_TOKEN_MAGIC_REGULAR);
    QCOMPARE(attack.peer.count(newToken), 1);
    attack.wire.runFor(20 * Seconds);
    QCOMPARE(attack.peer.count(newToken), 1);
}

void tst_NewToken::legacyPeersAreGivenNone()
{
    World world;
    QVERIFY(world.open(publicAddress(2), {}, Protocol::Legacy));
    QCOMPARE(world.dialler->count<Events::AddressTokenReceived>(), 0u);
    QCOMPARE(world.stats().retriesSent, 1u);
}

void tst_NewToken::fromAnotherAddressItMeetsARetry()
{
    World world;
    const QByteArray token = world.meet(publicAddress(2));
    QVERIFY(!world.meet(publicAddress(3), token).isEmpty());
    QCOMPARE(world.stats().retriesSent, 2u);
    QCOMPARE(world.stats().tokensAccepted, 0u);
    QCOMPARE(world.stats().tokensRejected, 1u);
    // Its owner can still use it.
    QVERIFY(!world.meet(publicAddress(2), token).isEmpty());
    QCOMPARE(world.stats().retriesSent, 2u);
}

void tst_NewToken::afterADayItMeetsARetry()
{
    World world;
    QByteArray token = world.meet(publicAddress(2));
    world.wire.now += 24 * 3600 * Seconds - 10 * Seconds; // nothing is under way
    token = world.meet(publicAddress(2), token);
    QCOMPARE(world.stats().retriesSent, 1u);
    QVERIFY(!token.isEmpty());
    world.wire.now += 24 * 3600 * Seconds;
    QVERIFY(!world.meet(publicAddress(2), token).isEmpty());
    QCOMPARE(world.stats().retriesSent, 2u);
    QCOMPARE(world.stats().tokensRejected, 1u);
}

void tst_NewToken::usedTwiceItMeetsARetry()
{
    World world;
    const QByteArray token = world.meet(publicAddress(2));
    QVERIFY(!world.meet(publicAddress(2), token).isEmpty());
    QCOMPARE(world.stats().retriesSent, 1u);
    QVERIFY(!world.meet(publicAddress(2), token).isEmpty());
    QCOMPARE(world.stats().retriesSent, 2u);
    QCOMPARE(world.stats().tokensAccepted, 1u);
}

void tst_NewToken::aRestartedAcceptorAsksForARetry()
{
    World world;
    const QByteArray token = world.meet(publicAddress(2));
    Settings settings = settingsAt(world.wire, 1);
    settings.random = seededRandomSource(4711);
    world.restart(settings);
    QVERIFY(!world.meet(publicAddress(2), token).isEmpty());
    QCOMPARE(world.stats().retriesSent, 1u);
    QCOMPARE(world.stats().tokensRejected, 1u);
}

void tst_NewToken::garbageIsNoToken_data()
{
    QTest::addColumn<QByteArray>("token");
    SeededRandom random(9);
    const char magic = char(NGTCP2_CRYPTO_TOKEN_MAGIC_REGULAR);
    QTest::addRow("empty") << QByteArray();
    QTest::addRow("the first byte alone") << QByteArray(1, magic);
    QTest::addRow("random bytes") << QByteArray(
        magic + randomBytes(random, NGTCP2_CRYPTO_MAX_REGULAR_TOKENLEN - 1));
    QTest::addRow("zeros") << QByteArray(
        magic + QByteArray(NGTCP2_CRYPTO_MAX_REGULAR_TOKENLEN - 1, '\0'));
    QTest::addRow("too long") << QByteArray(magic + randomBytes(random, 512));
    QTest::addRow("almost a datagram") << QByteArray(magic + randomBytes(random, 1100));
    QTest::addRow("of another kind") << QByteArray('\x42' + randomBytes(random, 40));
    QTest::addRow("of ngtcp2's earlier Retry")
        << QByteArray(char(NGTCP2_CRYPTO_TOKEN_MAGIC_RETRY) + randomBytes(random, 80));
}

void tst_NewToken::garbageIsNoToken()
{
    QFETCH(const QByteArray, token);
    Victim victim(RetryMode::Always);
    for (quint64 i = 1; i <= 20; ++i) {
        const auto answers = victim.feed(junkInitial(QByteArray(8, char(i)), "source", token));
        QCOMPARE(answers.size(), size_t(1));
        QCOMPARE(parseLongHeader(answers.front().data)->type(), LongHeader::Retry);
        QCOMPARE(victim.stats().retriesSent, i);
        QVERIFY(!victim.party->router->hasSessions());
    }
    QCOMPARE(victim.stats().tokensAccepted, 0u);

    // And a dial with it opens as one without.
    World world;
    QVERIFY(world.open(publicAddress(2), token));
    // Beside one that no dialler keeps there is no room for all of the ClientHello: each part is answered.
    if (token.size() <= Limits::AddressTokenBytes)
        QCOMPARE(world.stats().retriesSent, 1u);
    else
        QVERIFY(world.stats().retriesSent >= 1);
}

void tst_NewToken::withoutRetriesTokensAreNotLookedAt()
{
    World world(RetryMode::Never);
    const QByteArray forged = char(NGTCP2_CRYPTO_TOKEN_MAGIC_REGULAR)
        + QByteArray(NGTCP2_CRYPTO_MAX_REGULAR_TOKENLEN - 1, 'x');
    QVERIFY(world.open(publicAddress(2), forged));
    QCOMPARE(world.stats().tokensRejected, 0u);
    QCOMPARE(world.stats().retriesSent, 0u);
}

// ---- what an attacker gets

// As after an answered Retry: what is lost is sent again, beyond three times of what has come (RFC 9000 section 8.1).
void tst_NewToken::theAddressCountsAsValidated()
{
    World world;
    const QByteArray initial = firstInitialWith(world.meet(publicAddress(2)), publicAddress(2), 7);
    ngtcp2_tstamp now = world.wire.now;
    world.acceptor->receive({publicAddress(2), world.acceptor->address, initial}, now);
    size_t out = bytesIn(world.acceptor->write(now));
    for (int i = 0; i < 100; ++i) {
        now += 200 * Milliseconds;
        if (world.acceptor->deadline() <= now)
            world.acceptor->expire(now);
        out += bytesIn(world.acceptor->write(now));
    }
    QVERIFY2(out > 3 * size_t(initial.size()), QByteArray::number(qulonglong(out)).constData());
    QCOMPARE(world.stats().connections, 0); // and after its time the handshake is over
}

void tst_NewToken::replayedTokensBeginOneHandshake()
{
    World world;
    const QByteArray token = world.meet(publicAddress(2));
    const quint64 before = world.stats().handshakesStarted;
    constexpr int Count = 200;
    for (int i = 0; i < Count; ++i) {
        const QByteArray initial = firstInitialWith(token, publicAddress(2), 100 + i);
        world.acceptor->receive(
            {publicAddress(2, quint16(2000 + i)), world.acceptor->address, initial}, world.wire.now);
        world.acceptor->write(world.wire.now);
    }
    QCOMPARE(world.stats().handshakesStarted, before + 1);
    QCOMPARE(world.stats().halfOpen, 1);
    QCOMPARE(world.stats().retriesSent, quint64(Count)); // and the one of the first meeting
}

void tst_NewToken::manyTokensOfOneAddressMeetItsHalfOpenLimit()
{
    World world;
    QList<QByteArray> tokens;
    for (int i = 0; i < 3 * Limits::HalfOpenPerSubnet; ++i)
        tokens.append(world.meet(publicAddress(2)));
    for (const QByteArray &token : tokens) {
        QVERIFY(!token.isEmpty());
        const QByteArray initial = firstInitialWith(token, publicAddress(2),
                                                    int(100 + tokens.indexOf(token)));
        world.acceptor->receive({publicAddress(2), world.acceptor->address, initial},
                                world.wire.now);
        world.acceptor->write(world.wire.now);
    }
    QCOMPARE(world.stats().tokensAccepted, quint64(tokens.size()));
    QCOMPARE(world.stats().halfOpen, Limits::HalfOpenPerSubnet);
    QCOMPARE(world.stats().droppedOverload, quint64(2 * Limits::HalfOpenPerSubnet));
}

void tst_NewToken::aDiallerTakesTwoTokensAtMost()
{
    RawPeer::Options options;
    options.tls.side = Side::Acceptor;
    Attack attack(options);
    QVERIFY(attack.open());
    for (int i = 0; i < 500; ++i)
        attack.peer.sendFrames(QByteArray("\x07\x04tok", 5) + char(i));
    attack.settle();
    QVERIFY(attack.isVictimOpen());
    QCOMPARE(attack.victim->count<Events::AddressTokenReceived>(),
             size_t(Limits::AddressTokensPerConnection));
    QVERIFY(attack.victim->last<Events::AddressTokenReceived>()->token.startsWith("tok"));
}

void tst_NewToken::anOversizedTokenIsLeftAlone()
{
    RawPeer::Options options;
    options.tls.side = Side::Acceptor;
    Attack attack(options);
    QVERIFY(attack.open());
    const auto frame = [](qsizetype size) {
        return QByteArray(QByteArray(1, '\x07') + varint(quint64(size)) + QByteArray(size, 't'));
    };
    attack.peer.sendFrames(frame(Limits::AddressTokenBytes + 1));
    attack.settle();
    QVERIFY(attack.isVictimOpen());
    QCOMPARE(attack.victim->count<Events::AddressTokenReceived>(), 0u);
    attack.peer.sendFrames(frame(Limits::AddressTokenBytes));
    attack.settle();
    QCOMPARE(attack.victim->count<Events::AddressTokenReceived>(), 1u);

    // The longest one that is taken still leaves room for the ClientHello.
    World world;
    QVERIFY(
        world.open(publicAddress(2), attack.victim->last<Events::AddressTokenReceived>()->token));
}

QTEST_GUILESS_MAIN(tst_NewToken)
#include "tst_newtoken.moc"
