// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Peer addresses: every right form is read to one value, every wrong one is refused with a reason.

#include <qp2pcore/peeraddress.h>
#include <qp2pcore/safetext.h>

#include <QHash>
#include <QTest>

#include <random>

using namespace Qp2p;

namespace {

PeerId somePeer()
{
    return PeerId::fromBytes(QByteArray(PeerId::Size, '\x5a'));
}

} // namespace

class tst_PeerAddress : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rightFormsAreRead_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("host");
        QTest::addColumn<quint16>("port");
        QTest::addColumn<bool>("isName");
        QTest::addColumn<QString>("canonical");
        const auto add = [](const char *text, const char *host, quint16 port, bool isName,
                            const char *canonical) {
            QTest::newRow(qPrintable(safeText(QString::fromUtf8(text))))
                << QString::fromUtf8(text) << QString::fromUtf8(host) << port << isName
                << QString::fromUtf8(canonical);
        };
        add("203.0.113.7:12000", "203.0.113.7", 12000, false, "203.0.113.7:12000");
        add("127.0.0.1:1", "127.0.0.1", 1, false, "127.0.0.1:1");
        add("127.0.0.1:65535", "127.0.0.1", 65535, false, "127.0.0.1:65535");
        add("  203.0.113.7:12000\n", "203.0.113.7", 12000, false, "203.0.113.7:12000");
        add("[2001:db8::7]:12000", "2001:db8::7", 12000, false, "[2001:db8::7]:12000");
        add("[2001:DB8:0:0:0:0:0:7]:12000", "2001:db8::7", 12000, false, "[2001:db8::7]:12000");
        add("[::1]:443", "::1", 443, false, "[::1]:443");
        add("[fe80::1%eth0]:1", "fe80::1%eth0", 1, false, "[fe80::1%eth0]:1");
        add("[fe80::1%3]:1", "fe80::1%3", 1, false, "[fe80::1%3]:1");
        add("[::ffff:203.0.113.7]:12000", "203.0.113.7", 12000, false, "203.0.113.7:12000");
        add("[::ffff:cb00:7107]:12000", "203.0.113.7", 12000, false, "203.0.113.7:12000");
        add("node.example.org:12000", "node.example.org", 12000, true, "node.example.org:12000");
        add("Node.EXAMPLE.org:12000", "node.example.org", 12000, true, "node.example.org:12000");
        add("node.example.org.:12000", "node.example.org", 12000, true, "node.example.org:12000");
        add("localhost:1", "localhost", 1, true, "localhost:1");
        add("my_node-1:1", "my_node-1", 1, true, "my_node-1:1");
        add("4chan.org:1", "4chan.org", 1, true, "4chan.org:1");
        add("1.2.3.4.example:1", "1.2.3.4.example", 1, true, "1.2.3.4.example:1");
        add("b\u00fccher.example:1", "xn--bcher-kva.example", 1, true, "xn--bcher-kva.example:1");
        add("\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444:1", "xn--e1afmkfd.xn--p1ai", 1, true,
            "xn--e1afmkfd.xn--p1ai:1");
        add("\uff11\uff12\uff17.0.0.1:1", "127.0.0.1", 1, false, "127.0.0.1:1");
    }

    void rightFormsAreRead()
    {
        QFETCH(const QString, text);
        QFETCH(const QString, host);
        QFETCH(const quint16, port);
        QFETCH(const bool, isName);
        QFETCH(const QString, canonical);
        const Result<PeerAddress> address = PeerAddress::fromString(text);
        QVERIFY2(address.isOk(), qPrintable(address.error().message));
        QVERIFY(!address->isNull());
        QCOMPARE(address->host(), host);
        QCOMPARE(address->port(), port);
        QCOMPARE(address->isHostName(), isName);
        QCOMPARE(address->address().isNull(), isName);
        QVERIFY(address->peerId().isNull());
        QCOMPARE(address->toString(), canonical);
        QCOMPARE(address->endpointString(), canonical);
    }

    void whatIsWrittenIsReadBackWithAndWithoutAPeer_data() { rightFormsAreRead_data(); }

    void whatIsWrittenIsReadBackWithAndWithoutAPeer()
    {
        QFETCH(const QString, text);
        const Result<PeerAddress> plain = PeerAddress::fromString(text.trimmed());
        QVERIFY(plain.isOk());
        QVERIFY(PeerAddress::fromString(plain->toString()).value() == *plain);

        const QString withPeerText = somePeer().toString() + u'@' + text.trimmed();
        const Result<PeerAddress> withPeer = PeerAddress::fromString(withPeerText);
        QVERIFY2(withPeer.isOk(), qPrintable(withPeer.error().message));
        QVERIFY(withPeer->peerId() == somePeer());
        QCOMPARE(withPeer->endpointString(), plain->endpointString());
        QCOMPARE(withPeer->toString(),
                 QString(somePeer().toString() + u'@' + plain->endpointString()));
        QVERIFY(PeerAddress::fromString(withPeer->toString()).value() == *withPeer);
        QVERIFY(!(*withPeer == *plain));
    }

    void wrongFormsAreRefusedWithTheReasonAndAnExample_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("reason");
        const auto add = [](const char *name, const QString &text, const char *reason) {
            QTest::newRow(name) << text << QString::fromUtf8(reason);
        };
        const auto addText = [&](const char *text, const char *reason) {
            add(qPrintable(safeText(QString::fromUtf8(text))), QString::fromUtf8(text), reason);
        };
        add("empty", {}, "Nothing was given");
        add("blank", QStringLiteral(" \t\n"), "Nothing was given");
        add("long", QString(600, u'a') + QStringLiteral(":1"), "too long");
        add("very long", QString(10'000'000, u'1'), "too long");

        addText("node.example.org", "The port is missing");
        addText("node.example.org:", "The port is missing");
        addText("[2001:db8::7]", "The port is missing");
        addText(":12000", "The host is missing");
        addText(":", "The host is missing");
        addText("a:0", "from 1 to 65535, not 0");
        addText("a:65536", "from 1 to 65535, not 65536");
        addText("a:99999999999999999999", "from 1 to 65535");
        addText("a:+1", "not a number");
        addText("a:-1", "not a number");
        addText("a:1x", "not a number");
        addText("a:0x10", "not a number");
        addText("a:080", "begin with a zero");
        addText("a:\u0661\u0662", "not a number");

        addText("a b:1", "space inside");
        addText("a: 1", "space inside");
        addText("a :1", "space inside");
        addText("a\u00a0b:1", "space inside");
        addText("a\tb:1", "cannot be seen (U+0009)");
        addText("a\nb:1", "cannot be seen (U+000A)");
        addText("a\x1b[2Jb:1", "cannot be seen (U+001B)");
        addText("a\u202eb:1", "cannot be seen (U+202E)");
        addText("a\u200bb:1", "cannot be seen (U+200B)");
        add("zero inside", QString::fromUtf8(QByteArray("a\0b:1", 5)), "cannot be seen (U+0000)");
        add("half a character", QString(QString(QChar(0xd800)) + QStringLiteral("a:1")),
            "not a host name");

        addText("2001:db8::7", "[2001:db8::7]:12000");
        addText("::1", "in brackets");
        addText("2001:db8:1:2:3:4:5:6:443", "in brackets");
        addText("a:1:2", "more than one \":\"");
        addText("a:1,b:2", "more than one \":\"");
        addText("[1.2.3.4]:1", "not an IPv6 address");
        addText("[node.example.org]:1", "not an IPv6 address");
        addText("[]:1", "not an IPv6 address");
        addText("[2001:db8::7:1", "\"]\"");
        addText("[2001:db8::7]x:1", "\"]\"");
        addText("[[::1]]:1", "not an IPv6 address");
        addText("[1::2::3]:1", "not an IPv6 address");
        addText("[12345::1]:1", "not an IPv6 address");
        addText("[00001::1]:1", "not an IPv6 address");
        addText("[::ffff:1.2]:1", "not an IPv6 address");
        addText("[::ffff:0x7f.0.0.1]:1", "not an IPv6 address");
        addText("[::ffff:010.0.0.1]:1", "not an IPv6 address");
        addText("[fe80::1%]:1", "not an IPv6 address");
        addText("[fe80::1]:1", "[fe80::1%eth0]:12000");
        addText("[febf::1]:1", "link-local");
        addText("[fe80::1%a%b]:1", "not an IPv6 address");
        addText("[fe80::1%a/b]:1", "not an IPv6 address");

        addText("1.2.3:1", "not an IPv4 address");
        addText("127.1:1", "not an IPv4 address");
        addText("1.2.3.4.5:1", "not an IPv4 address");
        addText("1.2.3.256:1", "not an IPv4 address");
        addText("010.0.0.1:1", "not an IPv4 address");
        addText("0x7f000001:1", "not an IPv4 address");
        addText("0x7f.0.0.0x1:1", "not an IPv4 address");
        addText("2130706433:1", "not an IPv4 address");
        addText("example.123:1", "not an IPv4 address");

        addText("0.0.0.0:1", "cannot be dialled");
        addText("[::]:1", "cannot be dialled");
        addText("[::%eth0]:1", "cannot be dialled");
        addText("[::ffff:0.0.0.0]:1", "cannot be dialled");
        addText("255.255.255.255:1", "cannot be dialled");
        addText("224.0.0.1:1", "cannot be dialled");
        addText("[ff02::1]:1", "cannot be dialled");
        addText("[::ffff:224.0.0.1]:1", "cannot be dialled");

        addText("https://node.example.org:1", "Leave out the \"https://\"");
        addText("node.example.org/x:1", "not a host name");
        addText("a..b:1", "not a host name");
        addText(".a:1", "not a host name");
        addText(".:1", "not a host name");
        addText("-a:1", "not a host name");
        addText("a-:1", "not a host name");
        addText("*.example.org:1", "not a host name");
        addText("a%b:1", "not a host name");
        addText("a\\b:1", "not a host name");
        addText("<b>a</b>:1", "not a host name");
        add("label of 64", QString(64, u'a') + QStringLiteral(":1"), "not a host name");
        add("name of 254",
            QString(QStringLiteral("aaaaaaa.").repeated(31) + QString(6, u'a'))
                + QStringLiteral(":1"),
            "not a host name");

        addText("@a:1", "A peer id must stand before the \"@\"");
        addText("user@a:1", "A peer id must stand before the \"@\"");
        add("another peer", somePeer().toString().chopped(1) + QStringLiteral("1@a:1"),
            "character 52 is wrong");
        add("anyone", QString(PeerId::TextSize, u'a') + QStringLiteral("@a:1"), "all zero");
        add("peer alone", somePeer().toString() + u'@', "The port is missing");
        add("two peers",
            somePeer().toString() + u'@' + somePeer().toString() + QStringLiteral("@a:1"),
            "not a host name");
    }

    void wrongFormsAreRefusedWithTheReasonAndAnExample()
    {
        QFETCH(const QString, text);
        QFETCH(const QString, reason);
        const Error error = PeerAddress::fromString(text).error();
        QCOMPARE(error.code, ErrorCode::InvalidArgument);
        QVERIFY2(error.message.contains(reason), qPrintable(error.message));
        QVERIFY(error.message.contains(QStringLiteral("for example node.example.org:12000")));
        QCOMPARE_LT(error.message.size(), 700);
        for (const QChar c : error.message)
            QVERIFY2(c.isPrint(), qPrintable(error.message));
    }

    void aNameOf253CharactersIsAccepted()
    {
        const QString name = QStringLiteral("aaaaaaa.").repeated(31) + QString(5, u'a');
        QCOMPARE(name.size(), 253);
        QVERIFY(PeerAddress::fromString(QString(name + QStringLiteral(":1"))).isOk());
    }

    void randomTextIsRefusedOrReadToSomethingThatReadsBackTheSame()
    {
        std::mt19937 random(20'261); // NOLINT: the same texts in every run
        const QString pieces = QStringLiteral(
            "0123456789abcdefxyz....::::[[]]@%%--_ /\\\u00fc\u3002\uff0e\u0000\u200b");
        int read = 0;
        for (int i = 0; i < 200'000; ++i) {
            QString text;
            for (auto length = random() % 16; length > 0; --length)
                text += pieces[qsizetype(random() % size_t(pieces.size()))];
            const Result<PeerAddress> address = PeerAddress::fromString(text);
            if (!address)
                continue;
            ++read;
            const Result<PeerAddress> again = PeerAddress::fromString(address->toString());
            QVERIFY2(again.isOk(), qPrintable(text));
            QVERIFY2(*again == *address, qPrintable(text));
        }
        QCOMPARE_GT(read, 100);
    }

    void aNullAddressIsEmpty()
    {
        QVERIFY(PeerAddress().isNull());
        QCOMPARE(PeerAddress().toString(), QString());
        QCOMPARE(PeerAddress().endpointString(), QString());
        QVERIFY(!PeerAddress().isHostName());
    }

    void addressesMadeFromPartsAreNormalised()
    {
        const PeerAddress ipv4(QHostAddress(QStringLiteral("203.0.113.7")), 12000);
        QVERIFY(PeerAddress(QHostAddress(QStringLiteral("::ffff:203.0.113.7")), 12000) == ipv4);
        QCOMPARE(PeerAddress(QHostAddress(QStringLiteral("::ffff:203.0.113.7")), 12000)
                     .address()
                     .protocol(),
                 QAbstractSocket::IPv4Protocol);
        QVERIFY(PeerAddress(QStringLiteral("203.0.113.7"), 12000) == ipv4);
        QVERIFY(PeerAddress(QStringLiteral("::ffff:203.0.113.7"), 12000) == ipv4);
        QVERIFY(PeerAddress(QStringLiteral("2001:DB8::7"), 1)
                == PeerAddress(QHostAddress(QStringLiteral("2001:db8::7")), 1));
        QVERIFY(PeerAddress(QStringLiteral("Node.Example.ORG"), 1).isHostName());
        QCOMPARE(PeerAddress(QStringLiteral("Node.Example.ORG"), 1).host(),
                 QStringLiteral("node.example.org"));
    }

    void partsThatNobodyCouldDialGiveANullAddress()
    {
        QVERIFY(PeerAddress(QHostAddress(), 1).isNull());
        QVERIFY(PeerAddress(QHostAddress(QHostAddress::LocalHost), 0).isNull());
        QVERIFY(PeerAddress(QHostAddress(QHostAddress::Any), 1).isNull());
        QVERIFY(PeerAddress(QHostAddress(QHostAddress::AnyIPv4), 1).isNull());
        QVERIFY(PeerAddress(QHostAddress(QHostAddress::AnyIPv6), 1).isNull());
        QVERIFY(PeerAddress(QHostAddress(QHostAddress::Broadcast), 1).isNull());
        QVERIFY(PeerAddress(QHostAddress(QStringLiteral("ff02::1")), 1).isNull());
        for (const auto *host : {"", "a b", "a\nb", "127.1", "a..b", "a:1", "[::1]:1"})
            QVERIFY2(PeerAddress(QString::fromUtf8(host), 1).isNull(), host);
    }

    void linkLocalAddressesOnTwoInterfacesAreTwoPeers()
    {
        const PeerAddress eth0 = PeerAddress::fromString(u"[fe80::1%eth0]:1").value();
        const PeerAddress eth1 = PeerAddress::fromString(u"[fe80::1%eth1]:1").value();
        QVERIFY(!(eth0 == eth1));
        QCOMPARE(eth0.address().scopeId(), QStringLiteral("eth0"));
        const QHash<PeerAddress, int> hash{{eth0, 0}, {eth1, 1}};
        QCOMPARE(hash.size(), 2);
    }

    void equalAddressesHaveEqualHashes()
    {
        const PeerAddress a = PeerAddress::fromString(u"Node.example.ORG:1").value();
        const PeerAddress b = PeerAddress::fromString(u"node.example.org.:1").value();
        QVERIFY(a == b);
        QCOMPARE(qHash(a, 1), qHash(b, 1));
        QVERIFY(!(a == PeerAddress::fromString(u"node.example.org:2").value()));
    }

    void debugOutputShowsTheAddress()
    {
        QString text;
        QDebug(&text) << PeerAddress::fromString(u"[::1]:7").value() << PeerAddress();
        QVERIFY(text.contains(QStringLiteral("PeerAddress([::1]:7)")));
        QVERIFY(text.contains(QStringLiteral("PeerAddress(null)")));
    }
};

QTEST_GUILESS_MAIN(tst_PeerAddress)
#include "tst_peeraddress.moc"
