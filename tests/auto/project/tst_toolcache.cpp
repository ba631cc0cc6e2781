// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// "qp2p cache" says what is so: who answers, what was never dialled, and why a file cannot be saved.

#include "toolprocess.h"

#include <qp2pcore/identity.h>

#include <QObject>
#include <QTest>

using namespace Qp2p;
using namespace Qt::StringLiterals;
using namespace ToolTest;

class tst_ToolCache : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aNodeThatWasNeverDialledIsShownAsSuch();
    void aCheckThatFindsNobodyFails();
    void aNodeOfAnotherNetworkIsNoFailure();
    void aCheckThatFindsANodeSucceeds();
    void aFileThatCannotBeSavedIsReportedOnceAndNamed();
    void countsAgreeWithTheirWords();
    void legacyIsNeitherOfferedNorTaken_data();
    void legacyIsNeitherOfferedNorTaken();

private:
    QString cache(const QString &name) const { return m_folder.filePath(name); }
    Run run(const QString &file, const QStringList &words) const
    {
        return runTool(QStringList{u"cache"_s} + words + QStringList{u"--cache"_s, cache(file)});
    }

    const QTemporaryDir m_folder;
    // 9 is "discard", which runs nowhere any more.
    const QString m_silent = Identity::generate().value().peerId().toString() + u"@127.0.0.1:9"_s;
};

void tst_ToolCache::aNodeThatWasNeverDialledIsShownAsSuch()
{
    QCOMPARE(run(u"never"_s, {u"add"_s, m_silent}).exitCode, int(Done));
    const Run people = run(u"never"_s, {});
    QVERIFY2(people.out.contains("never connected"), people.out.constData());
    QVERIFY2(!people.out.contains("last"), people.out.constData());
    const QJsonObject entry = run(u"never"_s, {u"list"_s, u"--json"_s}).event(u"entry");
    QCOMPARE(entry.value(u"successes"_s).toInt(-1), 0);
    QVERIFY(!entry.contains(u"lastConnected"_s));
}

void tst_ToolCache::aCheckThatFindsNobodyFails()
{
    QCOMPARE(run(u"silent"_s, {u"add"_s, m_silent}).exitCode, int(Done));
    const Run check = run(u"silent"_s, {u"check"_s});
    QCOMPARE(check.exitCode, int(Failed));
    QVERIFY2(check.out.endsWith("0 of 1 node answers.\n"), check.out.constData());
    QVERIFY(run(u"silent"_s, {}).out.contains("failed once since"));
}

void tst_ToolCache::aNodeOfAnotherNetworkIsNoFailure()
{
    Listener listener({u"--json"_s, u"--network"_s, u"one"_s});
    QCOMPARE(
        run(u"other"_s, {u"add"_s, QString(listener.peerId() + u'@' + listener.address())}).exitCode,
        int(Done));
    const Run check = run(u"other"_s, {u"check"_s, u"--network"_s, u"two"_s, u"--json"_s});
    QCOMPARE(check.exitCode, int(Failed));
    QCOMPARE(check.event(u"checked").value(u"error"_s).toObject().value(u"code"_s).toString(),
             u"WrongNetwork"_s);
    const QJsonObject entry = run(u"other"_s, {u"list"_s, u"--json"_s}).event(u"entry");
    QCOMPARE(entry.value(u"failures"_s).toInt(-1), 0);
}

void tst_ToolCache::aCheckThatFindsANodeSucceeds()
{
    Listener listener;
    QCOMPARE(run(u"found"_s, {u"add"_s, m_silent}).exitCode, int(Done));
    QCOMPARE(
        run(u"found"_s, {u"add"_s, QString(listener.peerId() + u'@' + listener.address())}).exitCode,
        int(Done));
    const Run check = run(u"found"_s, {u"check"_s});
    QCOMPARE(check.exitCode, int(Done));
    QVERIFY2(check.out.endsWith("1 of 2 nodes answer.\n"), check.out.constData());
}

void tst_ToolCache::aFileThatCannotBeSavedIsReportedOnceAndNamed()
{
    if (!QFile::exists(u"/proc/self"_s))
        QSKIP("this system has no /proc");
    const Run add = runTool({u"cache"_s, u"add"_s, m_silent, u"--cache"_s, u"/proc/x"_s});
    QCOMPARE(add.exitCode, int(Failed));
    QCOMPARE(add.err.count("\"/proc/x\" cannot be saved"), 1);
    QCOMPARE(add.err.count('\n'), 1);
    QVERIFY2(!add.err.contains("disk"), add.err.constData());
}

void tst_ToolCache::countsAgreeWithTheirWords()
{
    QCOMPARE(run(u"words"_s, {u"add"_s, m_silent}).out, QByteArray("The cache has 1 node now.\n"));
    QCOMPARE(run(u"words"_s, {u"clear"_s}).out, QByteArray("The cache has 0 nodes now.\n"));
    const Run node = runTool({u"node"_s, u"--ephemeral"_s, u"--socket"_s, u"none"_s, u"--address"_s,
                              u"127.0.0.1"_s, u"--contact"_s, u"127.0.0.1:9"_s, u"--timeout"_s,
                              u"1"_s});
    QVERIFY2(node.err.contains("the only candidate"), node.err.constData());
    QVERIFY2(!node.err.contains("1 candidates"), node.err.constData());
}

void tst_ToolCache::legacyIsNeitherOfferedNorTaken_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::newRow("node") << QStringList{u"node"_s};
    QTest::newRow("cache") << QStringList{u"cache"_s, u"--cache"_s, u"x"_s};
}

void tst_ToolCache::legacyIsNeitherOfferedNorTaken()
{
    QFETCH(const QStringList, words);
    QVERIFY(!runTool({words.first(), u"--help"_s}).out.contains("--legacy"));
    const Run run = runTool(words + QStringList{u"--legacy"_s});
    QCOMPARE(run.exitCode, int(Usage));
    QVERIFY2(run.err.startsWith("qp2p: --legacy: "), run.err.constData());
}

QTEST_GUILESS_MAIN(tst_ToolCache)
#include "tst_toolcache.moc"
