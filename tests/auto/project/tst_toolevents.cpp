// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The events of --json, as scripts rely on them: all listed in doc/events.md, in one style, with time and schema.

#include "toolprocess.h"

#include <QDateTime>
#include <QDir>
#include <QObject>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace ToolTest;

namespace {

QString contentOf(const QString &fileName)
{
    QFile file(fileName);
    return file.open(QFile::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

//! What \a pattern captures in \a text.
QSet<QString> allOf(const QString &pattern, const QString &text)
{
    QSet<QString> found;
    auto match = QRegularExpression(pattern, QRegularExpression::MultilineOption).globalMatch(text);
    while (match.hasNext())
        found.insert(match.next().captured(1));
    return found;
}

} // namespace

class tst_ToolEvents : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyEventIsDocumented();
    void everyControlRequestIsDocumented();
    void namesAreInOneStyle();
    void everyEventHasItsTimeAndTheFirstTheSchema();

private:
    QString m_sources;
};

void tst_ToolEvents::initTestCase()
{
    const QDir folder(QStringLiteral(QP2P_SOURCE_DIR) + u"/qp2pcore/tools/qp2p"_s);
    const QStringList names = folder.entryList({u"*.cpp"_s});
    for (const QString &name : names)
        m_sources += contentOf(folder.filePath(name));
    QVERIFY(m_sources.size() > 100'000);
}

void tst_ToolEvents::everyEventIsDocumented()
{
    const QString call =
        u"(?:\\bevent|limitedEvent|eventLine)\\(\\s*(?:EventLimit::Kind::\\w+,\\s*)?"
        u"u\"([^\"]+)\""_s;
    // authoritycommand.cpp has one function for both of its events.
    const QSet<QString> printed = allOf(call, m_sources)
        + allOf(u"print\\(output, u\"([^\"]+)\"_s"_s, m_sources);
    const QSet<QString> listed = allOf(
        u"^\\| `([^`]+)` \\|"_s,
        contentOf(QStringLiteral(QP2P_SOURCE_DIR) + u"/qp2pcore/doc/events.md"_s));
    QVERIFY(printed.size() > 30);
    const auto undocumented = QStringList((printed - listed).values()).join(u", "_s);
    QVERIFY2(undocumented.isEmpty(), qPrintable(undocumented));
    const auto gone = QStringList((listed - printed).values()).join(u", "_s);
    QVERIFY2(gone.isEmpty(), qPrintable(gone));
}

void tst_ToolEvents::everyControlRequestIsDocumented()
{
    const QString handler = contentOf(QStringLiteral(QP2P_SOURCE_DIR)
                                      + u"/qp2pcore/tools/qp2p/nodecontrol.cpp"_s);
    const QSet<QString> known = allOf(u"name == u\"([^\"]+)\""_s, handler);
    const QString document = contentOf(QStringLiteral(QP2P_SOURCE_DIR)
                                       + u"/qp2pcore/doc/control.md"_s);
    QVERIFY(known.size() >= 9);
    for (const QString &name : known)
        QVERIFY2(document.contains(QString(u'`' + name + u'`')), qPrintable(name));
}

void tst_ToolEvents::namesAreInOneStyle()
{
    const QSet<QString> listed = allOf(
        u"^\\| `([^`]+)` \\|"_s,
        contentOf(QStringLiteral(QP2P_SOURCE_DIR) + u"/qp2pcore/doc/events.md"_s));
    const QRegularExpression style(u"^[a-z]+(-[a-z]+)*$"_s);
    for (const QString &name : listed)
        QVERIFY2(style.match(name).hasMatch(), qPrintable(name));
}

void tst_ToolEvents::everyEventHasItsTimeAndTheFirstTheSchema()
{
    const QDateTime before = QDateTime::currentDateTimeUtc().addMSecs(-1);
    Program node({u"node"_s, u"--ephemeral"_s, u"--json"_s, u"--address"_s, u"127.0.0.1"_s,
                  u"--socket"_s, u"none"_s});
    QVERIFY(node.waitForEvent("joined"));
    QCOMPARE(node.stop(), Done);
    const QList<QJsonObject> events = node.events();
    QVERIFY(events.size() >= 3);
    QVERIFY(node.out().startsWith("{\"event\":\"listening\","));
    for (const QJsonObject &event : events) {
        const QDateTime time = QDateTime::fromString(event.value(u"time"_s).toString(),
                                                     Qt::ISODateWithMs);
        QVERIFY(time >= before && time <= QDateTime::currentDateTimeUtc());
        QCOMPARE(event.contains(u"schema"_s), event == events.first());
    }
    QCOMPARE(events.first().value(u"schema"_s).toInt(), 1);
}

QTEST_GUILESS_MAIN(tst_ToolEvents)
#include "tst_toolevents.moc"
