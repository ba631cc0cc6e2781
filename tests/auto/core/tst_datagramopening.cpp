// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Opening a datagram channel: which addresses and ports can be bound, and what is said where one cannot.

#include "datagrampeer.h"

#include <QObject>
#include <QTest>
#include <QUdpSocket>

#ifdef Q_OS_LINUX
#include "socketfaults.h"

#include <fcntl.h>
#endif

using namespace Qp2p;
using namespace Qt::StringLiterals;
using namespace Qp2p::Io;
using namespace Qp2p::Test;
using Engine::SocketAddress;

class tst_DatagramOpening : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addVariants(); }

    void aPortInUseIsRefusedWithAWayOut();
    void nobodyCanShareThePort();
    void aFreedPortCanBeBoundAtOnce();
    void anAddressOfAnotherMachineIsRefusedWithAWayOut();
    void aNullAddressIsRefusedWithAWayOut();
    void addressesSurviveTheWayThroughQt_data();
    void addressesSurviveTheWayThroughQt();
    void aScopeMayBeANumberOrAnInterface();
    void anAddressWithoutItsInterfaceIsRefusedByName_data();
    void anAddressWithoutItsInterfaceIsRefusedByName();

#ifdef Q_OS_LINUX
    void cleanup()
    {
        faults = {};
    }

    void withoutIpv6AnyMeansIpv4_data();
    void withoutIpv6AnyMeansIpv4();
    void withoutIpv6AnIpv6AddressIsRefusedWithAWayOut();
    void aForbiddenPortIsRefusedWithAWayOut();
    void tooManyOpenFilesAreToldWithAWayOut();
    void anUnknownErrorIsToldInTheSystemsWords();
    void theSocketIsExclusiveUnfragmentedAndClosedInTheEnd();
#endif
};

void tst_DatagramOpening::aPortInUseIsRefusedWithAWayOut()
{
    const DatagramPeer first;
    const quint16 port = first.address().port();
    const auto second = openVariant(QHostAddress(QHostAddress::LocalHost), port);
    QVERIFY(!second);
    QCOMPARE(second.error().code, ErrorCode::AddressInUse);
    QCOMPARE(second.error().message,
             QStringLiteral("Cannot listen on 127.0.0.1:%1: another socket has this port. Stop the "
                            "program that uses it, or take another port (0 takes a free one).")
                 .arg(port));
}

void tst_DatagramOpening::nobodyCanShareThePort()
{
    const DatagramPeer everywhere(QHostAddress(QHostAddress::Any));
    const quint16 port = everywhere.address().port();
    for (const auto address : {QHostAddress::LocalHost, QHostAddress::AnyIPv4, QHostAddress::Any}) {
        const auto second = openVariant(QHostAddress(address), port);
        QCOMPARE(second.error().code, ErrorCode::AddressInUse);

        QUdpSocket hijacker;
        QVERIFY(!hijacker.bind(QHostAddress(address), port,
                               QAbstractSocket::ShareAddress | QAbstractSocket::ReuseAddressHint));
    }
}

void tst_DatagramOpening::aFreedPortCanBeBoundAtOnce()
{
    auto channel = openVariant(QHostAddress(QHostAddress::LocalHost));
    QVERIFY(channel.isOk());
    const quint16 port = channel.value()->localAddress().port();
    for (int i = 0; i < 1000; ++i) {
        channel = Error(); // closes the one before
        channel = openVariant(QHostAddress(QHostAddress::LocalHost), port);
        QVERIFY2(channel.isOk(), qPrintable(channel.error().message));
    }
}

void tst_DatagramOpening::anAddressOfAnotherMachineIsRefusedWithAWayOut()
{
    const auto ipv4 = openVariant(QHostAddress(QStringLiteral("203.0.113.1")), 12000);
    QVERIFY(!ipv4);
    QCOMPARE(ipv4.error().code, ErrorCode::AddressNotAvailable);
    QCOMPARE(ipv4.error().message,
             QStringLiteral("Cannot listen on 203.0.113.1:12000: the address does not belong to "
                            "this machine. Use an address of this machine, or :: or 0.0.0.0 for "
                            "all."));

    const auto ipv6 = openVariant(QHostAddress(QStringLiteral("2001:db8::1")), 12000);
    QVERIFY(!ipv6);
    QCOMPARE(ipv6.error().code, ErrorCode::AddressNotAvailable);
    const QString start = QStringLiteral("Cannot listen on [2001:db8::1]:12000: ");
    QVERIFY2(ipv6.error().message.startsWith(start), qPrintable(ipv6.error().message));
}

void tst_DatagramOpening::aNullAddressIsRefusedWithAWayOut()
{
    const auto channel = openVariant(QHostAddress());
    QVERIFY(!channel);
    QCOMPARE(channel.error().code, ErrorCode::InvalidArgument);
    QVERIFY(channel.error().message.contains(QStringLiteral("0.0.0.0 for all")));
}

void tst_DatagramOpening::addressesSurviveTheWayThroughQt_data()
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

void tst_DatagramOpening::addressesSurviveTheWayThroughQt()
{
    QFETCH(const QHostAddress, qt);
    QFETCH(const SocketAddress, ours);
    QFETCH(const QHostAddress, back);
    QCOMPARE(toSocketAddress(qt, 12000), ours);
    QCOMPARE(toHostAddress(ours), back);
    QCOMPARE(toHostAddress(ours).protocol(), back.protocol());
}

void tst_DatagramOpening::aScopeMayBeANumberOrAnInterface()
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

void tst_DatagramOpening::anAddressWithoutItsInterfaceIsRefusedByName_data()
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

void tst_DatagramOpening::anAddressWithoutItsInterfaceIsRefusedByName()
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

// ---- where the system refuses

#ifdef Q_OS_LINUX

void tst_DatagramOpening::withoutIpv6AnyMeansIpv4_data()
{
    QTest::addColumn<bool>("canMakeSocket");
    QTest::newRow("no IPv6 in the kernel") << false;
    QTest::newRow("no IPv6 address") << true;
}

void tst_DatagramOpening::withoutIpv6AnyMeansIpv4()
{
    QFETCH(const bool, canMakeSocket);
    if (canMakeSocket && currentVariant() == Variant::UdpSocket)
        QSKIP("QUdpSocket falls back only where the kernel has no IPv6.");
    if (canMakeSocket) {
        faults.bind = [](const sockaddr *address) {
            return address->sa_family == AF_INET6 ? EADDRNOTAVAIL : 0;
        };
    } else {
        faults.socket = [](int family) { return family == AF_INET6 ? EAFNOSUPPORT : 0; };
    }
    DatagramPeer everywhere(QHostAddress(QHostAddress::Any));
    QVERIFY(everywhere.address().isIpv4());
    QVERIFY(everywhere.address().isUnspecified());
    DatagramPeer alice;
    alice.send("ping", everywhere.addressOn("127.0.0.1"));
    QTRY_COMPARE(everywhere.received.size(), 1);
    QCOMPARE(everywhere.received.constFirst().local, everywhere.addressOn("127.0.0.1"));
}

void tst_DatagramOpening::withoutIpv6AnIpv6AddressIsRefusedWithAWayOut()
{
    faults.socket = [](int family) { return family == AF_INET6 ? EAFNOSUPPORT : 0; };
    const auto channel = openVariant(QHostAddress(QHostAddress::AnyIPv6), 12000);
    QVERIFY(!channel);
    QCOMPARE(channel.error().code, ErrorCode::AddressNotAvailable);
    QCOMPARE(
        channel.error().message,
        QStringLiteral("Cannot listen on [::]:12000: IPv6 is switched off on this machine. Use "
                       "an IPv4 address, or 0.0.0.0 for all."));
}

void tst_DatagramOpening::aForbiddenPortIsRefusedWithAWayOut()
{
    faults.bind = [](const sockaddr *) { return EACCES; };
    const auto low = openVariant(QHostAddress(QHostAddress::LocalHost), 1023);
    QVERIFY(!low);
    QCOMPARE(low.error().code, ErrorCode::PermissionDenied);
    QCOMPARE(
        low.error().message,
        QStringLiteral("Cannot listen on 127.0.0.1:1023: ports below 1024 need a privilege. Use "
                       "port 1024 or above, or give the program the privilege (on Linux "
                       "CAP_NET_BIND_SERVICE)."));

    const auto high = openVariant(QHostAddress(QHostAddress::Any), 1024);
    QVERIFY(!high);
    QCOMPARE(high.error().code, ErrorCode::PermissionDenied);
    QVERIFY2(high.error().message.startsWith(
                 QStringLiteral("Cannot listen on [::]:1024: the system does not let")),
             qPrintable(high.error().message));
}

void tst_DatagramOpening::tooManyOpenFilesAreToldWithAWayOut()
{
    faults.socket = [](int) { return EMFILE; };
    const auto channel = openVariant(QHostAddress(QHostAddress::LocalHost), 12000);
    QVERIFY(!channel);
    QCOMPARE(channel.error().code, ErrorCode::SocketFailed);
    QVERIFY2(channel.error().message.contains(QStringLiteral("ulimit -n")),
             qPrintable(channel.error().message));
}

void tst_DatagramOpening::anUnknownErrorIsToldInTheSystemsWords()
{
    faults.bind = [](const sockaddr *) { return EPROTO; };
    const auto channel = openVariant(QHostAddress(QHostAddress::LocalHost), 12000);
    QVERIFY(!channel);
    QCOMPARE(channel.error().code, ErrorCode::SocketFailed);
    const QString start = QStringLiteral("Cannot listen on 127.0.0.1:12000: the system says \"");
    QVERIFY2(channel.error().message.startsWith(start), qPrintable(channel.error().message));
}

void tst_DatagramOpening::theSocketIsExclusiveUnfragmentedAndClosedInTheEnd()
{
    auto channel = openVariant(QHostAddress(QHostAddress::Any));
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

#endif

QTEST_GUILESS_MAIN(tst_DatagramOpening)
#include "tst_datagramopening.moc"
