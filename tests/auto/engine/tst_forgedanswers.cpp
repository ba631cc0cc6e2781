// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Forged Version Negotiation and Retry packets, and damaged or stolen tokens: what they can do to a handshake.

#include <shared/engine/victim.h>

#include <ngtcp2/ngtcp2_crypto.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;

using RetryMode = EndpointConfig::RetryMode;

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

class tst_ForgedAnswers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void forgedVersionNegotiationDuringTheHandshake_data();
    void forgedVersionNegotiationDuringTheHandshake();
    void versionNegotiationIsIgnoredOnceTheAcceptorHasAnswered_data();
    void versionNegotiationIsIgnoredOnceTheAcceptorHasAnswered();
    void aRetryWithAWrongTagIsIgnored();
    void aSecondRetryIsIgnored();
    void aDamagedTokenGetsNoAnswerAndAStaleOneIsRefused();
    void aDialWhoseTokenWasDamagedOnceStillOpens();
};

void tst_ForgedAnswers::forgedVersionNegotiationDuringTheHandshake_data()
{
    addVersionLists();
}

void tst_ForgedAnswers::forgedVersionNegotiationDuringTheHandshake()
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

void tst_ForgedAnswers::versionNegotiationIsIgnoredOnceTheAcceptorHasAnswered_data()
{
    addVersionLists();
}

void tst_ForgedAnswers::versionNegotiationIsIgnoredOnceTheAcceptorHasAnswered()
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
        QVERIFY(pair.dialler->session()->isOpen());
    }
}

void tst_ForgedAnswers::aRetryWithAWrongTagIsIgnored()
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

void tst_ForgedAnswers::aSecondRetryIsIgnored()
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

void tst_ForgedAnswers::aDamagedTokenGetsNoAnswerAndAStaleOneIsRefused()
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

void tst_ForgedAnswers::aDialWhoseTokenWasDamagedOnceStillOpens()
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

QTEST_GUILESS_MAIN(tst_ForgedAnswers)
#include "tst_forgedanswers.moc"
