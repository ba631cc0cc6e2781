// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The other tables: cache, candidates, messages, log.
#include <models/cachemodel.h>
#include <models/candidatemodel.h>
#include <models/history.h>
#include <models/logmodel.h>
#include <models/logsink.h>
#include <models/messagemodel.h>
#include <shared/gui/hostiletexts.h>
#include <shared/gui/rows.h>

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>
#include <QThread>

using namespace Qp2p;
using namespace Qp2p::Gui;
using namespace Qp2p::Test;
using namespace Qt::StringLiterals;
using Mode = QAbstractItemModelTester::FailureReportingMode;

namespace {

BootstrapCache::Entry entry(quint64 number)
{
    BootstrapCache::Entry made;
    made.peerId = peerIdOf(number);
    made.addresses = {PeerAddress(QHostAddress(quint32(0x0a000000 + number)), 12000)};
    made.name = u"node %1"_s.arg(number);
    return made;
}

MessageRecord message(quint64 id, const QByteArray &payload)
{
    MessageRecord record;
    record.id = id;
    record.peer = peerIdOf(id);
    record.message = Message(payload);
    return record;
}

} // namespace

class tst_Tables : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cacheFollowsItsEntries();
    void cacheShowsWhoIsTried();
    void candidatesShowHowFarTheyHaveCome();
    void messagesAreBoundedInNumber();
    void messagesAreBoundedInBytes();
    void statusOfAMessageChanges();
    void hexTextIsReadBack();
    void hexTextThatIsWrongSaysWhy_data();
    void hexTextThatIsWrongSaysWhy();
    void contentIsCutAndSaysSo();
    void logIsBounded();
    void logIsFiltered();
    void logSinkCannotBeFlooded();
    void logSinkShowsHostileTextPlain();
    void historyKeepsAnHourInFewSamples();
    void hostileTextsAreShownPlainAndShort();
};

void tst_Tables::cacheFollowsItsEntries()
{
    CacheModel model;
    const QAbstractItemModelTester tester(&model, Mode::Fatal);
    model.setEntries({entry(1), entry(2), entry(3)});
    const QPersistentModelIndex two(model.index(1, 0));
    model.setEntries({entry(4), entry(3), entry(2)});
    QCOMPARE(two.row(), 2);
    QCOMPARE(model.at(0)->peerId, peerIdOf(4));
    QCOMPARE(model.at(1)->peerId, peerIdOf(3));
    BootstrapCache::Entry failed = entry(2);
    failed.failures = 7;
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    model.setEntries({entry(4), entry(3), failed});
    QCOMPARE(changed.size(), 1); // the one that did
    QCOMPARE(model.index(2, CacheModel::Failures).data().toString(), u"7"_s);
    model.setEntries({});
    QVERIFY(!two.isValid());
}

void tst_Tables::cacheShowsWhoIsTried()
{
    CacheModel model;
    model.setEntries({entry(1), entry(2)});
    JoinCandidate candidate;
    candidate.source = JoinCandidate::Source::Cache;
    candidate.state = JoinCandidate::State::Dialling;
    candidate.addresses = {PeerAddress(QHostAddress(u"10.0.0.2"_s), 12000, peerIdOf(2))};
    model.setCandidates({candidate});
    QCOMPARE(model.index(0, CacheModel::Trying).data().toString(), QString());
    QCOMPARE(model.index(1, CacheModel::Trying).data().toString(), u"Dialling …"_s);
    model.setCandidates({});
    QCOMPARE(model.index(1, CacheModel::Trying).data().toString(), QString());
}

void tst_Tables::candidatesShowHowFarTheyHaveCome()
{
    CandidateModel model;
    const QAbstractItemModelTester tester(&model, Mode::Fatal);
    QList<JoinCandidate> candidates(3);
    candidates[0].addresses = {*PeerAddress::fromString(u"example.org:12000")};
    candidates[1].state = JoinCandidate::State::Failed;
    candidates[1].error = Error(ErrorCode::HandshakeTimeout, u"No answer."_s);
    model.setCandidates(candidates);
    QCOMPARE(model.index(0, CandidateModel::Address).data().toString(), u"example.org:12000"_s);
    QCOMPARE(model.rowCount(), 4); // the reason has a row of its own
    QVERIFY(!model.index(1, 0).data(CandidateModel::ReasonRole).toBool());
    QVERIFY(model.index(2, 0).data(CandidateModel::ReasonRole).toBool());
    QCOMPARE(model.index(2, 0).data().toString(), u"No answer."_s);
    model.setCandidates(candidates.mid(0, 1));
    QCOMPARE(model.rowCount(), 1);
    model.setCandidates({});
    QCOMPARE(model.rowCount(), 0);
}

void tst_Tables::messagesAreBoundedInNumber()
{
    MessageModel model;
    const QAbstractItemModelTester tester(&model, Mode::Fatal);
    for (quint64 batch = 0; batch < 6; ++batch) {
        QList<MessageRecord> messages;
        for (quint64 i = 0; i < 500; ++i)
            messages.append(message(batch * 500 + i + 1, "hello"));
        model.add(messages);
    }
    QCOMPARE(model.rowCount(), int(MessageModel::MaxMessages));
    QCOMPARE(model.at(model.rowCount() - 1)->id, 3000U);
    QCOMPARE(model.at(0)->id, 1001U);
}

void tst_Tables::messagesAreBoundedInBytes()
{
    MessageModel model;
    const QByteArray large(16 * 1024 * 1024, 'x');
    for (quint64 id = 1; id <= 10; ++id)
        model.add({message(id, large)});
    QCOMPARE(model.rowCount(), 4);
    QCOMPARE(model.at(0)->id, 7U);
    model.add({message(11, QByteArray(100 * 1024 * 1024, 'y'))}); // larger than all: alone
    QCOMPARE(model.rowCount(), 1);
    model.clear();
    model.add({message(12, large)});
    QCOMPARE(model.rowCount(), 1);
}

void tst_Tables::statusOfAMessageChanges()
{
    MessageModel model;
    MessageRecord record = message(5, "hello");
    record.direction = MessageRecord::Direction::Outgoing;
    record.status = MessageRecord::Status::Pending;
    model.add({message(4, "x"), record});
    QCOMPARE(model.index(1, MessageModel::State).data().toString(), u"Sending"_s);
    model.setStatus(5, MessageRecord::Status::Done, {});
    QCOMPARE(model.index(1, MessageModel::State).data().toString(), u"Delivered"_s);
    model.setStatus(5, MessageRecord::Status::Failed, Error(ErrorCode::IdleTimeout, u"Gone."_s));
    QCOMPARE(model.index(1, MessageModel::State).data().toString(), u"Failed: Gone."_s);
    model.setStatus(999, MessageRecord::Status::Done, {}); // of one that has left: nothing
}

void tst_Tables::hexTextIsReadBack()
{
    QCOMPARE(*fromHexText(u"51 50:32\n50"), QByteArray("QP2P"));
    QCOMPARE(*fromHexText(u""), QByteArray());
    QCOMPARE(hexDump("QP2P", 100),
             u"000000  51 50 32 50                                      QP2P"_s);
}

void tst_Tables::hexTextThatIsWrongSaysWhy_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("why");
    QTest::newRow("odd") << u"515"_s << u"is odd"_s;
    QTest::newRow("letter") << u"5g"_s << u"\"g\" is no"_s;
    QTest::newRow("control") << u"5\u202e"_s << u"\\u202e"_s;
    QTest::newRow("digit of another script") << u"٥٠"_s << u"is no"_s;
}

void tst_Tables::hexTextThatIsWrongSaysWhy()
{
    QFETCH(const QString, text);
    QFETCH(const QString, why);
    const Result<QByteArray> bytes = fromHexText(text);
    QVERIFY(!bytes);
    QVERIFY2(bytes.error().message.contains(why), qPrintable(bytes.error().message));
}

void tst_Tables::contentIsCutAndSaysSo()
{
    const QByteArray bytes(1'000'000, 'a');
    QVERIFY(multilineText(bytes, 1000).size() < 1200);
    QVERIFY(multilineText(bytes, 1000).contains(u"999000"_s));
    QVERIFY(hexDump(bytes, 1000).size() < 6000);
    QCOMPARE(multilineText("one\ntwo\n", 100), u"one\ntwo\n"_s);
    QCOMPARE(multilineText("<b>one</b>\x1b[0m", 100), u"<b>one</b>\\u001b[0m"_s);
}

void tst_Tables::logIsBounded()
{
    LogModel model;
    const QAbstractItemModelTester tester(&model, Mode::Fatal);
    QList<LogLine> lines(9000);
    for (int i = 0; i < 3; ++i)
        model.add(lines);
    QCOMPARE(model.rowCount(), LogModel::MaxLines);
    lines.resize(LogModel::MaxLines + 5);
    lines.last().text = u"last"_s;
    model.add(lines);
    QCOMPARE(model.rowCount(), LogModel::MaxLines);
    QCOMPARE(model.index(LogModel::MaxLines - 1, LogModel::Text).data().toString(), u"last"_s);
}

void tst_Tables::logIsFiltered()
{
    LogModel model;
    LogFilter filter;
    filter.setSourceModel(&model);
    model.add({{QDateTime::currentDateTime(), QtDebugMsg, u"qp2p.io"_s, u"small"_s},
               {QDateTime::currentDateTime(), QtWarningMsg, u"qp2p.app"_s, u"A <b>warning</b>"_s},
               {QDateTime::currentDateTime(), QtCriticalMsg, u"qp2p.io"_s, u"large"_s}});
    QCOMPARE(model.categories(), (QStringList{u"qp2p.app"_s, u"qp2p.io"_s}));
    filter.setLeastLevel(2);
    QCOMPARE(filter.rowCount(), 2);
    filter.setCategory(u"qp2p.io"_s);
    QCOMPARE(filter.rowCount(), 1);
    filter.setLeastLevel(0);
    filter.setText(u"SMALL"_s);
    QCOMPARE(filter.rowCount(), 1);
}

void tst_Tables::logSinkCannotBeFlooded()
{
    LogSink sink;
    QList<LogLine> got;
    connect(&sink, &LogSink::linesArrived, this, [&](const QList<LogLine> &lines) { got += lines; });
    // From another thread, as most of the log comes.
    std::unique_ptr<QThread> thread(QThread::create([] {
        static const QLoggingCategory category("qp2p.flood", QtInfoMsg);
        for (int i = 0; i < 100'000; ++i)
            qCInfo(category) << i;
    }));
    thread->start();
    QVERIFY(thread->wait());
    QTRY_VERIFY(!got.isEmpty());
    QVERIFY(got.size() <= LogSink::MaxWaiting + 1);
    QVERIFY2(got.last().text.contains(u"too fast"_s), qPrintable(got.last().text));
}

void tst_Tables::logSinkShowsHostileTextPlain()
{
    LogSink sink;
    QList<LogLine> got;
    connect(&sink, &LogSink::linesArrived, this, [&](const QList<LogLine> &lines) { got += lines; });
    static const QLoggingCategory category("qp2p.hostile", QtInfoMsg);
    const QStringList texts = hostileTexts();
    for (const QString &text : texts)
        qCInfo(category).noquote() << text;
    QTRY_COMPARE(got.size(), texts.size());
    for (const LogLine &line : got)
        QVERIFY2(isHarmless(line.text, 600), qPrintable(line.text.left(80)));
}

void tst_Tables::historyKeepsAnHourInFewSamples()
{
    History history;
    for (int second = 1; second <= 10'000; ++second)
        history.add({double(second), float(second), 0, 0, 0});
    const QList<Sample> samples = history.samples();
    QVERIFY(samples.size() <= qsizetype(History::Fine + History::Coarse));
    QVERIFY(samples.first().at <= 10'000 - 3500);
    QCOMPARE(samples.last().at, 10'000.0);
    for (qsizetype i = 1; i < samples.size(); ++i)
        QVERIFY(samples.at(i - 1).at < samples.at(i).at);
    QCOMPARE(samples.at(10).rtt, float(samples.at(10).at - 4.5)); // a mean of ten
}

void tst_Tables::hostileTextsAreShownPlainAndShort()
{
    const QStringList texts = hostileTexts();
    for (const QString &text : texts) {
        BootstrapCache::Entry cached = entry(1);
        cached.name = text;
        CacheModel cache;
        cache.setEntries({cached});
        JoinCandidate candidate;
        candidate.error = Error(ErrorCode::ClosedByPeer, text);
        CandidateModel candidates;
        candidates.setCandidates({candidate});
        MessageRecord record = message(1, text.toUtf8());
        record.peerName = text;
        record.status = MessageRecord::Status::Failed;
        record.error = candidate.error;
        MessageModel messages;
        messages.add({record});
        for (const QAbstractItemModel *model :
             std::initializer_list<const QAbstractItemModel *>{&cache, &candidates, &messages}) {
            for (int column = 0; column < model->columnCount(); ++column) {
                const QModelIndex cell = model->index(0, column);
                QVERIFY2(isHarmless(cell.data().toString(), 600), qPrintable(text.left(40)));
                const QString tip = cell.data(Qt::ToolTipRole).toString();
                QVERIFY(!tip.contains(u"<b>"_s) && !tip.contains(u"<img"_s) && tip.size() < 8000);
            }
        }
    }
}

QTEST_MAIN(tst_Tables)
#include "tst_tables.moc"
