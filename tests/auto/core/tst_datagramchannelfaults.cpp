// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What an open datagram channel does when the system refuses.

#include "datagrampeer.h"

#include <QObject>
#include <QTest>

#ifdef Q_OS_LINUX

#include "socketfaults.h"

#include <cstring>

using namespace Qp2p;
using namespace Qp2p::Io;
using namespace Qp2p::Test;

class tst_DatagramChannelFaults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addVariants(); }
    void init() { faults = {}; }
    void cleanup() { faults = {}; }

    void aFullSocketBlocksAndTellsOnceWhenItIsWritable();
    void aLackOfBuffersIsWaitedOut();
    void aBatchThatBlocksMidwaySaysHowMuchLeft();
    void anInterruptedSendIsRepeated();
    void aRefusedDatagramIsLostAndTheChannelLives_data();
    void aRefusedDatagramIsLostAndTheChannelLives();
    void theChannelMayBeDestroyedByItsWriteHandler();

    void buffersAreForcedWhereThatIsAllowed_data();
    void buffersAreForcedWhereThatIsAllowed();
    void aKernelWithoutOffloadIsFoundOut();
    void segmentationThatFailsIsSwitchedOffForGood_data();
    void segmentationThatFailsIsSwitchedOffForGood();
    void segmentationThatFailsMayBlockMidway();
    void aRefusedBatchDoesNotSwitchSegmentationOff();
    void onlyTheTooLargeDatagramsOfABatchAreLost();

    void errorsFromThePastDoNotHideADatagram();
    void aSocketThatOnlyFailsDoesNotHoldTheEventLoop();
    void aTruncatedDatagramIsDropped();
};

void tst_DatagramChannelFaults::aFullSocketBlocksAndTellsOnceWhenItIsWritable()
{
    DatagramPeer alice, bob;
    faults.send = [](const msghdr &) { return EAGAIN; };
    for (const qsizetype segmentSize : {3600, 1200}) {
        const QByteArray batch = pattern(3600);
        QCOMPARE(alice.send(batch, bob.address(), segmentSize).status, SendStatus::WouldBlock);
        QCOMPARE(alice.writable, 0);
        QTRY_COMPARE(alice.writable, 1);
        alice.writable = 0;
    }

    faults.send = nullptr;
    QCOMPARE(alice.send("ping", bob.address()).status, SendStatus::Sent);
    QTRY_COMPARE(bob.payloads(), QList<QByteArray>{"ping"}); // nothing of the blocked ones
    bob.send("pong", alice.address());
    QTRY_COMPARE(alice.payloads(), QList<QByteArray>{"pong"});
    QCOMPARE(alice.writable, 0);
}

void tst_DatagramChannelFaults::aLackOfBuffersIsWaitedOut()
{
    if (currentVariant() == Variant::UdpSocket)
        QSKIP("QUdpSocket does not tell ENOBUFS from a refusal; the datagram counts as lost.");
    DatagramPeer alice, bob;
    for (const int error : {ENOBUFS, ENOMEM}) {
        faults.send = [error](const msghdr &) { return error; };
        QCOMPARE(alice.send("ping", bob.address()).status, SendStatus::WouldBlock);
        QCOMPARE(alice.writable, 0);
        QTRY_COMPARE(alice.writable, 1);
        alice.writable = 0;
        faults.send = nullptr;
        QCOMPARE(alice.send("ping", bob.address()).status, SendStatus::Sent);
        QTRY_COMPARE(bob.payloads(), QList<QByteArray>{"ping"});
        bob.received.clear();
    }
}

void tst_DatagramChannelFaults::aBatchThatBlocksMidwaySaysHowMuchLeft()
{
    if (currentVariant() == Variant::LinuxWithOffload)
        QSKIP("With segmentation a batch leaves whole or not at all.");
    DatagramPeer alice, bob;
    faults.send = [](const msghdr &) { return faults.sendCalls == 4 ? EAGAIN : 0; };
    const QByteArray batch = pattern(5 * 1200 + 7);
    const SendResult result = alice.send(batch, bob.address(), 1200);
    QCOMPARE(result.status, SendStatus::PartlySent);
    QCOMPARE(result.sentBytes, size_t(3600));
    QTRY_COMPARE(alice.writable, 1);
    QCOMPARE(alice.send(batch.sliced(3600), bob.address(), 1200).status, SendStatus::Sent);
    QTRY_COMPARE(bob.payloads(), cut(batch, 1200));
}

void tst_DatagramChannelFaults::anInterruptedSendIsRepeated()
{
    DatagramPeer alice, bob;
    faults.send = [](const msghdr &) { return faults.sendCalls < 4 ? EINTR : 0; };
    QCOMPARE(alice.send("ping", bob.address()).status, SendStatus::Sent);
    QCOMPARE(faults.sendCalls, 4);
    QTRY_COMPARE(bob.payloads(), QList<QByteArray>{"ping"});
}

void tst_DatagramChannelFaults::aRefusedDatagramIsLostAndTheChannelLives_data()
{
    QTest::addColumn<int>("error");
    for (const int error : {EMSGSIZE, EPERM, EACCES, ENETUNREACH, EHOSTUNREACH, ENETDOWN,
                            ECONNREFUSED, EADDRNOTAVAIL, EAFNOSUPPORT, EINVAL, EIO}) {
        QTest::newRow(strerrorname_np(error)) << error;
    }
}

void tst_DatagramChannelFaults::aRefusedDatagramIsLostAndTheChannelLives()
{
    QFETCH(const int, error);
    DatagramPeer alice, bob;
    faults.send = [error](const msghdr &) { return error; };
    QCOMPARE(alice.send("ping", bob.address()).status, SendStatus::Lost);
    QCOMPARE(alice.send(pattern(3000), bob.address(), 1200).status, SendStatus::Lost);
    faults.send = nullptr;
    QCOMPARE(alice.send("ping", bob.address()).status, SendStatus::Sent);
    QTRY_COMPARE(bob.payloads(), QList<QByteArray>{"ping"});
    QCOMPARE(alice.writable, 0);
}

void tst_DatagramChannelFaults::theChannelMayBeDestroyedByItsWriteHandler()
{
    for (const int error : {EAGAIN, ENOBUFS}) {
        DatagramPeer alice;
        bool called = false;
        // More captures than fit into a std::function, so that a use after free is one on the heap.
        const std::array<int, 32> ballast = {};
        alice.channel->onWritable = [&alice, &called, ballast] {
            alice.channel.reset();
            called = ballast[0] == 0;
        };
        faults.send = [error](const msghdr &) { return error; };
        if (alice.send("ping", alice.address()).status == SendStatus::WouldBlock)
            QTRY_VERIFY(called);
        else
            QCOMPARE(currentVariant(), Variant::UdpSocket); // which counts ENOBUFS as lost
    }
}

void tst_DatagramChannelFaults::buffersAreForcedWhereThatIsAllowed_data()
{
    QTest::addColumn<bool>("isAllowed");
    QTest::addColumn<QList<int>>("options");
    QTest::newRow("with CAP_NET_ADMIN") << true << QList<int>{SO_RCVBUFFORCE, SO_SNDBUFFORCE};
    QTest::newRow("without") << false
                             << QList<int>{SO_RCVBUFFORCE, SO_RCVBUF, SO_SNDBUFFORCE, SO_SNDBUF};
}

void tst_DatagramChannelFaults::buffersAreForcedWhereThatIsAllowed()
{
    QFETCH(const bool, isAllowed);
    QFETCH(const QList<int>, options);
    QList<int> asked;
    faults.socketOption = [&](int option) {
        const bool isForce = option == SO_RCVBUFFORCE || option == SO_SNDBUFFORCE;
        if (isForce || option == SO_RCVBUF || option == SO_SNDBUF)
            asked.append(option);
        return isForce && !isAllowed ? EPERM : 0;
    };
    const DatagramPeer alice;
    if (isAllowed && asked.size() > 2)
        QSKIP("This process may not force them.");
    QCOMPARE(asked, options);
}

void tst_DatagramChannelFaults::aKernelWithoutOffloadIsFoundOut()
{
    faults.noOffload = true;
    DatagramPeer alice, bob;
    QCOMPARE(alice.channel->maxSegments(), size_t(1));
    const QByteArray batch = pattern(20 * 1200 + 7);
    QCOMPARE(alice.send(batch, bob.address(), 1200).status, SendStatus::Sent);
    QTRY_COMPARE(bob.payloads(), cut(batch, 1200));
    QCOMPARE(faults.segmentedSendCalls, 0);
}

void tst_DatagramChannelFaults::segmentationThatFailsIsSwitchedOffForGood_data()
{
    QTest::addColumn<int>("error");
    QTest::newRow("EIO") << EIO;
    QTest::newRow("EINVAL") << EINVAL;
}

void tst_DatagramChannelFaults::segmentationThatFailsIsSwitchedOffForGood()
{
    if (currentVariant() != Variant::LinuxWithOffload)
        QSKIP("There is no segmentation to fail.");
    QFETCH(const int, error);
    DatagramPeer alice, bob;
    faults.send = [error](const msghdr &message) { return isSegmented(message) ? error : 0; };
    const QByteArray batch = pattern(5 * 1200 + 7);
    QCOMPARE(alice.send(batch, bob.address(), 1200).status, SendStatus::Sent);
    QTRY_COMPARE(bob.payloads(), cut(batch, 1200));
    QCOMPARE(alice.channel->maxSegments(), size_t(1));
    QCOMPARE(faults.segmentedSendCalls, 1);

    bob.received.clear();
    QCOMPARE(alice.send(batch, bob.address(), 1200).status, SendStatus::Sent);
    QTRY_COMPARE(bob.payloads(), cut(batch, 1200));
    QCOMPARE(faults.segmentedSendCalls, 1);
}

void tst_DatagramChannelFaults::segmentationThatFailsMayBlockMidway()
{
    if (currentVariant() != Variant::LinuxWithOffload)
        QSKIP("There is no segmentation to fail.");
    DatagramPeer alice, bob;
    faults.send = [](const msghdr &message) {
        if (isSegmented(message))
            return EIO;
        return faults.sendCalls == 4 ? EAGAIN : 0; // the third of the single ones
    };
    const QByteArray batch = pattern(6000);
    const SendResult result = alice.send(batch, bob.address(), 1200);
    QCOMPARE(result.status, SendStatus::PartlySent);
    QCOMPARE(result.sentBytes, size_t(2400));
    QTRY_COMPARE(alice.writable, 1);
    QCOMPARE(alice.send(batch.sliced(2400), bob.address(), 1200).status, SendStatus::Sent);
    QTRY_COMPARE(bob.payloads(), cut(batch, 1200));
}

void tst_DatagramChannelFaults::aRefusedBatchDoesNotSwitchSegmentationOff()
{
    if (currentVariant() != Variant::LinuxWithOffload)
        QSKIP("There is no segmentation to switch off.");
    DatagramPeer alice, bob;
    // A source address that has gone: each datagram alone is refused as well.
    faults.send = [](const msghdr &) { return EINVAL; };
    QCOMPARE(alice.send(pattern(3000), bob.address(), 1200).status, SendStatus::Lost);
    QCOMPARE(alice.channel->maxSegments(), size_t(64));

    // Blocked before anything is known.
    faults.send = [](const msghdr &message) { return isSegmented(message) ? EIO : EAGAIN; };
    QCOMPARE(alice.send(pattern(3000), bob.address(), 1200).status, SendStatus::WouldBlock);
    QCOMPARE(alice.channel->maxSegments(), size_t(64));

    faults.send = nullptr;
    const QByteArray batch = pattern(3000);
    QCOMPARE(alice.send(batch, bob.address(), 1200).status, SendStatus::Sent);
    QTRY_COMPARE(bob.payloads(), cut(batch, 1200));
}

void tst_DatagramChannelFaults::onlyTheTooLargeDatagramsOfABatchAreLost()
{
    DatagramPeer alice, bob;
    const size_t promised = alice.channel->maxSegments();
    // The path's MTU has shrunk; newer kernels say EMSGSIZE to a batch, older ones EINVAL.
    for (const int batchError : {EMSGSIZE, EINVAL}) {
        faults.send = [batchError](const msghdr &message) {
            if (isSegmented(message))
                return batchError;
            return message.msg_iov->iov_len > 1000 ? EMSGSIZE : 0;
        };
        const QByteArray batch = pattern(5 * 1200 + 900);
        const SendResult result = alice.send(batch, bob.address(), 1200);
        QCOMPARE(result.status, SendStatus::Sent);
        QTRY_COMPARE(bob.payloads(), QList<QByteArray>{batch.last(900)});
        bob.received.clear();
        QCOMPARE(alice.channel->maxSegments(), promised); // segmentation was not at fault
    }
}

void tst_DatagramChannelFaults::errorsFromThePastDoNotHideADatagram()
{
    DatagramPeer alice, bob;
    QList<int> errors = {ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EPROTO, EINTR};
    faults.receive = [&errors] { return errors.isEmpty() ? 0 : errors.takeFirst(); };
    alice.send("ping", bob.address());
    QTRY_COMPARE(bob.payloads(), QList<QByteArray>{"ping"});
    QVERIFY(errors.isEmpty());
    alice.send("ping", bob.address());
    QTRY_COMPARE(bob.received.size(), 2);
}

void tst_DatagramChannelFaults::aSocketThatOnlyFailsDoesNotHoldTheEventLoop()
{
    DatagramPeer alice, bob;
    int calls = 0;
    faults.receive = [&calls] {
        ++calls;
        return ECONNREFUSED;
    };
    QCOMPARE(bob.receive(1'000'000, 1'000'000), ReceiveStatus::Drained);
    QVERIFY2(calls <= 50, qPrintable(QString::number(calls)));

    faults.receive = nullptr;
    alice.send("ping", bob.address());
    QTRY_COMPARE(bob.payloads(), QList<QByteArray>{"ping"});
}

void tst_DatagramChannelFaults::aTruncatedDatagramIsDropped()
{
    if (currentVariant() == Variant::UdpSocket)
        QSKIP("QUdpSocket does not tell; its buffer holds the largest datagram there is.");
    DatagramPeer alice, bob;
    bool readable = false;
    bob.channel->onReadable = [&] { readable = true; };
    faults.truncateNextRead = true;
    alice.send("half", bob.address());
    alice.send("whole", bob.address());
    QTRY_VERIFY(readable);
    QCOMPARE(bob.receive(1, 1000), ReceiveStatus::BudgetSpent); // it counts, so a flood ends
    QCOMPARE(bob.received.size(), 0);
    QCOMPARE(bob.receive(10, 1000), ReceiveStatus::Drained);
    QCOMPARE(bob.payloads(), QList<QByteArray>{"whole"});
}

QTEST_GUILESS_MAIN(tst_DatagramChannelFaults)

#include "tst_datagramchannelfaults.moc"

#else

// Elsewhere a program's own functions do not come before the system's.
int main()
{
    return 0;
}

#endif
