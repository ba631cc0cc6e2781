// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Who has a third party dialled pays first: no more bytes reach it than were received for it.

#include <shared/networkworld.h>
#include <shared/rogue.h>

#include <qp2pcore/peering/checker.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Engine::DialBackAnswer;
using Engine::DialBackRequest;
using Peering::Access;

namespace {

DialBackRequest helperRequest(quint64 id, const QHostAddress &address, quint16 port)
{
    DialBackRequest request;
    request.id = id;
    request.target = at(address, port);
    request.port = port;
    request.peer = PeerId::fromBytes(QByteArray(32, 'v'));
    request.nonce = QByteArray(16, 'n');
    return request;
}

} // namespace

class tst_CheckPayment : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void thirdPartyGetsNoMoreThanWasReceivedForIt_data();
    void thirdPartyGetsNoMoreThanWasReceivedForIt();
    void dialsArriveDespiteLosses_data();
    void dialsArriveDespiteLosses();
};

void tst_CheckPayment::thirdPartyGetsNoMoreThanWasReceivedForIt_data()
{
    QTest::addColumn<QString>("victim");
    QTest::addColumn<int>("heard"); // datagrams of the victim that arrive; -1: there is no victim
    const auto row = [](const char *name, int heard) {
        QTest::addRow("IPv4, %s", name) << u"11.99.0.1"_s << heard;
        QTest::addRow("IPv6, %s", name) << u"2a00:99::1"_s << heard;
    };
    row("nobody is there", -1);
    row("a server that answers", 1000);
    row("a server that falls silent after its Retry", 1);
    row("a server that falls silent in its flight", 2);
    row("a server that falls silent after its flight", 4);
}

void tst_CheckPayment::thirdPartyGetsNoMoreThanWasReceivedForIt()
{
    QFETCH(const QString, victim);
    QFETCH(const int, heard);
    const QHostAddress target(victim);
    NetworkWorld world;
    const bool isIpv6 = victim.contains(u':');
    const QString pattern = isIpv6 ? u"2a00:%1::1"_s : u"11.%1.0.1"_s;
    NetworkConfig config;
    config.setListen(QHostAddress(QHostAddress::Any), 12000);
    const PeerAddress contact(QHostAddress(pattern.arg(1)), 12000);
    const QHostAddress asker(pattern.arg(2));
    Member helper(world.simulation.host({contact.address()}), config);
    Member hostile(world.simulation.host({asker}), config);
    helper.join();
    hostile.join({contact});
    QVERIFY(world.until([&] { return helper.peer(hostile) && hostile.peer(helper); }));
    const Simulation::Host host = world.simulation.host({target});
    Endpoint server({}, host);
    if (heard >= 0)
        QVERIFY(server.listen(QHostAddress(QHostAddress::Any), 20000));
    Connection *link = hostile.peer(helper)->connections().first();
    int asked = 0;
    qint64 mostDrawn = 0;
    for (int i = 0; i < 5; ++i) {
        qint64 paid = 0;
        qint64 drawn = 0;
        qint64 answered = 0;
        int left = heard;
        Tap tap(world.simulation);
        tap.filter = [&](const Wire &wire) {
            const QHostAddress to = Io::toHostAddress(wire.to);
            const QHostAddress from = Io::toHostAddress(wire.from);
            if (from == target && left-- <= 0)
                return Verdict::Drop;
            if (from == target)
                answered += wire.data.size();
            if (from == asker && to == contact.address())
                paid += wire.data.size();
            if (to == target)
                drawn += wire.data.size();
            return Verdict::Deliver;
        };
        Access::send(*link, encode(helperRequest(quint64(100 + asked++), target, 20000)));
        world.simulation.runFor(15s);
        QVERIFY2(drawn <= paid + answered,
                 qPrintable(u"%1 bytes for %2, and %3 of its own"_s.arg(drawn).arg(paid).arg(answered)));
        QVERIFY2(heard > 0 || drawn <= paid, qPrintable(u"%1 bytes for %2"_s.arg(drawn).arg(paid)));
        mostDrawn = std::max(mostDrawn, drawn);
    }
    QVERIFY(mostDrawn > 0); // it was dialled
    QVERIFY(hostile.disconnected.isEmpty());
}

//! Also with losses a dial that may send no more than what was paid arrives.
void tst_CheckPayment::dialsArriveDespiteLosses_data()
{
    QTest::addColumn<double>("loss");
    QTest::addColumn<int>("least"); // of 200
    QTest::newRow("none") << 0.0 << 200;
    QTest::newRow("2 %") << 0.02 << 196;
    QTest::newRow("10 %") << 0.1 << 190;
}

void tst_CheckPayment::dialsArriveDespiteLosses()
{
    QFETCH(const double, loss);
    QFETCH(const int, least);
    int arrived = 0;
    for (quint64 seed = 1; seed <= 200; ++seed) {
        NetworkWorld world(seed);
        LinkProfile link;
        link.loss = loss;
        world.simulation.setDefaultLink(link);
        Endpoint server({}, world.simulation.host({world.address(1)}));
        QVERIFY(server.listen(QHostAddress(QHostAddress::Any), 12000));
        Endpoint checker({}, world.simulation.host({world.address(2)}));
        const auto dial = Access::dialBack(
            checker, PeerAddress(world.address(1), 12000, server.peerId()), QByteArray(16, 'n'), 5s,
            Engine::maxDialBackPayment);
        QVERIFY(world.finish(dial));
        arrived += dial.result().isOk();
    }
    QVERIFY2(arrived >= least, qPrintable(u"%1 of 200"_s.arg(arrived)));
    qInfo("%d of 200", arrived);
}

QTEST_GUILESS_MAIN(tst_CheckPayment)
#include "tst_checkpayment.moc"
