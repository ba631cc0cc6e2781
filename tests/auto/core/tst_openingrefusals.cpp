// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Connections that never open: all that was sent on them fails with the reason, and the peer's program has seen nothing.

#include "openingscene.h"

#include <shared/networkworld.h>

#include <qp2pcore/authority.h>
#include <qp2pcore/private/simulated.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

namespace {

EndpointConfig inNetwork(const char *name)
{
    EndpointConfig config;
    config.setNetworkName(QString::fromLatin1(name));
    return config;
}

} // namespace

class tst_OpeningRefusals : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void refusalsFailEverything_data();
    void refusalsFailEverything();
    void membersRefuseOthers_data();
    void membersRefuseOthers();
    void anUntrustedDiallerIsNotHeard();
    void aFullEndpointIsNotReached();
    void aCloseThatComesWithTheHelloFailsEverything();
    void whatCannotBeDialledFailsSoon_data();
    void whatCannotBeDialledFailsSoon();
};

void tst_OpeningRefusals::refusalsFailEverything_data()
{
    QTest::addColumn<SendEarly>("early");
    QTest::addColumn<int>("why");
    QTest::addColumn<ErrorCode>("code");
    for (const auto early : {SendEarly::ToExpectedPeer, SendEarly::Never}) {
        QTest::addRow("another network, %d", int(early)) << early << 0 << ErrorCode::WrongNetwork;
        QTest::addRow("another peer, %d", int(early)) << early << 1 << ErrorCode::PeerIdMismatch;
        QTest::addRow("no answer, %d", int(early)) << early << 2 << ErrorCode::HandshakeTimeout;
    }
}

void tst_OpeningRefusals::refusalsFailEverything()
{
    QFETCH(const SendEarly, early);
    QFETCH(const int, why);
    QFETCH(const ErrorCode, code);
    for (quint64 seed = 1; seed <= 10; ++seed) {
        EndpointPair::Setup setup;
        setup.seed = seed;
        setup.link = {.latency = 10ms, .reorder = seed > 1 ? 0.4 : 0, .reorderDelay = 15ms};
        setup.acceptor = inNetwork(why == 0 ? "theirs" : "ours");
        setup.dialler = inNetwork("ours");
        EndpointPair pair(setup);
        QVERIFY(pair.acceptor->listen().isOk());
        Program program(pair.acceptor.get());
        PeerAddress peer = withId(pair.acceptorAddress(), pair.acceptor->peerId());
        if (why == 1)
            peer = withId(peer, sharedIdentity(9).peerId());
        if (why == 2)
            peer = PeerAddress(QHostAddress(QStringLiteral("192.0.2.77")), 1, peer.peerId());
        Opened opened(*pair.dialler, peer, early);
        pair.simulation.runFor(1min);
        opened.verifyFailed(code);
        QCOMPARE(program.opened, 0);
        QVERIFY(program.payloads.isEmpty());
        QCOMPARE(pair.dialler->stats().sendBudgetUsed, 0);
        QCOMPARE(pair.acceptor->stats().receiveBudgetUsed, 0);
        QCOMPARE(pair.dialler->stats().connections, 0);
    }
}

void tst_OpeningRefusals::membersRefuseOthers_data()
{
    QTest::addColumn<bool>("isBlocked");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("blocked") << true << ErrorCode::ConnectionRefused;
    QTest::newRow("no member") << false << ErrorCode::NotAMember;
}

void tst_OpeningRefusals::membersRefuseOthers()
{
    QFETCH(const bool, isBlocked);
    QFETCH(const ErrorCode, code);
    NetworkWorld world;
    Member &node = world.node(1);
    node.join();
    const auto host = world.simulation.host({NetworkWorld::address(2)});
    EndpointConfig config;
    config.setIdentity(sharedIdentity(50));
    SimulatedEndpoint dialler(config, host);
    if (isBlocked)
        QVERIFY(node.network->block(dialler.peerId()).isOk());
    QList<QByteArray> seen;
    QObject::connect(node.network->endpoint(), &Endpoint::connectionOpened, &dialler,
                     [&](Connection *connection) {
                         QObject::connect(
                             connection, &Connection::messageReceived, &dialler,
                             [&](const Message &message) { seen.append(message.payload()); });
                     });
    Opened opened(dialler, withId(world.contact(1), node.id()));
    world.simulation.runFor(1min);
    opened.verifyFailed(code);
    QVERIFY(seen.isEmpty());
    QVERIFY(node.messages.isEmpty());
}

void tst_OpeningRefusals::anUntrustedDiallerIsNotHeard()
{
    QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("friends.pem"));
    auto authority = Authority::create(QStringLiteral("friends"));
    QVERIFY(authority.isOk());
    QFile certificate(file);
    QVERIFY(certificate.open(QFile::WriteOnly));
    QVERIFY(certificate.write(authority->certificatePem()) > 0);
    certificate.close();
    EndpointPair::Setup setup;
    setup.link = {.latency = 10ms};
    setup.acceptor.setCertificatePolicy(CertificatePolicy::privateAuthority({file}));
    EndpointPair pair(setup);
    QVERIFY(pair.acceptor->listen().isOk());
    Program program(pair.acceptor.get());
    Opened opened(*pair.dialler, withId(pair.acceptorAddress(), pair.acceptor->peerId()));
    pair.simulation.runFor(1min);
    opened.verifyFailed(ErrorCode::CertificateRejected);
    QCOMPARE(program.opened, 0);
    QVERIFY(program.payloads.isEmpty());
}

void tst_OpeningRefusals::aFullEndpointIsNotReached()
{
    EndpointPair::Setup setup;
    setup.link = {.latency = 10ms};
    setup.acceptor.setMaxConnections(1);
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    Program program(pair.acceptor.get());
    Opened opened(*pair.dialler, withId(pair.acceptorAddress(), pair.acceptor->peerId()));
    pair.simulation.runFor(1min);
    opened.verifyFailed(ErrorCode::ConnectionRefused);
    QCOMPARE(program.opened, 0);
    QVERIFY(program.payloads.isEmpty());
}

//! Hello, acknowledgements and close are read in one go: there never was a connection to use.
void tst_OpeningRefusals::aCloseThatComesWithTheHelloFailsEverything()
{
    EndpointPair pair(near());
    QVERIFY(pair.acceptor->listen().isOk());
    EndpointLog accepted(pair.acceptor.get());
    QList<Request> kept; // else they would be rejected, and that would be their reason
    QObject::connect(pair.acceptor.get(), &Endpoint::connectionOpened, &accepted,
                     [&](Connection *connection) {
                         QObject::connect(connection, &Connection::requestReceived, &accepted,
                                          [&](const Request &request) { kept.append(request); });
                     });
    const quint64 start = pair.simulation.now();
    Opened opened(*pair.dialler, expected(pair));
    QList<Wire> held;
    pair.simulation.onDatagram = [&](Wire &wire) {
        if (wire.from.port() != pair.acceptor->localPort()
            || pair.simulation.now() < start + 29'000'000)
            return WireAction::Deliver;
        held.append(wire);
        return WireAction::Drop;
    };
    pair.simulation.after(60ms, [&] {
        pair.simulation.onDatagram = {};
        for (const Wire &wire : std::as_const(held))
            pair.simulation.inject(wire.from, wire.to, wire.data, wire.ecn);
    });
    pair.simulation.after(40ms, [&] { accepted.opened.at(0)->close(5); });
    pair.simulation.runFor(1min);
    opened.verifyFailed(ErrorCode::ClosedByPeer);
    QCOMPARE(opened.reason.closeCode, 5u);
}

void tst_OpeningRefusals::whatCannotBeDialledFailsSoon_data()
{
    QTest::addColumn<PeerAddress>("peer");
    QTest::addColumn<Protocol>("protocol");
    QTest::addColumn<ErrorCode>("code");
    const auto ours = Protocol::Qp2p1;
    QTest::newRow("null") << PeerAddress() << ours << ErrorCode::InvalidArgument;
    QTest::newRow("no interface") << PeerAddress(ip("fe80::1"), 4000) << ours
                                  << ErrorCode::InvalidArgument;
    QTest::newRow("another family")
        << PeerAddress(ip("2001:db8::7"), 4000) << ours << ErrorCode::AddressNotAvailable;
    QTest::newRow("no legacy peers")
        << PeerAddress(ip("192.0.2.1"), 4000) << Protocol::Legacy << ErrorCode::InvalidArgument;
}

void tst_OpeningRefusals::whatCannotBeDialledFailsSoon()
{
    QFETCH(const PeerAddress, peer);
    QFETCH(const Protocol, protocol);
    QFETCH(const ErrorCode, code);
    for (const bool isClosed : {false, true}) {
        EndpointPair pair;
        QVERIFY(pair.dialler->listen(QHostAddress(QHostAddress::AnyIPv4)).isOk());
        if (isClosed)
            pair.dialler->close();
        pair.simulation.runFor(1s);
        Opened opened(*pair.dialler, peer, SendEarly::ToExpectedPeer, protocol);
        QCOMPARE(opened.connection->state(), Connection::State::Opening);
        QVERIFY(opened.log.failures.isEmpty() && !opened.request.isFinished());
        pair.simulation.runFor(1ms);
        const bool isChecked = code == ErrorCode::InvalidArgument
            && peer.address() != ip("fe80::1");
        const ErrorCode expected = isClosed && !isChecked ? ErrorCode::WrongState : code;
        opened.verifyFailed(expected);
        const auto dial = pair.dialler->connectTo(peer, protocol);
        QCOMPARE(codeOf(dial), expected);
        QCOMPARE(dial.result().error().message, opened.reason.message);
    }
}

QTEST_GUILESS_MAIN(tst_OpeningRefusals)
#include "tst_openingrefusals.moc"
