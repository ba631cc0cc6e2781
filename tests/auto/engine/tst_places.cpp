// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Places for connections, handshakes and control messages when there are more peers than places.

#include <shared/engine/attack.h>
#include <shared/engine/controlbytes.h>
#include <shared/engine/enginesettings.h>
#include <shared/engine/heap.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/engine/limits.h>
#include <qp2pcore/engine/messages/messageprotocol.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;

namespace {

//! Opens one connection after the other from \a address on; returns how many the victim kept open.
struct Crowd
{
    explicit Crowd(const Settings &settings)
        : victim(makeAcceptor(publicAddress(1), settings))
    {
        wire.connect(*victim);
    }

    //! Whether a peer at \a address gets in.
    bool comes(const SocketAddress &address)
    {
        parties.push_back(std::make_unique<RouterParty>(
            address, makeSettings(2 + int(parties.size() % 3)), wire.now));
        RouterParty &party = *parties.back();
        wire.connect(party);
        dial(party, victim->address, wire.now);
        wire.runUntil(
            [&] { return party.count<Events::Opened>() > 0 || party.count<Events::Closed>() > 0; });
        wire.runFor(5 * Milliseconds);
        return party.count<Events::Opened>() > 0 && party.count<Events::Closed>() == 0;
    }

    size_t open() const
    {
        return size_t(std::count_if(parties.cbegin(), parties.cend(), [](const auto &party) {
            return party->template count<Events::Opened>()
                > party->template count<Events::Closed>();
        }));
    }

    VirtualWire wire;
    std::unique_ptr<RouterParty> victim;
    std::vector<std::unique_ptr<RouterParty>> parties;
};

} // namespace

class tst_Places : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void oneAddressHasItsShareOfPlaces();
    void placesAreTakenFromTheLargestNetwork();
    void aTenthOfThePlacesIsKeptForOwnDials();
    void whoIsFullOfEqualsRefuses();
    void halfOpenHandshakesOfASiteAreLimited();

    void aControlStreamThatIsNotReadEndsTheConnection();
    void controlMessagesBeforeTheConnectionIsOpenAreFew();
    void controlMessagesThatNobodyReadsAreNotKeptBeforeTheConnectionIsOpen();
};

// ---- places

void tst_Places::oneAddressHasItsShareOfPlaces()
{
    Settings settings = victimSettings();
    settings.maxConnectionsPerAddress = 5;
    settings.maxConnectionsPerSite = 8;
    Crowd crowd(settings);
    for (quint16 i = 0; i < 5; ++i)
        QVERIFY(crowd.comes(publicAddress(7, quint16(5000 + i))));
    QVERIFY(!crowd.comes(publicAddress(7, 5100)));
    QCOMPARE(crowd.parties.back()->last<Events::Closed>()->error.code, ErrorCode::ConnectionRefused);
    QVERIFY(crowd.comes(publicAddress(8)));
    // Private addresses have no limit of their own.
    for (quint16 i = 0; i < 10; ++i)
        QVERIFY(crowd.comes(privateAddress(7, quint16(5000 + i))));
    // Who leaves makes room.
    for (const auto &party : crowd.parties) {
        if (party->address == publicAddress(7, 5000))
            party->router->closeAll(0, {}, {}, crowd.wire.now);
    }
    crowd.wire.runFor(2 * Seconds);
    QVERIFY(crowd.comes(publicAddress(7, 5200)));
}

void tst_Places::placesAreTakenFromTheLargestNetwork()
{
    Settings settings = victimSettings();
    settings.maxConnections = 40; // four of them for own dials
    settings.maxConnectionsPerAddress = 64;
    Crowd crowd(settings);
    std::vector<SocketAddress> honest;
    for (quint8 i = 0; i < 10; ++i) {
        honest.push_back(SocketAddress::fromIpv4({11, i, 0, 1}, 4433));
        QVERIFY(crowd.comes(honest.back()));
    }
    quint16 attackers = 0;
    while (attackers < 100
           && crowd.comes(SocketAddress::fromIpv4({99, 1, 0, 1}, quint16(2000 + attackers))))
        ++attackers;
    QCOMPARE(attackers, quint16(26));
    QCOMPARE(crowd.open(), 36u);
    // All places are taken; newcomers of other networks get in all the same, and only attackers go.
    for (quint8 i = 0; i < 8; ++i) {
        honest.push_back(SocketAddress::fromIpv4({12, i, 0, 1}, 4433));
        QVERIFY(crowd.comes(honest.back()));
    }
    QCOMPARE(crowd.open(), 36u);
    QCOMPARE(crowd.victim->router->stats().connectionsEvicted, 8u);
    for (const auto &party : crowd.parties) {
        if (std::find(honest.cbegin(), honest.cend(), party->address) != honest.cend())
            QCOMPARE(party->count<Events::Closed>(), 0u);
        else if (party->count<Events::Opened>() > 0 && party->count<Events::Closed>() > 0)
            QCOMPARE(party->last<Events::Closed>()->error.closeCode, CloseCode::Evicted);
    }
}

void tst_Places::aTenthOfThePlacesIsKeptForOwnDials()
{
    Settings settings = victimSettings();
    settings.maxConnections = 20;
    Crowd crowd(settings);
    quint16 count = 0;
    while (count < 100 && crowd.comes(privateAddress(3, quint16(2000 + count))))
        ++count;
    QCOMPARE(count, quint16(18));
    auto acceptor = makeAcceptor(publicAddress(300), makeSettings(4));
    crowd.wire.connect(*acceptor);
    dial(*crowd.victim, acceptor->address, crowd.wire.now);
    QVERIFY(crowd.wire.runUntil([&] { return acceptor->count<Events::Opened>() == 1; }));
}

void tst_Places::whoIsFullOfEqualsRefuses()
{
    Settings settings = victimSettings();
    settings.maxConnections = 30;
    Crowd crowd(settings);
    for (quint16 i = 0; i < 27; ++i)
        QVERIFY(crowd.comes(privateAddress(3, quint16(2000 + i))));
    QVERIFY(!crowd.comes(privateAddress(3, 3000)));
    QCOMPARE(crowd.parties.back()->last<Events::Closed>()->error.code, ErrorCode::ConnectionRefused);
    QCOMPARE(crowd.victim->router->stats().connectionsEvicted, 0u);
    QCOMPARE(crowd.open(), 27u);
}

void tst_Places::halfOpenHandshakesOfASiteAreLimited()
{
    Settings settings = victimSettings();
    const auto victim = makeAcceptor(publicIpv6(0x999900, 1, 1), settings);
    VirtualWire wire;
    wire.connect(*victim);
    // Handshakes that are begun and not gone on with, by as many /56 of one /48 as there are.
    std::vector<std::unique_ptr<RouterParty>> parties;
    for (quint32 household = 0; household < 256; ++household) {
        Settings dialler = makeSettings(2);
        dialler.random = seededRandomSource(5000 + household);
        parties.push_back(
            std::make_unique<RouterParty>(publicIpv6(0x1100 + household, 1, 1), dialler, wire.now));
        wire.connect(*parties.back());
        dial(*parties.back(), victim->address, wire.now);
    }
    wire.filter = [&](const Datagram &datagram) { return datagram.from != victim->address; };
    wire.runFor(100 * Milliseconds);
    QCOMPARE(victim->router->stats().halfOpen, Limits::HalfOpenPerSite);
}

// ---- queues

void tst_Places::aControlStreamThatIsNotReadEndsTheConnection()
{
    RawPeer::Options options;
    options.parameters = [](ngtcp2_transport_params &parameters) {
        parameters.initial_max_stream_data_bidi_local = 500; // enough for the hello
    };
    Attack attack(options);
    QVERIFY(attack.open());
    const QByteArray frame = prefixedHex("a2 00 07 01 50 " + QByteArray(16, 'x').toHex());
    const auto before = heapBytes();
    for (int i = 0; i < 200'000 && attack.isVictimOpen(); ++i) {
        MessageProtocol::of(*attack.session())->sendControl(frame);
        attack.victim->router->touch(*attack.session());
        if (i % 1000 == 0)
            attack.wire.runFor(Milliseconds);
    }
    if (before)
        QVERIFY(*heapBytes() - *before
                < 8 * Limits::ControlQueueBytes); // each frame is an allocation
    QVERIFY(attack.runUntilClosed());
    QVERIFY(attack.peer.wasClosedWith(true, CloseCode::ControlViolation));
    QCOMPARE(attack.victim->last<Events::Closed>()->error.code, ErrorCode::ProtocolViolation);
}

void tst_Places::controlMessagesBeforeTheConnectionIsOpenAreFew()
{
    // An acceptor that greets and talks on, and takes back that it has confirmed the handshake.
    RawPeer::Options options;
    options.tls.side = Side::Acceptor;
    for (int i = 0; i < 100; ++i)
        options.hello += prefixedHex("a1 00 18 63"); // of kind 99
    Settings settings = victimSettings();
    MessageOptions messages = makeMessageOptions();
    messages.controlKinds = {99};
    settings.protocols = protocolsWith(messages);
    Attack attack(options, settings);
    attack.peer.mutate = [](RawPeer::PacketKind kind, std::span<quint8> frames) {
        constexpr quint8 HandshakeDone = 0x1e;
        if (kind == RawPeer::PacketKind::OneRtt && frames[0] == HandshakeDone)
            frames[0] = 0; // PADDING
    };
    QVERIFY(attack.runUntilClosed());
    QVERIFY(attack.peer.wasClosedWith(true, CloseCode::Misbehaviour));
    QCOMPARE(attack.victim->count<Events::Control>(), 0u);
}

void tst_Places::controlMessagesThatNobodyReadsAreNotKeptBeforeTheConnectionIsOpen()
{
    RawPeer::Options options;
    options.tls.side = Side::Acceptor;
    for (int i = 0; i < 100; ++i)
        options.hello += prefixedHex("a1 00 18 63"); // of kind 99
    Settings settings = victimSettings();
    MessageOptions messages = makeMessageOptions();
    messages.controlKinds = {98};
    settings.protocols = protocolsWith(messages);
    Attack attack(options, settings);
    QVERIFY(attack.open());
    QCOMPARE(attack.victim->count<Events::Control>(), 0u);
}

QTEST_GUILESS_MAIN(tst_Places)
#include "tst_places.moc"
