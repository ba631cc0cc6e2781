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

    void theBudgetEndsAReceiveAndTheRestComesLater();
    void emptyDatagramsCountAgainstTheBudget();
    void theChannelStaysSilentUntilASpentBudgetIsTakenUp();
    void aPollEndsWithADatagramOrInVain();
    void aClosedPortDoesNotDisturbTheChannel();
    void theChannelMayBeDestroyedByItsReadHandler();
};

void tst_DatagramChannel::aDatagramArrivesByteForByte()
{
    DatagramPeer alice, bob;
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
    DatagramPeer alice, bob;
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
    DatagramPeer alice, bob;
    const size_t promised = currentVariant() == Variant::LinuxWithOffload ? 64 : 1;
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
    DatagramPeer alice, bob;
    QCOMPARE(alice.send({}, bob.address()).status, SendStatus::Sent);
    QCOMPARE(alice.send("after", bob.address()).status, SendStatus::Sent);
    QTRY_COMPARE(bob.payloads(), (QList<QByteArray>{{}, "after"}));
    QCOMPARE(bob.received.constFirst().remote, alice.address());
}

void tst_DatagramChannel::theLargestDatagramArrivesAmongSmallOnes()
{
    DatagramPeer alice, bob;
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
    DatagramPeer alice, bob;
    QCOMPARE(alice.send(pattern(65'508), bob.address()).status, SendStatus::Lost);
    QCOMPARE(alice.send("next", bob.address()).status, SendStatus::Sent);
    QTRY_COMPARE(bob.payloads(), QList<QByteArray>{"next"});
    QCOMPARE(alice.writable, 0);
}

void tst_DatagramChannel::anUnreachableDestinationIsALostDatagram()
{
    DatagramPeer alice, bob;
    QCOMPARE(alice.send("nowhere", {}).status, SendStatus::Lost);
    QCOMPARE(alice.send("port 0", SocketAddress::fromIpv4({127, 0, 0, 1}, 0)).status,
             SendStatus::Lost);
    const auto loopbackIpv6 = toSocketAddress(QHostAddress(QHostAddress::LocalHostIPv6), 12000);
    QCOMPARE(alice.send("other family", loopbackIpv6).status, SendStatus::Lost);

    DatagramPeer everywhere(QHostAddress(QHostAddress::Any));
    const auto foreign = SocketAddress::fromIpv4({203, 0, 113, 1}, 12000);
    QCOMPARE(everywhere.send("not my address", bob.address(), 0, foreign).status, SendStatus::Lost);
    QCOMPARE(everywhere.send("mixed families", bob.address(), 0, loopbackIpv6).status,
             SendStatus::Lost);

    QCOMPARE(alice.send("next", bob.address()).status, SendStatus::Sent);
    QTRY_COMPARE(bob.payloads(), QList<QByteArray>{"next"});
}

void tst_DatagramChannel::ecnBitsArriveOverIpv4AndIpv6()
{
    if (currentVariant() == Variant::UdpSocket)
        QSKIP("QUdpSocket offers no ECN.");

    DatagramPeer ipv4;
    DatagramPeer dualStack(QHostAddress(QHostAddress::Any));
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
    DatagramPeer ipv6(QHostAddress(QHostAddress::LocalHostIPv6));
    check(ipv6, ipv6, ipv6.address(), {});
    check(ipv6, dualStack, dualStack.addressOn("::1"), {});
    check(dualStack, ipv6, ipv6.address(), {});
    check(dualStack, ipv6, ipv6.address(), dualStack.addressOn("::1"));
}

void tst_DatagramChannel::bothFamiliesArriveAtADualStackChannel()
{
    DatagramPeer everywhere(QHostAddress(QHostAddress::Any));
    QVERIFY(everywhere.address().isUnspecified());
    QVERIFY(everywhere.address().port() != 0);

    DatagramPeer ipv4;
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
    DatagramPeer ipv6(QHostAddress(QHostAddress::LocalHostIPv6));
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
    if (!hasIpv6Loopback())
        QSKIP("This machine has no IPv6.");
    DatagramPeer allIpv6(QHostAddress(QHostAddress::AnyIPv6));
    DatagramPeer allIpv4(QHostAddress(QHostAddress::AnyIPv4));
    DatagramPeer stranger(QHostAddress(QHostAddress::Any));

    stranger.send("wrong door", allIpv6.addressOn("127.0.0.1"));
    stranger.send("right door", allIpv6.addressOn("::1"));
    QTRY_COMPARE(allIpv6.payloads(), QList<QByteArray>{"right door"});
    stranger.send("wrong door", allIpv4.addressOn("::1"));
    stranger.send("right door", allIpv4.addressOn("127.0.0.1"));
    QTRY_COMPARE(allIpv4.payloads(), QList<QByteArray>{"right door"});

    // Each family's port is another one, so both fit.
    const auto both = openVariant(QHostAddress(QHostAddress::AnyIPv4), allIpv6.address().port());
    QVERIFY2(both.isOk() || both.error().code == ErrorCode::AddressInUse,
             qPrintable(both.error().message));
}

void tst_DatagramChannel::theDestinationIsReportedAndIsTheSourceOfTheReply()
{
#ifndef Q_OS_LINUX
    QSKIP("Only Linux has all of 127.0.0.0/8 without being asked.");
#endif
    for (const auto any : {QHostAddress::Any, QHostAddress::AnyIPv4}) {
        DatagramPeer server{QHostAddress(any)};
        DatagramPeer client;
        const SocketAddress second = server.addressOn("127.0.0.2");
        client.send("question", second);
        QTRY_COMPARE(server.received.size(), 1);
        QCOMPARE(server.received.constFirst().local, second);

        if (currentVariant() == Variant::UdpSocket && any == QHostAddress::AnyIPv4)
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
    DatagramPeer server(QHostAddress(QHostAddress::Any));
    DatagramPeer client;
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

void tst_DatagramChannel::aPollEndsWithADatagramOrInVain()
{
    DatagramPeer alice, bob;
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
    DatagramPeer alice, bob;
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
    DatagramPeer alice, bob;
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
    DatagramPeer alice, bob;
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
    for (const auto any : {QHostAddress::Any, QHostAddress::LocalHost}) {
        DatagramPeer alice{QHostAddress(any)};
        DatagramPeer bob;
        SocketAddress closed;
        {
            const DatagramPeer gone;
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
    DatagramPeer alice, bob;
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

QTEST_GUILESS_MAIN(tst_DatagramChannel)

#include "tst_datagramchannel.moc"
