// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <models/connectionfilter.h>
#include <models/connectionmodel.h>
#include <models/tabletext.h>
#include <shared/gui/hostiletexts.h>
#include <shared/gui/rows.h>

#include <QAbstractItemModelTester>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTest>
#include <QTextDocument>

using namespace Qp2p;
using namespace Qp2p::Gui;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;

class tst_ConnectionModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rowsKeepTheirPlaceWhileTheyLive();
    void anUpdateTellsOfEachRunOfRowsOnce();
    void figuresSortByTheirValue();
    void addressesSortAsAddresses();
    void equalRowsKeepTheirOrder();
    void theFilterTakesEachWordAnywhere();
    void theFilterIsDeafToFigures();
    void statesAreFiltered();
    void hostileTextsAreShownPlainAndShort();
    void hostileTextsAreHarmlessInFiles();
    void filesAreHarmlessInEveryLocale_data();
    void filesAreHarmlessInEveryLocale();
    void copiesAreHarmlessInSpreadsheets();
    void exportsHaveRawValues();
    void unitsChangeWhatIsShown();
    void randomUpdatesStayConsistent();
};

void tst_ConnectionModel::rowsKeepTheirPlaceWhileTheyLive()
{
    ConnectionModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::Fatal);
    model.update(connectionRows(1, 5));
    QList<ConnectionSnapshot> next = connectionRows(1, 8);
    next.removeAt(2);
    std::reverse(next.begin(), next.end()); // the order of what comes means nothing
    const QPersistentModelIndex four(model.index(3, 0));
    model.update(next);
    QCOMPARE(model.rowCount(), 7);
    QCOMPARE(four.row(), 2);
    QCOMPARE(four.data(ConnectionModel::IdRole).toULongLong(), 4U);
    QCOMPARE(model.rowOf(3), -1);
    QCOMPARE(model.rowOf(1), 0);
    QVERIFY(model.byId(8));
}

void tst_ConnectionModel::anUpdateTellsOfEachRunOfRowsOnce()
{
    ConnectionModel model;
    model.update(connectionRows(1, 1000));
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    model.update(connectionRows(101, 1000)); // the first 100 are gone, 100 are new
    QCOMPARE(removed.size(), 1);
    QCOMPARE(inserted.size(), 1);
    QCOMPARE(changed.size(), 1);
}

void tst_ConnectionModel::figuresSortByTheirValue()
{
    ConnectionModel model;
    ConnectionFilter filter;
    filter.setSourceModel(&model);
    QList<ConnectionSnapshot> rows = connectionRows(1, 3);
    rows[0].stats.bytesSent = 900; // "900 B", "1.0 KiB", "10.0 KiB": as text 1.0 would come first
    rows[1].stats.bytesSent = 10'240;
    rows[2].stats.bytesSent = 1024;
    model.update(rows);
    filter.sort(ConnectionModel::Sent);
    QCOMPARE(filter.index(0, 0).data(ConnectionModel::IdRole).toInt(), 1);
    QCOMPARE(filter.index(1, 0).data(ConnectionModel::IdRole).toInt(), 3);
    QCOMPARE(filter.index(2, 0).data(ConnectionModel::IdRole).toInt(), 2);
}

void tst_ConnectionModel::addressesSortAsAddresses()
{
    const QStringList inOrder{u"9.0.0.1:1"_s, u"10.0.0.1:2"_s, u"10.0.0.1:10"_s, u"192.0.2.1:1"_s,
                              u"[2001:db8::1]:1"_s};
    for (qsizetype i = 1; i < inOrder.size(); ++i) {
        const auto before = PeerAddress::fromString(inOrder.at(i - 1));
        const auto after = PeerAddress::fromString(inOrder.at(i));
        QVERIFY2(addressSortKey(*before) < addressSortKey(*after), qPrintable(inOrder.at(i)));
    }
}

void tst_ConnectionModel::equalRowsKeepTheirOrder()
{
    ConnectionModel model;
    ConnectionFilter filter;
    filter.setSourceModel(&model);
    QList<ConnectionSnapshot> rows = connectionRows(1, 50);
    for (ConnectionSnapshot &row : rows)
        row.role = Peer::Role::Node;
    model.update(rows);
    filter.sort(ConnectionModel::Role);
    for (int round = 0; round < 3; ++round) {
        for (int row = 0; row < 50; ++row)
            QCOMPARE(filter.index(row, 0).data(ConnectionModel::IdRole).toInt(), row + 1);
        model.update(rows);
    }
}

void tst_ConnectionModel::theFilterTakesEachWordAnywhere()
{
    ConnectionModel model;
    ConnectionFilter filter;
    filter.setSourceModel(&model);
    model.update(
        {connectionRow(1, u"Anna"_s), connectionRow(2, u"Ben"_s), connectionRow(3, u"anna"_s)});
    filter.setText(u"ANNA"_s);
    QCOMPARE(filter.rowCount(), 2);
    filter.setText(u"anna 10.0.0.3"_s);
    QCOMPARE(filter.rowCount(), 1);
    filter.setText(peerIdOf(2).toString().last(20)); // the table shows the beginning only
    QCOMPARE(filter.rowCount(), 1);
    filter.setText(u"nobody"_s);
    QCOMPARE(filter.rowCount(), 0);
    filter.setText({});
    QCOMPARE(filter.rowCount(), 3);
}

void tst_ConnectionModel::theFilterIsDeafToFigures()
{
    ConnectionModel model;
    ConnectionFilter filter;
    filter.setSourceModel(&model);
    ConnectionSnapshot row = connectionRow(1, u"anna"_s);
    row.stats.bytesSent = 777;
    model.update({row});
    QVERIFY(model.index(0, ConnectionModel::Sent).data().toString().contains(u"777"_s));
    filter.setText(u"777"_s);
    QCOMPARE(filter.rowCount(), 0);
}

void tst_ConnectionModel::statesAreFiltered()
{
    ConnectionModel model;
    ConnectionFilter filter;
    filter.setSourceModel(&model);
    QList<ConnectionSnapshot> rows = connectionRows(1, 3);
    rows[1].state = ConnectionSnapshot::State::Linking;
    rows[2].state = ConnectionSnapshot::State::Closed;
    model.update(rows);
    filter.setShown(ConnectionFilter::Shown::Open);
    QCOMPARE(filter.rowCount(), 1);
    filter.setShown(ConnectionFilter::Shown::Closed);
    QCOMPARE(filter.index(0, 0).data(ConnectionModel::IdRole).toInt(), 3);
    rows[2].state = ConnectionSnapshot::State::Open; // what changes comes and goes by itself
    model.update(rows);
    QCOMPARE(filter.rowCount(), 0);
}

void tst_ConnectionModel::hostileTextsAreShownPlainAndShort()
{
    const QStringList texts = hostileTexts();
    for (const QString &text : texts) {
        auto facts = std::make_shared<ConnectionFacts>(*connectionRow(1, text).facts);
        facts->authority = text;
        facts->agent = text;
        ConnectionSnapshot row = connectionRow(1);
        row.facts = facts;
        row.closeReason = Error(ErrorCode::ClosedByPeer, text);
        ConnectionModel model;
        model.update({row});
        for (int column = 0; column < ConnectionModel::ColumnCount; ++column) {
            const QString cell = model.index(0, column).data().toString();
            QVERIFY2(isHarmless(cell, 400), qPrintable(text.left(40)));
            const QString tip = model.index(0, column).data(Qt::ToolTipRole).toString();
            QVERIFY(tip.size() < 8000);
            if (tip.startsWith(u"<span>"))
                QVERIFY2(!tip.mid(6).chopped(7).contains(u'<'), qPrintable(tip));
            else
                QVERIFY(!Qt::mightBeRichText(tip));
        }
    }
}

void tst_ConnectionModel::hostileTextsAreHarmlessInFiles()
{
    ConnectionModel model;
    QList<ConnectionSnapshot> rows;
    QModelIndexList indexes;
    const QStringList texts = hostileTexts();
    for (qsizetype i = 0; i < texts.size(); ++i)
        rows.append(connectionRow(quint64(i) + 1, texts.at(i)));
    model.update(rows);
    for (int row = 0; row < model.rowCount(); ++row)
        indexes.append(model.index(row, 0));
    const QByteArray csv = toCsv(model, indexes, {ConnectionModel::Name, ConnectionModel::Address},
                                 ConnectionModel::ExportRole);
    QVERIFY(csv.startsWith("name,address\r\n"));
    QVERIFY(csv.contains("\"'=HYPERLINK(\"\"http://example.org\"\")\",")); // no formula
    QVERIFY(csv.contains("\r\n\"'+1+cmd|"));
    const QJsonArray array = QJsonDocument::fromJson(toJson(model, indexes, {ConnectionModel::Name},
                                                            ConnectionModel::ExportRole))
                                 .array();
    QCOMPARE(array.size(), texts.size());
    QCOMPARE(array.at(0)[u"name"_s].toString(), texts.at(0));
}

void tst_ConnectionModel::filesAreHarmlessInEveryLocale_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("cell");
    QTest::newRow("plain") << u"anna"_s << QByteArray("anna");
    QTest::newRow("formula") << u"=1+1"_s << QByteArray("'=1+1");
    QTest::newRow("plus") << u"+1"_s << QByteArray("'+1");
    QTest::newRow("minus") << u"-1"_s << QByteArray("'-1");
    QTest::newRow("at") << u"@SUM(A1)"_s << QByteArray("'@SUM(A1)");
    QTest::newRow("tab") << u"\tanna"_s << QByteArray("\"'\tanna\"");
    QTest::newRow("carriage return") << u"\ranna"_s << QByteArray("\"'\ranna\"");
    QTest::newRow("behind blanks") << u"  =1+1"_s << QByteArray("'  =1+1");
    QTest::newRow("full width") << u"\uff1d1+1"_s
                                << QByteArray("'\xef\xbc\x9d"
                                              "1+1");
    QTest::newRow("comma") << u"a,b"_s << QByteArray("\"a,b\"");
    QTest::newRow("semicolon, as in Germany") << u"a;=1+1"_s << QByteArray("\"a;=1+1\"");
    QTest::newRow("tab inside") << u"a\t=1+1"_s << QByteArray("\"a\t=1+1\"");
    QTest::newRow("quotes") << u"a\"b"_s << QByteArray("\"a\"\"b\"");
    QTest::newRow("line") << u"a\n=1"_s << QByteArray("\"a\n=1\"");
    QTest::newRow("blank at the end") << u"a "_s << QByteArray("\"a \"");
}

void tst_ConnectionModel::filesAreHarmlessInEveryLocale()
{
    QFETCH(const QString, name);
    QFETCH(const QByteArray, cell);
    ConnectionModel model;
    model.update({connectionRow(1, name)});
    const QByteArray csv = toCsv(model, {model.index(0, 0)}, {ConnectionModel::Name},
                                 ConnectionModel::ExportRole);
    QCOMPARE(csv, "name\r\n" + cell + "\r\n");
}

void tst_ConnectionModel::copiesAreHarmlessInSpreadsheets()
{
    ConnectionModel model;
    model.update({connectionRow(1, u"=1+1"_s)});
    const QModelIndexList rows{model.index(0, 0)};
    QCOMPARE(toText(rows, {ConnectionModel::Name}), u"'=1+1"_s);
    QCOMPARE(toText(rows, {ConnectionModel::Peer}), peerIdOf(1).toString());
}

void tst_ConnectionModel::exportsHaveRawValues()
{
    ConnectionModel model;
    ConnectionSnapshot row = connectionRow(7, u"anna"_s);
    row.stats.bytesSent = 123'456'789;
    row.stats.smoothedRtt = std::chrono::microseconds(1500);
    model.update({row});
    const QJsonObject object = QJsonDocument::fromJson(
                                   toJson(model, {model.index(0, 0)},
                                          {ConnectionModel::Peer, ConnectionModel::Sent,
                                           ConnectionModel::Rtt, ConnectionModel::Age},
                                          ConnectionModel::ExportRole))
                                   .array()
                                   .at(0)
                                   .toObject();
    QCOMPARE(object[u"peerId"_s].toString(), peerIdOf(7).toString());
    QCOMPARE(object[u"bytesSent"_s].toInteger(), 123'456'789);
    QCOMPARE(object[u"rttMilliseconds"_s].toDouble(), 1.5);
    QCOMPARE(object[u"connectedFor"_s].toInt(), 7);
}

void tst_ConnectionModel::unitsChangeWhatIsShown()
{
    QLocale::setDefault(QLocale::c());
    ConnectionModel model;
    ConnectionSnapshot row = connectionRow(1);
    row.stats.bytesSent = 2'000'000;
    row.sendRate = 125'000;
    model.update({row});
    QCOMPARE(model.index(0, ConnectionModel::Sent).data().toString(), u"1.91 MiB"_s);
    QCOMPARE(model.index(0, ConnectionModel::SendRate).data().toString(), u"122 KiB/s"_s);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    model.setUnits({Units::Rates::Bits, Units::Prefixes::Decimal});
    QCOMPARE(changed.size(), 1);
    QCOMPARE(model.index(0, ConnectionModel::Sent).data().toString(), u"2.00 MB"_s);
    QCOMPARE(model.index(0, ConnectionModel::SendRate).data().toString(), u"1.00 Mbit/s"_s);
}

void tst_ConnectionModel::randomUpdatesStayConsistent()
{
    ConnectionModel model;
    ConnectionFilter filter;
    filter.setSourceModel(&model);
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::Fatal);
    const QAbstractItemModelTester filterTester(
        &filter, QAbstractItemModelTester::FailureReportingMode::Fatal);
    filter.sort(ConnectionModel::Rtt);
    quint32 random = 1;
    const auto next = [&random](quint32 limit) {
        random = random * 1664525 + 1013904223;
        return (random >> 16) % limit;
    };
    for (int round = 0; round < 200; ++round) {
        QList<ConnectionSnapshot> rows;
        for (quint64 id = 1; id <= 30; ++id) {
            if (next(3) == 0)
                continue;
            rows.append(connectionRow(id));
            rows.last().stats.smoothedRtt = std::chrono::milliseconds(next(100));
            rows.last().state = ConnectionSnapshot::State(next(3));
        }
        model.update(rows);
        filter.setShown(ConnectionFilter::Shown(next(4)));
        QCOMPARE(model.rowCount(), int(rows.size()));
        for (const ConnectionSnapshot &row : rows)
            QCOMPARE(model.byId(row.facts->id)->stats.smoothedRtt, row.stats.smoothedRtt);
        for (int row = 1; row < filter.rowCount(); ++row)
            QVERIFY(filter.index(row - 1, ConnectionModel::Rtt)
                        .data(ConnectionModel::SortRole)
                        .toLongLong()
                    <= filter.index(row, ConnectionModel::Rtt)
                           .data(ConnectionModel::SortRole)
                           .toLongLong());
    }
}

QTEST_MAIN(tst_ConnectionModel)
#include "tst_connectionmodel.moc"
