// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Key and passphrase files of the program qp2p: made once, read by their owner alone, never printed.

#include "toolprocess.h"

#include <QFile>
#include <QFileInfo>
#include <QObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#ifdef Q_OS_UNIX
#include <sys/stat.h>
#endif

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
    void sharedKeysAreReadWhereThatIsAsked();
    void filesHaveNamesOfAnyBytes();
    void whatIsNoFileIsNamedWithoutWaiting_data();
    void whatIsNoFileIsNamedWithoutWaiting();

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

void tst_ToolIdentity::sharedKeysAreReadWhereThatIsAsked()
{
    const QString right = fileWith(u"shared right"_s, "correct horse\n", Private);
    const QString file = newIdentity(u"shared locked.pem"_s, {u"--passphrase-file"_s, right});
    QVERIFY(!file.isEmpty());
    QVERIFY(QFile::setPermissions(file, Private | QFile::ReadOther));
    QVERIFY(QFile::setPermissions(right, Private | QFile::ReadOther));
    const QStringList show{u"identity"_s,          u"--json"_s, u"--identity"_s, file,
                           u"--passphrase-file"_s, right};
    const Run refused = runTool(show);
    QCOMPARE(refused.exitCode, int(Failed));
    QVERIFY2(refused.err.contains("chmod 600 ") && refused.err.contains("--allow-shared-key"),
             refused.err.constData());
    const Run shown = runTool(show + QStringList{u"--allow-shared-key"_s});
    QVERIFY2(shown.exitCode == Done, shown.err.constData());
    QVERIFY(!shown.event(u"identity").value(u"peerId"_s).toString().isEmpty());
    // The same for an authority's key.
    const QString authority = m_folder.filePath(u"a.pem"_s);
    QCOMPARE(runTool({u"authority"_s, u"new"_s, u"a"_s, u"--file"_s, authority, u"--out"_s,
                      m_folder.filePath(u"a.crt.pem"_s)})
                 .exitCode,
             int(Done));
    QVERIFY(QFile::setPermissions(authority, Private | QFile::ReadOther));
    const QStringList what{u"authority"_s, u"show"_s, u"a"_s, u"--file"_s, authority};
    QCOMPARE(runTool(what).exitCode, int(Failed));
    QCOMPARE(runTool(what + QStringList{u"--allow-shared-key"_s}).exitCode, int(Done));
}

//! Through a shell, for QProcess has no names but those of Unicode.
void tst_ToolIdentity::filesHaveNamesOfAnyBytes()
{
#ifdef Q_OS_UNIX
    QProcess shell;
    shell.setWorkingDirectory(m_folder.path());
    shell.start(u"/bin/sh"_s,
                {u"-c"_s, QString::fromLatin1(R"(set -e
name=$(printf 'k\377\344.pem')
"$0" identity new --identity "$name"
test -s "$name"
"$0" identity export --identity "$name" > "$name.crt"
"$0" identity adopt --identity "$name" --certificates "$name.crt" --out "$name.new"
test -s "$name.new"
id=$("$0" identity --json --identity "$name.new" | grep -o '"peerId":"[a-z0-9]*"' | cut -d'"' -f4)
"$0" cache add "$id@192.0.2.1:12000" --cache "$name.cache"
"$0" cache list --cache "$name.cache" | grep -q "$id"
rm "$name" "$name.crt" "$name.new" "$name.cache")"),
                 toolPath()});
    QVERIFY(shell.waitForFinished(Patience));
    QVERIFY2(shell.exitCode() == 0, shell.readAllStandardError().constData());
#else
    QSKIP("needs a POSIX shell");
#endif
}

void tst_ToolIdentity::whatIsNoFileIsNamedWithoutWaiting_data()
{
    QTest::addColumn<QStringList>("words");
    const QString file = newIdentity(u"waiting.pem"_s);
    const QString to = m_folder.filePath(u"never.pem"_s);
    QTest::newRow("identity") << QStringList{u"identity"_s, u"--identity"_s};
    QTest::newRow("passphrase") << QStringList{u"identity"_s, u"--identity"_s, file,
                                               u"--passphrase-file"_s};
    QTest::newRow("certificates") << QStringList{
        u"identity"_s, u"adopt"_s, u"--identity"_s, file, u"--out"_s, to, u"--certificates"_s};
    QTest::newRow("contacts") << QStringList{u"node"_s,      u"--ephemeral"_s, u"--socket"_s,
                                             u"none"_s,      u"--address"_s,   u"127.0.0.1"_s,
                                             u"--contacts"_s};
    QTest::newRow("authority") << QStringList{
        u"listen"_s, u"--address"_s,         u"127.0.0.1"_s,
        u"--mode"_s, u"private-authority"_s, u"--authority"_s};
    QTest::newRow("cache") << QStringList{u"cache"_s, u"list"_s, u"--cache"_s};
}

void tst_ToolIdentity::whatIsNoFileIsNamedWithoutWaiting()
{
#ifdef Q_OS_UNIX
    QFETCH(const QStringList, words);
    const QString fifo = m_folder.filePath(u"pipe"_s);
    if (!QFileInfo::exists(fifo))
        QCOMPARE(::mkfifo(QFile::encodeName(fifo).constData(), 0600), 0);
    for (const QString &name : {fifo, m_folder.path(), u"/dev/zero"_s}) {
        const Run run = runTool(words + QStringList{name});
        QCOMPARE(run.exitCode, int(Failed));
        QVERIFY2(run.err.contains(QFile::encodeName(name)), run.err.constData());
    }
#else
    QSKIP("needs a POSIX system");
#endif
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
