// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Equal addresses must be equal byte by byte, and each range must be told from its neighbours.

#include <qp2pcore/engine/socketaddress.h>

#include <QObject>
#include <QSet>
#include <QTest>
#include <QtEndian>

#include <cstring>
#include <vector>

using Qp2p::Engine::SocketAddress;

namespace {

using Ipv4 = std::array<quint8, 4>;
using Ipv6 = std::array<quint8, 16>;

const Ipv6 documentation = {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7};
const Ipv6 linkLocal = {0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7};

Ipv6 startingWith(quint8 first, quint8 second)
{
    Ipv6 address = documentation;
    address[0] = first;
    address[1] = second;
    return address;
}

//! The bytes of \a native at an odd place and amid rubbish, as in a receive buffer.
template<typename Native>
SocketAddress readUnaligned(const Native &native, size_t length = sizeof(Native))
{
    std::vector<char> buffer(sizeof(Native) + 17, '\x5a');
    char *const odd = buffer.data() + 1;
    std::memcpy(odd, &native, sizeof(native));
    return SocketAddress::fromSockaddr(reinterpret_cast<const ngtcp2_sockaddr *>(odd), length);
}

ngtcp2_sockaddr_in6 nativeIpv6(const Ipv6 &address, quint16 port)
{
    ngtcp2_sockaddr_in6 native;
    std::memset(&native, 0, sizeof(native));
    native.sin6_family = NGTCP2_AF_INET6;
    native.sin6_port = qToBigEndian(port);
    std::memcpy(&native.sin6_addr, address.data(), address.size());
    return native;
}

} // namespace

class tst_SocketAddress : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aDefaultConstructedOneIsNull();
    void anIpv4AddressIsWhatNgtcp2Wants();
    void anIpv6AddressIsWhatNgtcp2Wants();
    void anIpv4MappedAddressIsStoredAsIpv4();
    void theSameAddressReadFromASockaddrIsEqual();
    void flowInfoAndPaddingDoNotMakeAddressesDiffer();
    void aForeignFamilyOrAShortLengthIsNull();
    void theScopeCountsForLinkLocalAddressesOnly();
    void everyPartTellsAddressesApart();
    void thePortCanBeReplaced();
    void unspecifiedIsZeroOfEitherFamilyOnly();
    void eachRangeEndsWhereItsRfcSays_data();
    void eachRangeEndsWhereItsRfcSays();
};

void tst_SocketAddress::aDefaultConstructedOneIsNull()
{
    SocketAddress address;
    QVERIFY(address.isNull());
    QVERIFY(!address.isIpv4());
    QVERIFY(!address.isIpv6());
    QVERIFY(!address.isUnspecified());
    QVERIFY(!address.isLoopback());
    QVERIFY(!address.isLocalScope());
    QCOMPARE(address.port(), quint16(0));
    QCOMPARE(address.addressSize(), size_t(0));
    QCOMPARE(address.sockaddrSize(), ngtcp2_socklen(0));
    QCOMPARE(address, SocketAddress());

    address.setPort(12000); // there is no family that could hold a port
    QCOMPARE(address, SocketAddress());
}

void tst_SocketAddress::anIpv4AddressIsWhatNgtcp2Wants()
{
    const Ipv4 bytes = {192, 0, 2, 33};
    const SocketAddress address = SocketAddress::fromIpv4(bytes, 0x1234);
    QVERIFY(address.isIpv4());
    QCOMPARE(address.port(), quint16(0x1234));
    QCOMPARE(address.addressSize(), bytes.size());
    QCOMPARE(std::memcmp(address.addressBytes(), bytes.data(), bytes.size()), 0);

    const ngtcp2_addr label = address.ngtcp2Address();
    QCOMPARE(size_t(label.addrlen), sizeof(ngtcp2_sockaddr_in));
    const auto *const in = reinterpret_cast<const ngtcp2_sockaddr_in *>(label.addr);
    QCOMPARE(int(in->sin_family), NGTCP2_AF_INET);
    QCOMPARE(qFromBigEndian(in->sin_port), quint16(0x1234));
    QCOMPARE(std::memcmp(&in->sin_addr, bytes.data(), bytes.size()), 0);
}

void tst_SocketAddress::anIpv6AddressIsWhatNgtcp2Wants()
{
    const SocketAddress address = SocketAddress::fromIpv6(linkLocal, 0x1234, 3);
    QVERIFY(address.isIpv6());
    QCOMPARE(address.port(), quint16(0x1234));
    QCOMPARE(address.scopeId(), quint32(3));
    QCOMPARE(address.addressSize(), linkLocal.size());
    QCOMPARE(std::memcmp(address.addressBytes(), linkLocal.data(), linkLocal.size()), 0);

    const ngtcp2_addr label = address.ngtcp2Address();
    QCOMPARE(size_t(label.addrlen), sizeof(ngtcp2_sockaddr_in6));
    const auto *const in6 = reinterpret_cast<const ngtcp2_sockaddr_in6 *>(label.addr);
    QCOMPARE(int(in6->sin6_family), NGTCP2_AF_INET6);
    QCOMPARE(qFromBigEndian(in6->sin6_port), quint16(0x1234));
    QCOMPARE(std::memcmp(&in6->sin6_addr, linkLocal.data(), linkLocal.size()), 0);
}

void tst_SocketAddress::anIpv4MappedAddressIsStoredAsIpv4()
{
    const Ipv6 mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 33};
    QCOMPARE(SocketAddress::fromIpv6(mapped, 12000, 3),
             SocketAddress::fromIpv4({192, 0, 2, 33}, 12000));

    // The deprecated IPv4-compatible form (RFC 4291, section 2.5.5.1) is another address.
    Ipv6 compatible = mapped;
    compatible[10] = compatible[11] = 0;
    QVERIFY(SocketAddress::fromIpv6(compatible, 12000).isIpv6());
}

void tst_SocketAddress::theSameAddressReadFromASockaddrIsEqual()
{
    const auto check = [](const SocketAddress &address) {
        QCOMPARE(SocketAddress::fromSockaddr(address.sockaddr(), address.sockaddrSize()), address);
    };
    check(SocketAddress::fromIpv4({192, 0, 2, 33}, 12000));
    check(SocketAddress::fromIpv6(documentation, 12000));
    check(SocketAddress::fromIpv6(linkLocal, 12000, 3));

    QCOMPARE(readUnaligned(nativeIpv6(documentation, 12000)),
             SocketAddress::fromIpv6(documentation, 12000));
}

void tst_SocketAddress::flowInfoAndPaddingDoNotMakeAddressesDiffer()
{
    ngtcp2_sockaddr_in in;
    std::memset(&in, 0xa5, sizeof(in));
    const Ipv4 bytes = {192, 0, 2, 33};
    in.sin_family = NGTCP2_AF_INET;
    in.sin_port = qToBigEndian(quint16(12000));
    std::memcpy(&in.sin_addr, bytes.data(), bytes.size());
    QCOMPARE(readUnaligned(in), SocketAddress::fromIpv4(bytes, 12000));

    ngtcp2_sockaddr_in6 in6 = nativeIpv6(documentation, 12000);
    in6.sin6_flowinfo = 0xabcdef;
    QCOMPARE(readUnaligned(in6), SocketAddress::fromIpv6(documentation, 12000));
    QCOMPARE(qHash(readUnaligned(in6)), qHash(SocketAddress::fromIpv6(documentation, 12000)));
}

void tst_SocketAddress::aForeignFamilyOrAShortLengthIsNull()
{
    ngtcp2_sockaddr_in6 native = nativeIpv6(documentation, 12000);
    QVERIFY(SocketAddress::fromSockaddr(nullptr, sizeof(native)).isNull());
    QVERIFY(!readUnaligned(native).isNull());
    for (size_t length = 0; length < sizeof(native); ++length)
        QVERIFY2(readUnaligned(native, length).isNull(), qPrintable(QString::number(length)));

    native.sin6_family = 99;
    QVERIFY(readUnaligned(native).isNull());
}

void tst_SocketAddress::theScopeCountsForLinkLocalAddressesOnly()
{
    QVERIFY(SocketAddress::fromIpv6(linkLocal, 1, 2) != SocketAddress::fromIpv6(linkLocal, 1, 3));
    QCOMPARE(SocketAddress::fromIpv6(documentation, 1, 2),
             SocketAddress::fromIpv6(documentation, 1, 3));
    QCOMPARE(SocketAddress::fromIpv6(startingWith(0xfe, 0xbf), 1, 2).scopeId(), quint32(2));
    QCOMPARE(SocketAddress::fromIpv6(startingWith(0xfe, 0xc0), 1, 2).scopeId(), quint32(0));
    QCOMPARE(SocketAddress::fromIpv6(startingWith(0xff, 0x02), 1, 2).scopeId(), quint32(2));
    QCOMPARE(SocketAddress::fromIpv6(startingWith(0xff, 0x05), 1, 2).scopeId(), quint32(0));
}

void tst_SocketAddress::everyPartTellsAddressesApart()
{
    const QSet<SocketAddress> different = {
        SocketAddress(),
        SocketAddress::fromIpv4({192, 0, 2, 33}, 12000),
        SocketAddress::fromIpv4({192, 0, 2, 33}, 12001),
        SocketAddress::fromIpv4({192, 0, 2, 34}, 12000),
        SocketAddress::fromIpv6(documentation, 12000),
        SocketAddress::fromIpv6(documentation, 12001),
        SocketAddress::fromIpv6(startingWith(0x20, 0x02), 12000),
        SocketAddress::fromIpv4({0, 0, 0, 0}, 0),
        SocketAddress::fromIpv6({}, 0),
    };
    QCOMPARE(different.size(), 9);
}

void tst_SocketAddress::thePortCanBeReplaced()
{
    SocketAddress ipv4 = SocketAddress::fromIpv4({192, 0, 2, 33}, 1);
    ipv4.setPort(65535);
    QCOMPARE(ipv4, SocketAddress::fromIpv4({192, 0, 2, 33}, 65535));

    SocketAddress ipv6 = SocketAddress::fromIpv6(documentation, 1);
    ipv6.setPort(65535);
    QCOMPARE(ipv6, SocketAddress::fromIpv6(documentation, 65535));
}

void tst_SocketAddress::unspecifiedIsZeroOfEitherFamilyOnly()
{
    QVERIFY(SocketAddress::fromIpv4({0, 0, 0, 0}, 12000).isUnspecified());
    QVERIFY(SocketAddress::fromIpv6({}, 12000).isUnspecified());
    QVERIFY(!SocketAddress::fromIpv4({0, 0, 0, 1}, 12000).isUnspecified());
    QVERIFY(!SocketAddress::fromIpv6(documentation, 12000).isUnspecified());
    QVERIFY(!SocketAddress::fromIpv6({}, 12000).isLocalScope());
}

void tst_SocketAddress::eachRangeEndsWhereItsRfcSays_data()
{
    enum Scope { Global, Local, Loopback };
    QTest::addColumn<SocketAddress>("address");
    QTest::addColumn<bool>("loopback");
    QTest::addColumn<bool>("localScope");

    const auto ipv4 = [](const char *name, Ipv4 bytes, Scope scope) {
        QTest::newRow(name) << SocketAddress::fromIpv4(bytes, 1) << (scope == Loopback)
                            << (scope != Global);
    };
    ipv4("9.255.255.255", {9, 255, 255, 255}, Global);
    ipv4("10.0.0.0", {10, 0, 0, 0}, Local);
    ipv4("10.255.255.255", {10, 255, 255, 255}, Local);
    ipv4("11.0.0.0", {11, 0, 0, 0}, Global);
    ipv4("100.63.255.255", {100, 63, 255, 255}, Global);
    ipv4("100.64.0.0", {100, 64, 0, 0}, Local);
    ipv4("100.127.255.255", {100, 127, 255, 255}, Local);
    ipv4("100.128.0.0", {100, 128, 0, 0}, Global);
    ipv4("126.255.255.255", {126, 255, 255, 255}, Global);
    ipv4("127.0.0.0", {127, 0, 0, 0}, Loopback);
    ipv4("127.255.255.255", {127, 255, 255, 255}, Loopback);
    ipv4("128.0.0.0", {128, 0, 0, 0}, Global);
    ipv4("169.253.255.255", {169, 253, 255, 255}, Global);
    ipv4("169.254.0.0", {169, 254, 0, 0}, Local);
    ipv4("169.255.0.0", {169, 255, 0, 0}, Global);
    ipv4("172.15.255.255", {172, 15, 255, 255}, Global);
    ipv4("172.16.0.0", {172, 16, 0, 0}, Local);
    ipv4("172.31.255.255", {172, 31, 255, 255}, Local);
    ipv4("172.32.0.0", {172, 32, 0, 0}, Global);
    ipv4("192.167.255.255", {192, 167, 255, 255}, Global);
    ipv4("192.168.0.0", {192, 168, 0, 0}, Local);
    ipv4("192.168.255.255", {192, 168, 255, 255}, Local);
    ipv4("192.169.0.0", {192, 169, 0, 0}, Global);

    const auto ipv6 = [](const char *name, const Ipv6 &bytes, Scope scope) {
        QTest::newRow(name) << SocketAddress::fromIpv6(bytes, 1) << (scope == Loopback)
                            << (scope != Global);
    };
    ipv6("::1", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, Loopback);
    ipv6("::2", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2}, Global);
    ipv6("1::1", {0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, Global);
    ipv6("::ffff:127.0.0.1", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1}, Loopback);
    ipv6("2001:db8::7", documentation, Global);
    ipv6("fbff::", startingWith(0xfb, 0xff), Global);
    ipv6("fc00::", startingWith(0xfc, 0x00), Local);
    ipv6("fdff::", startingWith(0xfd, 0xff), Local);
    ipv6("fe00::", startingWith(0xfe, 0x00), Global);
    ipv6("fe80::", startingWith(0xfe, 0x80), Local);
    ipv6("febf::", startingWith(0xfe, 0xbf), Local);
    ipv6("fec0::", startingWith(0xfe, 0xc0), Global);
}

void tst_SocketAddress::eachRangeEndsWhereItsRfcSays()
{
    QFETCH(const SocketAddress, address);
    QTEST(address.isLoopback(), "loopback");
    QTEST(address.isLocalScope(), "localScope");
}

QTEST_GUILESS_MAIN(tst_SocketAddress)

#include "tst_socketaddress.moc"
