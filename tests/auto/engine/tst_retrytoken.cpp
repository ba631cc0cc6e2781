// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Retry tokens: only their maker makes them, and they are good for one address, one connection
// ID and ten seconds.

#include <shared/engine/enginesettings.h>
#include <shared/engine/virtualwire.h>

#include <qp2pcore/engine/limits.h>
#include <qp2pcore/engine/retrytoken.h>

#include <ngtcp2/ngtcp2_crypto.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;
using CheckResult = RetryTokens::CheckResult;

namespace {

constexpr quint32 Version = NGTCP2_PROTO_VER_V1;
constexpr ngtcp2_duration Lifetime = std::chrono::nanoseconds(Limits::TokenLifetime).count();
constexpr ngtcp2_duration KeyLifetime = std::chrono::nanoseconds(Limits::TokenKeyLifetime).count();

ngtcp2_cid cid(const QByteArray &bytes)
{
    ngtcp2_cid id;
    ngtcp2_cid_init(&id, reinterpret_cast<const quint8 *>(bytes.constData()), size_t(bytes.size()));
    return id;
}

// What a token is bound to, and the maker of one.
struct Setup
{
    RetryTokens tokens{seededRandomSource(1), TimeZero};
    SocketAddress remote = publicAddress(7, 5000);
    ngtcp2_cid retryId = cid("retry-id");
    ngtcp2_cid originalId = cid("the original id 18");
    QByteArray token = tokens.make(Version, remote, retryId, originalId, TimeZero);

    CheckResult check(const QByteArray &other, ngtcp2_tstamp now = TimeZero + 1)
    {
        return tokens.check(other, Version, remote, retryId, now).result;
    }
};

} // namespace

class tst_RetryToken : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aTokenGivesTheOriginalIdBack();
    void twoTokensForTheSameDiallerDiffer();
    void noFlippedBitIsAccepted();
    void noOtherLengthIsAccepted();
    void noiseIsNoToken();
    void anotherAddressIsNotAccepted_data();
    void anotherAddressIsNotAccepted();
    void anotherVersionIsNotAccepted();
    void anotherRetryIdIsNotAccepted();
    void aTokenLivesForTenSecondsToTheNanosecond();
    void anotherInstanceDoesNotAcceptIt();
    void theKeyBeforeTheLastRotationIsAccepted();
    void theKeyBeforeTwoRotationsIsNot();
    void aKeyThatRestedForTwoPeriodsIsForgotten();
};

void tst_RetryToken::aTokenGivesTheOriginalIdBack()
{
    Setup setup;
    QVERIFY(!setup.token.isEmpty());
    QVERIFY(setup.token.size() <= qsizetype(NGTCP2_CRYPTO_MAX_RETRY_TOKENLEN2));
    // A replay is a replay of the same dial: whoever repeats it gets the same original ID, and a
    // dialler whose own was another refuses the connection (RFC 9000 section 7.3).
    for (int i = 0; i < 3; ++i) {
        const auto checked = setup.tokens.check(setup.token, Version, setup.remote, setup.retryId,
                                                TimeZero + 1);
        QCOMPARE(checked.result, CheckResult::Valid);
        QVERIFY(ngtcp2_cid_eq(&checked.originalId, &setup.originalId));
    }
    for (size_t size = 8; size <= NGTCP2_MAX_CIDLEN; ++size) {
        const ngtcp2_cid original = cid(QByteArray(qsizetype(size), 'o'));
        const QByteArray token = setup.tokens.make(Version, setup.remote, setup.retryId, original,
                                                   TimeZero);
        const auto checked = setup.tokens.check(token, Version, setup.remote, setup.retryId,
                                                TimeZero);
        QCOMPARE(checked.result, CheckResult::Valid);
        QVERIFY(ngtcp2_cid_eq(&checked.originalId, &original));
    }
}

void tst_RetryToken::twoTokensForTheSameDiallerDiffer()
{
    Setup setup;
    const QByteArray second = setup.tokens.make(Version, setup.remote, setup.retryId,
                                                setup.originalId, TimeZero);
    QVERIFY(second != setup.token);
    QCOMPARE(setup.check(second), CheckResult::Valid);
}

void tst_RetryToken::noFlippedBitIsAccepted()
{
    Setup setup;
    for (qsizetype bit = 0; bit < 8 * setup.token.size(); ++bit) {
        QByteArray wrong = setup.token;
        wrong[bit / 8] = char(wrong[bit / 8] ^ (1 << bit % 8));
        QVERIFY2(setup.check(wrong) == CheckResult::Unreadable, QByteArray::number(bit).constData());
    }
    QCOMPARE(setup.check(setup.token), CheckResult::Valid);
}

void tst_RetryToken::noOtherLengthIsAccepted()
{
    Setup setup;
    for (qsizetype size = 0; size < setup.token.size(); ++size) {
        QCOMPARE(setup.check(setup.token.left(size)), CheckResult::Unreadable);
        QCOMPARE(setup.check(setup.token.right(size)), CheckResult::Unreadable);
    }
    for (qsizetype more = 1; more <= 1200; ++more) {
        QCOMPARE(setup.check(QByteArray(setup.token + QByteArray(more, '\0'))),
                 CheckResult::Unreadable);
    }
    QCOMPARE(setup.check(QByteArray(setup.token + setup.token)), CheckResult::Unreadable);
}

void tst_RetryToken::noiseIsNoToken()
{
    Setup setup;
    SeededRandom random(5);
    for (int i = 0; i < 20'000; ++i) {
        QByteArray noise = randomBytes(random, qsizetype(random.below(300)));
        if (!noise.isEmpty())
            noise[0] = char(NGTCP2_CRYPTO_TOKEN_MAGIC_RETRY2);
        QCOMPARE(setup.check(noise), CheckResult::Unreadable);
    }
}

void tst_RetryToken::anotherAddressIsNotAccepted_data()
{
    QTest::addColumn<SocketAddress>("remote");
    QTest::addRow("another port") << publicAddress(7, 5001);
    QTest::addRow("another host") << publicAddress(8, 5000);
    QTest::addRow("another network") << privateAddress(7, 5000);
    QTest::addRow("IPv6") << publicIpv6(1, 1, 7, 5000);
}

void tst_RetryToken::anotherAddressIsNotAccepted()
{
    QFETCH(const SocketAddress, remote);
    Setup setup;
    QVERIFY(setup.tokens.check(setup.token, Version, remote, setup.retryId, TimeZero).result
            != CheckResult::Valid);

    // And the other way round.
    const QByteArray theirs = setup.tokens.make(Version, remote, setup.retryId, setup.originalId,
                                                TimeZero);
    QVERIFY(setup.check(theirs) != CheckResult::Valid);
    QCOMPARE(setup.tokens.check(theirs, Version, remote, setup.retryId, TimeZero).result,
             CheckResult::Valid);
}

void tst_RetryToken::anotherVersionIsNotAccepted()
{
    Setup setup;
    for (const quint32 version : {0u, quint32(NGTCP2_PROTO_VER_V2), 0x01000000u, 0xffffffffu})
        QVERIFY(
            setup.tokens.check(setup.token, version, setup.remote, setup.retryId, TimeZero).result
            != CheckResult::Valid);
}

void tst_RetryToken::anotherRetryIdIsNotAccepted()
{
    Setup setup;
    for (const QByteArray &id : {QByteArray("retry-ie"), QByteArray("retry-i"), QByteArray(),
                                 QByteArray("retry-id\0", 9), QByteArray(20, 'r')}) {
        QVERIFY(setup.tokens.check(setup.token, Version, setup.remote, cid(id), TimeZero).result
                != CheckResult::Valid);
    }
}

void tst_RetryToken::aTokenLivesForTenSecondsToTheNanosecond()
{
    Setup setup;
    QCOMPARE(Lifetime, 10 * Seconds);
    QCOMPARE(setup.check(setup.token, TimeZero), CheckResult::Valid);
    QCOMPARE(setup.check(setup.token, TimeZero + Lifetime - 1), CheckResult::Valid);
    QCOMPARE(setup.check(setup.token, TimeZero + Lifetime), CheckResult::Stale);
    QCOMPARE(setup.check(setup.token, TimeZero + Lifetime + 1), CheckResult::Stale);
}

void tst_RetryToken::anotherInstanceDoesNotAcceptIt()
{
    Setup setup;
    RetryTokens other(seededRandomSource(2), TimeZero);
    QCOMPARE(other.check(setup.token, Version, setup.remote, setup.retryId, TimeZero).result,
             CheckResult::Unreadable);
}

void tst_RetryToken::theKeyBeforeTheLastRotationIsAccepted()
{
    Setup setup;
    const ngtcp2_tstamp before = TimeZero + KeyLifetime - 1;
    const QByteArray old = setup.tokens.make(Version, setup.remote, setup.retryId, setup.originalId,
                                             before);
    const ngtcp2_tstamp after = TimeZero + KeyLifetime;
    const QByteArray fresh = setup.tokens.make(Version, setup.remote, setup.retryId,
                                               setup.originalId, after);
    QCOMPARE(setup.check(old, after), CheckResult::Valid);
    QCOMPARE(setup.check(fresh, after), CheckResult::Valid);
    QCOMPARE(setup.check(old, before + Lifetime), CheckResult::Stale);
}

// A token dies long before its key does, so that a forger is needed to see which keys still count:
// one who has stolen them, and can say that the token was made now.
void tst_RetryToken::theKeyBeforeTwoRotationsIsNot()
{
    const RandomSource random = seededRandomSource(1);
    std::array<std::array<quint8, 32>, 4> keys;
    for (auto &key : keys)
        random(key);
    Setup setup; // draws the same keys
    const auto forge = [&](const std::array<quint8, 32> &key, ngtcp2_tstamp now) {
        QByteArray token(NGTCP2_CRYPTO_MAX_RETRY_TOKENLEN2, '\0');
        const auto size = ngtcp2_crypto_generate_retry_token2(
            reinterpret_cast<quint8 *>(token.data()), key.data(), key.size(), Version,
            setup.remote.sockaddr(), setup.remote.sockaddrSize(), &setup.retryId, &setup.originalId,
            now);
        token.truncate(size);
        return token;
    };
    for (size_t rotations = 0; rotations < keys.size(); ++rotations) {
        const ngtcp2_tstamp now = TimeZero + rotations * KeyLifetime;
        for (size_t key = 0; key < keys.size(); ++key) {
            const bool counts = key == rotations || key + 1 == rotations;
            QCOMPARE(setup.check(forge(keys[key], now), now),
                     counts ? CheckResult::Valid : CheckResult::Unreadable);
        }
    }
}

void tst_RetryToken::aKeyThatRestedForTwoPeriodsIsForgotten()
{
    const RandomSource random = seededRandomSource(1);
    std::array<quint8, 32> key;
    random(key);
    Setup setup;
    const ngtcp2_tstamp now = TimeZero + 2 * KeyLifetime;
    QByteArray token(NGTCP2_CRYPTO_MAX_RETRY_TOKENLEN2, '\0');
    const auto size = ngtcp2_crypto_generate_retry_token2(
        reinterpret_cast<quint8 *>(token.data()), key.data(), key.size(), Version,
        setup.remote.sockaddr(), setup.remote.sockaddrSize(), &setup.retryId, &setup.originalId,
        now);
    token.truncate(size);
    QCOMPARE(setup.check(token, now), CheckResult::Unreadable);
}

QTEST_GUILESS_MAIN(tst_RetryToken)
#include "tst_retrytoken.moc"
