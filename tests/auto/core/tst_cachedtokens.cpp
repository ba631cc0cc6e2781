// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Address tokens in the bootstrap cache: kept with their node, used once, and never brought back by a file.

#include "cachefixture.h"

#include <shared/networkworld.h>

#include <qp2pcore/engine/limits.h>
#include <qp2pcore/identity.h>
#include <qp2pcore/peering/cachecontent.h>

#include <QJsonArray>

using namespace Qp2p;
using namespace Qp2p::Test;
using Qp2p::Peering::CacheContent;
using namespace std::chrono_literals;

namespace {

constexpr qint64 Now = 1'780'272'000'000; // milliseconds
constexpr qint64 Day = qint64(24) * 3600 * 1000;

AddressToken token(const QByteArray &bytes, qint64 receivedAt = Now)
{
    return {bytes, std::chrono::sys_seconds(std::chrono::seconds(receivedAt / 1000))};
}

CachedNode node(int number, int address)
{
    CachedNode node;
    node.peerId = idOf(number);
    node.addresses = {addressOf(address)};
    return node;
}

// With node 1 at address 1, and a token of it.
CacheContent contentWithToken(const AddressToken &given = token("given"))
{
    CacheContent content;
    content.connected(node(1, 1), Now);
    if (!content.setToken(idOf(1), addressOf(1).address(), given))
        qFatal("The token was not kept.");
    return content;
}

QByteArray take(CacheContent &content, qint64 now = Now)
{
    return content.takeToken(idOf(1), addressOf(1).address(), now).bytes;
}

CacheContent restarted(const CacheContent &content, qint64 now = Now)
{
    int invalid = 0;
    CacheContent loaded = CacheContent::fromRecords(content.toRecords(now), now, &invalid);
    if (invalid > 0)
        qFatal("A record is not valid.");
    return loaded;
}

} // namespace

class tst_CachedTokens : public QObject, private CacheFixture
{
    Q_OBJECT

private Q_SLOTS:
    void init() { begin(); }

    void itSurvivesARestart();
    void itIsForItsNodeAndAddress();
    void usedItIsGone();
    void itLeavesWithTheAddress();
    void itLeavesAfterADay();
    void itLeavesWithTheEntry();
    void theNewerOneOfTwoProgramsWins();
    void filesWithoutTokensAreRead();
    void unsoundTokensAreLeftOut_data();
    void unsoundTokensAreLeftOut();

    void rejoiningFromTheFileNeedsNoRetry();
    void reconnectingNeedsNoRetry();
};

void tst_CachedTokens::itSurvivesARestart()
{
    CacheContent content = restarted(
        restarted(contentWithToken(token(QByteArray("\0\xff\n\"", 4)))));
    QCOMPARE(content.items().size(), 1);
    QCOMPARE(take(content), QByteArray("\0\xff\n\"", 4));
}

void tst_CachedTokens::itIsForItsNodeAndAddress()
{
    CacheContent content = contentWithToken();
    content.connected(node(2, 1), Now);
    content.connected(node(1, 5), Now); // it has two addresses now
    const QHostAddress other = addressOf(5).address();
    QVERIFY(content.takeToken(idOf(2), addressOf(1).address(), Now).bytes.isEmpty());
    QVERIFY(content.takeToken(idOf(1), other, Now).bytes.isEmpty());
    QVERIFY(!content.setToken(idOf(3), addressOf(1).address(), token("of no entry")));
    QVERIFY(!content.setToken(idOf(1), addressOf(9).address(), token("from elsewhere")));
    QCOMPARE(take(content), QByteArray("given"));
    QVERIFY(content.setToken(idOf(1), other, token("newer")));
    QVERIFY(content.takeToken(idOf(1), addressOf(1).address(), Now).bytes.isEmpty());
    QCOMPARE(content.takeToken(idOf(1), other, Now).bytes, QByteArray("newer"));
}

void tst_CachedTokens::usedItIsGone()
{
    const CacheContent file = contentWithToken();
    CacheContent content = restarted(file);
    QCOMPARE(take(content), QByteArray("given"));
    QCOMPARE(take(content), QByteArray());
    // What is on disk does not bring it back, whether this or another program has saved since.
    content.merge(restarted(file), Now);
    QCOMPARE(take(content), QByteArray());
    CacheContent other = restarted(file);
    other.connected(node(1, 1), Now + 10'000);
    content.merge(restarted(other, Now + 10'000), Now + 10'000);
    QCOMPARE(take(content), QByteArray());
    CacheContent saved = restarted(content);
    QCOMPARE(take(saved), QByteArray());
}

void tst_CachedTokens::itLeavesWithTheAddress()
{
    CacheContent content = contentWithToken();
    for (int i = 0; i < CachedNode::MaxAddresses; ++i)
        content.connected(node(1, 10 + i), Now);
    QVERIFY(take(content).isEmpty());
    for (const QJsonObject &record : content.toRecords(Now))
        QVERIFY(!record.contains(u"token"_s));
}

void tst_CachedTokens::itLeavesAfterADay()
{
    CacheContent content = contentWithToken();
    CacheContent later = restarted(content, Now + Day - 1000);
    QCOMPARE(take(later, Now + Day - 1000), QByteArray("given"));
    QVERIFY(take(content, Now + Day).isEmpty());
    for (const QJsonObject &record : content.toRecords(Now + Day))
        QVERIFY(!record.contains(u"token"_s));
    // The clock was set back: its age is unknown.
    QVERIFY(take(content, Now - 1000).isEmpty());
}

void tst_CachedTokens::itLeavesWithTheEntry()
{
    CacheContent content = contentWithToken();
    content.remove(idOf(1), Now);
    content.connected(node(1, 1), Now + 1);
    QVERIFY(take(content).isEmpty());
    content = contentWithToken();
    content.clear(Now);
    content.connected(node(1, 1), Now + 1);
    QVERIFY(take(content).isEmpty());
}

void tst_CachedTokens::theNewerOneOfTwoProgramsWins()
{
    const CacheContent file = contentWithToken();
    CacheContent one = restarted(file);
    CacheContent other = restarted(file);
    QVERIFY(other.setToken(idOf(1), addressOf(1).address(), token("newer", Now + 5000)));
    one.merge(restarted(other, Now + 5000), Now + 5000);
    QCOMPARE(take(one, Now + 5000), QByteArray("newer"));
    other.merge(restarted(file), Now + 5000); // an older file changes nothing
    QCOMPARE(take(other, Now + 5000), QByteArray("newer"));
}

// As they were written before there were tokens.
void tst_CachedTokens::filesWithoutTokensAreRead()
{
    const QJsonObject record{
        {u"peer"_s, idOf(1).toString()},
        {u"addresses"_s, QJsonArray{addressOf(1).endpointString()}},
        {u"name"_s, u"anna"_s},
        {u"lastConnected"_s, Now},
        {u"successes"_s, 3},
        {u"failures"_s, 0},
        {u"certificate"_s, QString()},
    };
    int invalid = 0;
    CacheContent content = CacheContent::fromRecords({record}, Now, &invalid);
    QCOMPARE(invalid, 0);
    QCOMPARE(content.items().size(), 1);
    QVERIFY(take(content).isEmpty());
    QCOMPARE(content.toRecords(Now), QList{record}); // and so they stay
    QVERIFY(content.setToken(idOf(1), addressOf(1).address(), token("given")));
    QCOMPARE(take(content), QByteArray("given"));
}

void tst_CachedTokens::unsoundTokensAreLeftOut_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QJsonValue>("value");
    QTest::addRow("no text") << u"token"_s << QJsonValue(7);
    QTest::addRow("empty") << u"token"_s << QJsonValue(QString());
    QTest::addRow("no base64") << u"token"_s << QJsonValue(u"g!ven"_s);
    QTest::addRow("too long") << u"token"_s
                              << QJsonValue(QString::fromLatin1(
                                     QByteArray(Engine::Limits::AddressTokenBytes + 1, 't')
                                         .toBase64()));
    QTest::addRow("no address") << u"tokenFrom"_s << QJsonValue(u"example.com"_s);
    QTest::addRow("without an address") << u"tokenFrom"_s << QJsonValue();
    QTest::addRow("without a time") << u"tokenTime"_s << QJsonValue();
    QTest::addRow("before 1970") << u"tokenTime"_s << QJsonValue(-5);
    QTest::addRow("far too late") << u"tokenTime"_s << QJsonValue(qint64(1) << 62);
}

void tst_CachedTokens::unsoundTokensAreLeftOut()
{
    QFETCH(const QString, key);
    QFETCH(const QJsonValue, value);
    QList<QJsonObject> records = contentWithToken().toRecords(Now);
    QCOMPARE(records.size(), 1);
    QVERIFY(records.first().contains(key));
    records.first().insert(key, value);
    int invalid = 0;
    CacheContent content = CacheContent::fromRecords(records, Now, &invalid);
    QCOMPARE(invalid, 0);
    QCOMPARE(content.items().size(), 1);
    QVERIFY(take(content).isEmpty());
}

// ---- in a network

void tst_CachedTokens::rejoiningFromTheFileNeedsNoRetry()
{
    NetworkWorld world;
    EndpointConfig endpoint;
    endpoint.setIdentity(*Identity::generate());
    NetworkConfig config;
    config.setEndpoint(endpoint);
    config.setCacheFile(path());
    config.setListen(QHostAddress(QHostAddress::Any), 12000);
    Member &first = world.node(1);
    Member &second = world.node(2);
    QVERIFY(world.linked(first, second));
    Member &third = world.node(3, config);
    third.join({world.contact(1)});
    QVERIFY(world.until([&] { return third.isLinked(second, Peer::Link::Unidirectional); }, 120s));
    third.network->leave();
    QVERIFY(world.until([&] { return third.network->state() == Network::State::Left; }));
    third.network.reset();
    QVERIFY(contentOf(path()).contains("\"token\""));
    first.network.reset(); // the contact is gone
    world.simulation.runFor(30s);

    const EndpointStats before = second.network->endpoint()->stats();
    Member again(third.host, config);
    const auto joined = again.join();
    QVERIFY(world.finish(joined));
    QVERIFY2(joined.result(), qPrintable(joined.result().error().message));
    QVERIFY(again.peer(second));
    const EndpointStats after = second.network->endpoint()->stats();
    QCOMPARE(after.tokensAccepted, before.tokensAccepted + 1);
    QCOMPARE(after.retriesSent, before.retriesSent);
}

void tst_CachedTokens::reconnectingNeedsNoRetry()
{
    NetworkWorld world;
    Member &first = world.node(1);
    Member &second = world.node(2);
    Member &third = world.node(3);
    QVERIFY(world.linked(first, second));
    third.join({world.contact(1)});
    const auto areLinked = [&] {
        return third.isLinked(second, Peer::Link::Unidirectional)
            && second.isLinked(third, Peer::Link::Unidirectional);
    };
    QVERIFY(world.until(areLinked, 120s));
    const auto accepted = [&] {
        return second.network->endpoint()->stats().tokensAccepted
            + third.network->endpoint()->stats().tokensAccepted;
    };
    const quint64 before = accepted();
    world.split([](int number) { return number == 3 ? 1 : 2; });
    QVERIFY(world.until([&] { return !third.peer(second) || !second.peer(third); }, 120s));
    world.heal(); // before any dial has failed
    QVERIFY(world.until(areLinked, 600s));
    QVERIFY(accepted() > before);
}

QTEST_GUILESS_MAIN(tst_CachedTokens)
#include "tst_cachedtokens.moc"
