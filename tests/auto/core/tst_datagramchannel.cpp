// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What every datagram channel promises, over real sockets on loopback, for each kind of channel.

#include "datagrampeer.h"

#include <QObject>
#include <QTest>
#include <QUdpSocket>

using namespace Qp2p;
using namespace Qt::StringLiterals;
using namespace Qp2p::Io;
using namespace Qp2p::Test;
using Engine::SocketAddress;

namespace {

constexpr size_t plenty = 1 << 20;

bool hasIpv6Loopback()
{
    return openDatagramChannel(QHostAddress(QHostAddress::LocalHostIPv6), 0).isOk();
}

} // namespace

class tst_DatagramChannel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addVariants(); }

    void aDatagramArrivesByteForByte();
    void segmentsArriveInOrderAndTheLastMayBeShorter();
    void asManySegmentsAsPromisedLeaveAtOnce();
    void anEmptyDatagramArrives();
    void theLargestDatagramArrivesAmongSmallOnes();
    void aTooLargeDatagramIsLostAndTheNextIsNot();
    void anUnreachableDestinationIsALostDatagram();
    void ecnBitsArriveOverIpv4AndIpv6();

    void bothFamiliesArriveAtADualStackChannel();
    void aChannelOfOneFamilyHearsNothingOfTheOther();
    void theDestinationIsReportedAndIsTheSourceOfTheReply();
    void theSystemChoosesTheSourceWhereNoneIsGiven();

    void aPortInUseIsRefusedWithAWayOut();
    void nobodyCanShareThePort();
    void aFreedPortCanBeBoundAtOnce();
    void anAddressOfAnotherMachineIsRefusedWithAWayOut();
    void aNullAddressIsRefusedWithAWayOut();

    void theBudgetEndsAReceiveAndTheRestComesLater();
    void emptyDatagramsCountAgainstTheBudget();
    void theChannelStaysSilentUntilASpentBudgetIsTakenUp();
    void aPollEndsWithADatagramOrInVain();
    void aClosedPortDoesNotDisturbTheChannel();
    void theChannelMayBeDestroyedByItsReadHandler();

    void addressesSurviveTheWayThroughQt_data();
    void addressesSurviveTheWayThroughQt();
    void aScopeMayBeANumberOrAnInterface();
    void anAddressWithoutItsInterfaceIsRefusedByName_data();
    void anAddressWithoutItsInterfaceIsRefusedByName();
};

void tst_DatagramChannel::aDatagramArrivesByteForByte()
{
    QFETCH_GLOBAL(const Variant, variant);
    DatagramPeer alice(variant);
    DatagramPeer bob(variant);
    for (const qsizetype size : {1, 8, 1200, 1452, 9000}) {
        const QByteArray payload = pattern(size);
        QCOMPARE(alice.send(payload, bob.address()).status, SendStatus::Sent);
        QTRY_COMPARE(bob.received.size(), 1);
        const Received datagram = bob.received.takeFirst();
        QCOMPARE(datagram.payload, payload);
        QCOMPARE(datagram.remote, alice.address());
        QCOMPARE(datagram.local, bob.address());
        QCOMPARE(datagram.ecn, quint8(0));
    }
}

void tst_DatagramChannel::segmentsArriveInOrderAndTheLastMayBeShorter()
{
    QFETCH_GLOBAL(const Variant, variant);
    DatagramPeer alice(variant);
    DatagramPeer bob(variant);
    for (const qsizetype lastSize : {1, 799, 1200}) {
        const QByteArray batch = pattern(12'000 + lastSize);
        QCOMPARE(alice.send(batch, bob.address(), 1200).status, SendStatus::Sent);
        QTRY_COMPARE(bob.received.size(), 11);
        QCOMPARE(bob.payloads(), cut(batch, 1200));
        QCOMPARE(bob.received.constLast().remote, alice.address());
        bob.received.clear();
    }
}

void tst_DatagramChannel::asManySegmentsAsPromisedLeaveAtOnce()
{
    QFETCH_GLOBAL(const Variant, variant);
    DatagramPeer alice(variant);
    DatagramPeer bob(variant);
    const size_t promised = variant == Variant::LinuxWithOffload ? 64 : 1;
    QCOMPARE(alice.channel->maxSegments(), promised);

    const QByteArray small = pattern(qsizetype(promised) * 100);
    QCOMPARE(alice.send(small, bob.address(), 100).status, SendStatus::Sent);
    QTRY_COMPARE(bob.payloads(), cut(small, 100));
    bob.received.clear();

    const QByteArray large = pattern(65'487);
    QCOMPARE(alice.send(large, bob.address(), 1452).status, SendStatus::Sent);
    QTRY_COMPARE(bob.payloads(), cut(large, 1452));
}

void tst_DatagramChannel::anEmptyDatagramArrives()
{
    QFETCH_GLOBAL(const Variant, variant);
    DatagramPeer alice(variant);
    DatagramPeer bob(variant);
    QCOMPARE(alice.send({}, bob.address()).status, SendStatus::Sent);
    QCOMPARE(alice.send("after", bob.address()).status, SendStatus::Sent);
    QTRY_COMPARE(bob.payloads(), (QList<QByteArray>{{}, "after"}));
    QCOMPARE(bob.received.constFirst().remote, alice.address());
}

void tst_DatagramChannel::theLargestDatagramArrivesAmongSmallOnes()
{
    QFETCH_GLOBAL(const Variant, variant);
    DatagramPeer alice(variant);
    DatagramPeer bob(variant);
    const QByteArray largest = pattern(65'507);
    QList<QByteArray> sent;
    for (int i = 0; i < 20; ++i) {
        sent.append(i % 10 == 3 ? largest : pattern(100 + i));
        QCOMPARE(alice.send(sent.constLast(), bob.address()).status, SendStatus::Sent);
    }
    QTRY_COMPARE(bob.received.size(), sent.size());
    QVERIFY(bob.payloads() == sent); // QCOMPARE would print 64 KiB
}

void tst_DatagramChannel::aTooLargeDatagramIsLostAndTheNextIsNot()
{
    QFETCH_GLOBAL(const Variant, variant);
    DatagramPeer alice(variant);
    DatagramPeer bob(variant);
    QCOMPARE(alice.send(pattern(65'508), bob.address()).status, SendStatus::Lost);
    QCOMPARE(alice.send("next", bob.address()).status, SendStatus::Sent);
    QTRY_COMPARE(bob.payloads(), QList<QByteArray>{"next"});
    QCOMPARE(alice.writable, 0);
}

void tst_DatagramChannel::anUnreachableDestinationIsALostDatagram()
{
    QFETCH_GLOBAL(const Variant, variant);
    DatagramPeer alice(variant);
    DatagramPeer bob(variant);
    QCOMPARE(alice.send("nowhere", {}).status, SendStatus::Lost);
    QCOMPARE(alice.send("port 0", SocketAddress::fromIpv4({127, 0, 0, 1}, 0)).status,
             SendStatus::Lost);
    const auto loopbackIpv6 = toSocketAddress(QHostAddress(QHostAddress::LocalHostIPv6), 12000);
    QCOMPARE(alice.send("other family", loopbackIpv6).status, SendStatus::Lost);

    DatagramPeer everywhere(variant, QHostAddress(QHostAddress::Any));
    const auto foreign = SocketAddress::fromIpv4({203, 0, 113, 1}, 12000);
    QCOMPARE(everywhere.send("not my address", bob.address(), 0, foreign).status, SendStatus::Lost);
    QCOMPARE(everywhere.send("mixed families", bob.address(), 0, loopbackIpv6).status,
             SendStatus::Lost);

    QCOMPARE(alice.send("next", bob.address()).status, SendStatus::Sent);
    QTRY_COMPARE(bob.payloads(), QList<QByteArray>{"next"});
}

void tst_DatagramChannel::ecnBitsArriveOverIpv4AndIpv6()
{
    QFETCH_GLOBAL(const Variant, variant);
    if (variant == Variant::UdpSocket)
        QSKIP("QUdpSocket offers no ECN.");

    DatagramPeer ipv4(variant);
    DatagramPeer dualStack(variant, QHostAddress(QHostAddress::Any));
    const auto check = [](DatagramPeer &from, DatagramPeer &to, const SocketAddress &address,
                          const SocketAddress &source) {
        for (const quint8 ecn : std::initializer_list<quint8>{1, 2, 3, 0}) {
            const QByteArray batch = pattern(2500);
            QCOMPARE(from.send(batch, address, 1200, source, ecn).status, SendStatus::Sent);
            QTRY_COMPARE(to.payloads(), cut(batch, 1200));
            for (const Received &datagram : std::as_const(to.received))
                QCOMPARE(datagram.ecn, ecn);
            to.received.clear();
        }
    };
    check(ipv4, ipv4, ipv4.address(), {});
    check(ipv4, dualStack, dualStack.addressOn("127.0.0.1"), {});
    check(dualStack, ipv4, ipv4.address(), {});
    check(dualStack, ipv4, ipv4.address(), dualStack.addressOn("127.0.0.2"));
    if (!hasIpv6Loopback())
        QSKIP("This machine has no IPv6; the IPv4 half passed.");
    DatagramPeer ipv6(variant, QHostAddress(QHostAddress::LocalHostIPv6));
    check(ipv6, ipv6, ipv6.address(), {});
    check(ipv6, dualStack, dualStack.addressOn("::1"), {});
    check(dualStack, ipv6, ipv6.address(), {});
    check(dualStack, ipv6, ipv6.address(), dualStack.addressOn("::1"));
}

void tst_DatagramChannel::bothFamiliesArriveAtADualStackChannel()
{
    QFETCH_GLOBAL(const Variant, variant);
    DatagramPeer everywhere(variant, QHostAddress(QHostAddress::Any));
    QVERIFY(everywhere.address().isUnspecified());
    QVERIFY(everywhere.address().port() != 0);

    DatagramPeer ipv4(variant);
    ipv4.send("four", everywhere.addressOn("127.0.0.1"));
    QTRY_COMPARE(everywhere.received.size(), 1);
    const Received four = everywhere.received.takeFirst();
    QCOMPARE(four.payload, "four");
    QCOMPARE(four.remote, ipv4.address());
    QCOMPARE(four.local, everywhere.addressOn("127.0.0.1"));
    everywhere.send("back", four.remote);
    QTRY_COMPARE(ipv4.payloads(), QList<QByteArray>{"back"});

    if (!hasIpv6Loopback())
        QSKIP("This machine has no IPv6; the IPv4 half passed.");
    QVERIFY(everywhere.address().isIpv6());
    DatagramPeer ipv6(variant, QHostAddress(QHostAddress::LocalHostIPv6));
    ipv6.send("six", everywhere.addressOn("::1"));
    QTRY_COMPARE(everywhere.received.size(), 1);
    const Received six = everywhere.received.takeFirst();
    QCOMPARE(six.payload, "six");
    QCOMPARE(six.remote, ipv6.address());
    QCOMPARE(six.local, everywhere.addressOn("::1"));
    everywhere.send("back", six.remote);
    QTRY_COMPARE(ipv6.payloads(), QList<QByteArray>{"back"});
}

void tst_DatagramChannel::aChannelOfOneFamilyHearsNothingOfTheOther()
{
    QFETCH_GLOBAL(const Variant, variant);
    if (!hasIpv6Loopback())
        QSKIP("This machine has no IPv6.");
    DatagramPeer allIpv6(variant, QHostAddress(QHostAddress::AnyIPv6));
    DatagramPeer allIpv4(variant, QHostAddress(QHostAddress::AnyIPv4));
    DatagramPeer stranger(variant, QHostAddress(QHostAddress::Any));

    stranger.send("wrong door", allIpv6.addressOn("127.0.0.1"));
    stranger.send("right door", allIpv6.addressOn("::1"));
    QTRY_COMPARE(allIpv6.payloads(), QList<QByteArray>{"right door"});
    stranger.send("wrong door", allIpv4.addressOn("::1"));
    stranger.send("right door", allIpv4.addressOn("127.0.0.1"));
    QTRY_COMPARE(allIpv4.payloads(), QList<QByteArray>{"right door"});

    // Each family's port is another one, so both fit.
    const auto both = openVariant(variant, QHostAddress(QHostAddress::AnyIPv4),
                                  allIpv6.address().port());
    QVERIFY2(both.isOk() || both.error().code == ErrorCode::AddressInUse,
             qPrintable(both.error().message));
}

void tst_DatagramChannel::theDestinationIsReportedAndIsTheSourceOfTheReply()
{
    QFETCH_GLOBAL(const Variant, variant);
#ifndef Q_OS_LINUX
    QSKIP("Only Linux has all of 127.0.0.0/8 without being asked.");
#endif
    for (const auto any : {QHostAddress::Any, QHostAddress::AnyIPv4}) {
        DatagramPeer server{variant, QHostAddress(any)};
        DatagramPeer client(variant);
        const SocketAddress second = server.addressOn("127.0.0.2");
        client.send("question", second);
        QTRY_COMPARE(server.received.size(), 1);
        QCOMPARE(server.received.constFirst().local, second);

        if (variant == Variant::UdpSocket && any == QHostAddress::AnyIPv4)
            continue; // Qt 6.4 writes the source into ipi_addr, which Linux does not read
        const QByteArray reply = pattern(3000);
        QCOMPARE(server.send(reply, client.address(), 1200, second).status, SendStatus::Sent);
        QTRY_COMPARE(client.payloads(), cut(reply, 1200));
        for (const Received &datagram : std::as_const(client.received))
            QCOMPARE(datagram.remote, second);
    }
}

void tst_DatagramChannel::theSystemChoosesTheSourceWhereNoneIsGiven()
{
    QFETCH_GLOBAL(const Variant, variant);
    DatagramPeer server(variant, QHostAddress(QHostAddress::Any));
    DatagramPeer client(variant);
    server.send("null", client.address());
    server.send("unspecified", client.address(), 0, server.address());
    QTRY_COMPARE(client.payloads(), (QList<QByteArray>{"null", "unspecified"}));
    for (const Received &datagram : std::as_const(client.received))
        QCOMPARE(datagram.remote, server.addressOn("127.0.0.1"));

    // A channel that is bound to an address always sends from there.
    client.send("bound", client.address(), 0, server.addressOn("127.0.0.2"));
    QTRY_COMPARE(client.received.size(), 3);
    QCOMPARE(client.received.constLast().remote, client.address());
}

void tst_DatagramChannel::aPortInUseIsRefusedWithAWayOut()
{
    QFETCH_GLOBAL(const Variant, variant);
    const DatagramPeer first(variant);
    const quint16 port = first.address().port();
    const auto second = openVariant(variant, QHostAddress(QHostAddress::LocalHost), port);
    QVERIFY(!second);
    QCOMPARE(second.error().code, ErrorCode::AddressInUse);
    QCOMPARE(second.error().message,
             QStringLiteral("Cannot listen on 127.0.0.1:%1: another socket has this port. Stop the "
                            "program that uses it, or take another port (0 takes a free one).")
                 .arg(port));
}

void tst_DatagramChannel::nobodyCanShareThePort()
{
    QFETCH_GLOBAL(const Variant, variant);
    const DatagramPeer everywhere(variant, QHostAddress(QHostAddress::Any));
    const quint16 port = everywhere.address().port();
    for (const auto address : {QHostAddress::LocalHost, QHostAddress::AnyIPv4, QHostAddress::Any}) {
        const auto second = openVariant(variant, QHostAddress(address), port);
        QCOMPARE(second.error().code, ErrorCode::AddressInUse);

        QUdpSocket hijacker;
        QVERIFY(!hijacker.bind(QHostAddress(address), port,
                               QAbstractSocket::ShareAddress | QAbstractSocket::ReuseAddressHint));
    }
}

void tst_DatagramChannel::aFreedPortCanBeBoundAtOnce()
{
    QFETCH_GLOBAL(const Variant, variant);
    auto channel = openVariant(variant, QHostAddress(QHostAddress::LocalHost));
    QVERIFY(channel.isOk());
    const quint16 port = channel.value()->localAddress().port();
    for (int i = 0; i < 1000; ++i) {
        channel = Error(); // closes the one before
        channel = openVariant(variant, QHostAddress(QHostAddress::LocalHost), port);
        QVERIFY2(channel.isOk(), qPrintable(channel.error().message));
    }
}

void tst_DatagramChannel::anAddressOfAnotherMachineIsRefusedWithAWayOut()
{
    QFETCH_GLOBAL(const Variant, variant);
    const auto ipv4 = openVariant(variant, QHostAddress(QStringLiteral("203.0.113.1")), 12000);
    QVERIFY(!ipv4);
    QCOMPARE(ipv4.error().code, ErrorCode::AddressNotAvailable);
    QCOMPARE(ipv4.error().message,
             QStringLiteral("Cannot listen on 203.0.113.1:12000: the address does not belong to "
                            "this machine. Use an address of this machine, or :: or 0.0.0.0 for "
                            "all."));

    const auto ipv6 = openVariant(variant, QHostAddress(QStringLiteral("2001:db8::1")), 12000);
    QVERIFY(!ipv6);
    QCOMPARE(ipv6.error().code, ErrorCode::AddressNotAvailable);
    const QString start = QStringLiteral("Cannot listen on [2001:db8::1]:12000: ");
    QVERIFY2(ipv6.error().message.startsWith(start), qPrintable(ipv6.error().message));
}

void tst_DatagramChannel::aNullAddressIsRefusedWithAWayOut()
{
    QFETCH_GLOBAL(const Variant, variant);
    const auto channel = openVariant(variant, QHostAddress());
    QVERIFY(!channel);
    QCOMPARE(channel.error().code, ErrorCode::InvalidArgument);
    QVERIFY(channel.error().message.contains(QStringLiteral("0.0.0.0 for all")));
}

void tst_DatagramChannel::aPollEndsWithADatagramOrInVain()
{
    QFETCH_GLOBAL(const Variant, variant);
    DatagramPeer alice(variant);
    DatagramPeer bob(variant);
    if (!bob.channel->canPoll()) {
        QCOMPARE(alice.send(pattern(100), bob.address()).status, SendStatus::Sent);
        QVERIFY(!bob.channel->poll(std::chrono::hours(1)));
        return;
    }
    QVERIFY(!bob.channel->poll(std::chrono::microseconds(100)));
    QCOMPARE(alice.send(pattern(100), bob.address()).status, SendStatus::Sent);
    QVERIFY(bob.channel->poll(std::chrono::hours(1)));
    QCOMPARE(bob.receive(100, plenty), ReceiveStatus::Drained);
    QCOMPARE(bob.received.size(), 1);
    QVERIFY(!bob.channel->poll(std::chrono::microseconds(100)));
}

void tst_DatagramChannel::theBudgetEndsAReceiveAndTheRestComesLater()
{
    QFETCH_GLOBAL(const Variant, variant);
    DatagramPeer alice(variant);
    DatagramPeer bob(variant);
    bool readable = false;
    bob.channel->onReadable = [&] { readable = true; };
    const auto sendTen = [&] {
        for (int i = 0; i < 10; ++i)
            QCOMPARE(alice.send(pattern(1200), bob.address()).status, SendStatus::Sent);
    };

    sendTen();
    QTRY_VERIFY(readable);
    QCOMPARE(bob.receive(4, plenty), ReceiveStatus::BudgetSpent);
    QCOMPARE(bob.received.size(), 4);
    QCOMPARE(bob.receive(0, plenty), ReceiveStatus::BudgetSpent);
    QCOMPARE(bob.received.size(), 4);
    QCOMPARE(bob.receive(100, plenty), ReceiveStatus::Drained);
    QCOMPARE(bob.received.size(), 10);

    // The one that crosses the limit of bytes is still handed over.
    readable = false;
    sendTen();
    QTRY_VERIFY(readable);
    QCOMPARE(bob.receive(100, 2500), ReceiveStatus::BudgetSpent);
    QCOMPARE(bob.received.size(), 13);
    QCOMPARE(bob.receive(100, plenty), ReceiveStatus::Drained);
    QCOMPARE(bob.received.size(), 20);
}

void tst_DatagramChannel::emptyDatagramsCountAgainstTheBudget()
{
    QFETCH_GLOBAL(const Variant, variant);
    DatagramPeer alice(variant);
    DatagramPeer bob(variant);
    bool readable = false;
    bob.channel->onReadable = [&] { readable = true; };
    for (int i = 0; i < 40; ++i)
        alice.send({}, bob.address());
    QTRY_VERIFY(readable);
    QCOMPARE(bob.receive(30, plenty), ReceiveStatus::BudgetSpent);
    QCOMPARE(bob.received.size(), 30);
    QCOMPARE(bob.receive(30, plenty), ReceiveStatus::Drained);
    QCOMPARE(bob.received.size(), 40);
}

void tst_DatagramChannel::theChannelStaysSilentUntilASpentBudgetIsTakenUp()
{
    QFETCH_GLOBAL(const Variant, variant);
    DatagramPeer alice(variant);
    DatagramPeer bob(variant);
    int readable = 0;
    bob.channel->onReadable = [&] { ++readable; };
    for (int i = 0; i < 3; ++i)
        alice.send("flood", bob.address());
    QTRY_VERIFY(readable > 0);
    QCOMPARE(bob.receive(1, plenty), ReceiveStatus::BudgetSpent);
    readable = 0;

    // Another peer's datagram proves that the event loop has looked at the sockets meanwhile.
    for (int i = 0; i < 3; ++i) {
        bob.send("ping", alice.address());
        QTRY_COMPARE(alice.received.size(), i + 1);
    }
    QCOMPARE(readable, 0);

    QCOMPARE(bob.receive(100, plenty), ReceiveStatus::Drained);
    alice.send("news", bob.address());
    QTRY_VERIFY(readable > 0);
    QCOMPARE(bob.receive(100, plenty), ReceiveStatus::Drained);
    QCOMPARE(bob.received.size(), 4);

    // Nothing there when asked, as after a datagram with a wrong checksum: still awake afterwards.
    QCOMPARE(bob.receive(100, plenty), ReceiveStatus::Drained);
    readable = 0;
    alice.send("news", bob.address());
    QTRY_VERIFY(readable > 0);
}

void tst_DatagramChannel::aClosedPortDoesNotDisturbTheChannel()
{
    QFETCH_GLOBAL(const Variant, variant);
    for (const auto any : {QHostAddress::Any, QHostAddress::LocalHost}) {
        DatagramPeer alice{variant, QHostAddress(any)};
        DatagramPeer bob(variant);
        SocketAddress closed;
        {
            const DatagramPeer gone(variant);
            closed = gone.address();
        }
        for (int i = 0; i < 20; ++i)
            QCOMPARE(alice.send("is anybody there?", closed).status, SendStatus::Sent);
        alice.send("hello", bob.address());
        QTRY_COMPARE(bob.received.size(), 1);
        bob.send("hello", bob.received.constFirst().remote);
        QTRY_COMPARE(alice.payloads(), QList<QByteArray>{"hello"});
    }
}

void tst_DatagramChannel::theChannelMayBeDestroyedByItsReadHandler()
{
    QFETCH_GLOBAL(const Variant, variant);
    DatagramPeer alice(variant);
    DatagramPeer bob(variant);
    bool called = false;
    // More captures than fit into a std::function, so that a use after free is one on the heap.
    const std::array<int, 32> ballast = {};
    bob.channel->onReadable = [&bob, &called, ballast] {
        bob.receiveAll();
        bob.channel.reset();
        called = ballast[0] == 0;
    };
    alice.send("last words", bob.address());
    QTRY_VERIFY(called);
    QCOMPARE(bob.payloads(), QList<QByteArray>{"last words"});
}

void tst_DatagramChannel::addressesSurviveTheWayThroughQt_data()
{
    QTest::addColumn<QHostAddress>("qt");
    QTest::addColumn<SocketAddress>("ours");
    QTest::addColumn<QHostAddress>("back");

    const auto row = [](const char *text, const SocketAddress &ours, const char *back = nullptr) {
        QTest::newRow(text) << QHostAddress(QString::fromLatin1(text)) << ours
                            << QHostAddress(QString::fromLatin1(back ? back : text));
    };
    row("192.0.2.33", SocketAddress::fromIpv4({192, 0, 2, 33}, 12000));
    row("255.255.255.255", SocketAddress::fromIpv4({255, 255, 255, 255}, 12000));
    row("0.0.0.0", SocketAddress::fromIpv4({}, 12000));
    row("::", SocketAddress::fromIpv6({}, 12000));
    row("2001:db8::7",
        SocketAddress::fromIpv6({0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7}, 12000));
    row("::ffff:192.0.2.33", SocketAddress::fromIpv4({192, 0, 2, 33}, 12000), "192.0.2.33");
    QTest::newRow("any") << QHostAddress(QHostAddress::Any) << SocketAddress::fromIpv6({}, 12000)
                         << QHostAddress(QHostAddress::AnyIPv6);
    QTest::newRow("null") << QHostAddress() << SocketAddress() << QHostAddress();
}

void tst_DatagramChannel::addressesSurviveTheWayThroughQt()
{
    QFETCH(const QHostAddress, qt);
    QFETCH(const SocketAddress, ours);
    QFETCH(const QHostAddress, back);
    QCOMPARE(toSocketAddress(qt, 12000), ours);
    QCOMPARE(toHostAddress(ours), back);
    QCOMPARE(toHostAddress(ours).protocol(), back.protocol());
}

void tst_DatagramChannel::aScopeMayBeANumberOrAnInterface()
{
    const auto numbered = toSocketAddress(QHostAddress(QStringLiteral("fe80::1%1")), 12000);
    QCOMPARE(numbered.scopeId(), quint32(1));
#ifdef Q_OS_LINUX
    QCOMPARE(toSocketAddress(QHostAddress(QStringLiteral("fe80::1%lo")), 12000), numbered);
    QCOMPARE(toHostAddress(numbered).scopeId(), QStringLiteral("lo"));
#endif
    const auto unknown = toSocketAddress(QHostAddress(QStringLiteral("fe80::1%987654")), 12000);
    QCOMPARE(toHostAddress(unknown).scopeId(), QStringLiteral("987654"));
    QCOMPARE(toSocketAddress(QHostAddress(QStringLiteral("fe80::1%nosuch")), 1).scopeId(),
             quint32(0));
}

void tst_DatagramChannel::anAddressWithoutItsInterfaceIsRefusedByName_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QString>("named");
    QTest::newRow("none is named")
        << u"fe80::1"_s << ErrorCode::InvalidArgument << u"fe80::1%eth0"_s;
    QTest::newRow("no such name") << u"fe80::1%nosuch9"_s << ErrorCode::AddressNotAvailable
                                  << u"\"nosuch9\""_s;
    QTest::newRow("no such number")
        << u"fe80::1%987654"_s << ErrorCode::AddressNotAvailable << u"\"987654\""_s;
    QTest::newRow("zero") << u"fe80::1%0"_s << ErrorCode::AddressNotAvailable << u"\"0\""_s;
    QTest::newRow("not link-local")
        << u"2001:db8::1%nosuch9"_s << ErrorCode::AddressNotAvailable << u"\"nosuch9\""_s;
}

void tst_DatagramChannel::anAddressWithoutItsInterfaceIsRefusedByName()
{
    QFETCH(const QString, address);
    QFETCH(const ErrorCode, code);
    QFETCH(const QString, named);
    const QHostAddress wanted(address);
    const Result<void> scope = checkScope(wanted);
    QCOMPARE(scope.error().code, code);
    QVERIFY2(scope.error().message.contains(named), qPrintable(scope.error().message));
    for (const auto &open : {openDatagramChannel, openUdpSocketChannel}) {
        const auto channel = open(wanted, 12000);
        QVERIFY(!channel);
        QCOMPARE(channel.error().code, code);
        QVERIFY2(channel.error().message.contains(named), qPrintable(channel.error().message));
        QVERIFY2(channel.error().message.startsWith(u"Cannot listen on "),
                 qPrintable(channel.error().message));
    }
#ifdef Q_OS_LINUX
    QVERIFY(checkScope(QHostAddress(u"fe80::1%lo"_s)));
    QVERIFY(checkScope(QHostAddress(u"fe80::1%1"_s)));
#endif
    QVERIFY(checkScope(QHostAddress(u"2001:db8::1"_s)));
    QVERIFY(checkScope(QHostAddress(u"169.254.1.1"_s)));
}

QTEST_GUILESS_MAIN(tst_DatagramChannel)

#include "tst_datagramchannel.moc"
