// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Whole endpoints and the authorities in their files: who is let in, who learns why not, and what happens
// when a file is not what it should be.
#include <shared/endpointpair.h>
#include <shared/engine/certificates.h>

#include <qp2pcore/authority.h>
#include <qp2pcore/certificateinfo.h>
#include <qp2pcore/private/simulated.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#ifdef Q_OS_UNIX
#include <sys/stat.h>
#include <unistd.h>
#endif

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QDateTime Now = QDateTime::fromSecsSinceEpoch(1'780'272'000, Qt::UTC); // of the simulation

using Dialled = QFuture<Result<QPointer<Connection>>>;

Authority makeAuthority(const QString &name)
{
    return Authority::create(name, Now).value();
}

Identity issued(const Authority &authority, const QString &peer, const QStringList &names = {})
{
    Authority::Terms terms;
    terms.peerName = peer;
    terms.furtherNames = names;
    terms.now = Now;
    return authority.issue(terms).value();
}

} // namespace

class tst_Trust : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void membersTalkAndKnowWhy_data();
    void membersTalkAndKnowWhy();
    void aStrangerIsRefusedOnBothSides_data();
    void aStrangerIsRefusedOnBothSides();
    void aMemberDialsNoStranger();
    void theRaceIsWonByWhoIsAccepted();
    void filesThatAreNoAuthoritiesAreErrors_data();
    void filesThatAreNoAuthoritiesAreErrors();
    void aMendedFileMendsTheEndpoint();
    void authoritiesAreReadAgainOnRequest();
    void aFileThatVanishesChangesNothing_data();
    void aFileThatVanishesChangesNothing();
    void hostNamesAndAddressesAreCheckedOnRealSockets_data();
    void hostNamesAndAddressesAreCheckedOnRealSockets();
    void settingsThatCannotWorkAreRefused_data();
    void settingsThatCannotWorkAreRefused();
    void anUnknownAuthorityIsNotInTheSystemsStore();
    void aCopyOfTheSystemsStoreWithOneMoreAcceptsIt();

private:
    QString write(const QString &name, const QByteArray &content);
    EndpointConfig member(const QString &peer, const QStringList &names = {}) const;

    QTemporaryDir m_folder;
    Authority m_friends;
    QString m_file; // with its certificate
};

void tst_Trust::initTestCase()
{
    m_friends = makeAuthority(u"friends"_s);
    m_file = write(u"friends.crt.pem"_s, m_friends.certificatePem());
}

QString tst_Trust::write(const QString &name, const QByteArray &content)
{
    QFile file(m_folder.filePath(name));
    if (!file.open(QFile::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write %s", qPrintable(file.fileName()));
    return file.fileName();
}

EndpointConfig tst_Trust::member(const QString &peer, const QStringList &names) const
{
    EndpointConfig config;
    config.setIdentity(issued(m_friends, peer, names));
    config.setCertificatePolicy(CertificatePolicy::privateAuthority({m_file}, u"friends"_s));
    return config;
}

void tst_Trust::membersTalkAndKnowWhy_data()
{
    QTest::addColumn<CertificateMode>("mode");
    QTest::newRow("private authority") << CertificateMode::PrivateAuthority;
    QTest::newRow("agreed authority") << CertificateMode::AgreedAuthority;
}

void tst_Trust::membersTalkAndKnowWhy()
{
    QFETCH(const CertificateMode, mode);
    EndpointPair::Setup setup;
    // The acceptor is 192.0.2.1 in these simulations.
    setup.acceptor = member(u"anna"_s, {u"192.0.2.1"_s, u"192.0.2.2"_s});
    setup.dialler = member(u"ben"_s);
    if (mode == CertificateMode::AgreedAuthority) {
        CertificatePolicy policy = CertificatePolicy::agreedAuthority({m_file});
        setup.dialler.setCertificatePolicy(policy);
        policy.setDiallerNames({u"ben"_s});
        setup.acceptor.setCertificatePolicy(policy);
    }
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    for (const Connection *connection : {pair.out.data(), pair.in.data()}) {
        const Acceptance acceptance = connection->acceptance();
        QCOMPARE(acceptance.mode, mode);
        QCOMPARE(acceptance.peerId, connection->peerId());
        QCOMPARE(acceptance.path.size(), 2);
        QCOMPARE(acceptance.path.first(), connection->peerCertificates().first());
        QCOMPARE(CertificateInfo::fromDer(acceptance.authority())->subject, u"CN=friends"_s);
    }
    const bool isPrivate = mode == CertificateMode::PrivateAuthority;
    QCOMPARE(pair.in->acceptance().matchedName, isPrivate ? u"friends"_s : u"ben"_s);
    QCOMPARE(pair.out->acceptance().matchedName,
             isPrivate ? u"friends"_s : pair.acceptorAddress().host());
    const auto reply = pair.out->request(Message("hello"));
    ConnectionLog log(pair.in);
    QVERIFY(pair.until([&] { return log.requests.size() == 1; }));
    // What the tool says of a chain is what a connection does.
    QVERIFY(setup.dialler.certificatePolicy()
                .verify(pair.out->peerCertificates(), pair.acceptorAddress(), Now)
                .isOk());
}

void tst_Trust::aStrangerIsRefusedOnBothSides_data()
{
    QTest::addColumn<Identity>("identity");
    QTest::addColumn<ErrorCode>("expected");
    QTest::newRow("self-signed") << Identity::generate().value()
                                 << ErrorCode::CertificateSelfSigned;
    QTest::newRow("of another authority")
        << issued(makeAuthority(u"enemies"_s), u"eve"_s) << ErrorCode::CertificateUnknownAuthority;
    QTest::newRow("of another authority with the same name")
        << issued(makeAuthority(u"friends"_s), u"eve"_s) << ErrorCode::CertificateUnknownAuthority;
}

void tst_Trust::aStrangerIsRefusedOnBothSides()
{
    QFETCH(const Identity, identity);
    QFETCH(const ErrorCode, expected);
    EndpointPair::Setup setup;
    setup.acceptor = member(u"anna"_s);
    setup.dialler.setIdentity(identity);
    EndpointPair pair(setup);
    EndpointLog log(pair.acceptor.get());
    QList<Error> failed;
    QObject::connect(pair.acceptor.get(), &Endpoint::handshakeFailed, pair.acceptor.get(),
                     [&](const PeerAddress &, const Error &reason) { failed.append(reason); });
    QVERIFY(pair.acceptor->listen().isOk());
    const Dialled dialled = pair.dialler->connectTo(pair.acceptorAddress());
    QVERIFY(pair.until([&] { return dialled.isFinished() && !failed.isEmpty(); }));
    QCOMPARE(failed.first().code, expected);
    QCOMPARE(failed.first().peerCertificates, identity.certificates());
    const Error theirs = dialled.result().error();
    QCOMPARE(theirs.code, ErrorCode::CertificateRejected);
    QCOMPARE(theirs.closeReason, errorCodeName(expected));
    QVERIFY(log.opened.isEmpty());
    QCOMPARE(pair.acceptor->stats().halfOpen, 0);
}

void tst_Trust::aMemberDialsNoStranger()
{
    EndpointPair::Setup setup;
    setup.dialler = member(u"ben"_s);
    EndpointPair pair(setup);
    EndpointLog log(pair.acceptor.get());
    QVERIFY(pair.acceptor->listen().isOk());
    const Dialled dialled = pair.dialler->connectTo(pair.acceptorAddress());
    QVERIFY(pair.finish(dialled));
    const Error error = dialled.result().error();
    QCOMPARE(error.code, ErrorCode::CertificateSelfSigned);
    QCOMPARE(error.peerCertificates, pair.acceptor->config().identity().certificates());
    QVERIFY(error.message.startsWith(u"No connection to "_s));
    pair.simulation.runFor(20s);
    QVERIFY(log.opened.isEmpty());
}

void tst_Trust::theRaceIsWonByWhoIsAccepted()
{
    EndpointPair::Setup setup;
    setup.acceptor = member(u"anna"_s);
    setup.dialler = member(u"ben"_s);
    EndpointPair pair(setup);
    SimulatedEndpoint stranger({}, pair.acceptorHost);
    QVERIFY(pair.acceptor->listen().isOk() && stranger.listen().isOk());
    const PeerAddress wrong(pair.acceptorAddress().address(), stranger.localPort());
    const Dialled dialled = pair.dialler->connectToAny({wrong, pair.acceptorAddress()});
    QVERIFY(pair.finish(dialled));
    QVERIFY2(dialled.result().isOk(), qPrintable(dialled.result().error().message));
    QCOMPARE(dialled.result().value()->peerId(), pair.acceptor->peerId());
}

// ---- files

void tst_Trust::filesThatAreNoAuthoritiesAreErrors_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<ErrorCode>("expected");
    const QByteArray good = m_friends.certificatePem();
    QByteArray garbage = good;
    garbage.replace(100, 40, QByteArray(40, 'A'));
    QTest::newRow("missing") << m_folder.filePath(u"missing"_s) << ErrorCode::FileNotFound;
    QTest::newRow("a folder") << m_folder.path() << ErrorCode::FileUnreadable;
    QTest::newRow("a device without end") << u"/dev/zero"_s << ErrorCode::FileUnreadable;
    QTest::newRow("empty") << write(u"empty"_s, {}) << ErrorCode::NoAuthorities;
    QTest::newRow("text") << write(u"text"_s, "no PEM at all\n") << ErrorCode::NoAuthorities;
    QTest::newRow("half a certificate")
        << write(u"half"_s, good.left(200)) << ErrorCode::InvalidPem;
    QTest::newRow("garbage in it") << write(u"garbage"_s, garbage) << ErrorCode::InvalidPem;
    QTest::newRow("a good one and garbage")
        << write(u"both"_s, good + garbage) << ErrorCode::InvalidPem;
    QTest::newRow("a peer's certificate")
        << write(u"peer"_s, issued(m_friends, u"anna"_s).certificatePem())
        << ErrorCode::NotAnAuthority;
    QTest::newRow("above 4 MiB") << write(u"huge"_s, good + QByteArray(4 * 1024 * 1024, '\n'))
                                 << ErrorCode::FileUnreadable;
#ifdef Q_OS_UNIX
    const QString fifo = m_folder.filePath(u"fifo"_s);
    ::mkfifo(QFile::encodeName(fifo).constData(), 0600);
    QTest::newRow("a FIFO without a writer") << fifo << ErrorCode::FileUnreadable;
    if (::geteuid() != 0) { // root reads everything
        const QString closed = write(u"closed"_s, good);
        QFile::setPermissions(closed, {});
        QTest::newRow("unreadable") << closed << ErrorCode::FileUnreadable;
    }
#endif
}

void tst_Trust::filesThatAreNoAuthoritiesAreErrors()
{
    QFETCH(const QString, file);
    QFETCH(const ErrorCode, expected);
    for (const CertificatePolicy &policy : {CertificatePolicy::privateAuthority({m_file, file}),
                                            CertificatePolicy::agreedAuthority({file})}) {
        EndpointPair::Setup setup;
        setup.dialler.setCertificatePolicy(policy);
        EndpointPair pair(setup);
        const Error error = pair.dialler->listen().error();
        QVERIFY2(error.code == expected, qPrintable(error.message));
        QVERIFY2(error.message.contains(file), qPrintable(error.message));
        const Dialled dialled = pair.dialler->connectTo(PeerAddress(u"192.0.2.9"_s, 9));
        QVERIFY(dialled.isFinished());
        QCOMPARE(dialled.result().error().code, expected);
        QCOMPARE(pair.dialler->state(), Endpoint::State::Idle);
    }
}

void tst_Trust::aMendedFileMendsTheEndpoint()
{
    const QString file = write(u"mended"_s, "broken");
    EndpointPair::Setup setup;
    setup.acceptor.setCertificatePolicy(CertificatePolicy::privateAuthority({file}));
    setup.acceptor.setIdentity(issued(m_friends, u"anna"_s));
    setup.dialler = member(u"ben"_s);
    EndpointPair pair(setup);
    QCOMPARE(pair.acceptor->listen().error().code, ErrorCode::NoAuthorities);
    write(u"mended"_s, m_friends.certificatePem());
    QVERIFY(pair.connect());
}

void tst_Trust::authoritiesAreReadAgainOnRequest()
{
    const Authority young = makeAuthority(u"friends"_s);
    const QString file = write(u"current"_s, m_friends.certificatePem());
    EndpointPair::Setup setup;
    setup.acceptor = member(u"anna"_s);
    setup.acceptor.setCertificatePolicy(CertificatePolicy::privateAuthority({file}, u"friends"_s));
    setup.dialler = member(u"ben"_s);
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    const QPointer<Connection> old = pair.in;

    write(u"current"_s, young.certificatePem());
    QVERIFY(pair.connect()); // nobody has said that it changed
    QVERIFY(pair.acceptor->reloadAuthorities().isOk());
    const Dialled refused = pair.dialler->connectTo(pair.acceptorAddress());
    QVERIFY(pair.finish(refused));
    QCOMPARE(refused.result().error().closeReason, u"CertificateUnknownAuthority"_s);
    QVERIFY(!old); // what was open is verified by the new ones, too: see tst_certificatechanges.cpp

    EndpointConfig config = setup.dialler;
    config.setIdentity(issued(young, u"carl"_s));
    SimulatedEndpoint carl(config, pair.diallerHost);
    const Dialled accepted = carl.connectTo(pair.acceptorAddress());
    QVERIFY(pair.finish(accepted));
    QVERIFY2(accepted.result().isOk(), qPrintable(accepted.result().error().message));
}

void tst_Trust::aFileThatVanishesChangesNothing_data()
{
    QTest::addColumn<QByteArray>("content"); // null: it is gone
    QTest::addColumn<ErrorCode>("expected");
    QTest::newRow("gone") << QByteArray() << ErrorCode::FileNotFound;
    QTest::newRow("garbage") << QByteArray("garbage") << ErrorCode::NoAuthorities;
}

void tst_Trust::aFileThatVanishesChangesNothing()
{
    QFETCH(const QByteArray, content);
    QFETCH(const ErrorCode, expected);
    const QString file = write(u"vanishing"_s, m_friends.certificatePem());
    EndpointPair::Setup setup;
    setup.acceptor = member(u"anna"_s);
    setup.acceptor.setCertificatePolicy(CertificatePolicy::privateAuthority({file}, u"friends"_s));
    setup.dialler = member(u"ben"_s);
    EndpointPair pair(setup);
    QVERIFY(pair.connect());
    if (content.isNull())
        QVERIFY(QFile::remove(file));
    else
        write(u"vanishing"_s, content);
    const Error error = pair.acceptor->reloadAuthorities().error();
    QCOMPARE(error.code, expected);
    QVERIFY(error.message.contains(file));
    QVERIFY(pair.in->state() == Connection::State::Open);
    QVERIFY(pair.connect());
    SimulatedEndpoint stranger({}, pair.diallerHost);
    const Dialled refused = stranger.connectTo(pair.acceptorAddress());
    QVERIFY(pair.finish(refused));
    QCOMPARE(refused.result().error().closeReason, u"CertificateSelfSigned"_s);
}

// ---- names

void tst_Trust::hostNamesAndAddressesAreCheckedOnRealSockets_data()
{
    QTest::addColumn<QString>("dialled");
    QTest::addColumn<QStringList>("names"); // in the certificate
    QTest::addColumn<ErrorCode>("expected");
    QTest::newRow("its name") << u"localhost"_s << QStringList{u"localhost"_s} << ErrorCode::None;
    QTest::newRow("its address") << u"127.0.0.1"_s << QStringList{u"127.0.0.1"_s}
                                 << ErrorCode::None;
    QTest::newRow("another name") << u"localhost"_s << QStringList{u"127.0.0.1"_s}
                                  << ErrorCode::CertificateWrongName;
    QTest::newRow("another address")
        << u"127.0.0.1"_s << QStringList{u"localhost"_s} << ErrorCode::CertificateWrongName;
}

void tst_Trust::hostNamesAndAddressesAreCheckedOnRealSockets()
{
    QFETCH(const QString, dialled);
    QFETCH(const QStringList, names);
    QFETCH(const ErrorCode, expected);
    // The clock is real here.
    const Authority authority = Authority::create(u"public"_s).value();
    const QString file = write(u"public"_s, authority.certificatePem());
    Authority::Terms terms;
    terms.peerName = u"server"_s;
    terms.furtherNames = names;
    EndpointConfig config;
    config.setIdentity(authority.issue(terms).value());
    config.setCertificatePolicy(CertificatePolicy::agreedAuthority({file}));
    Endpoint server(config);
    Endpoint client(config);
    QVERIFY(server.listen(QHostAddress(QHostAddress::LocalHost)).isOk());
    const Dialled future = client.connectTo(
        PeerAddress::fromString(u"%1:%2"_s.arg(dialled).arg(server.localPort())).value());
    QVERIFY(waitUntil([&] { return future.isFinished(); }));
    const Error error = future.result().error();
    // "localhost" may have an IPv6 address too, where nobody listens.
    if (expected == ErrorCode::None)
        QVERIFY2(future.result().isOk(), qPrintable(error.message));
    else
        QVERIFY2(error.code == expected || error.message.contains(u"is asked for"_s),
                 qPrintable(error.message));
}

// ---- settings

void tst_Trust::settingsThatCannotWorkAreRefused_data()
{
    QTest::addColumn<CertificatePolicy>("policy");
    QTest::addColumn<EndpointConfig::LegacyPeers>("legacy");
    constexpr auto Refused = EndpointConfig::LegacyPeers::Refused;
    constexpr auto Accepted = EndpointConfig::LegacyPeers::Accepted;
    QTest::newRow("no authority") << CertificatePolicy::privateAuthority({}) << Refused;
    QTest::newRow("a name that is none")
        << CertificatePolicy::privateAuthority({m_file}, u"my friends"_s) << Refused;
    CertificatePolicy names = CertificatePolicy::privateAuthority({m_file});
    names.setDiallerNames({u"ben"_s});
    QTest::newRow("dialler names in the wrong mode") << names << Refused;
    names = CertificatePolicy::agreedAuthority();
    names.setDiallerNames({u"*"_s});
    QTest::newRow("a dialler name that is none") << names << Refused;
    QTest::newRow("legacy peers and a private authority")
        << CertificatePolicy::privateAuthority({m_file}) << Accepted;
    QTest::newRow("legacy peers and an agreed authority")
        << CertificatePolicy::agreedAuthority() << Accepted;
}

void tst_Trust::settingsThatCannotWorkAreRefused()
{
    QFETCH(const CertificatePolicy, policy);
    QFETCH(const EndpointConfig::LegacyPeers, legacy);
    EndpointConfig config;
    config.setCertificatePolicy(policy);
    config.setLegacyPeers(legacy);
    QCOMPARE(config.validate().error().code, ErrorCode::InvalidArgument);
    EndpointPair pair;
    SimulatedEndpoint endpoint(config, pair.diallerHost);
    QCOMPARE(endpoint.listen().error().code, ErrorCode::InvalidArgument);
}

// ---- the system's store

void tst_Trust::anUnknownAuthorityIsNotInTheSystemsStore()
{
    const CertificatePolicy policy = CertificatePolicy::agreedAuthority();
    const Identity anna = issued(m_friends, u"anna"_s, {u"127.0.0.1"_s});
    const Error error = policy
                            .verify(anna.certificates(),
                                    PeerAddress(QHostAddress(QHostAddress::LocalHost), 1), Now)
                            .error();
    if (error.code == ErrorCode::NoAuthorities)
        QSKIP(qPrintable(error.message));
    QCOMPARE(error.code, ErrorCode::CertificateUnknownAuthority);
}

void tst_Trust::aCopyOfTheSystemsStoreWithOneMoreAcceptsIt()
{
    QFile store(u"/etc/ssl/certs/ca-certificates.crt"_s);
    if (!store.open(QFile::ReadOnly))
        QSKIP("this system has no /etc/ssl/certs/ca-certificates.crt");
    const QByteArray all = store.readAll();
    const Identity anna = issued(m_friends, u"anna"_s, {u"127.0.0.1"_s});
    const PeerAddress address(QHostAddress(QHostAddress::LocalHost), 1);
    const auto verified = [&](const QByteArray &bundle) {
        return CertificatePolicy::agreedAuthority({write(u"bundle"_s, bundle)})
            .verify(anna.certificates(), address, Now);
    };
    QCOMPARE(verified(all).error().code, ErrorCode::CertificateUnknownAuthority);
    const Result<Acceptance> accepted = verified(all + m_friends.certificatePem());
    QVERIFY2(accepted, qPrintable(accepted.error().message));
    QCOMPARE(CertificateInfo::fromDer(accepted->authority())->subject, u"CN=friends"_s);
}

QTEST_GUILESS_MAIN(tst_Trust)
#include "tst_trust.moc"
