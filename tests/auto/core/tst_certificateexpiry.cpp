// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Certificates that expire while connections are open, and the warnings before.
#include "certifiedmembers.h"

#include <shared/endpointpair.h>
#include <shared/engine/quicpackets.h>

#include <qp2pcore/certificateinfo.h>
#include <qp2pcore/engine/limits.h>
#include <qp2pcore/private/simulated.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class tst_CertificateExpiry : public QObject, private CertifiedMembers
{
    Q_OBJECT

private Q_SLOTS:
    void connectionEndsWhenTheCertificateExpires();
    void certificateThatExpiresBeforeTheHelloEndsTheConnection();
    void encryptOnlyNeverLooksAtDates();
    void warningsComeAFortnightAndADayBefore();
    void peerThatIsMetLateIsWarnedOfAtOnce();
};

void tst_CertificateExpiry::connectionEndsWhenTheCertificateExpires()
{
    write(u"friends.crt.pem"_s, m_friends.certificatePem());
    EndpointPair::Setup setup;
    setup.acceptor = member(issued(m_friends, u"anna"_s, std::chrono::days(100)));
    setup.dialler = member(issued(m_friends, u"ben"_s, std::chrono::days(3)));
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    const auto until = CertificateInfo::fromDer(pair.in->peerCertificates().first())->validUntil;
    QVERIFY(pair.in->acceptance().validUntil);
    QCOMPARE(pair.in->acceptance().validUntil->time_since_epoch().count(), until.toSecsSinceEpoch());
    EndpointLog here(pair.acceptor.get());
    EndpointLog there(pair.dialler.get());
    const auto left = std::chrono::seconds(until.toSecsSinceEpoch()
                                           - pair.acceptorHost->wallClock());
    pair.simulation.runFor(left - 1s);
    QVERIFY(here.closed.isEmpty() && there.closed.isEmpty());
    QVERIFY(pair.until([&] { return !here.closed.isEmpty() && !there.closed.isEmpty(); }, 3s));
    QCOMPARE(here.closed.first().reason.code, ErrorCode::CertificateExpired);
    QCOMPARE(there.closed.first().reason.code, ErrorCode::CertificateRejected);
    QCOMPARE(there.closed.first().reason.closeReason, u"CertificateExpired"_s);
    // It says so itself of its own, once.
    pair.simulation.runFor(3h);
    QCOMPARE(there.errors.size(), 1);
    QCOMPARE(there.errors.first().code, ErrorCode::CertificateExpired);
    QVERIFY(here.errors.isEmpty());
}

//! The hello is lost until the date has passed for which the handshake was accepted.
void tst_CertificateExpiry::certificateThatExpiresBeforeTheHelloEndsTheConnection()
{
    write(u"friends.crt.pem"_s, m_friends.certificatePem());
    EndpointPair::Setup setup;
    setup.acceptor = member(issued(m_friends, u"anna"_s, std::chrono::days(100)));
    const Identity ben = issued(m_friends, u"ben"_s, std::chrono::days(3));
    setup.dialler = member(ben);
    EndpointPair pair(setup);
    QVERIFY(pair.acceptor->listen().isOk());
    const qint64 until = CertificateInfo::fromDer(ben.certificates().first())
                             ->validUntil.toSecsSinceEpoch();
    pair.simulation.runFor(std::chrono::seconds(until - pair.acceptorHost->wallClock()));
    pair.simulation.onDatagram = [&](Wire &wire) {
        if (wire.to.port() == pair.acceptorAddress().port()
            && pair.acceptorHost->wallClock() <= until)
            wire.data.truncate(sizeOfLongHeaderPackets(wire.data));
        return wire.data.isEmpty() ? WireAction::Drop : WireAction::Deliver;
    };
    EndpointLog here(pair.acceptor.get());
    const auto dialled = pair.dialler->connectTo(pair.acceptorAddress());
    QVERIFY(pair.until([&] { return pair.acceptor->stats().halfOpen > 0; }, 500ms));
    QCOMPARE(pair.acceptorHost->wallClock(), until);
    QVERIFY(pair.until([&] { return !here.opened.isEmpty(); }, 5s));
    QVERIFY(pair.acceptorHost->wallClock() > until);
    QVERIFY(pair.until([&] { return !here.closed.isEmpty(); }, 1s));
    QCOMPARE(here.closed.first().reason.code, ErrorCode::CertificateExpired);
}

void tst_CertificateExpiry::encryptOnlyNeverLooksAtDates()
{
    EndpointPair::Setup setup;
    for (EndpointConfig *config : {&setup.acceptor, &setup.dialler}) {
        config->setIdentity(issued(m_friends, u"anna"_s, std::chrono::days(1)));
        config->setIdleTimeout(10min);
    }
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    QVERIFY(!pair.in->acceptance().validUntil);
    Warnings warnings(pair.acceptor.get(), pair.simulation);
    EndpointLog log(pair.acceptor.get());
    pair.simulation.runFor(48h);
    QVERIFY(pair.acceptor->reloadAuthorities().isOk());
    pair.simulation.runFor(1h);
    QVERIFY(log.closed.isEmpty() && log.errors.isEmpty() && warnings.given.isEmpty());
    QVERIFY(pair.in && pair.in->state() == Connection::State::Open);
}

void tst_CertificateExpiry::warningsComeAFortnightAndADayBefore()
{
    write(u"friends.crt.pem"_s, m_friends.certificatePem());
    EndpointPair::Setup setup;
    setup.acceptor = member(issued(m_friends, u"anna"_s, std::chrono::days(100)));
    setup.dialler = member(issued(m_friends, u"ben"_s, std::chrono::days(16)));
    EndpointPair pair(setup);
    Warnings here(pair.acceptor.get(), pair.simulation);
    Warnings there(pair.dialler.get(), pair.simulation);
    QVERIFY(pair.connect());
    QVERIFY(pair.connect()); // of one peer there is one warning, however many connections it has
    const QDateTime until = CertificateInfo::fromDer(pair.in->peerCertificates().first())->validUntil;
    const auto end = std::chrono::seconds(until.toSecsSinceEpoch() - Now.toSecsSinceEpoch());
    pair.simulation.runFor(end + 1h);
    for (const Warnings *warnings : {&here, &there}) {
        const auto given = warnings->of(pair.dialler->peerId());
        QCOMPARE(given.size(), 2);
        QCOMPARE(given.first().when, until);
        QCOMPARE(given.last().when, until);
        QVERIFY(std::chrono::abs(given.first().at - (end - 14 * 24h)) < 5s);
        QVERIFY(std::chrono::abs(given.last().at - (end - 24h)) < 5s);
        QVERIFY(warnings->of(pair.acceptor->peerId()).isEmpty());
    }
    QVERIFY(pair.acceptor->connections().isEmpty());
}

void tst_CertificateExpiry::peerThatIsMetLateIsWarnedOfAtOnce()
{
    write(u"friends.crt.pem"_s, m_friends.certificatePem());
    EndpointPair::Setup setup;
    setup.acceptor = member(issued(m_friends, u"anna"_s, std::chrono::days(100)));
    setup.dialler = member(issued(m_friends, u"ben"_s, std::chrono::days(5)));
    EndpointPair pair(setup);
    Warnings warnings(pair.acceptor.get(), pair.simulation);
    QVERIFY(pair.acceptor->listen().isOk());
    pair.simulation.runFor(10min);
    QVERIFY(pair.connect());
    QVERIFY(pair.until([&] { return warnings.given.size() == 1; }, 1s));
    QVERIFY(pair.connect());
    pair.simulation.runFor(2h);
    QCOMPARE(warnings.given.size(), 1);
}

QTEST_GUILESS_MAIN(tst_CertificateExpiry)
#include "tst_certificateexpiry.moc"
