// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Trust that changes while connections are open: authorities are read again, certificates are replaced.
#include "certifiedmembers.h"

#include <shared/endpointpair.h>

#include <qp2pcore/authority.h>
#include <qp2pcore/certificateinfo.h>
#include <qp2pcore/engine/limits.h>
#include <qp2pcore/private/simulated.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

using Dialled = QFuture<Result<QPointer<Connection>>>;

//! The key of \a identity with a certificate of \a authority.
Identity certified(const Identity &identity, const Authority &authority, const QString &peer,
                   std::chrono::days validity)
{
    Authority::Terms terms;
    terms.peerName = peer;
    terms.validity = validity;
    terms.now = Now;
    const Result<QByteArray> pem = authority.issueFor(identity.certificatePem(), terms);
    return identity.withCertificates(pem.value()).value();
}

} // namespace

class tst_CertificateChanges : public QObject, private CertifiedMembers
{
    Q_OBJECT

private Q_SLOTS:
    void openConnectionsEndWithTheirAuthority();
    void connectionsThatAreStillAcceptedStay();
    void allConnectionsAreVerifiedAgain();
    void slotMayDeleteTheEndpoint();
    void renewedCertificateIsPresentedFromThenOn();
    void anotherKeyChangesNothing();
    void handshakeUnderWayOutlivesTheNewIdentity();
};

// ---- authorities

void tst_CertificateChanges::openConnectionsEndWithTheirAuthority()
{
    write(u"friends.crt.pem"_s, m_friends.certificatePem());
    EndpointPair::Setup setup;
    setup.acceptor = member(issued(m_friends, u"anna"_s, std::chrono::days(100)));
    setup.dialler = member(issued(m_friends, u"ben"_s, std::chrono::days(100)));
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    EndpointLog here(pair.acceptor.get());
    EndpointLog there(pair.dialler.get());
    const QList<QByteArray> chain = pair.in->peerCertificates();
    write(u"friends.crt.pem"_s, Authority::create(u"friends"_s, Now)->certificatePem());
    QVERIFY(pair.acceptor->reloadAuthorities().isOk());
    QVERIFY(here.closed.isEmpty()); // nothing is emitted from inside the call
    QVERIFY(pair.until([&] { return !here.closed.isEmpty() && !there.closed.isEmpty(); }, 1s));
    const Error ours = here.closed.first().reason;
    QCOMPARE(ours.code, ErrorCode::CertificateUnknownAuthority);
    QCOMPARE(ours.peerCertificates, chain);
    QVERIFY2(ours.message.contains(u"CN=ben"_s), qPrintable(ours.message));
    const Error theirs = there.closed.first().reason;
    QCOMPARE(theirs.code, ErrorCode::CertificateRejected);
    QCOMPARE(theirs.closeReason, u"CertificateUnknownAuthority"_s);
    // The same as in a handshake.
    const Dialled refused = pair.dialler->connectTo(pair.acceptorAddress());
    QVERIFY(pair.finish(refused));
    QCOMPARE(refused.result().error().code, theirs.code);
    QCOMPARE(refused.result().error().closeReason, theirs.closeReason);
    QCOMPARE(refused.result().error().closeCode, theirs.closeCode);
}

void tst_CertificateChanges::connectionsThatAreStillAcceptedStay()
{
    write(u"friends.crt.pem"_s, m_friends.certificatePem());
    EndpointPair::Setup setup;
    setup.acceptor = member(issued(m_friends, u"anna"_s, std::chrono::days(100)));
    setup.dialler = member(issued(m_friends, u"ben"_s, std::chrono::days(100)));
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    write(u"friends.crt.pem"_s,
          m_friends.certificatePem() + Authority::create(u"friends"_s, Now)->certificatePem());
    QVERIFY(pair.acceptor->reloadAuthorities().isOk());
    // A file that vanishes closes nothing, either.
    QVERIFY(QFile::remove(m_file));
    QCOMPARE(pair.acceptor->reloadAuthorities().error().code, ErrorCode::FileNotFound);
    pair.simulation.runFor(1h);
    QVERIFY(pair.in && pair.out);
    const auto confirmed = pair.in->sendAndConfirm(Message("still here"));
    QVERIFY(pair.finish(confirmed));
    QVERIFY(confirmed.result().isOk());
}

void tst_CertificateChanges::allConnectionsAreVerifiedAgain()
{
    write(u"friends.crt.pem"_s, m_friends.certificatePem());
    EndpointPair::Setup setup;
    setup.acceptor = member(issued(m_friends, u"anna"_s, std::chrono::days(100)));
    setup.dialler = member(issued(m_friends, u"ben"_s, std::chrono::days(100)));
    EndpointPair pair(setup);
    constexpr int Connections = 2 * Engine::Limits::MaxVerificationsPerRound + 2;
    for (int i = 0; i < Connections; ++i)
        QVERIFY(pair.connect());
    QCOMPARE(pair.acceptor->connections().size(), Connections);
    write(u"friends.crt.pem"_s, Authority::create(u"friends"_s, Now)->certificatePem());
    QVERIFY(pair.acceptor->reloadAuthorities().isOk());
    QVERIFY(pair.until([&] { return pair.acceptor->connections().isEmpty(); }, 1s));
    QVERIFY(pair.until([&] { return pair.dialler->connections().isEmpty(); }, 1s));
}

void tst_CertificateChanges::slotMayDeleteTheEndpoint()
{
    write(u"friends.crt.pem"_s, m_friends.certificatePem());
    EndpointPair::Setup setup;
    setup.acceptor = member(issued(m_friends, u"anna"_s, std::chrono::days(10)));
    setup.dialler = member(issued(m_friends, u"ben"_s, std::chrono::days(10)));
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    QVERIFY(pair.connect());
    QObject::connect(pair.acceptor.get(), &Endpoint::connectionClosed, pair.acceptor.get(),
                     [&] { pair.acceptor.reset(); });
    write(u"friends.crt.pem"_s, Authority::create(u"friends"_s, Now)->certificatePem());
    QVERIFY(pair.acceptor->reloadAuthorities().isOk());
    QVERIFY(pair.until([&] { return !pair.acceptor; }, 1s));

    // Ten days are less than a fortnight: it warns of itself at once.
    Endpoint *doomed = new SimulatedEndpoint(setup.acceptor, pair.acceptorHost);
    write(u"friends.crt.pem"_s, m_friends.certificatePem());
    QObject::connect(doomed, &Endpoint::certificateExpiring, doomed, [&] {
        delete doomed;
        doomed = nullptr;
    });
    QVERIFY(doomed->listen().isOk());
    QVERIFY(doomed);
    QVERIFY(pair.until([&] { return !doomed; }, 1s));
}

// ---- the own certificate

void tst_CertificateChanges::renewedCertificateIsPresentedFromThenOn()
{
    write(u"friends.crt.pem"_s, m_friends.certificatePem());
    EndpointPair::Setup setup;
    setup.acceptor = member(issued(m_friends, u"anna"_s, std::chrono::days(2)));
    setup.dialler = member(issued(m_friends, u"ben"_s, std::chrono::days(100)));
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    const QPointer<Connection> before = pair.out;
    const Identity renewed = certified(*setup.acceptor.identity().withDisplayName(u"x"_s),
                                       m_friends, u"anna"_s, std::chrono::days(200));
    QVERIFY(pair.acceptor->setIdentity(renewed).isOk());
    QCOMPARE(pair.acceptor->config().identity().certificates(), renewed.certificates());
    QVERIFY(pair.connect());
    QCOMPARE(pair.out->peerCertificates(), renewed.certificates());
    QVERIFY(before && before->state() == Connection::State::Open);
    QCOMPARE(before->peerId(), pair.out->peerId());
    Warnings warnings(pair.acceptor.get(), pair.simulation);
    pair.simulation.runFor(72h);
    QVERIFY(pair.out && pair.out->state() == Connection::State::Open);
    QVERIFY(!before); // its certificate has expired meanwhile
    QVERIFY(warnings.given.isEmpty());
}

void tst_CertificateChanges::anotherKeyChangesNothing()
{
    write(u"friends.crt.pem"_s, m_friends.certificatePem());
    EndpointPair::Setup setup;
    setup.acceptor = member(issued(m_friends, u"anna"_s, std::chrono::days(100)));
    setup.dialler = member(issued(m_friends, u"ben"_s, std::chrono::days(100)));
    EndpointPair pair(setup);
    const Error error = pair.acceptor->setIdentity(setup.dialler.identity()).error();
    QCOMPARE(error.code, ErrorCode::KeyMismatch);
    QVERIFY(error.message.contains(setup.dialler.identity().peerId().toString()));
    QCOMPARE(pair.acceptor->setIdentity({}).error().code, ErrorCode::InvalidArgument);
    QVERIFY(pair.connect());
    QCOMPARE(pair.acceptor->setIdentity(setup.dialler.identity()).error().code,
             ErrorCode::KeyMismatch);
    QVERIFY(pair.connect());
    QCOMPARE(pair.out->peerCertificates(), setup.acceptor.identity().certificates());
}

//! Its credentials must not go with the old certificate.
void tst_CertificateChanges::handshakeUnderWayOutlivesTheNewIdentity()
{
    write(u"friends.crt.pem"_s, m_friends.certificatePem());
    EndpointPair::Setup setup;
    setup.acceptor = member(issued(m_friends, u"anna"_s, std::chrono::days(100)));
    setup.dialler = member(issued(m_friends, u"ben"_s, std::chrono::days(100)));
    EndpointPair pair(setup);
    QVERIFY(pair.acceptor->listen().isOk());
    const Dialled dialled = pair.dialler->connectTo(pair.acceptorAddress());
    QVERIFY(pair.until([&] { return pair.acceptor->stats().halfOpen > 0; }));
    const Identity renewed = certified(*setup.acceptor.identity().withDisplayName(u"x"_s),
                                       m_friends, u"anna"_s, std::chrono::days(200));
    QVERIFY(pair.acceptor->setIdentity(renewed).isOk());
    QVERIFY(pair.dialler->setIdentity(setup.dialler.identity()).isOk());
    QVERIFY(pair.finish(dialled));
    QVERIFY2(dialled.result(), qPrintable(dialled.result().error().message));
}

QTEST_GUILESS_MAIN(tst_CertificateChanges)
#include "tst_certificatechanges.moc"
