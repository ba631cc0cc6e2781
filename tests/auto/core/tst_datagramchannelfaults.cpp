// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a datagram channel does when the system refuses. The faults are put in between: this program
// has its own sendmsg() and the like, which the library and Qt find before the C library's.

#include "datagrampeer.h"

#include <QObject>
#include <QTest>

#ifdef Q_OS_LINUX

#include <dlfcn.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <functional>

using namespace Qp2p;
using namespace Qp2p::Io;
using namespace Qp2p::Test;

namespace {

//! What the calls below answer instead of the system; 0 means that the system answers.
struct Faults
{
    std::function<int(const msghdr &)> send;
    std::function<int()> receive;
    std::function<int(const sockaddr *)> bind;
    std::function<int(int family)> socket;
    bool noOffload = false;
    bool truncateNextRead = false;

    int lastBound = -1;
    int sendCalls = 0;
    int segmentedSendCalls = 0;
};

Faults faults;

bool isSegmented(const msghdr &message)
{
    auto *const header = const_cast<msghdr *>(&message);
    for (cmsghdr *c = CMSG_FIRSTHDR(header); c != nullptr; c = CMSG_NXTHDR(header, c)) {
        if (c->cmsg_level == IPPROTO_UDP && c->cmsg_type == UDP_SEGMENT)
            return true;
    }
    return false;
}

bool failsWith(int error)
{
    if (error != 0)
        errno = error;
    return error != 0;
}

template<typename Function>
Function *original(const char *name)
{
    return reinterpret_cast<Function *>(::dlsym(RTLD_NEXT, name));
}

} // namespace

extern "C" {

ssize_t sendmsg(int fd, const msghdr *message, int flags)
{
    static auto *const system = original<decltype(sendmsg)>("sendmsg");
    ++faults.sendCalls;
    if (isSegmented(*message))
        ++faults.segmentedSendCalls;
    if (faults.send && failsWith(faults.send(*message)))
        return -1;
    return system(fd, message, flags);
}

ssize_t recvmsg(int fd, msghdr *message, int flags)
{
    static auto *const system = original<decltype(recvmsg)>("recvmsg");
    if (faults.receive && failsWith(faults.receive()))
        return -1;
    return system(fd, message, flags);
}

int recvmmsg(int fd, mmsghdr *messages, unsigned count, int flags, timespec *timeout)
{
    static auto *const system = original<decltype(recvmmsg)>("recvmmsg");
    if (faults.receive && failsWith(faults.receive()))
        return -1;
    const int received = system(fd, messages, count, flags, timeout);
    if (received > 0 && std::exchange(faults.truncateNextRead, false))
        messages[0].msg_hdr.msg_flags |= MSG_TRUNC;
    return received;
}

int bind(int fd, const sockaddr *address, socklen_t size) noexcept
{
    static auto *const system = original<int(int, const sockaddr *, socklen_t)>("bind");
    faults.lastBound = fd;
    if (faults.bind && failsWith(faults.bind(address)))
        return -1;
    return system(fd, address, size);
}

int socket(int family, int type, int protocol) noexcept
{
    static auto *const system = original<int(int, int, int)>("socket");
    if (faults.socket && failsWith(faults.socket(family)))
        return -1;
    return system(family, type, protocol);
}

int setsockopt(int fd, int level, int option, const void *value, socklen_t size) noexcept
{
    static auto *const system = original<int(int, int, int, const void *, socklen_t)>("setsockopt");
    if (faults.noOffload && level == IPPROTO_UDP)
        return failsWith(ENOPROTOOPT) ? -1 : 0;
    return system(fd, level, option, value, size);
}

} // extern "C"

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

    void aKernelWithoutOffloadIsFoundOut();
    void segmentationThatFailsIsSwitchedOffForGood_data();
    void segmentationThatFailsIsSwitchedOffForGood();
    void segmentationThatFailsMayBlockMidway();
    void aRefusedBatchDoesNotSwitchSegmentationOff();
    void onlyTheTooLargeDatagramsOfABatchAreLost();

    void errorsFromThePastDoNotHideADatagram();
    void aSocketThatOnlyFailsDoesNotHoldTheEventLoop();
    void aTruncatedDatagramIsDropped();

    void withoutIpv6AnyMeansIpv4_data();
    void withoutIpv6AnyMeansIpv4();
    void withoutIpv6AnIpv6AddressIsRefusedWithAWayOut();
    void aForbiddenPortIsRefusedWithAWayOut();
    void tooManyOpenFilesAreToldWithAWayOut();
    void anUnknownErrorIsToldInTheSystemsWords();
    void theSocketIsExclusiveUnfragmentedAndClosedInTheEnd();
};

void tst_DatagramChannelFaults::aFullSocketBlocksAndTellsOnceWhenItIsWritable()
{
    QFETCH_GLOBAL(const Variant, variant);
    DatagramPeer alice(variant);
    DatagramPeer bob(variant);
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
    QFETCH_GLOBAL(const Variant, variant);
    if (variant == Variant::UdpSocket)
        QSKIP("QUdpSocket does not tell ENOBUFS from a refusal; the datagram counts as lost.");
    DatagramPeer alice(variant);
    DatagramPeer bob(variant);
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
    QFETCH_GLOBAL(const Variant, variant);
    if (variant == Variant::LinuxWithOffload)
        QSKIP("With segmentation a batch leaves whole or not at all.");
    DatagramPeer alice(variant);
    DatagramPeer bob(variant);
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
    QFETCH_GLOBAL(const Variant, variant);
    DatagramPeer alice(variant);
    DatagramPeer bob(variant);
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
    QFETCH_GLOBAL(const Variant, variant);
    QFETCH(const int, error);
    DatagramPeer alice(variant);
    DatagramPeer bob(variant);
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
    QFETCH_GLOBAL(const Variant, variant);
    for (const int error : {EAGAIN, ENOBUFS}) {
        DatagramPeer alice(variant);
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
            QCOMPARE(variant, Variant::UdpSocket); // which counts ENOBUFS as lost
    }
}

void tst_DatagramChannelFaults::aKernelWithoutOffloadIsFoundOut()
{
    QFETCH_GLOBAL(const Variant, variant);
    faults.noOffload = true;
    DatagramPeer alice(variant);
    DatagramPeer bob(variant);
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
    QFETCH_GLOBAL(const Variant, variant);
    if (variant != Variant::LinuxWithOffload)
        QSKIP("There is no segmentation to fail.");
    QFETCH(const int, error);
    DatagramPeer alice(variant);
    DatagramPeer bob(variant);
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
    QFETCH_GLOBAL(const Variant, variant);
    if (variant != Variant::LinuxWithOffload)
        QSKIP("There is no segmentation to fail.");
    DatagramPeer alice(variant);
    DatagramPeer bob(variant);
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
    QFETCH_GLOBAL(const Variant, variant);
    if (variant != Variant::LinuxWithOffload)
        QSKIP("There is no segmentation to switch off.");
    DatagramPeer alice(variant);
    DatagramPeer bob(variant);
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
    QFETCH_GLOBAL(const Variant, variant);
    DatagramPeer alice(variant);
    DatagramPeer bob(variant);
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
    QFETCH_GLOBAL(const Variant, variant);
    DatagramPeer alice(variant);
    DatagramPeer bob(variant);
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
    QFETCH_GLOBAL(const Variant, variant);
    DatagramPeer alice(variant);
    DatagramPeer bob(variant);
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
    QFETCH_GLOBAL(const Variant, variant);
    if (variant == Variant::UdpSocket)
        QSKIP("QUdpSocket does not tell; its buffer holds the largest datagram there is.");
    DatagramPeer alice(variant);
    DatagramPeer bob(variant);
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

void tst_DatagramChannelFaults::withoutIpv6AnyMeansIpv4_data()
{
    QTest::addColumn<bool>("canMakeSocket");
    QTest::newRow("no IPv6 in the kernel") << false;
    QTest::newRow("no IPv6 address") << true;
}

void tst_DatagramChannelFaults::withoutIpv6AnyMeansIpv4()
{
    QFETCH_GLOBAL(const Variant, variant);
    QFETCH(const bool, canMakeSocket);
    if (canMakeSocket && variant == Variant::UdpSocket)
        QSKIP("QUdpSocket falls back only where the kernel has no IPv6.");
    if (canMakeSocket) {
        faults.bind = [](const sockaddr *address) {
            return address->sa_family == AF_INET6 ? EADDRNOTAVAIL : 0;
        };
    } else {
        faults.socket = [](int family) { return family == AF_INET6 ? EAFNOSUPPORT : 0; };
    }
    DatagramPeer everywhere(variant, QHostAddress(QHostAddress::Any));
    QVERIFY(everywhere.address().isIpv4());
    QVERIFY(everywhere.address().isUnspecified());
    DatagramPeer alice(variant);
    alice.send("ping", everywhere.addressOn("127.0.0.1"));
    QTRY_COMPARE(everywhere.received.size(), 1);
    QCOMPARE(everywhere.received.constFirst().local, everywhere.addressOn("127.0.0.1"));
}

void tst_DatagramChannelFaults::withoutIpv6AnIpv6AddressIsRefusedWithAWayOut()
{
    QFETCH_GLOBAL(const Variant, variant);
    faults.socket = [](int family) { return family == AF_INET6 ? EAFNOSUPPORT : 0; };
    const auto channel = openVariant(variant, QHostAddress(QHostAddress::AnyIPv6), 12000);
    QVERIFY(!channel);
    QCOMPARE(channel.error().code, ErrorCode::AddressNotAvailable);
    QCOMPARE(
        channel.error().message,
        QStringLiteral("Cannot listen on [::]:12000: IPv6 is switched off on this machine. Use "
                       "an IPv4 address, or 0.0.0.0 for all."));
}

void tst_DatagramChannelFaults::aForbiddenPortIsRefusedWithAWayOut()
{
    QFETCH_GLOBAL(const Variant, variant);
    faults.bind = [](const sockaddr *) { return EACCES; };
    const auto low = openVariant(variant, QHostAddress(QHostAddress::LocalHost), 1023);
    QVERIFY(!low);
    QCOMPARE(low.error().code, ErrorCode::PermissionDenied);
    QCOMPARE(
        low.error().message,
        QStringLiteral("Cannot listen on 127.0.0.1:1023: ports below 1024 need a privilege. Use "
                       "port 1024 or above, or give the program the privilege (on Linux "
                       "CAP_NET_BIND_SERVICE)."));

    const auto high = openVariant(variant, QHostAddress(QHostAddress::Any), 1024);
    QVERIFY(!high);
    QCOMPARE(high.error().code, ErrorCode::PermissionDenied);
    QVERIFY2(high.error().message.startsWith(
                 QStringLiteral("Cannot listen on [::]:1024: the system does not let")),
             qPrintable(high.error().message));
}

void tst_DatagramChannelFaults::tooManyOpenFilesAreToldWithAWayOut()
{
    QFETCH_GLOBAL(const Variant, variant);
    faults.socket = [](int) { return EMFILE; };
    const auto channel = openVariant(variant, QHostAddress(QHostAddress::LocalHost), 12000);
    QVERIFY(!channel);
    QCOMPARE(channel.error().code, ErrorCode::SocketFailed);
    QVERIFY2(channel.error().message.contains(QStringLiteral("ulimit -n")),
             qPrintable(channel.error().message));
}

void tst_DatagramChannelFaults::anUnknownErrorIsToldInTheSystemsWords()
{
    QFETCH_GLOBAL(const Variant, variant);
    faults.bind = [](const sockaddr *) { return EPROTO; };
    const auto channel = openVariant(variant, QHostAddress(QHostAddress::LocalHost), 12000);
    QVERIFY(!channel);
    QCOMPARE(channel.error().code, ErrorCode::SocketFailed);
    const QString start = QStringLiteral("Cannot listen on 127.0.0.1:12000: the system says \"");
    QVERIFY2(channel.error().message.startsWith(start), qPrintable(channel.error().message));
}

void tst_DatagramChannelFaults::theSocketIsExclusiveUnfragmentedAndClosedInTheEnd()
{
    QFETCH_GLOBAL(const Variant, variant);
    auto channel = openVariant(variant, QHostAddress(QHostAddress::Any));
    QVERIFY(channel.isOk());
    const int fd = faults.lastBound;
    QVERIFY(::fcntl(fd, F_GETFD) & FD_CLOEXEC);
    QVERIFY(::fcntl(fd, F_GETFL) & O_NONBLOCK);

    const auto option = [fd](int level, int name) {
        int value = -1;
        socklen_t size = sizeof(value);
        ::getsockopt(fd, level, name, &value, &size);
        return value;
    };
    QCOMPARE(option(SOL_SOCKET, SO_REUSEADDR), 0);
    QCOMPARE(option(SOL_SOCKET, SO_REUSEPORT), 0);
    QCOMPARE(option(IPPROTO_IP, IP_MTU_DISCOVER), IP_PMTUDISC_PROBE);
    QCOMPARE(option(IPPROTO_IPV6, IPV6_MTU_DISCOVER), IPV6_PMTUDISC_PROBE);

    channel = Error();
    QCOMPARE(::fcntl(fd, F_GETFD), -1);
    QCOMPARE(errno, EBADF);
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
