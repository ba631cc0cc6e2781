// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A closed network with the program alone: an authority, its peers, strangers, and what is told of them.

#include "closednetwork.h"
#include "toolprocess.h"

#include <QFileInfo>
#include <QObject>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace ToolTest;

class tst_ToolTrust : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void filesAreAsPrivateAsTheyMustBe();
    void nothingIsReplaced();
    void anAuthorityIsShown();
    void peersOfOneAuthorityTalk();
    void strangersAreRefusedAndBothSidesSayWhy();
    void aPeerKeepsItsKey();
    void inspectShowsTheChainAndEveryModesResult();
    void inspectSeesAPeerThatRefusesIt();
    void legacyPeersTalkWhereBothSidesSaySo();
    void anAgreedAuthorityVouchesForTheAddress();
    void theSystemsStoreVouchesForWhomItHolds();
    void aMissingAuthorityFileIsAnError();
    void aPassphraseProtectsTheAuthority();

private:
    QString path(const QString &name) const { return m_files.path(name); }
    QStringList member(const QString &peer) const { return m_files.member(peer); }

    const ClosedNetwork m_files;
};

void tst_ToolTrust::initTestCase()
{
    const QByteArray problem = m_files.create();
    QVERIFY2(problem.isEmpty(), problem.constData());
}

void tst_ToolTrust::filesAreAsPrivateAsTheyMustBe()
{
    const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
    QVERIFY(!(QFileInfo(path(u"friends.key"_s)).permissions() & others));
    QVERIFY(!(QFileInfo(path(u"anna.pem"_s)).permissions() & others));
    QFile certificate(path(u"friends.crt"_s));
    QVERIFY(certificate.open(QFile::ReadOnly));
    QVERIFY(!certificate.readAll().contains("PRIVATE"));
}

void tst_ToolTrust::nothingIsReplaced()
{
    QFile key(path(u"friends.key"_s));
    QVERIFY(key.open(QFile::ReadOnly));
    const QByteArray before = key.readAll();
    const Run again = runTool({u"authority"_s, u"new"_s, u"friends"_s, u"--json"_s, u"--file"_s,
                               path(u"friends.key"_s), u"--out"_s, path(u"other.crt"_s)});
    QCOMPARE(again.exitCode, int(Failed));
    QCOMPARE(again.event(u"error").value(u"code"_s).toString(), u"FileExists"_s);
    QVERIFY(!QFileInfo::exists(path(u"other.crt"_s)));
    const Run issued = runTool({u"authority"_s, u"issue"_s, u"friends"_s, u"--file"_s,
                                path(u"friends.key"_s), u"--for"_s, u"anna"_s, u"--out"_s,
                                path(u"anna.pem"_s)});
    QCOMPARE(issued.exitCode, int(Failed));
    key.seek(0);
    QCOMPARE(key.readAll(), before);
}

void tst_ToolTrust::anAuthorityIsShown()
{
    const Run shown = runTool({u"authority"_s, u"show"_s, u"friends"_s, u"--json"_s, u"--file"_s,
                               path(u"friends.key"_s)});
    QCOMPARE(shown.exitCode, int(Done));
    QCOMPARE(shown.event(u"authority").value(u"subject"_s).toString(), u"CN=friends"_s);
    QVERIFY(shown.event(u"authority").value(u"authority"_s).toBool());
    QVERIFY(!shown.out.contains("PRIVATE"));
    const Run peer = runTool({u"authority"_s, u"show"_s, u"x"_s, u"--file"_s, path(u"anna.pem"_s)});
    QCOMPARE(peer.exitCode, int(Failed));
}

void tst_ToolTrust::peersOfOneAuthorityTalk()
{
    Listener anna(QStringList{u"--json"_s, u"--echo"_s} + member(u"anna"_s));
    const Run reply = runTool(QStringList{u"request"_s, anna.address(), u"hello"_s}
                              + member(u"ben"_s));
    QVERIFY2(reply.exitCode == Done, reply.err.constData());
    QCOMPARE(reply.out, QByteArray("hello"));
    QVERIFY(anna.waitForEvent("connected"));
    const QJsonObject connected = anna.event(u"connected");
    QCOMPARE(connected.value(u"mode"_s).toString(), u"private-authority"_s);
    QCOMPARE(connected.value(u"authority"_s).toString(), u"CN=friends"_s);
    QCOMPARE(connected.value(u"name"_s).toString(), u"friends"_s);
}

void tst_ToolTrust::strangersAreRefusedAndBothSidesSayWhy()
{
    Listener anna(QStringList{u"--json"_s, u"--echo"_s} + member(u"anna"_s));
    const Run refused = runTool({u"request"_s, u"--json"_s, anna.address(), u"hello"_s});
    QCOMPARE(refused.exitCode, int(Failed));
    const QJsonObject error = refused.event(u"error");
    QCOMPARE(error.value(u"code"_s).toString(), u"CertificateRejected"_s);
    QCOMPARE(error.value(u"closeReason"_s).toString(), u"CertificateSelfSigned"_s);
    QVERIFY(anna.waitForEvent("handshake-failed"));
    QCOMPARE(anna.event(u"handshake-failed").value(u"code"_s).toString(),
             u"CertificateSelfSigned"_s);
    anna.stop();
    QVERIFY(!anna.out().contains("\"event\":\"request\""));
}

void tst_ToolTrust::aPeerKeepsItsKey()
{
    QCOMPARE(runTool({u"identity"_s, u"new"_s, u"--identity"_s, path(u"key.pem"_s)}).exitCode,
             int(Done));
    const Run exported = runTool({u"identity"_s, u"export"_s, u"--identity"_s, path(u"key.pem"_s)});
    QFile file(path(u"exported.pem"_s));
    QVERIFY(file.open(QFile::WriteOnly) && file.write(exported.out) > 0 && file.flush());
    const Run issued = runTool({u"authority"_s, u"issue"_s, u"friends"_s, u"--file"_s,
                                path(u"friends.key"_s), u"--for"_s, u"carl"_s, u"--certificate"_s,
                                path(u"exported.pem"_s), u"--out"_s, path(u"carl.crt"_s)});
    QVERIFY2(issued.exitCode == Done, issued.err.constData());
    const Run adopted = runTool({u"identity"_s, u"adopt"_s, u"--identity"_s, path(u"key.pem"_s),
                                 u"--certificates"_s, path(u"carl.crt"_s), u"--out"_s,
                                 path(u"carl.pem"_s)});
    QVERIFY2(adopted.exitCode == Done, adopted.err.constData());
    Listener anna(QStringList{u"--json"_s, u"--echo"_s} + member(u"anna"_s));
    const Run reply = runTool(QStringList{u"request"_s, anna.address(), u"hello"_s}
                              + member(u"carl"_s));
    QVERIFY2(reply.exitCode == Done, reply.err.constData());

    const Run wrong = runTool({u"identity"_s, u"adopt"_s, u"--json"_s, u"--identity"_s,
                               path(u"anna.pem"_s), u"--certificates"_s, path(u"carl.crt"_s),
                               u"--out"_s, path(u"wrong.pem"_s)});
    QCOMPARE(wrong.exitCode, int(Failed));
    QCOMPARE(wrong.event(u"error").value(u"code"_s).toString(), u"KeyMismatch"_s);
}

void tst_ToolTrust::inspectShowsTheChainAndEveryModesResult()
{
    Listener server({u"--json"_s, u"--identity"_s, path(u"anna.pem"_s)});
    const Run inspected = runTool({u"inspect"_s, u"--json"_s, u"--authority"_s,
                                   path(u"friends.crt"_s), u"--name"_s, u"friends"_s,
                                   server.address()});
    QVERIFY2(inspected.exitCode == Done, inspected.err.constData());
    const QJsonObject certificate = inspected.event(u"certificate");
    QCOMPARE(certificate.value(u"subject"_s).toString(), u"CN=anna"_s);
    QCOMPARE(certificate.value(u"issuer"_s).toString(), u"CN=friends"_s);
    QCOMPARE(certificate.value(u"peerId"_s).toString(), server.peerId());
    QStringList verifications;
    for (const QJsonObject &event : inspected.json()) {
        if (event.value(u"event"_s).toString() == u"verification"_s)
            verifications.append(event.value(u"mode"_s).toString() + u':'
                                 + (event.value(u"accepted"_s).toBool()
                                        ? u"accepted"_s
                                        : event.value(u"code"_s).toString()));
    }
    QCOMPARE(verifications.value(0), u"encrypt-only:accepted"_s);
    QVERIFY2(
        verifications.value(1) == u"agreed-authority:CertificateUnknownAuthority"_s
            || verifications.value(1) == u"agreed-authority:NoAuthorities"_s, // no ca-certificates
        qPrintable(verifications.value(1)));
    QCOMPARE(verifications.value(2), u"private-authority:accepted"_s);
}

void tst_ToolTrust::inspectSeesAPeerThatRefusesIt()
{
    Listener anna(QStringList{u"--json"_s} + member(u"anna"_s));
    const Run inspected = runTool({u"inspect"_s, u"--json"_s, anna.address()});
    QVERIFY2(inspected.exitCode == Done, inspected.err.constData());
    QCOMPARE(inspected.event(u"certificate").value(u"subject"_s).toString(), u"CN=anna"_s);
    const Run nobody = runTool({u"inspect"_s, u"--timeout"_s, u"0.5"_s, u"127.0.0.1:9"_s});
    QVERIFY(nobody.exitCode != Done);
}

void tst_ToolTrust::legacyPeersTalkWhereBothSidesSaySo()
{
    Listener both({u"--json"_s, u"--echo"_s, u"--legacy"_s});
    const Run legacy = runTool({u"request"_s, u"--legacy"_s, both.address(), u"old"_s});
    QVERIFY2(legacy.exitCode == Done, legacy.err.constData());
    QCOMPARE(legacy.out, QByteArray("old"));
    QVERIFY(both.waitForEvent("connected"));
    QCOMPARE(both.event(u"connected").value(u"protocol"_s).toString(), u"legacy"_s);
    QCOMPARE(both.event(u"connected").value(u"peerId"_s).toString(), QString());
    QCOMPARE(runTool({u"request"_s, both.address(), u"new"_s}).out, QByteArray("new"));
    Listener modern({u"--json"_s, u"--echo"_s});
    QCOMPARE(runTool({u"request"_s, u"--legacy"_s, modern.address(), u"old"_s}).exitCode,
             int(Failed));
}

void tst_ToolTrust::anAgreedAuthorityVouchesForTheAddress()
{
    const QStringList agreed{u"--mode"_s, u"agreed-authority"_s, u"--authority"_s,
                             path(u"friends.crt"_s)};
    Listener server(QStringList{u"--json"_s, u"--echo"_s, u"--identity"_s, path(u"anna.pem"_s)}
                    + agreed);
    const QStringList identity{u"--identity"_s, path(u"ben.pem"_s)};
    const Run reply = runTool(QStringList{u"request"_s, server.address(), u"hello"_s} + agreed
                              + identity);
    QVERIFY2(reply.exitCode == Done, reply.err.constData());
    const Run system = runTool(QStringList{u"request"_s, u"--json"_s, server.address(), u"hello"_s,
                                           u"--mode"_s, u"agreed-authority"_s}
                               + identity);
    QCOMPARE(system.exitCode, int(Failed)); // not in the system's store
}

void tst_ToolTrust::theSystemsStoreVouchesForWhomItHolds()
{
    // A private copy of the store with our authority in it, for one process: a stand-in for a public one.
    const QString store = u"/etc/ssl/certs/ca-certificates.crt"_s;
    QFile original(store);
    if (!original.open(QFile::ReadOnly))
        QSKIP("this system has no /etc/ssl/certs/ca-certificates.crt");
    QFile authority(path(u"friends.crt"_s));
    QFile copy(path(u"store.crt"_s));
    QVERIFY(authority.open(QFile::ReadOnly) && copy.open(QFile::WriteOnly));
    QVERIFY(copy.write(original.readAll() + authority.readAll()) > 0);
    copy.close();
    const auto inPrivate = [&](const QStringList &words) {
        QProcess process;
        process.start(u"unshare"_s,
                      QStringList{u"--mount"_s, u"sh"_s, u"-c"_s,
                                  u"mount --bind \"$1\" \"$2\" || exit 77; shift 2; exec \"$@\""_s,
                                  u"sh"_s, copy.fileName(), store}
                          + words);
        if (!process.waitForFinished(Patience) || process.exitStatus() != QProcess::NormalExit)
            return Run{77, {}, process.errorString().toUtf8()};
        return Run{process.exitCode(), process.readAllStandardOutput(),
                   process.readAllStandardError()};
    };
    const Run possible = inPrivate({u"true"_s});
    if (possible.exitCode != 0)
        QSKIP(possible.err.isEmpty() ? "this needs root, for a mount of its own"
                                     : possible.err.trimmed().constData());

    Listener anna({u"--json"_s, u"--echo"_s, u"--identity"_s, path(u"anna.pem"_s)});
    const QStringList request{u"request"_s, u"--json"_s, anna.address(),
                              u"hello"_s,   u"--mode"_s, u"agreed-authority"_s};
    const Run accepted = inPrivate(QStringList{toolPath()} + request);
    QVERIFY2(accepted.exitCode == Done, accepted.err.constData());
    QCOMPARE(accepted.event(u"connected").value(u"authority"_s).toString(), u"CN=friends"_s);
    QCOMPARE(accepted.event(u"connected").value(u"name"_s).toString(), u"127.0.0.1"_s);
    const Run refused = runTool(request);
    QCOMPARE(refused.exitCode, int(Failed));
    QCOMPARE(refused.event(u"error").value(u"code"_s).toString(), u"CertificateUnknownAuthority"_s);
}

void tst_ToolTrust::aMissingAuthorityFileIsAnError()
{
    const Run run = runTool({u"listen"_s, u"--json"_s, u"--mode"_s, u"private-authority"_s,
                             u"--authority"_s, path(u"nowhere"_s)});
    QCOMPARE(run.exitCode, int(Failed));
    QCOMPARE(run.event(u"error").value(u"code"_s).toString(), u"FileNotFound"_s);
    QVERIFY(run.err.contains("nowhere"));
}

void tst_ToolTrust::aPassphraseProtectsTheAuthority()
{
    QFile secret(path(u"secret"_s));
    QVERIFY(secret.open(QFile::WriteOnly) && secret.write("open sesame\n") > 0);
    secret.close();
    QVERIFY(secret.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
    const QStringList files{u"--file"_s, path(u"closed.key"_s)};
    const QStringList passphrase{u"--passphrase-file"_s, secret.fileName()};
    QCOMPARE(runTool(QStringList{u"authority"_s, u"new"_s, u"closed"_s, u"--out"_s,
                                 path(u"closed.crt"_s)}
                     + files + passphrase)
                 .exitCode,
             int(Done));
    const Run without = runTool(QStringList{u"authority"_s, u"show"_s, u"closed"_s, u"--json"_s}
                                + files);
    QCOMPARE(without.event(u"error").value(u"code"_s).toString(), u"WrongPassphrase"_s);
    QCOMPARE(
        runTool(QStringList{u"authority"_s, u"show"_s, u"closed"_s} + files + passphrase).exitCode,
        int(Done));
}

QTEST_GUILESS_MAIN(tst_ToolTrust)
#include "tst_tooltrust.moc"
