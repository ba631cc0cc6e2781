// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Session tickets as no honest peer uses them, and what else an acceptor sends behind the handshake.

#include <shared/engine/attack.h>
#include <shared/engine/quicpackets.h>
#include <shared/engine/rawtickets.h>

#include <qp2pcore/engine/duration.h>
#include <qp2pcore/engine/limits.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;

namespace {

// RFC 8446 section 4.6.1.
QByteArray newSessionTicket(const QByteArray &ticket, const QByteArray &nonce = "n",
                            qint64 lifetime = 86'400, const QByteArray &extensions = {})
{
    const auto number = [](qint64 value, int bytes) {
        QByteArray text;
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
            text.append(char(value >> shift));
        return text;
    };
    const QByteArray body = number(lifetime, 4) + number(1, 4) + number(nonce.size(), 1) + nonce
        + number(ticket.size(), 2) + ticket + number(extensions.size(), 2) + extensions;
    return '\x04' + number(body.size(), 3) + body;
}

// Without the header of the message, and with nothing but what is looked at.
QByteArray clientHello(const QList<QByteArray> &preSharedKeys)
{
    const auto number = [](qsizetype value) -> QByteArray {
        return QByteArray(1, char(value >> 8)) + char(value);
    };
    QByteArray extensions = QByteArray::fromHex("002b0003020304");
    for (const QByteArray &identities : preSharedKeys) {
        const QByteArray content = number(identities.size()) + identities;
        extensions += QByteArray::fromHex("0029") + number(content.size()) + content;
    }
    return QByteArray::fromHex("0303") + QByteArray(32, 'r') + QByteArray::fromHex("0000021301")
        + QByteArray::fromHex("0100") + number(extensions.size()) + extensions;
}

QByteArray identity(const QByteArray &name)
{
    return QByteArray(1, '\0') + char(name.size()) + name + QByteArray(4, 'a');
}

std::span<const quint8> spanOf(const QByteArray &bytes)
{
    return {reinterpret_cast<const quint8 *>(bytes.constData()), size_t(bytes.size())};
}

} // namespace

class tst_HostileTickets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void noneIsUsedWithoutAKeyExchange();
    void noneIsAcceptedWithoutAKeyExchange();
    void noneIsAcceptedAfterAHelloRetryRequest();
    void oneIsOfferedAtMost_data();
    void oneIsOfferedAtMost();

    void itArrivesInAnyPieces();
    void theFirstThatIsNotTooLargeIsTaken();
    void aMalformedOneIsDropped();
    void whatItSaysHarmsNobody_data();
    void whatItSaysHarmsNobody();
    void onlyTicketsPassWhileOneIsWaitedFor();
    void tlsIsKeptUntilItArrivesOrForAWhile();
};

// ---- attacks on the handshake

void tst_HostileTickets::noneIsUsedWithoutAKeyExchange()
{
    RawPeer::Options options;
    options.tls.side = Side::Acceptor;
    options.tls.ticketKey = makeTicketKey();
    Session::DialOptions dial;
    dial.sessionTicket = rawTicket({}, options.tls);
    options.tls.keyExchanges = "+PSK"; // without (EC)DHE, where the dialler offers that
    Attack attack(options, victimSettings(), dial);
    QVERIFY(attack.open());
    QVERIFY(!attack.peer.wasResumed());
    QVERIFY(attack.stillDelivers());
}

void tst_HostileTickets::noneIsAcceptedWithoutAKeyExchange()
{
    VirtualWire wire;
    const auto victim = makeAcceptor(publicAddress(1), victimSettings());
    wire.connect(*victim);
    RawTlsOptions withKey;
    withKey.ticketKey = victim->router->ticketKey(wire.now).toByteArray();
    RawPeer::Options options;
    options.tls.sessionTicket = rawTicket({}, withKey);
    options.tls.asksForTicket = true;
    for (const bool offersKeyExchange : {true, false}) {
        options.tls.keyExchanges = offersKeyExchange ? "+ECDHE-PSK" : "+PSK";
        RawPeer peer(publicAddress(offersKeyExchange ? 2 : 3), publicAddress(1), options, wire.now);
        wire.connect(peer);
        QVERIFY(wire.runUntil([&] { return peer.isOpen(); }));
        QCOMPARE(peer.wasResumed(), offersKeyExchange);
        QCOMPARE(victim->router->stats().handshakesResumed, quint64(1));
        wire.disconnect(peer);
    }
}

void tst_HostileTickets::noneIsAcceptedAfterAHelloRetryRequest()
{
    VirtualWire wire;
    const auto victim = makeAcceptor(publicAddress(1), victimSettings());
    wire.connect(*victim);
    RawTlsOptions withKey;
    withKey.ticketKey = victim->router->ticketKey(wire.now).toByteArray();
    RawPeer::Options options;
    options.tls.groups = "+GROUP-SECP521R1:+GROUP-SECP256R1"; // its key share is of no use to us
    options.tls.asksForTicket = true;
    RawPeer honest(publicAddress(2), publicAddress(1), options, wire.now);
    wire.connect(honest);
    QVERIFY(wire.runUntil([&] { return honest.isOpen(); }));
    options.tls.sessionTicket = rawTicket({}, withKey);
    QVERIFY(!options.tls.sessionTicket.isEmpty());
    RawPeer peer(publicAddress(3), publicAddress(1), options, wire.now);
    wire.connect(peer);
    QVERIFY(wire.runUntil([&] { return !peer.isAlive(); }));
    QVERIFY(peer.wasClosedWith(false, 0x100 | 47));
    QCOMPARE(victim->count<Events::Opened>(), 1u);
    wire.disconnect(peer);
    QVERIFY(servesOthers(wire, *victim));
}

void tst_HostileTickets::oneIsOfferedAtMost_data()
{
    QTest::addColumn<QList<QByteArray>>("hellos");
    QTest::addColumn<bool>("isAccepted"); // the last of them; those before are
    const QByteArray none = clientHello({});
    const QByteArray one = clientHello({identity("a ticket")});
    const QByteArray two = clientHello({identity("a ticket") + identity("another")});
    using List = QList<QByteArray>;
    QTest::addRow("none") << List{none} << true;
    QTest::addRow("none, twice") << List{none, none} << true;
    QTest::addRow("one") << List{one} << true;
    QTest::addRow("two") << List{two} << false;
    QTest::addRow("two extensions")
        << List{clientHello({identity("a ticket"), identity("another")})} << false;
    QTest::addRow("one in the first of two") << List{one, none} << false;
    QTest::addRow("one in the second of two") << List{none, one} << false;
    QTest::addRow("one in each") << List{one, one} << false;
    QTest::addRow("half of one") << List{clientHello({identity("a ticket").first(5)})} << false;
    QTest::addRow("an empty extension") << List{clientHello({QByteArray()})} << false;
    QTest::addRow("cut short") << List{one.first(one.size() - 1)} << false;
    QTest::addRow("another version") << List{QByteArray(one).replace(0, 1, "\x04")} << false;
    QTest::addRow("nothing at all") << List{QByteArray()} << false;
    QTest::addRow("no extensions") << List{none.first(none.size() - 9)} << true;
}

void tst_HostileTickets::oneIsOfferedAtMost()
{
    QFETCH(const QList<QByteArray>, hellos);
    QFETCH(const bool, isAccepted);
    ClientHellos seen;
    for (const QByteArray &hello : hellos.first(hellos.size() - 1))
        QVERIFY(seen.take(spanOf(hello)) == ClientHellos::Offer::Accepted);
    QCOMPARE(seen.take(spanOf(hellos.last())) == ClientHellos::Offer::Accepted, isAccepted);
}

// ---- what arrives

void tst_HostileTickets::itArrivesInAnyPieces()
{
    for (const qsizetype size : {1, 2, 3, 7, 1000}) {
        RawPeer::Options options;
        options.tls.side = Side::Acceptor;
        Attack attack(options);
        QVERIFY(attack.open());
        attack.settle();
        const QByteArray message = newSessionTicket(QByteArray(40, 't'));
        for (qsizetype offset = 0; offset < message.size(); offset += size)
            attack.peer.sendFrames(Frame::crypto(quint64(offset), message.mid(offset, size)));
        attack.settle();
        QCOMPARE(attack.victim->count<Events::SessionTicketReceived>(), 1u);
        QVERIFY(attack.victim->last<Events::SessionTicketReceived>()->ticket.contains(
            QByteArray(40, 't')));
        QVERIFY(attack.stillDelivers());
    }
}

void tst_HostileTickets::theFirstThatIsNotTooLargeIsTaken()
{
    RawPeer::Options options;
    options.tls.side = Side::Acceptor;
    Attack attack(options);
    QVERIFY(attack.open());
    attack.settle();
    const qsizetype frame = newSessionTicket({}).size();
    const QByteArray messages = newSessionTicket(
                                    QByteArray(Limits::SessionTicketBytes - frame + 1, 'a'))
        + newSessionTicket(QByteArray(Limits::SessionTicketBytes - frame, 'b'))
        + newSessionTicket(QByteArray(40, 'c'));
    constexpr qsizetype Size = 1000;
    for (qsizetype offset = 0; offset < messages.size(); offset += Size)
        attack.peer.sendFrames(Frame::crypto(quint64(offset), messages.mid(offset, Size)));
    attack.settle();
    QCOMPARE(attack.victim->count<Events::SessionTicketReceived>(), 1u);
    QVERIFY(attack.victim->last<Events::SessionTicketReceived>()->ticket.contains("bbbb"));
    QVERIFY(attack.stillDelivers());
}

void tst_HostileTickets::aMalformedOneIsDropped()
{
    const QByteArray good = newSessionTicket(QByteArray(40, 't'));
    QByteArray longNonce = good;
    longNonce[12] = '\xff';
    const QByteArray head = QByteArray::fromHex("040000");
    const QList<QByteArray> messages{longNonce, QByteArray(head + '\x05' + "abcde"),
                                     QByteArray(head + char(10) + good.mid(4, 10))};
    for (const QByteArray &message : messages) {
        RawPeer::Options options;
        options.tls.side = Side::Acceptor;
        Attack attack(options);
        QVERIFY(attack.open());
        attack.settle();
        attack.peer.sendFrames(Frame::crypto(0, message));
        attack.settle();
        QCOMPARE(attack.victim->count<Events::SessionTicketReceived>(), 0u);
        QVERIFY(attack.stillDelivers());
    }
}

void tst_HostileTickets::whatItSaysHarmsNobody_data()
{
    QTest::addColumn<QByteArray>("message");
    const QByteArray ticket(600, 't');
    QTest::addRow("garbage") << newSessionTicket(ticket);
    QTest::addRow("an empty ticket") << newSessionTicket({});
    QTest::addRow("a ticket of one byte") << newSessionTicket("t");
    QTest::addRow("the longest that is kept")
        << newSessionTicket(QByteArray(Limits::SessionTicketBytes - 18, 't'));
    QTest::addRow("no nonce") << newSessionTicket(ticket, {});
    QTest::addRow("the longest nonce") << newSessionTicket(ticket, QByteArray(255, 'n'));
    QTest::addRow("no lifetime") << newSessionTicket(ticket, "n", 0);
    QTest::addRow("the longest lifetime") << newSessionTicket(ticket, "n", 0xffff'ffff);
    QTest::addRow("early data") << newSessionTicket(ticket, "n", 86'400,
                                                    QByteArray::fromHex("002a0004ffffffff"));
    QTest::addRow("half an extension")
        << newSessionTicket(ticket, "n", 86'400, QByteArray::fromHex("002a0001ff"));
    QTest::addRow("unknown extensions")
        << newSessionTicket(ticket, "n", 86'400, QByteArray::fromHex("fafa0000fbfb000100"));
}

//! GnuTLS packs and unpacks what a peer has chosen, and the next handshake goes on without it.
void tst_HostileTickets::whatItSaysHarmsNobody()
{
    QFETCH(const QByteArray, message);
    RawPeer::Options options;
    options.tls.side = Side::Acceptor;
    Attack attack(options);
    QVERIFY(attack.open());
    attack.settle();
    for (qsizetype offset = 0; offset < message.size(); offset += 1000)
        attack.peer.sendFrames(Frame::crypto(quint64(offset), message.mid(offset, 1000)));
    attack.settle();
    QVERIFY(attack.stillDelivers());
    const auto *received = attack.victim->last<Events::SessionTicketReceived>();
    Session::DialOptions dial;
    if (received)
        dial.sessionTicket = received->ticket;

    options.tls.ticketKey = makeTicketKey();
    Attack next(options, victimSettings(), dial);
    QVERIFY(next.open());
    QVERIFY(!next.peer.wasResumed());
    QVERIFY(next.stillDelivers());
}

void tst_HostileTickets::onlyTicketsPassWhileOneIsWaitedFor()
{
    // GnuTLS would follow the KeyUpdate, and ngtcp2 abort the process.
    for (const char *bytes : {"1800000101", "0b00000400000000", "1400000166"}) {
        RawPeer::Options options;
        options.tls.side = Side::Acceptor;
        Attack attack(options);
        QVERIFY(attack.open());
        attack.settle();
        QVERIFY(ngtcp2_conn_get_tls_native_handle(attack.session()->connection()));
        attack.peer.sendFrames(Frame::crypto(0, QByteArray::fromHex(bytes)));
        QVERIFY(attack.runUntilClosed(Seconds));
        QVERIFY(attack.peer.wasClosedWith(false, 0x100 | 10));
        QVERIFY(servesOthers(attack.wire, *attack.victim));
    }
}

void tst_HostileTickets::tlsIsKeptUntilItArrivesOrForAWhile()
{
    for (const bool givesOne : {true, false}) {
        RawPeer::Options options;
        options.tls.side = Side::Acceptor;
        if (givesOne)
            options.tls.ticketKey = makeTicketKey();
        Attack attack(options);
        QVERIFY(attack.open());
        attack.settle();
        const auto tls = [&] {
            return ngtcp2_conn_get_tls_native_handle(attack.session()->connection());
        };
        QCOMPARE(tls() == nullptr, givesOne);
        attack.wire.runFor(nanoseconds(Limits::SessionTicketWait));
        QVERIFY(tls() == nullptr);
        QVERIFY(attack.stillDelivers());
    }
}

QTEST_GUILESS_MAIN(tst_HostileTickets)
#include "tst_hostiletickets.moc"
