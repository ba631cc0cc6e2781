// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Key and passphrase files of the program qp2p: made once, read by their owner alone, never printed.

#include "toolprocess.h"

#include <QFile>
#include <QObject>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace ToolTest;

namespace {

constexpr QFile::Permissions Private = QFile::ReadOwner | QFile::WriteOwner;

} // namespace

class tst_ToolIdentity : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anIdentityIsMadeShownAndExported();
    void anIdentityIsNeverReplaced();
    void aListenerIsKnownByTheIdentityItWasGiven();
    void aKeyFileThatOthersMayReadIsRefused();
    void anEncryptedIdentityNeedsItsPassphrase();
    void aPassphraseFileThatOthersMayReadIsRefused();

private:
    QString newIdentity(const QString &name, const QStringList &options = {});
    QString fileWith(const QString &name, const QByteArray &content, QFile::Permissions permissions);

    QTemporaryDir m_folder;
};

void tst_ToolIdentity::anIdentityIsMadeShownAndExported()
{
    const QString file = newIdentity(u"made.pem"_s);
    QVERIFY(!file.isEmpty());
    const Run shown = runTool({u"identity"_s, u"--json"_s, u"--identity"_s, file});
    const QJsonObject identity = shown.event(u"identity");
    QCOMPARE(identity.value(u"peerId"_s).toString().size(), 52);
    QCOMPARE(identity.value(u"key"_s).toString(), u"Ed25519"_s);
    QCOMPARE(identity.value(u"validFrom"_s).toString().left(10), u"1970-01-01"_s);
    QCOMPARE(identity.value(u"validUntil"_s).toString().left(10), u"9999-12-31"_s);
    QCOMPARE(identity.value(u"file"_s).toString(), file);
    const Run lines = runTool({u"identity"_s, u"show"_s, u"--identity"_s, file});
    QVERIFY(lines.out.contains(identity.value(u"peerId"_s).toString().toLatin1()));
    QVERIFY(lines.out.contains("does not expire"));

    const Run exported = runTool({u"identity"_s, u"export"_s, u"--identity"_s, file});
    QVERIFY(exported.out.startsWith("-----BEGIN CERTIFICATE-----"));
    for (const Run &run : {shown, lines, exported}) {
        QCOMPARE(run.exitCode, int(Done));
        QVERIFY(!run.out.contains("PRIVATE") && !run.err.contains("PRIVATE"));
    }
}

void tst_ToolIdentity::anIdentityIsNeverReplaced()
{
    const QString file = newIdentity(u"kept.pem"_s);
    const Run first = runTool({u"identity"_s, u"--identity"_s, file});
    const Run again = runTool({u"identity"_s, u"new"_s, u"--json"_s, u"--identity"_s, file});
    QCOMPARE(again.exitCode, int(Failed));
    QCOMPARE(again.event(u"error").value(u"code"_s).toString(), u"FileExists"_s);
    QCOMPARE(runTool({u"identity"_s, u"--identity"_s, file}).out, first.out);
}

void tst_ToolIdentity::aListenerIsKnownByTheIdentityItWasGiven()
{
    const QString file = newIdentity(u"node.pem"_s);
    const Run shown = runTool({u"identity"_s, u"--json"_s, u"--identity"_s, file});
    const QString id = shown.event(u"identity").value(u"peerId"_s).toString();
    Listener listener({u"--json"_s, u"--identity"_s, file});
    QCOMPARE(listener.peerId(), id);
    QCOMPARE(runTool({u"send"_s, listener.address(), u"x"_s, u"--identity"_s, file}).exitCode,
             int(Done));
    QVERIFY(listener.waitForEvent("message"));
    QCOMPARE(listener.event(u"message").value(u"peerId"_s).toString(), id);

    const Run missing = runTool(
        {u"listen"_s, u"--json"_s, u"--identity"_s, m_folder.filePath(u"missing.pem"_s)});
    QCOMPARE(missing.exitCode, int(Failed));
    QCOMPARE(missing.event(u"error").value(u"code"_s).toString(), u"FileNotFound"_s);
    QVERIFY(missing.err.contains("qp2p identity new"));
}

void tst_ToolIdentity::aKeyFileThatOthersMayReadIsRefused()
{
    const QString file = newIdentity(u"shared.pem"_s);
    QVERIFY(QFile::setPermissions(file, Private | QFile::ReadGroup | QFile::ReadOther));
    const Run run = runTool({u"listen"_s, u"--json"_s, u"--identity"_s, file});
    QCOMPARE(run.exitCode, int(Failed));
    QCOMPARE(run.event(u"error").value(u"code"_s).toString(), u"FilePermissions"_s);
    QVERIFY2(run.err.contains("chmod 600 "), run.err.constData());
}

void tst_ToolIdentity::anEncryptedIdentityNeedsItsPassphrase()
{
    const QString right = fileWith(u"right"_s, "correct horse\r\nsecond line\n", Private);
    const QString wrong = fileWith(u"wrong"_s, "battery staple\n", Private);
    const QString empty = fileWith(u"empty"_s, "\n", Private);
    const QString file = newIdentity(u"locked.pem"_s, {u"--passphrase-file"_s, right});
    QVERIFY(!file.isEmpty());
    const QStringList show{u"identity"_s, u"--json"_s, u"--identity"_s, file};
    const QStringList with = show + QStringList{u"--passphrase-file"_s};
    QCOMPARE(runTool(with + QStringList{right}).exitCode, int(Done));
    QCOMPARE(runTool(with + QStringList{empty}).exitCode, int(Failed));
    for (const Run &run : {runTool(show), runTool(with + QStringList{wrong})}) {
        QCOMPARE(run.exitCode, int(Failed));
        QCOMPARE(run.event(u"error").value(u"code"_s).toString(), u"WrongPassphrase"_s);
        QVERIFY(!run.err.contains("battery"));
    }
}

void tst_ToolIdentity::aPassphraseFileThatOthersMayReadIsRefused()
{
    const QString file = fileWith(u"open"_s, "secret\n", Private | QFile::ReadOther);
    const Run run = runTool({u"identity"_s, u"new"_s, u"--json"_s, u"--identity"_s,
                             m_folder.filePath(u"never.pem"_s), u"--passphrase-file"_s, file});
    QCOMPARE(run.exitCode, int(Failed));
    QCOMPARE(run.event(u"error").value(u"code"_s).toString(), u"FilePermissions"_s);
    QVERIFY2(run.err.contains("chmod 600 "), run.err.constData());
    QVERIFY(!QFile::exists(m_folder.filePath(u"never.pem"_s)));
}

QString tst_ToolIdentity::newIdentity(const QString &name, const QStringList &options)
{
    const QString fileName = m_folder.filePath(name);
    const Run made = runTool(QStringList{u"identity"_s, u"new"_s, u"--identity"_s, fileName}
                             + options);
    return made.exitCode == Done ? fileName : QString();
}

QString tst_ToolIdentity::fileWith(const QString &name, const QByteArray &content,
                                   QFile::Permissions permissions)
{
    QFile file(m_folder.filePath(name));
    if (!file.open(QFile::WriteOnly) || file.write(content) != content.size()
        || !file.setPermissions(permissions))
        return {};
    return file.fileName();
}

QTEST_GUILESS_MAIN(tst_ToolIdentity)
#include "tst_toolidentity.moc"
