// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Address tokens: only their maker makes them, and they are good for one IP address, one day and one handshake.

#include <shared/engine/enginesettings.h>
#include <shared/engine/virtualwire.h>

#include <qp2pcore/engine/addresstoken.h>
#include <qp2pcore/engine/limits.h>

#include <ngtcp2/ngtcp2_crypto.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;

namespace {

constexpr ngtcp2_duration Day = std::chrono::nanoseconds(Limits::AddressTokenLifetime).count();
constexpr ngtcp2_tstamp Start = 1'780'272'000 * Seconds; // of a wall clock

struct Setup
{
    AddressTokens tokens{seededRandomSource(1), Start};
    SocketAddress remote = publicAddress(7, 5000);

    QByteArray make(ngtcp2_tstamp now = Start) { return tokens.make(remote, now); }
    bool use(const QByteArray &token, ngtcp2_tstamp now = Start + 1)
    {
        return tokens.use(token, remote, now);
    }
};

} // namespace

class tst_AddressToken : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aTokenIsGoodOnce();
    void twoTokensForTheSameAddressDiffer();
    void thePortDoesNotMatter();
    void anotherAddressIsNotAccepted_data();
    void anotherAddressIsNotAccepted();
    void noFlippedBitIsAccepted();
    void noOtherLengthIsAccepted();
    void noiseIsNoToken();
    void aTokenLivesForADayToTheNanosecond();
    void anotherInstanceDoesNotAcceptIt();
    void aTokenMadeBeforeARotationLivesForItsDay();
    void theKeyBeforeTwoRotationsIsForgotten();
    void aClockThatGoesBackVoidsAllTokens();
    void theOldestUsedOnesAreForgottenFirst();
};

void tst_AddressToken::aTokenIsGoodOnce()
{
    Setup setup;
    const QByteArray token = setup.make();
    QCOMPARE(token.size(), qsizetype(NGTCP2_CRYPTO_MAX_REGULAR_TOKENLEN));
    QCOMPARE(quint8(token[0]), quint8(NGTCP2_CRYPTO_TOKEN_MAGIC_REGULAR));
    QVERIFY(setup.use(token));
    QVERIFY(!setup.use(token));
    QVERIFY(setup.use(setup.make()));
    QVERIFY(!setup.use(token));
}

void tst_AddressToken::twoTokensForTheSameAddressDiffer()
{
    Setup setup;
    const QByteArray first = setup.make();
    const QByteArray second = setup.make();
    // Nothing but the first byte, which says what it is, is alike by more than chance.
    int alike = 0;
    for (qsizetype i = 1; i < first.size(); ++i)
        alike += first[i] == second[i];
    QVERIFY2(alike < 8, QByteArray::number(alike).constData());
    QVERIFY(setup.use(first));
    QVERIFY(setup.use(second));
}

void tst_AddressToken::thePortDoesNotMatter()
{
    Setup setup;
    QVERIFY(setup.tokens.use(setup.make(), publicAddress(7, 6000), Start));
    // The same host as a dual-stack socket sees it.
    std::array<quint8, 16> mapped{};
    mapped[10] = mapped[11] = 0xff;
    std::copy_n(setup.remote.addressBytes(), 4, mapped.begin() + 12);
    QVERIFY(setup.tokens.use(setup.make(), SocketAddress::fromIpv6(mapped, 1), Start));
    const SocketAddress host = publicIpv6(1, 1, 7, 5000);
    QVERIFY(setup.tokens.use(setup.tokens.make(host, Start), publicIpv6(1, 1, 7, 1), Start));
}

void tst_AddressToken::anotherAddressIsNotAccepted_data()
{
    QTest::addColumn<SocketAddress>("remote");
    QTest::addRow("another host") << publicAddress(8, 5000);
    QTest::addRow("another network") << privateAddress(7, 5000);
    QTest::addRow("IPv6") << publicIpv6(1, 1, 7, 5000);
}

void tst_AddressToken::anotherAddressIsNotAccepted()
{
    QFETCH(const SocketAddress, remote);
    Setup setup;
    const QByteArray ours = setup.make();
    QVERIFY(!setup.tokens.use(ours, remote, Start));
    QVERIFY(setup.use(ours)); // nor is it used up by that
    const QByteArray theirs = setup.tokens.make(remote, Start);
    QVERIFY(!setup.use(theirs));
    QVERIFY(setup.tokens.use(theirs, remote, Start));
}

void tst_AddressToken::noFlippedBitIsAccepted()
{
    Setup setup;
    const QByteArray token = setup.make();
    for (qsizetype bit = 0; bit < 8 * token.size(); ++bit) {
        QByteArray wrong = token;
        wrong[bit / 8] = char(wrong[bit / 8] ^ (1 << bit % 8));
        QVERIFY2(!setup.use(wrong), QByteArray::number(bit).constData());
    }
    QVERIFY(setup.use(token));
}

void tst_AddressToken::noOtherLengthIsAccepted()
{
    Setup setup;
    const QByteArray token = setup.make();
    for (qsizetype size = 0; size < token.size(); ++size) {
        QVERIFY(!setup.use(token.left(size)));
        QVERIFY(!setup.use(token.right(size)));
    }
    for (qsizetype more = 1; more <= 1200; ++more)
        QVERIFY(!setup.use(QByteArray(token + QByteArray(more, '\0'))));
    QVERIFY(!setup.use(QByteArray(token + token)));
}

void tst_AddressToken::noiseIsNoToken()
{
    Setup setup;
    SeededRandom random(5);
    for (int i = 0; i < 5'000; ++i) {
        QByteArray noise = randomBytes(random, NGTCP2_CRYPTO_MAX_REGULAR_TOKENLEN);
        noise[0] = char(NGTCP2_CRYPTO_TOKEN_MAGIC_REGULAR);
        QVERIFY(!setup.use(noise));
    }
}

void tst_AddressToken::aTokenLivesForADayToTheNanosecond()
{
    QCOMPARE(Day, 24 * 3600 * Seconds);
    for (const ngtcp2_tstamp made : {Start, Start + Day / 2}) {
        Setup setup;
        const QByteArray atOnce = setup.make(made);
        const QByteArray last = setup.make(made);
        const QByteArray late = setup.make(made);
        QVERIFY(setup.use(atOnce, made));
        QVERIFY(setup.use(last, made + Day - 1));
        QVERIFY(!setup.use(late, made + Day));
        QVERIFY(!setup.use(late, made + 100 * Day));
    }
}

void tst_AddressToken::anotherInstanceDoesNotAcceptIt()
{
    Setup setup;
    AddressTokens other(seededRandomSource(2), Start);
    QVERIFY(!other.use(setup.make(), setup.remote, Start));
}

void tst_AddressToken::aTokenMadeBeforeARotationLivesForItsDay()
{
    Setup setup;
    const ngtcp2_tstamp before = Start + Day - 1;
    const QByteArray old = setup.make(before);
    const QByteArray fresh = setup.make(Start + Day); // by the next key
    QVERIFY(setup.use(fresh, Start + Day));
    QVERIFY(setup.use(old, before + Day - 1));
}

// A token dies before its key does, so that a forger is needed to see which keys still count: one who has stolen them,
// and can say that the token was made now.
void tst_AddressToken::theKeyBeforeTwoRotationsIsForgotten()
{
    const RandomSource random = seededRandomSource(1);
    std::array<RotatingKey::Key, 4> keys;
    random(keys[0]);
    std::array<quint8, sizeof(size_t)> seed;
    random(seed);
    for (size_t i = 1; i < keys.size(); ++i)
        random(keys[i]);
    Setup setup; // draws the same ones
    const auto forge = [&](const RotatingKey::Key &key, ngtcp2_tstamp now) {
        QByteArray token(NGTCP2_CRYPTO_MAX_REGULAR_TOKENLEN, '\0');
        ngtcp2_crypto_generate_regular_token(reinterpret_cast<quint8 *>(token.data()), key.data(),
                                             key.size(), setup.remote.sockaddr(),
                                             setup.remote.sockaddrSize(), now);
        return token;
    };
    for (size_t rotations = 0; rotations < keys.size(); ++rotations) {
        const ngtcp2_tstamp now = Start + rotations * Day;
        for (size_t key = 0; key < keys.size(); ++key) {
            const bool counts = key == rotations || key + 1 == rotations;
            QCOMPARE(setup.use(forge(keys[key], now), now), counts);
        }
    }
}

void tst_AddressToken::aClockThatGoesBackVoidsAllTokens()
{
    Setup setup;
    const QByteArray token = setup.make();
    QVERIFY(!setup.use(token, Start - 365 * Day));
    QVERIFY(!setup.use(token, Start));
    const QByteArray later = setup.make(Start - 365 * Day);
    QVERIFY(setup.use(later, Start - 365 * Day));
}

void tst_AddressToken::theOldestUsedOnesAreForgottenFirst()
{
    Setup setup;
    const QByteArray first = setup.make();
    const QByteArray second = setup.make();
    QVERIFY(setup.use(first));
    QVERIFY(setup.use(second));
    for (size_t i = 2; i < Limits::UsedTokensRemembered; ++i)
        QVERIFY(setup.use(setup.make()));
    QVERIFY(!setup.use(first));
    QVERIFY(setup.use(setup.make())); // one more than are remembered
    QVERIFY(!setup.use(second));
    QVERIFY(setup.use(first));
}

QTEST_GUILESS_MAIN(tst_AddressToken)
#include "tst_addresstoken.moc"
