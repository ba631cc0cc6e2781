// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Every mode against every kind of certificate, dialling and being dialled, in real handshakes, full ones and resumed.

#include "faultychains.h"

#include <shared/engine/attack.h>
#include <shared/engine/enginesettings.h>
#include <shared/engine/rawtickets.h>
#include <shared/engine/testauthority.h>

#include <qp2pcore/certificates/certificates.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;

namespace {

CertificatePolicy policyOf(CertificateMode mode, bool names)
{
    const QStringList files{QStringLiteral("not read by the engine")};
    switch (mode) {
    case CertificateMode::AgreedAuthority: {
        CertificatePolicy policy = CertificatePolicy::agreedAuthority(files);
        if (names)
            policy.setDiallerNames({QStringLiteral("nobody"), QStringLiteral("peer.example")});
        return policy;
    }
    case CertificateMode::PrivateAuthority:
        return CertificatePolicy::privateAuthority(files,
                                                   names ? QStringLiteral("friends") : QString());
    case CertificateMode::EncryptOnly:
        break;
    }
    return CertificatePolicy::encryptOnly();
}

// The victim, and a peer that has come with a ticket, or is met with one, for the certificates of \a peer: no side of
// ours has accepted them before, and no certificate is sent.
struct Resumed
{
    Resumed(RawPeer::Options options, const Settings &settings, Session::DialOptions dialOptions)
        : victim(makeAcceptor(publicAddress(1), settings))
    {
        wire.connect(*victim);
        RawTlsOptions other;
        if (options.tls.side == Side::Dialler) {
            other.ticketKey = victim->router->ticketKey(wire.now).toByteArray();
            options.tls.sessionTicket = rawTicket(options.tls, other);
            options.tls.asksForTicket = true;
        } else {
            options.tls.ticketKey = makeTicketKey();
            dialOptions.sessionTicket = rawTicket(other, options.tls);
        }
        peer = std::make_unique<RawPeer>(publicAddress(2), publicAddress(1), options, wire.now);
        wire.connect(*peer);
        if (options.tls.side == Side::Acceptor)
            dial(*victim, peer->address, wire.now, dialOptions);
    }

    VirtualWire wire;
    std::unique_ptr<RouterParty> victim;
    std::unique_ptr<RawPeer> peer;
};

} // namespace

class tst_CertificateMatrix : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyModeDecidesAsItSays_data();
    void everyModeDecidesAsItSays();
    void everyModeDecidesTheSameOfATicket_data() { everyModeDecidesAsItSays_data(); }
    void everyModeDecidesTheSameOfATicket();
    void theNameThatWasDialledIsAskedFor_data();
    void theNameThatWasDialledIsAskedFor();
    void anExpectedPeerNeedsNoNameButAChain_data();
    void anExpectedPeerNeedsNoNameButAChain();
    void newAuthoritiesCountForNewConnections();
    void whatWasAcceptedAndWhyCanBeRead();
};

void tst_CertificateMatrix::everyModeDecidesAsItSays_data()
{
    QTest::addColumn<CertificateMode>("mode");
    QTest::addColumn<Fault>("fault");
    QTest::addColumn<Side>("side"); // of the peer with the certificate
    QTest::addColumn<ErrorCode>("expected");

    struct Row
    {
        const char *name;
        Fault fault;
        ErrorCode withAuthority;
        ErrorCode encryptOnly;
    };
    using enum ErrorCode;
    const Row rows[] = {
        {"good", Fault::None, None, None},
        {"expired", Fault::Expired, CertificateExpired, None},
        {"not yet valid", Fault::NotYetValid, CertificateNotYetValid, None},
        {"its authority expired", Fault::AuthorityExpired, CertificateExpired, None},
        {"wrong authority", Fault::WrongAuthority, CertificateUnknownAuthority, None},
        {"wrong name", Fault::WrongName, CertificateWrongName, None},
        {"CN only", Fault::CommonNameOnly, CertificateWithoutName, None},
        {"no SAN", Fault::NoName, CertificateWithoutName, None},
        {"self-signed", Fault::SelfSigned, CertificateSelfSigned, None},
        {"wrong purpose", Fault::WrongPurpose, CertificateWrongPurpose, None},
        {"signed by a peer", Fault::SignedByAPeer, CertificateIssuerNotAllowed, None},
        {"weak signature", Fault::WeakSignature, CertificateWeakSignature, CertificateWeakSignature},
        {"weak key", Fault::WeakKey, CertificateWeakKey, CertificateWeakKey},
        {"forged signature", Fault::Forged, CertificateBadSignature, None},
        {"no certificate", Fault::NoCertificate, CertificateMissing, CertificateMissing},
        {"another peer", Fault::OtherPeer, PeerIdMismatch, PeerIdMismatch},
        {"chain too long", Fault::ChainTooLong, CertificateChainTooLong, CertificateChainTooLong},
    };
    struct Mode
    {
        const char *name;
        CertificateMode mode;
    };
    const Mode modes[] = {{"AgreedAuthority", CertificateMode::AgreedAuthority},
                          {"PrivateAuthority", CertificateMode::PrivateAuthority},
                          {"EncryptOnly", CertificateMode::EncryptOnly}};
    for (const Mode &mode : modes) {
        for (const Row &row : rows) {
            for (const Side side : {Side::Dialler, Side::Acceptor}) {
                // Who is dialled has nobody to expect, and no TLS server is without a certificate.
                if ((row.fault == Fault::OtherPeer && side == Side::Dialler)
                    || (row.fault == Fault::NoCertificate && side == Side::Acceptor))
                    continue;
                QTest::addRow("%s, %s, %s", mode.name, row.name,
                              side == Side::Dialler ? "it dials" : "it is dialled")
                    << mode.mode << row.fault << side
                    << (mode.mode == CertificateMode::EncryptOnly ? row.encryptOnly
                                                                  : row.withAuthority);
            }
        }
    }
}

void tst_CertificateMatrix::everyModeDecidesAsItSays()
{
    QFETCH(const CertificateMode, mode);
    QFETCH(const Fault, fault);
    QFETCH(const Side, side);
    QFETCH(const ErrorCode, expected);

    const TestChain chain = chainWith(fault);
    RawPeer::Options options;
    options.tls.side = side;
    options.tls.chain = chain.ders;
    options.tls.keyDer = chain.key.der;
    if (fault == Fault::NoCertificate) {
        options.tls.chain = {};
        options.tls.presentsCertificate = false;
    }
    Settings settings = victimSettings();
    settings.policy = policyOf(mode, true);
    settings.authorities = trustFor(fault);
    Session::DialOptions dial;
    dial.name = {"peer.example", {}, QStringLiteral("peer.example")};
    if (fault == Fault::OtherPeer)
        dial.expectedPeer = testIdentity(7).peerId();
    Attack attack(options, settings, dial);

    if (expected == ErrorCode::None) {
        QVERIFY2(attack.open(), qPrintable(attack.victim->closeReason().message));
        QCOMPARE(attack.session()->peerId(), *peerIdOfCertificate(chain.ders.first()));
        QVERIFY(attack.stillDelivers());
        return;
    }
    attack.wire.runUntil([&] { return attack.peer.isConfirmed() || !attack.peer.isAlive(); });
    if (attack.peer.isAlive())
        attack.peer.sendOnNewStream(toWire(Message("let me in")));
    QVERIFY(attack.runUntilClosed());
    const Error reason = attack.victim->closeReason();
    QVERIFY2(reason.code == expected,
             qPrintable(errorCodeName(reason.code) + QStringLiteral(": ") + reason.message));
    QVERIFY(reason.message.endsWith(u'.'));
    QCOMPARE(attack.victim->count<Events::Opened>(), 0u);
    QCOMPARE(attack.victim->count<Events::MessageArrived>(), 0u);
    QCOMPARE(attack.victim->router->stats().halfOpen, 0);
    // The peer learns the rule, by the alert and by its name.
    QVERIFY(attack.peer.closedBy());
    QCOMPARE(attack.peer.closedBy()->code, quint64(0x100) + alertFor(expected));
    if (expected != ErrorCode::CertificateMissing) {
        QCOMPARE(attack.peer.closedBy()->reason, errorCodeName(expected).toLatin1());
        QCOMPARE(reason.peerCertificates, chain.ders);
    }
}

void tst_CertificateMatrix::everyModeDecidesTheSameOfATicket()
{
    QFETCH(const CertificateMode, mode);
    QFETCH(const Fault, fault);
    QFETCH(const Side, side);
    QFETCH(const ErrorCode, expected);

    const TestChain chain = chainWith(fault);
    RawPeer::Options options;
    options.tls.side = side;
    options.tls.chain = chain.ders;
    options.tls.keyDer = chain.key.der;
    if (fault == Fault::NoCertificate) {
        options.tls.chain = {};
        options.tls.presentsCertificate = false;
    }
    Settings settings = victimSettings();
    settings.policy = policyOf(mode, true);
    settings.authorities = trustFor(fault);
    Session::DialOptions dial;
    dial.name = {"peer.example", {}, QStringLiteral("peer.example")};
    if (fault == Fault::OtherPeer)
        dial.expectedPeer = testIdentity(7).peerId();
    Resumed resumed(options, settings, dial);
    const RouterParty &victim = *resumed.victim;
    RawPeer &peer = *resumed.peer;

    resumed.wire.runUntil([&] { return peer.isConfirmed() || !peer.isAlive(); });
    if (peer.isAlive() && expected != ErrorCode::None)
        peer.sendOnNewStream(toWire(Message("let me in")));
    resumed.wire.runUntil([&] { return peer.isOpen() || !peer.isAlive(); });
    resumed.wire.runFor(20 * Milliseconds);
    QVERIFY(peer.wasResumed());
    if (expected == ErrorCode::None) {
        QVERIFY2(victim.count<Events::Opened>() == 1, qPrintable(victim.closeReason().message));
        QCOMPARE(victim.session()->peerId(), *peerIdOfCertificate(chain.ders.first()));
        QCOMPARE(victim.session()->peerCertificates(), chain.ders);
        QCOMPARE(victim.router->stats().handshakesResumed, quint64(1));
        return;
    }
    const Error reason = victim.closeReason();
    QVERIFY2(reason.code == expected,
             qPrintable(errorCodeName(reason.code) + QStringLiteral(": ") + reason.message));
    QCOMPARE(victim.count<Events::Opened>(), 0u);
    QCOMPARE(victim.count<Events::MessageArrived>(), 0u);
    QCOMPARE(victim.router->stats().halfOpen, 0);
    QCOMPARE(victim.router->stats().handshakesResumed, quint64(0));
    QVERIFY(peer.closedBy());
    QCOMPARE(peer.closedBy()->code, quint64(0x100) + alertFor(expected));
    QCOMPARE(peer.closedBy()->reason, errorCodeName(expected).toLatin1());
    if (expected != ErrorCode::CertificateMissing)
        QCOMPARE(reason.peerCertificates, chain.ders);
}

void tst_CertificateMatrix::theNameThatWasDialledIsAskedFor_data()
{
    QTest::addColumn<QList<QByteArray>>("dnsNames");
    QTest::addColumn<QByteArray>("ipAddress"); // in the certificate
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<QByteArray>("address"); // dialled
    QTest::addColumn<ErrorCode>("expected");
    using Names = QList<QByteArray>;
    using enum ErrorCode;
    const QByteArray v4 = QByteArray::fromHex("c0000201");
    const QByteArray v6 = QByteArray::fromHex("20010db8000000000000000000000001");
    const QByteArray none;
    const auto add = [](const char *name, const Names &dns, const QByteArray &ip,
                        const QByteArray &host, const QByteArray &address, ErrorCode expected) {
        QTest::addRow("%s", name) << dns << ip << host << address << expected;
    };
    add("the same", {"a.example"}, none, "a.example", none, None);
    add("in other letters", {"A.eXample"}, none, "a.example", none, None);
    add("the second of two", {"b.example", "a.example"}, none, "a.example", none, None);
    add("below it", {"example"}, none, "a.example", none, CertificateWrongName);
    add("above it", {"x.a.example"}, none, "a.example", none, CertificateWrongName);
    add("a wildcard for a label", {"*.b.example"}, none, "a.b.example", none, None);
    add("a wildcard for two labels", {"*.example.org"}, none, "a.b.example.org", none,
        CertificateWrongName);
    add("a wildcard for none", {"*.b.example"}, none, "b.example", none, CertificateWrongName);
    add("a wildcard for half a label", {"a*.b.example"}, none, "ax.b.example", none,
        CertificateWrongName);
    add("a wildcard for everything", {"*"}, none, "example", none, CertificateWrongName);
    add("a wildcard for a whole top-level domain", {"*.example"}, none, "a.example", none,
        CertificateWrongName);
    add("the IPv4 address", {}, v4, none, v4, None);
    add("the IPv6 address", {}, v6, none, v6, None);
    add("another address", {}, v4, none, QByteArray::fromHex("c0000202"), CertificateWrongName);
    add("an address as a DNS name", {"192.0.2.1"}, none, none, v4, CertificateWrongName);
    add("a host where an address is", {}, v4, "a.example", none, CertificateWrongName);
    add("nothing", {}, none, none, v4, CertificateWithoutName);
}

void tst_CertificateMatrix::theNameThatWasDialledIsAskedFor()
{
    QFETCH(const QList<QByteArray>, dnsNames);
    QFETCH(const QByteArray, ipAddress);
    QFETCH(const QByteArray, host);
    QFETCH(const QByteArray, address);
    QFETCH(const ErrorCode, expected);
    CertificateRequest request = peerRequest();
    request.commonName = "a.example"; // counts for nothing
    request.dnsNames = dnsNames;
    request.ipAddresses = ipAddress.isEmpty() ? QList<QByteArray>() : QList<QByteArray>{ipAddress};
    const auto trust = authority().trust();
    const CertificatePolicy policy = policyOf(CertificateMode::AgreedAuthority, false);
    const auto acceptance = verifyPeer(
        authority().issue(request).ders,
        {policy, trust.get(), Side::Dialler, {host, address, QString::fromUtf8(host)}, {}, TestDate});
    QVERIFY2(acceptance.error().code == expected, qPrintable(acceptance.error().message));
    // Who is dialled asks for no name unless some are configured.
    QVERIFY(verifyPeer(authority().issue(request).ders,
                       {policy, trust.get(), Side::Acceptor, {}, {}, TestDate})
                .isOk());
}

void tst_CertificateMatrix::anExpectedPeerNeedsNoNameButAChain_data()
{
    QTest::addColumn<CertificateMode>("mode");
    QTest::addRow("AgreedAuthority") << CertificateMode::AgreedAuthority;
    QTest::addRow("PrivateAuthority") << CertificateMode::PrivateAuthority;
}

void tst_CertificateMatrix::anExpectedPeerNeedsNoNameButAChain()
{
    QFETCH(const CertificateMode, mode);
    const auto trust = authority().trust();
    const CertificatePolicy policy = policyOf(mode, true);
    const auto verified = [&](Fault fault) {
        const TestChain chain = chainWith(fault);
        return verifyPeer(chain.ders,
                          {policy,
                           trust.get(),
                           Side::Dialler,
                           {"peer.example", {}, QStringLiteral("peer.example")},
                           *peerIdOfCertificate(chain.ders.first()),
                           TestDate})
            .error()
            .code;
    };
    QCOMPARE(verified(Fault::WrongName), ErrorCode::None);
    QCOMPARE(verified(Fault::NoName), ErrorCode::None);
    QCOMPARE(verified(Fault::SelfSigned), ErrorCode::CertificateSelfSigned);
    QCOMPARE(verified(Fault::WrongAuthority), ErrorCode::CertificateUnknownAuthority);
    QCOMPARE(verified(Fault::Expired), ErrorCode::CertificateExpired);
}

void tst_CertificateMatrix::newAuthoritiesCountForNewConnections()
{
    const TestAuthority old("The old authority");
    const TestAuthority young("The new authority");
    Settings settings = victimSettings();
    settings.policy = policyOf(CertificateMode::PrivateAuthority, true);
    settings.authorities = old.trust();
    const TestChain chain = old.issue();
    RawPeer::Options options;
    options.tls.chain = chain.ders;
    options.tls.keyDer = chain.key.der;
    Attack attack(options, settings);
    QVERIFY(attack.open());

    attack.victim->router->setAuthorities(young.trust());
    QVERIFY(attack.stillDelivers());
    RawPeer second(publicAddress(3), publicAddress(1), options, attack.wire.now);
    attack.wire.connect(second);
    QVERIFY(attack.wire.runUntil([&] { return !second.isAlive(); }));
    QCOMPARE(attack.victim->closeReason().code, ErrorCode::CertificateUnknownAuthority);
    QVERIFY(attack.stillDelivers());
    attack.wire.disconnect(second);
}

void tst_CertificateMatrix::whatWasAcceptedAndWhyCanBeRead()
{
    const TestAuthority between(authorityRequest("In between"), authority());
    const TestChain chain = between.issue();
    const auto trust = authority().trust();
    const CertificatePolicy policy = policyOf(CertificateMode::PrivateAuthority, true);
    const auto acceptance = verifyPeer(chain.ders,
                                       {policy, trust.get(), Side::Acceptor, {}, {}, TestDate});
    QVERIFY2(acceptance, qPrintable(acceptance.error().message));
    QCOMPARE(acceptance->mode, CertificateMode::PrivateAuthority);
    QCOMPARE(acceptance->peerId, *peerIdOfCertificate(chain.ders.first()));
    QCOMPARE(acceptance->matchedName, QStringLiteral("friends"));
    QCOMPARE(acceptance->path,
             (QList<QByteArray>{chain.ders[0], chain.ders[1], authority().certificate().der}));
    QCOMPARE(acceptance->authority(), authority().certificate().der);

    // The same where the peer sends the authority itself along, or sends too much.
    TestChain longer = chain;
    longer.ders.append(authority().certificate().der);
    const auto again = verifyPeer(longer.ders,
                                  {policy, trust.get(), Side::Acceptor, {}, {}, TestDate});
    QVERIFY2(again, qPrintable(again.error().message));
    QCOMPARE(again->path, acceptance->path);

    const auto alone = verifyPeer(
        chain.ders, {CertificatePolicy::encryptOnly(), nullptr, Side::Acceptor, {}, {}, TestDate});
    QVERIFY(alone);
    QCOMPARE(alone->path, QList<QByteArray>{chain.ders.first()});
    QVERIFY(alone->authority().isEmpty());
}

QTEST_GUILESS_MAIN(tst_CertificateMatrix)
#include "tst_certificatematrix.moc"
