// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Stateless resets (RFC 9000 section 10.3): what draws one, how many, and which of them end a connection.

#include <shared/engine/victim.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;

using RetryMode = EndpointConfig::RetryMode;

namespace {

QByteArray resetPacket(SeededRandom &random, const ResetToken &token)
{
    QByteArray packet = randomBytes(random, 40);
    packet[0] = char(0x40 | (packet[0] & 0x3f));
    return packet
        + QByteArray(reinterpret_cast<const char *>(token.data()), qsizetype(token.size()));
}

} // namespace

class tst_StatelessReset : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aResetAnswersFrom22BytesOnAndIsSmaller();
    void resetsAreLimitedTo200ASecond();
    void twoRoutersThatResetEachOtherStopWithinFivePackets();
    void guessedResetTokensHaveNoEffect();
    void theGenuineResetEndsTheConnection();
    void aRestartedAcceptorResetsWhatItNoLongerKnows_data();
    void aRestartedAcceptorResetsWhatItNoLongerKnows();
};

void tst_StatelessReset::aResetAnswersFrom22BytesOnAndIsSmaller()
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

void tst_StatelessReset::resetsAreLimitedTo200ASecond()
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

void tst_StatelessReset::twoRoutersThatResetEachOtherStopWithinFivePackets()
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

void tst_StatelessReset::guessedResetTokensHaveNoEffect()
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
        QVERIFY(dialler.session()->isOpen());
    }
    QCOMPARE(dialler.count<Events::Closed>(), 0u);
}

void tst_StatelessReset::theGenuineResetEndsTheConnection()
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

void tst_StatelessReset::aRestartedAcceptorResetsWhatItNoLongerKnows_data()
{
    QTest::addColumn<int>("identity");
    QTest::addColumn<quint16>("localPort");
    QTest::addColumn<bool>("isTheSame");
    QTest::addRow("the same") << 1 << quint16(4433) << true;
    QTest::addRow("with another identity") << 3 << quint16(4433) << false;
    QTest::addRow("on another port") << 1 << quint16(4434) << false;
}

void tst_StatelessReset::aRestartedAcceptorResetsWhatItNoLongerKnows()
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

QTEST_GUILESS_MAIN(tst_StatelessReset)
#include "tst_statelessreset.moc"
