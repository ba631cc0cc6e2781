// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How many dials there are for links of our own choice, one at a time to each place, and how nodes are asked for.

#include <qp2pcore/peering/addressgroup.h>
#include <qp2pcore/peering/linkkeeper.h>

#include <QCoreApplication>
#include <QPromise>
#include <QTest>

#include <memory>
#include <vector>

using namespace Qp2p;
using namespace Qp2p::Peering;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Step = LinkKeeper::Step;

namespace {

PeerId idOf(int number)
{
    return PeerId::fromBytes(QByteArray(32, char(number)));
}

PeerAddress addressOf(int host, quint16 port = 12000)
{
    return PeerAddress(QHostAddress(0x0b000000u + (quint32(host) << 16) + 1), port);
}

CachedNode entry(int number)
{
    CachedNode entry;
    entry.peerId = idOf(number);
    entry.addresses = {addressOf(number)};
    return entry;
}

//! A network in which the test says how dials end.
class Surroundings final : public LinkKeeper::Surroundings
{
public:
    Time currentTime() const override { return now; }
    quint32 randomBelow(quint32) const override { return 0; }
    bool isBlocked(const PeerId &peerId) const override { return blocked.contains(peerId); }
    bool isBlocked(const QHostAddress &address) const override
    {
        return blockedAddresses.contains(address);
    }
    bool isExcludedPeer(const PeerId &peerId) const override { return peers.contains(peerId); }
    bool isPeerAt(const PeerAddress &) const override { return false; }
    bool hasConnection(const PeerId &peerId) const override { return peers.contains(peerId); }
    QFuture<Dial::Outcome> dialContact(const PeerAddress &contact) override
    {
        return dial({contact}).outcome;
    }
    bool reconnected(Connection *, Time) override { return true; }
    Access::AdvertisedDial dial(const QList<PeerAddress> &addresses) override
    {
        auto promise = std::make_shared<QPromise<Dial::Outcome>>();
        promise->start();
        dials.push_back({addresses, promise});
        return {promise->future(), std::make_shared<Dial::Traffic>()};
    }
    void rememberedNodeFailed(const PeerId &peerId, const Error &) override
    {
        rememberedFailures.append(peerId);
    }
    void secondHalfFailed(const PeerId &peerId, const Error &error) override
    {
        halfFailures.append({peerId, error.code});
        if (onHalfFailure)
            onHalfFailure();
    }

    void finish(size_t dial, const Dial::Outcome &outcome)
    {
        dials[dial].promise->addResult(outcome);
        dials[dial].promise->finish();
        QCoreApplication::processEvents();
    }
    void fail(size_t dial, ErrorCode code) { finish(dial, Error(code, u"no answer"_s)); }

    struct Dialled
    {
        QList<PeerAddress> addresses;
        std::shared_ptr<QPromise<Dial::Outcome>> promise;
    };
    Time now = Time(1h);
    QSet<PeerId> blocked;
    QList<QHostAddress> blockedAddresses;
    QSet<PeerId> peers;
    std::vector<Dialled> dials;
    QList<PeerId> rememberedFailures;
    QList<std::pair<PeerId, ErrorCode>> halfFailures;
    std::function<void()> onHalfFailure;
};

} // namespace

class tst_LinkKeeper : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void dialsUntilThereAreEnoughLinks();
    void nodesThatCannotBeDialledAreLeftOut();
    void failedNodeIsReportedAndWaits();
    void renewedNodeIsDialledFromTheEventLoop();
    void advertisedNodeIsDialled();
    void oneDialAtATimeGoesToAPlace();
    void silentHalfIsDialledTwice();
    void halfOfAPeerThatIsGoneIsNotRepeated();
    void halfThatHasArrivedCannotFail();
    void halfOfAPeerThatCameBackIsAnotherOne();
    void failureMayDeleteTheKeeper();
    void nodesAreAskedForAndSentEvery30Seconds();
    void anchorsAreUpdatedEveryMinute();
    void contactThatPrefersAnotherProgramRestsFiveMinutes();
    void dueContactsWaitForOtherDials();

private:
    Step keep(qsizetype wanted, const QList<CachedNode> &remembered)
    {
        return m_keeper->keepLinks(wanted, {}, remembered);
    }

    std::unique_ptr<Surroundings> m_network;
    std::unique_ptr<LinkKeeper> m_keeper;
};

void tst_LinkKeeper::init()
{
    m_keeper.reset();
    m_network = std::make_unique<Surroundings>();
    m_keeper = std::make_unique<LinkKeeper>(*m_network, idOf(100));
}

void tst_LinkKeeper::dialsUntilThereAreEnoughLinks()
{
    const QList<CachedNode> remembered{entry(1), entry(2), entry(3), entry(4)};
    QCOMPARE(m_keeper->keepLinks(1, {addressOf(9).address()}, remembered), Step::None);
    QCOMPARE(keep(8, remembered), Step::Dialled);
    QCOMPARE(keep(1, remembered), Step::None); // it may become the one
    QCOMPARE(keep(8, remembered), Step::Dialled);
    QCOMPARE(keep(8, remembered), Step::None); // so many dials at a time
    QCOMPARE(m_network->dials.size(), size_t(LinkKeeper::MaxDials));
    QVERIFY(m_network->dials[0].addresses != m_network->dials[1].addresses);
    m_network->finish(0, QPointer<Connection>());
    QCOMPARE(keep(8, remembered), Step::Dialled);
    QCOMPARE(keep(8, {}), Step::None);
}

void tst_LinkKeeper::nodesThatCannotBeDialledAreLeftOut()
{
    m_network->peers.insert(idOf(1));
    m_network->blocked.insert(idOf(2));
    m_network->blockedAddresses.append(addressOf(3).address());
    QCOMPARE(keep(8, {entry(1), entry(2), entry(3), entry(100)}), Step::NeedsNodes);
    QVERIFY(m_network->dials.empty());
    QCOMPARE(keep(8, {entry(1), entry(2), entry(3), entry(4)}), Step::Dialled);
    QCOMPARE(m_network->dials[0].addresses.first().peerId(), idOf(4));
}

void tst_LinkKeeper::failedNodeIsReportedAndWaits()
{
    QCOMPARE(keep(8, {entry(1)}), Step::Dialled);
    m_network->fail(0, ErrorCode::HandshakeTimeout);
    QCOMPARE(m_network->rememberedFailures, QList<PeerId>{idOf(1)});
    QCOMPARE(keep(8, {entry(1)}), Step::NeedsNodes);
    m_network->now += 30s; // the place has rested, and the node has not
    m_keeper->tick();
    QCOMPARE(keep(8, {entry(1)}), Step::NeedsNodes);
    m_keeper->forgetFailures();
    QCOMPARE(keep(8, {entry(1)}), Step::Dialled);
}

void tst_LinkKeeper::renewedNodeIsDialledFromTheEventLoop()
{
    m_keeper->dialRenewed(idOf(1), {addressOf(1), addressOf(1), addressOf(2)});
    QVERIFY(m_network->dials.empty());
    QCoreApplication::processEvents();
    QCOMPARE(m_network->dials.size(), size_t(1));
    QCOMPARE(m_network->dials[0].addresses.size(), 2);
    QCOMPARE(m_network->dials[0].addresses[1].peerId(), idOf(1));
    m_keeper->dialRenewed(idOf(1), {addressOf(3)});
    m_network->peers.insert(idOf(2));
    m_keeper->dialRenewed(idOf(2), {addressOf(2)});
    QCoreApplication::processEvents();
    QCOMPARE(m_network->dials.size(), size_t(1));
}

void tst_LinkKeeper::advertisedNodeIsDialled()
{
    const CandidateBook::Source source{idOf(50), addressGroup(addressOf(50).address())};
    const auto budget = std::make_shared<DialBudget>();
    m_keeper->addAdvertised(source, idOf(100), {addressOf(1)}, budget); // that is us
    QCOMPARE(keep(8, {}), Step::NeedsNodes);
    m_keeper->addAdvertised(source, idOf(1), {addressOf(1)}, budget);
    QCOMPARE(keep(8, {}), Step::Dialled);
    m_network->fail(0, ErrorCode::HandshakeTimeout);
    QVERIFY(m_network->rememberedFailures.isEmpty()); // what others say of a node proves nothing
}

void tst_LinkKeeper::oneDialAtATimeGoesToAPlace()
{
    QCOMPARE(keep(8, {entry(1)}), Step::Dialled);
    m_keeper->dialSecondHalf(idOf(2), addressOf(1));
    m_keeper->dialSecondHalf(idOf(3), addressOf(1));
    m_keeper->dialSecondHalf(idOf(4), addressOf(4));
    QCOMPARE(m_network->dials.size(), size_t(2));
    QCOMPARE(m_network->dials[1].addresses.first().peerId(), idOf(4));
    m_network->fail(0, ErrorCode::HandshakeTimeout);
    QCOMPARE(m_network->dials.size(), size_t(3));
    QCOMPARE(m_network->dials[2].addresses.first().peerId(), idOf(2));
    m_network->fail(2, ErrorCode::PeerIdMismatch);
    QCOMPARE(m_network->dials.size(), size_t(4));
    QCOMPARE(m_network->dials[3].addresses.first().peerId(), idOf(3));
}

void tst_LinkKeeper::silentHalfIsDialledTwice()
{
    m_network->peers.insert(idOf(1));
    m_keeper->dialSecondHalf(idOf(1), addressOf(1));
    m_keeper->dialSecondHalf(idOf(1), addressOf(2)); // it is under way
    QCOMPARE(m_network->dials.size(), size_t(1));
    m_network->fail(0, ErrorCode::HandshakeTimeout);
    QVERIFY(m_network->halfFailures.isEmpty());
    QVERIFY(m_keeper->isDiallingHalf(idOf(1)));
    m_network->now += LinkKeeper::SecondHalfPause - 1ns;
    m_keeper->tick();
    QCOMPARE(m_network->dials.size(), size_t(1));
    m_network->now += 1ns;
    m_keeper->tick();
    m_keeper->tick();
    QCOMPARE(m_network->dials.size(), size_t(2));
    m_network->fail(1, ErrorCode::HandshakeTimeout);
    QVERIFY(!m_keeper->isDiallingHalf(idOf(1)));
    QCOMPARE(m_network->halfFailures.size(), 1);
    QCOMPARE(m_network->halfFailures[0].second, ErrorCode::HandshakeTimeout);
}

void tst_LinkKeeper::halfOfAPeerThatIsGoneIsNotRepeated()
{
    m_keeper->dialSecondHalf(idOf(1), addressOf(1));
    m_network->fail(0, ErrorCode::HandshakeTimeout); // it has no connection
    QCOMPARE(m_network->halfFailures.size(), 1);

    m_keeper->dialSecondHalf(idOf(2), addressOf(2));
    m_keeper->dialSecondHalf(idOf(3), addressOf(2));
    m_keeper->removePeer(idOf(2));
    m_keeper->removePeer(idOf(3));
    m_network->fail(1, ErrorCode::PeerIdMismatch);
    QCOMPARE(m_network->halfFailures.size(), 1);
    QCOMPARE(m_network->dials.size(), size_t(2));
}

void tst_LinkKeeper::halfThatHasArrivedCannotFail()
{
    m_network->peers.insert(idOf(1));
    m_keeper->dialSecondHalf(idOf(1), addressOf(1));
    m_keeper->halfArrived(idOf(1));
    m_network->fail(0, ErrorCode::PeerIdMismatch);
    QVERIFY(m_network->halfFailures.isEmpty());
}

void tst_LinkKeeper::halfOfAPeerThatCameBackIsAnotherOne()
{
    m_network->peers.insert(idOf(1));
    m_keeper->dialSecondHalf(idOf(1), addressOf(1));
    m_keeper->removePeer(idOf(1));
    m_keeper->dialSecondHalf(idOf(1), addressOf(1)); // waits for the place
    m_network->fail(0, ErrorCode::PeerIdMismatch);
    QVERIFY(m_network->halfFailures.isEmpty());
    QVERIFY(m_keeper->isDiallingHalf(idOf(1)));
    QCOMPARE(m_network->dials.size(), size_t(2));
    m_network->finish(1, QPointer<Connection>());
    QVERIFY(!m_keeper->isDiallingHalf(idOf(1)));
}

void tst_LinkKeeper::failureMayDeleteTheKeeper()
{
    m_network->onHalfFailure = [this] { m_keeper.reset(); };
    m_keeper->dialSecondHalf(idOf(1), addressOf(1));
    m_keeper->dialSecondHalf(idOf(2), addressOf(1));
    m_network->fail(0, ErrorCode::PeerIdMismatch);
    QVERIFY(!m_keeper);
    QCOMPARE(m_network->dials.size(), size_t(1));
}

void tst_LinkKeeper::nodesAreAskedForAndSentEvery30Seconds()
{
    const Time start = m_network->now;
    QVERIFY(!m_keeper->takePeersAnswer(idOf(1))); // it was not asked
    QVERIFY(m_keeper->beginPeersRequest(idOf(1), start));
    QVERIFY(!m_keeper->beginPeersRequest(idOf(1), start + 30s - 1ns));
    QVERIFY(m_keeper->beginPeersRequest(idOf(2), start));
    QVERIFY(m_keeper->takePeersAnswer(idOf(1)));
    QVERIFY(!m_keeper->takePeersAnswer(idOf(1))); // one answer to each request
    QVERIFY(m_keeper->beginPeersRequest(idOf(1), start + 30s));

    QVERIFY(m_keeper->beginPeersAnswer(idOf(1), start));
    QVERIFY(!m_keeper->beginPeersAnswer(idOf(1), start + 29s - 1ns));
    QVERIFY(m_keeper->beginPeersAnswer(idOf(1), start + 29s));
    m_keeper->removePeer(idOf(1));
    QVERIFY(!m_keeper->takePeersAnswer(idOf(1)));
    QVERIFY(m_keeper->beginPeersAnswer(idOf(1), start + 29s));
}

void tst_LinkKeeper::anchorsAreUpdatedEveryMinute()
{
    const Time start = m_network->now;
    m_keeper->start(start);
    QVERIFY(!m_keeper->beginAnchorUpdate(start + 60s - 1ns));
    QVERIFY(m_keeper->beginAnchorUpdate(start + 60s));
    QVERIFY(!m_keeper->beginAnchorUpdate(start + 61s));
}

// ---- contacts

void tst_LinkKeeper::contactThatPrefersAnotherProgramRestsFiveMinutes()
{
    Reconnector &reconnector = m_keeper->reconnector();
    const QList<PeerAddress> contacts{addressOf(1)};
    const auto dialNext = [&] { reconnector.dialNext({contacts, {}, 0, 1}); };
    for (const auto &[code, pause] :
         {std::pair(ErrorCode::IdentityInUse, 5min), std::pair(ErrorCode::NotAMember, 10min),
          std::pair(ErrorCode::HandshakeTimeout, 0min)}) {
        const size_t before = m_network->dials.size();
        dialNext();
        QCOMPARE(m_network->dials.size(), before + 1);
        m_network->fail(before, code);
        if (pause > 0min) {
            m_network->now += pause - 1s;
            dialNext();
            QCOMPARE(m_network->dials.size(), before + 1);
            m_network->now += 1s;
        }
    }
    dialNext();
    QCOMPARE(m_network->dials.size(), size_t(4));
}

//! All of those that the user has just named are dialled, also behind some that are dead; a name is dialled once.
void tst_LinkKeeper::dueContactsWaitForOtherDials()
{
    Reconnector &reconnector = m_keeper->reconnector();
    QList<PeerAddress> contacts;
    for (int number = 1; number <= 10; ++number)
        contacts.append(PeerAddress(u"host%1.example"_s.arg(number), 12000));
    reconnector.recordContact(contacts[0], idOf(1));
    m_network->peers.insert(idOf(1));
    QCOMPARE(reconnector.dialContactsNow(contacts), 9);
    const auto dialNext = [&] { reconnector.dialNext({contacts, {}, 0, 0}); };
    for (int second = 0; second < 30; ++second)
        dialNext();
    QCOMPARE(m_network->dials.size(), size_t(Reconnector::MaxContactDials));
    QVERIFY(reconnector.isDue(Time::min()));
    m_network->fail(0, ErrorCode::HandshakeTimeout);
    for (int second = 0; second < 30; ++second)
        dialNext();
    QCOMPARE(m_network->dials.size(), size_t(9));
    QSet<QString> hosts;
    for (const Surroundings::Dialled &dial : m_network->dials)
        hosts.insert(dial.addresses.first().host());
    QCOMPARE(hosts.size(), 9);
    QVERIFY(!hosts.contains(contacts[0].host()));
    // What is known of the others stays.
    QCOMPARE(reconnector.dialContactsNow({contacts[0]}), 0);
    QCOMPARE(reconnector.idOf(contacts[0]), idOf(1));
    reconnector.dialContactsNow({});
    QVERIFY(reconnector.idOf(contacts[0]).isNull());
}

QTEST_GUILESS_MAIN(tst_LinkKeeper)

#include "tst_linkkeeper.moc"
