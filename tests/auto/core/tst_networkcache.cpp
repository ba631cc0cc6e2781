// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a network remembers of nodes and how it uses that: entries of the bootstrap cache and pinned keys.

#include <shared/networkworld.h>

#include <qp2pcore/authority.h>
#include <qp2pcore/peering/networkprivate.h>

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class tst_NetworkCache : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void renewedKeyWithTheSameNameUpdatesThePin();
    void cacheTakesOwnDialsOnly();
    void contactsAreNotCached();
    void rejoinsFromTheCacheAlone();
    void cachedNodesComeFirstNewestFirst();
    void changedKeyIsRefusedAndTold();
    void changedKeyIsRefusedWhoeverDialled_data();
    void changedKeyIsRefusedWhoeverDialled();

private:
    QString path(const QString &name) const { return m_folder.filePath(name); }
    QTemporaryDir m_folder;
};

void tst_NetworkCache::renewedKeyWithTheSameNameUpdatesThePin()
{
    NetworkWorld world;
    const QDateTime now = QDateTime::fromSecsSinceEpoch(
        world.simulation.host({world.address(99)})->wallClock(), Qt::UTC);
    const Result<Authority> authority = Authority::create(u"friends"_s, now.addDays(-10));
    QVERIFY(authority);
    QFile file(path(u"friends.crt"_s));
    QVERIFY(file.open(QFile::WriteOnly));
    file.write(authority->certificatePem());
    file.close();
    const auto config = [&](const QString &name) {
        Authority::Terms terms{name};
        terms.now = now;
        EndpointConfig endpoint;
        endpoint.setIdentity(*authority->issue(terms));
        endpoint.setCertificatePolicy(
            CertificatePolicy::privateAuthority({file.fileName()}, u"friends"_s));
        NetworkConfig network;
        network.setEndpoint(endpoint);
        return network;
    };
    Member &anna = world.node(1, config(u"anna"_s));
    anna.join();
    const PeerId before = anna.id();
    NetworkConfig ben = config(u"ben"_s);
    ben.setCacheFile(path(u"pins.jsonl"_s));
    {
        Member &member = world.node(2, ben);
        member.join();
        QVERIFY(world.finish(member.network->connectTo(world.contact(1))));
        QVERIFY(member.network->bootstrapCache()->entry(before));
        member.network->leave();
        world.simulation.runFor(2s);
        member.network.reset();
    }
    // The same name, another key, and the authority vouches for it.
    const Simulation::Host host = anna.host;
    anna.network.reset();
    NetworkConfig renewed = config(u"anna"_s);
    renewed.setListen(QHostAddress(QHostAddress::Any), 12000);
    Member again(host, renewed);
    again.join();
    QVERIFY(again.id() != before);
    Member &member = world.node(3, ben);
    QSignalSpy changed(member.network.get(), &Network::peerKeyChanged);
    member.join();
    QVERIFY(world.until([&] { return member.peer(again); }));
    QCOMPARE(changed.size(), 0);
    QVERIFY(!member.network->bootstrapCache()->entry(before));
    QVERIFY(member.network->bootstrapCache()->entry(again.id()));
    member.network->leave();
    world.simulation.runFor(2s);
    member.network.reset();

    // Another name is another peer, whoever vouches for it.
    again.network.reset();
    NetworkConfig stranger = config(u"carl"_s);
    stranger.setListen(QHostAddress(QHostAddress::Any), 12000);
    Member carl(host, stranger);
    carl.join();
    Member &last = world.node(4, ben);
    QSignalSpy refused(last.network.get(), &Network::peerKeyChanged);
    last.join();
    QVERIFY(world.until([&] { return !refused.isEmpty(); }));
    QVERIFY(!last.peer(carl));
}

void tst_NetworkCache::cacheTakesOwnDialsOnly()
{
    NetworkWorld world;
    Member &a = world.node(1);
    Member &b = world.node(2);
    Member &c = world.client(3);
    a.join();
    QVERIFY(world.finish(b.join({world.contact(1)})));
    QVERIFY(world.finish(c.join({world.contact(1)})));
    QVERIFY(world.until([&] { return a.network->peers().size() == 2; }));
    // a was dialled by both. It has dialled b itself, to check it and for its half; c never.
    QVERIFY(a.network->bootstrapCache()->entry(b.id()));
    QVERIFY(!a.network->bootstrapCache()->entry(c.id()));
    const auto entry = a.network->bootstrapCache()->entry(b.id());
    QCOMPARE(entry->addresses, QList{world.contact(2)});
    QCOMPARE(entry->certificate, a.peer(b)->certificates().first());
}

void tst_NetworkCache::contactsAreNotCached()
{
    NetworkWorld world;
    Member &a = world.node(1);
    Member &b = world.node(2);
    QVERIFY(world.linked(a, b));
    QCOMPARE(b.network->bootstrapCache()->size(), 0);
}

void tst_NetworkCache::rejoinsFromTheCacheAlone()
{
    NetworkWorld world;
    NetworkConfig config;
    config.setCacheFile(path(u"rejoin.jsonl"_s));
    Member &first = world.node(1);
    Member &second = world.node(2);
    QVERIFY(world.linked(first, second));
    {
        Member &third = world.node(3, config);
        third.join({world.contact(1)});
        QVERIFY(world.until([&] { return third.peer(second); }, 120s));
        third.network->leave();
        QVERIFY(world.until([&] { return third.network->state() == Network::State::Left; }));
        third.network.reset();
    }
    first.network.reset(); // the contact is gone
    Member &third = world.node(4, config);
    const auto joined = third.join();
    QVERIFY(world.finish(joined));
    QVERIFY2(joined.result(), qPrintable(joined.result().error().message));
    QVERIFY(third.peer(second));
    QCOMPARE(third.network->joinCandidates().first().source, JoinCandidate::Source::Anchor);
}

void tst_NetworkCache::cachedNodesComeFirstNewestFirst()
{
    NetworkWorld world;
    Member &member = world.node(1);
    BootstrapCache *cache = member.network->bootstrapCache();
    QList<PeerAddress> contacts;
    QList<PeerAddress> expected;
    for (int i = 0; i < 4; ++i) {
        const PeerId id = PeerId::fromBytes(QByteArray(32, char('a' + i)));
        cache->connected(id, world.contact(10 + i), {});
        expected.prepend(PeerAddress(world.address(10 + i), 12000, id));
        contacts.append(world.contact(20 + i));
    }
    member.join(contacts);
    world.simulation.runFor(5s);
    QList<PeerAddress> dialled;
    for (const JoinCandidate &candidate : member.progress) {
        if (candidate.state == JoinCandidate::State::Dialling)
            dialled.append(candidate.addresses.first());
    }
    QCOMPARE(dialled, expected + contacts);
}

void tst_NetworkCache::changedKeyIsRefusedAndTold()
{
    NetworkWorld world;
    Member &impostor = world.node(1);
    impostor.join();
    Member &member = world.node(2);
    const PeerId before = PeerId::fromBytes(QByteArray(32, 'k'));
    member.network->bootstrapCache()->connected(before, world.contact(1), {});
    QSignalSpy changed(member.network.get(), &Network::peerKeyChanged);
    const auto joined = member.join();
    QVERIFY(world.finish(joined));
    QCOMPARE(joined.result().error().code, ErrorCode::JoinFailed);
    QVERIFY(changed.size() >= 1);
    QCOMPARE(changed.first()[0].value<BootstrapCache::Entry>().peerId, before);
    QCOMPARE(changed.first()[1].value<Error>().peerCertificates,
             impostor.network->endpoint()->config().identity().certificates());
    QVERIFY(impostor.network->peers().isEmpty());
    QVERIFY(member.network->bootstrapCache()->entry(before)); // nothing is forgotten
    // Who trusts the new key says so.
    member.network->bootstrapCache()->remove(before);
    const auto dialled = member.network->connectTo(world.contact(1));
    QVERIFY(world.finish(dialled));
    QVERIFY2(dialled.result(), qPrintable(dialled.result().error().message));
    QVERIFY(member.network->bootstrapCache()->entry(impostor.id()));
}

void tst_NetworkCache::changedKeyIsRefusedWhoeverDialled_data()
{
    QTest::addColumn<QString>("way");
    QTest::newRow("contact") << u"contact"_s;
    QTest::newRow("dialled by hand") << u"dial"_s;
    QTest::newRow("incoming") << u"incoming"_s;
}

void tst_NetworkCache::changedKeyIsRefusedWhoeverDialled()
{
    QFETCH(const QString, way);
    NetworkWorld world;
    Member &newcomer = world.node(1);
    NetworkConfig config;
    config.setChangedKeys(NetworkConfig::ChangedKeys::Refuse);
    Member &member = world.node(2, config);
    const PeerId before = PeerId::fromBytes(QByteArray(32, 'k'));
    // The address of the connection is the second one that is known.
    member.network->bootstrapCache()->connected(before, world.contact(1), {});
    member.network->bootstrapCache()->connected(before, world.contact(7), {});
    QSignalSpy changed(member.network.get(), &Network::peerKeyChanged);
    if (way == u"contact") {
        newcomer.join();
        const auto joined = member.join({world.contact(1)});
        QVERIFY(world.finish(joined));
        QCOMPARE(joined.result().error().code, ErrorCode::JoinFailed);
    } else {
        Member &other = world.node(3);
        other.join();
        member.join({world.contact(3)});
        QVERIFY(world.until([&] { return member.peer(other); }));
        if (way == u"dial") {
            newcomer.join();
            const auto dialled = member.network->connectTo(world.contact(1));
            QVERIFY(world.finish(dialled));
            QCOMPARE(dialled.result().error().code, ErrorCode::PeerIdMismatch);
        } else {
            newcomer.join({world.contact(2)});
        }
    }
    const auto isReported = [&](const QList<QVariant> &signal) {
        const auto known = signal[0].value<BootstrapCache::Entry>();
        const auto error = signal[1].value<Error>();
        return known.peerId == before
            && known.addresses.value(0).endpointString() == world.contact(1).endpointString()
            && error.code == ErrorCode::PeerIdMismatch
            && error.peerCertificates
            == newcomer.network->endpoint()->config().identity().certificates();
    };
    QVERIFY(world.until([&] { return std::any_of(changed.cbegin(), changed.cend(), isReported); }));
    world.simulation.runFor(std::chrono::seconds(5));
    QVERIFY(!member.connected.contains(newcomer.id()));
    QVERIFY(member.network->bootstrapCache()->entry(before));
    // Who trusts the new key says so.
    member.network->bootstrapCache()->remove(before);
    const auto dialled = member.network->connectTo(world.contact(1));
    QVERIFY(world.finish(dialled));
    QVERIFY2(dialled.result(), qPrintable(dialled.result().error().message));
    QVERIFY(member.peer(newcomer));
}

QTEST_GUILESS_MAIN(tst_NetworkCache)
#include "tst_networkcache.moc"
