// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Trust that changes while connections are open: authorities are read again, certificates expire or are replaced.
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

const QDateTime Now = QDateTime::fromSecsSinceEpoch(1'780'272'000, Qt::UTC); // of the simulation

using Dialled = QFuture<Result<QPointer<Connection>>>;

Identity issued(const Authority &authority, const QString &peer, std::chrono::days validity)
{
    Authority::Terms terms;
    terms.peerName = peer;
    terms.validity = validity;
    terms.now = Now;
    return authority.issue(terms).value();
}

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

//! What an endpoint says of certificates, and when: seconds since the beginning.
struct Warnings
{
    Warnings(Endpoint *endpoint, const Simulation &simulation)
    {
        const auto time = [&simulation, begin = simulation.now()] {
            return std::chrono::nanoseconds(simulation.now() - begin);
        };
        QObject::connect(endpoint, &Endpoint::certificateExpiring, endpoint,
                         [this, time](const PeerId &peer, const QDateTime &when) {
                             given.append({peer, when, time()});
                         });
    }
    struct Given
    {
        PeerId peer;
        QDateTime when;
        std::chrono::nanoseconds at;
    };
    QList<Given> of(const PeerId &peer) const
    {
        QList<Given> list;
        for (const Given &one : given) {
            if (one.peer == peer)
                list.append(one);
        }
        return list;
    }
    QList<Given> given;
};

} // namespace

class tst_CertificateChanges : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void openConnectionsEndWithTheirAuthority();
    void connectionsThatAreStillAcceptedStay();
    void allConnectionsAreVerifiedAgain();
    void slotMayDeleteTheEndpoint();
    void connectionEndsWhenTheCertificateExpires();
    void encryptOnlyNeverLooksAtDates();
    void warningsComeAFortnightAndADayBefore();
    void peerThatIsMetLateIsWarnedOfAtOnce();
    void renewedCertificateIsPresentedFromThenOn();
    void anotherKeyChangesNothing();
    void handshakeUnderWayOutlivesTheNewIdentity();

private:
    QString write(const QString &name, const QByteArray &content);
    EndpointConfig member(const Identity &identity) const;

    QTemporaryDir m_folder;
    Authority m_friends;
    QString m_file; // of all endpoints, with the certificate of m_friends at first
};

void tst_CertificateChanges::initTestCase()
{
    m_friends = Authority::create(u"friends"_s, Now).value();
    m_file = m_folder.filePath(u"friends.crt.pem"_s);
}

QString tst_CertificateChanges::write(const QString &name, const QByteArray &content)
{
    QFile file(m_folder.filePath(name));
    if (!file.open(QFile::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write %s", qPrintable(file.fileName()));
    return file.fileName();
}

//! Hears little of its peers, so that weeks pass quickly.
EndpointConfig tst_CertificateChanges::member(const Identity &identity) const
{
    EndpointConfig config;
    config.setIdentity(identity);
    config.setCertificatePolicy(CertificatePolicy::privateAuthority({m_file}, u"friends"_s));
    config.setIdleTimeout(10min);
    config.setMaxConnectionsPerAddress(1000);
    return config;
}

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

// ---- dates

void tst_CertificateChanges::connectionEndsWhenTheCertificateExpires()
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

void tst_CertificateChanges::encryptOnlyNeverLooksAtDates()
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

void tst_CertificateChanges::warningsComeAFortnightAndADayBefore()
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

void tst_CertificateChanges::peerThatIsMetLateIsWarnedOfAtOnce()
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
