// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What two qp2p programs say to each other arrives, and what goes wrong is told to people and scripts.

#include "toolprocess.h"

#include <qp2pcore/endpoint.h>

#include <QCryptographicHash>
#include <QHostAddress>
#include <QObject>
#include <QTemporaryDir>
#include <QTest>
#include <QUdpSocket>

using namespace Qt::StringLiterals;
using namespace ToolTest;

namespace {

bool hasAddress(const QString &address)
{
    QUdpSocket socket;
    return socket.bind(QHostAddress(address), 0);
}

void addFamilies()
{
    QTest::addColumn<QString>("address");
    QTest::newRow("IPv4") << u"127.0.0.1"_s;
    QTest::newRow("IPv6") << u"::1"_s;
}

} // namespace

#define SKIP_WITHOUT(address) \
    if (!hasAddress(address)) \
    QSKIP(qPrintable(u"this machine has no address %1"_s.arg(address)))

class tst_Tool : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sentTextArrives_data();
    void sentTextArrives();
    void standardInputAndFilesAreSentByteByByte();
    void manyMessagesAllArrive();
    void requestPrintsThePayloadOfTheReplyAndNothingElse_data();
    void requestPrintsThePayloadOfTheReplyAndNothingElse();
    void requestOfAListenerWithoutEchoIsRejected();
    void pingMeasuresRoundTrips_data();
    void pingMeasuresRoundTrips();
    void perfMeasuresAllThreeThings();
    void payloadsAboveTheLimitAreLeftOutOfJson();
    void largePayloadsAreLeftOutOfJsonByDefault();
    void theRightPeerIdIsAccepted();
    void aWrongPeerIdIsRefused();
    void peersOfAnotherNetworkPart();
    void whatStrangersMakeHappenIsPrintedOnlySoOften();
    void aPortInUseIsAnError();
    void nobodyAnsweringIsATimeout();
    void aClosedPortIsToldLongBeforeTheTimeout();
    void linkLocalAddressesNeedTheirInterface_data();
    void linkLocalAddressesNeedTheirInterface();
    void aMessageThatIsTooLargeIsNotSent();
    void sigtermEndsAListenerCleanly();
    void aListenerStopsByItselfAfterItsTime();
    void aClosedStandardOutputEndsAListener();

private:
    QTemporaryDir m_folder;
};

void tst_Tool::sentTextArrives_data()
{
    addFamilies();
}

void tst_Tool::sentTextArrives()
{
    QFETCH(const QString, address);
    SKIP_WITHOUT(address);
    Listener listener({u"--json"_s}, address);
    const Run sent = runTool({u"send"_s, u"--json"_s, listener.address(), u"Grüße"_s});
    QVERIFY2(sent.exitCode == Done, sent.err.constData());
    QCOMPARE(sent.event(u"connected").value(u"peerId"_s).toString(), listener.peerId());
    QCOMPARE(sent.event(u"sent").value(u"messages"_s).toInt(), 1);
    QCOMPARE(sent.event(u"sent").value(u"bytes"_s).toInt(), 7);
    QVERIFY(listener.waitForEvent("message"));
    const QJsonObject message = listener.event(u"message");
    QCOMPARE(message.value(u"text"_s).toString(), u"Grüße"_s);
    QCOMPARE(message.value(u"size"_s).toInt(), 7);
    QCOMPARE(QByteArray::fromBase64(message.value(u"payload"_s).toString().toLatin1()),
             QByteArray("Grüße"));
    QVERIFY(listener.waitForEvent("closed"));
    QCOMPARE(listener.event(u"closed").value(u"code"_s).toString(), u"ClosedByPeer"_s);
    QCOMPARE(listener.event(u"closed").value(u"messages"_s).toInt(), 1);
}

void tst_Tool::standardInputAndFilesAreSentByteByByte()
{
    Listener listener;
    QByteArray payload("line\n\0\xff\x1b end", 12);
    payload = payload.repeated(1000);
    const QByteArray hash = QCryptographicHash::hash(payload, QCryptographicHash::Sha256).toHex();
    QCOMPARE(runTool({u"send"_s, listener.address()}, payload).exitCode, int(Done));
    QFile file(m_folder.filePath(u"payload"_s));
    QVERIFY(file.open(QFile::WriteOnly) && file.write(payload) == payload.size() && file.flush());
    QCOMPARE(runTool({u"send"_s, listener.address(), u"--file"_s, file.fileName()}).exitCode,
             int(Done));
    QVERIFY(listener.waitForEvent("message"));
    listener.stop();
    QCOMPARE(listener.out().count("\"event\":\"message\""), 2);
    QCOMPARE(listener.out().count(hash), 2);
    QVERIFY(!listener.event(u"message").contains(u"text"_s));

    QCOMPARE(runTool({u"send"_s, u"127.0.0.1:9"_s}).exitCode, int(Failed)); // nothing on input
    const Run missing = runTool(
        {u"send"_s, u"--json"_s, u"127.0.0.1:9"_s, u"--file"_s, m_folder.filePath(u"missing"_s)});
    QCOMPARE(missing.exitCode, int(Failed));
    QCOMPARE(missing.event(u"error").value(u"code"_s).toString(), u"FileNotFound"_s);
}

void tst_Tool::manyMessagesAllArrive()
{
    Listener listener({u"--json"_s, u"--perf"_s});
    const Run sent = runTool(
        {u"send"_s, listener.address(), u"0123456789"_s, u"--count"_s, u"20k"_s});
    QVERIFY2(sent.exitCode == Done, sent.err.constData());
    QVERIFY(listener.waitForEvent("closed"));
    QCOMPARE(listener.event(u"closed").value(u"messages"_s).toInt(), 20'000);
    QCOMPARE(listener.event(u"closed").value(u"bytes"_s).toInt(), 200'000);
    QVERIFY(listener.event(u"message").isEmpty());
}

void tst_Tool::requestPrintsThePayloadOfTheReplyAndNothingElse_data()
{
    addFamilies();
}

void tst_Tool::requestPrintsThePayloadOfTheReplyAndNothingElse()
{
    QFETCH(const QString, address);
    SKIP_WITHOUT(address);
    Listener listener({u"--json"_s, u"--echo"_s}, address);
    const QByteArray payload("a\0\xff\n\x1b[31m", 9);
    const Run reply = runTool({u"request"_s, listener.address()}, payload);
    QVERIFY2(reply.exitCode == Done, reply.err.constData());
    QCOMPARE(reply.out, payload);
    QCOMPARE(reply.err, QByteArray());
    QVERIFY(listener.waitForEvent("request"));
    QCOMPARE(listener.event(u"request").value(u"answer"_s).toString(), u"echo"_s);

    const Run json = runTool({u"request"_s, u"--json"_s, listener.address(), u"Hello"_s});
    QCOMPARE(json.event(u"reply").value(u"text"_s).toString(), u"Hello"_s);
    QVERIFY(json.event(u"reply").value(u"seconds"_s).toDouble() > 0);
}

void tst_Tool::requestOfAListenerWithoutEchoIsRejected()
{
    Listener listener;
    const Run reply = runTool({u"request"_s, u"--json"_s, listener.address(), u"Hello"_s});
    QCOMPARE(reply.exitCode, int(Failed));
    QCOMPARE(reply.event(u"error").value(u"code"_s).toString(), u"NoReply"_s);
    QVERIFY(reply.err.contains("--echo"));
    QVERIFY(listener.waitForEvent("request"));
    QCOMPARE(listener.event(u"request").value(u"answer"_s).toString(), u"rejected"_s);
}

void tst_Tool::pingMeasuresRoundTrips_data()
{
    addFamilies();
}

void tst_Tool::pingMeasuresRoundTrips()
{
    QFETCH(const QString, address);
    SKIP_WITHOUT(address);
    Listener listener({u"--json"_s, u"--echo"_s}, address);
    const QStringList words{u"ping"_s, listener.address(), u"--count"_s, u"5"_s, u"--interval"_s,
                            u"1"_s,    u"--size"_s,        u"100"_s};
    const Run json = runTool(words + QStringList{u"--json"_s});
    QVERIFY2(json.exitCode == Done, json.err.constData());
    QCOMPARE(json.out.count("\"event\":\"ping\""), 5);
    const QJsonObject summary = json.event(u"ping-summary");
    QCOMPARE(summary.value(u"replies"_s).toInt(), 5);
    QVERIFY(summary.value(u"min"_s).toDouble() > 0);
    QVERIFY(summary.value(u"min"_s).toDouble() <= summary.value(u"avg"_s).toDouble());
    QVERIFY(summary.value(u"avg"_s).toDouble() <= summary.value(u"max"_s).toDouble());
    QCOMPARE(summary.value(u"p99"_s).toDouble(), summary.value(u"max"_s).toDouble());

    const Run lines = runTool(words);
    QCOMPARE(lines.out.count("100 bytes from "), 5);
    QVERIFY(lines.out.contains("min/avg/max/p99"));
}

void tst_Tool::perfMeasuresAllThreeThings()
{
    Listener listener({u"--json"_s, u"--perf"_s});
    const Run perf = runTool({u"perf"_s, u"--json"_s, listener.address(), u"--bytes"_s, u"5000k"_s,
                              u"--messages"_s, u"500"_s, u"--size"_s, u"1Ki"_s, u"--handshakes"_s,
                              u"3"_s});
    QVERIFY2(perf.exitCode == Done, perf.err.constData());
    QStringList kinds;
    for (const QJsonObject &object : perf.json()) {
        if (object.value(u"event"_s) != u"perf"_s)
            continue;
        kinds.append(object.value(u"kind"_s).toString());
        QVERIFY(object.value(u"seconds"_s).toDouble() > 0);
    }
    QCOMPARE(kinds, QStringList({u"bytes"_s, u"messages"_s, u"handshakes"_s}));
    QVERIFY(listener.waitForEvent("closed"));
    const QJsonObject closed = listener.event(u"closed");
    QCOMPARE(closed.value(u"messages"_s).toInt(), 505);
    QCOMPARE(closed.value(u"bytes"_s).toInt(), 5'000'000 + 500 * 1024);
    listener.stop();
    QCOMPARE(listener.out().count("\"event\":\"closed\""), 1);
}

void tst_Tool::payloadsAboveTheLimitAreLeftOutOfJson()
{
    Listener listener({u"--json"_s, u"--payload-limit"_s, u"4"_s});
    QCOMPARE(runTool({u"send"_s, listener.address(), u"12345"_s}).exitCode, int(Done));
    QVERIFY(listener.waitForEvent("message"));
    const QJsonObject message = listener.event(u"message");
    QCOMPARE(message.value(u"size"_s).toInt(), 5);
    QCOMPARE(message.value(u"sha256"_s).toString().size(), 64);
    QVERIFY(!message.contains(u"payload"_s) && !message.contains(u"text"_s));
}

void tst_Tool::largePayloadsAreLeftOutOfJsonByDefault()
{
    constexpr qsizetype limit = 64 * 1024;
    const QByteArray fits(limit, 'x');
    Listener listener({u"--json"_s, u"--echo"_s});
    Listener generous({u"--json"_s, u"--payload-limit"_s, u"1M"_s});
    QCOMPARE(runTool({u"send"_s, listener.address()}, fits + 'x').exitCode, int(Done));
    QCOMPARE(runTool({u"send"_s, generous.address()}, fits + 'x').exitCode, int(Done));
    QVERIFY(listener.waitForEvent("message") && generous.waitForEvent("message"));
    const QJsonObject message = listener.event(u"message");
    QCOMPARE(message.value(u"size"_s).toInt(), limit + 1);
    QCOMPARE(message.value(u"sha256"_s).toString().size(), 64);
    QVERIFY(!message.contains(u"payload"_s) && !message.contains(u"text"_s));
    QCOMPARE(generous.event(u"message").value(u"text"_s).toString().size(), limit + 1);
    // The reply is what "request" is for: it is never left out unless that is asked for.
    const Run asked = runTool({u"request"_s, u"--json"_s, listener.address()}, fits + 'x');
    QCOMPARE(asked.event(u"reply").value(u"text"_s).toString().size(), limit + 1);
    QVERIFY(listener.waitForEvent("request"));
    Listener second;
    QCOMPARE(runTool({u"send"_s, second.address()}, fits).exitCode, int(Done));
    QVERIFY(second.waitForEvent("message"));
    QCOMPARE(second.event(u"message").value(u"text"_s).toString().size(), limit);
}

void tst_Tool::theRightPeerIdIsAccepted()
{
    Listener listener;
    const QString address = listener.address();
    const QString id = listener.peerId();
    const Run option = runTool({u"send"_s, address, u"x"_s, u"--peer-id"_s, id});
    QVERIFY2(option.exitCode == Done, option.err.constData());
    const Run inAddress = runTool({u"send"_s, QString(id + u'@' + address), u"x"_s});
    QVERIFY2(inAddress.exitCode == Done, inAddress.err.constData());
}

void tst_Tool::aWrongPeerIdIsRefused()
{
    Listener listener;
    const Listener other;
    const Run sent = runTool(
        {u"send"_s, u"--json"_s, listener.address(), u"secret"_s, u"--peer-id"_s, other.peerId()});
    QCOMPARE(sent.exitCode, int(Failed));
    QCOMPARE(sent.event(u"error").value(u"code"_s).toString(), u"PeerIdMismatch"_s);
    QVERIFY(sent.err.startsWith("qp2p: "));
    listener.stop();
    QVERIFY(!listener.out().contains("\"event\":\"message\""));
}

void tst_Tool::peersOfAnotherNetworkPart()
{
    Listener listener({u"--json"_s, u"--network"_s, u"blue"_s});
    const QStringList words{u"send"_s, u"--json"_s, listener.address(), u"x"_s, u"--network"_s};
    const Run other = runTool(words + QStringList{u"red"_s});
    QCOMPARE(other.exitCode, int(Failed));
    QCOMPARE(other.event(u"error").value(u"code"_s).toString(), u"WrongNetwork"_s);
    const Run same = runTool(words + QStringList{u"blue"_s});
    QVERIFY2(same.exitCode == Done, same.err.constData());
}

void tst_Tool::whatStrangersMakeHappenIsPrintedOnlySoOften()
{
    constexpr int Dials = 500;
    Listener listener({u"--json"_s, u"--network"_s, u"blue"_s});
    const auto address = Qp2p::PeerAddress::fromString(listener.address());
    QVERIFY(address);
    Qp2p::EndpointConfig config;
    config.setNetworkName(u"red"_s);
    Qp2p::Endpoint stranger(config);
    for (int i = 0; i < Dials; ++i) {
        const auto dial = stranger.connectTo(*address);
        QVERIFY(QTest::qWaitFor([&] { return dial.isFinished(); }, Patience));
        QCOMPARE(dial.result().error().code, Qp2p::ErrorCode::WrongNetwork);
    }
    QCOMPARE(listener.stop(), int(Done));
    qint64 printed = 0;
    qint64 leftOut = 0;
    const QList<QJsonObject> events = listener.events();
    for (const QJsonObject &event : events) {
        printed += event.value(u"event"_s) == u"handshake-failed"_s ? 1 : 0;
        if (event.value(u"event"_s) == u"suppressed"_s) {
            QCOMPARE(event.value(u"of"_s).toString(), u"handshake-failed"_s);
            leftOut += event.value(u"count"_s).toInteger();
        }
    }
    QCOMPARE(printed + leftOut, Dials);
    QVERIFY(printed >= 100);
    QVERIFY(leftOut > 0);
}

void tst_Tool::aPortInUseIsAnError()
{
    const Listener listener;
    const QString port = listener.address().section(u':', -1);
    const Run second = runTool(
        {u"listen"_s, u"--json"_s, u"--address"_s, u"127.0.0.1"_s, u"--port"_s, port});
    QCOMPARE(second.exitCode, int(Failed));
    QCOMPARE(second.event(u"error").value(u"code"_s).toString(), u"AddressInUse"_s);
    QVERIFY2(second.err.contains(port.toLatin1()), second.err.constData());
}

void tst_Tool::nobodyAnsweringIsATimeout()
{
    QUdpSocket silent;
    QVERIFY(silent.bind(QHostAddress(QHostAddress::LocalHost), 0));
    const Run sent = runTool({u"send"_s, u"--json"_s, u"--timeout"_s, u"0.3"_s,
                              u"127.0.0.1:%1"_s.arg(silent.localPort()), u"x"_s});
    QCOMPARE(sent.exitCode, int(Failed));
    QCOMPARE(sent.event(u"error").value(u"code"_s).toString(), u"HandshakeTimeout"_s);
}

void tst_Tool::aClosedPortIsToldLongBeforeTheTimeout()
{
#ifdef Q_OS_LINUX
    quint16 port = 0;
    {
        QUdpSocket closed;
        QVERIFY(closed.bind(QHostAddress(QHostAddress::LocalHost), 0));
        port = closed.localPort();
    }
    // Far longer than runTool() waits.
    const Run sent = runTool(
        {u"send"_s, u"--json"_s, u"--timeout"_s, u"300"_s, u"127.0.0.1:%1"_s.arg(port), u"x"_s});
    QCOMPARE(sent.exitCode, int(Failed));
    QCOMPARE(sent.event(u"error").value(u"code"_s).toString(), u"PortUnreachable"_s);
    QVERIFY2(sent.err.contains("qp2p listen"), sent.err.constData());
#else
    QSKIP("Only Linux says which port an ICMP message is about.");
#endif
}

void tst_Tool::linkLocalAddressesNeedTheirInterface_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QString>("named");
    const QString without = u"[fe80::1]:12000"_s;
    const QString unknown = u"[fe80::1%nosuch9]:12000"_s;
    for (const QString &command : {u"send"_s, u"request"_s, u"ping"_s, u"perf"_s, u"inspect"_s}) {
        QStringList words{command, without};
        QStringList unknownWords{command, unknown};
        if (command == u"send" || command == u"request") {
            words.append(u"x"_s);
            unknownWords.append(u"x"_s);
        }
        QTest::addRow("%s, none", qPrintable(command))
            << words << int(Usage) << u"[fe80::1%eth0]"_s;
        QTest::addRow("%s, unknown", qPrintable(command))
            << unknownWords << int(Failed) << u"nosuch9"_s;
    }
    QTest::newRow("node, none") << QStringList{u"node"_s, u"--contact"_s, without} << int(Usage)
                                << u"[fe80::1%eth0]"_s;
    QTest::newRow("listen, none") << QStringList{u"listen"_s, u"--address"_s, u"fe80::1"_s}
                                  << int(Failed) << u"fe80::1%eth0"_s;
    QTest::newRow("listen, unknown")
        << QStringList{u"listen"_s, u"--address"_s, u"fe80::1%nosuch9"_s} << int(Failed)
        << u"nosuch9"_s;
}

void tst_Tool::linkLocalAddressesNeedTheirInterface()
{
    QFETCH(QStringList, words);
    QFETCH(int, exitCode);
    QFETCH(QString, named);
    const Run run = runTool(words);
    QVERIFY2(run.err.contains(named.toUtf8()), run.err.constData());
    QCOMPARE(run.exitCode, exitCode);
}

void tst_Tool::aMessageThatIsTooLargeIsNotSent()
{
    const QString file = m_folder.filePath(u"large"_s);
    QFile large(file);
    QVERIFY(large.open(QFile::WriteOnly) && large.resize(16 * 1024 * 1024 + 1));
    const Run sent = runTool({u"send"_s, u"--json"_s, u"127.0.0.1:9"_s, u"--file"_s, file});
    QCOMPARE(sent.exitCode, int(Failed));
    QCOMPARE(sent.event(u"error").value(u"code"_s).toString(), u"MessageTooLarge"_s);
}

void tst_Tool::sigtermEndsAListenerCleanly()
{
    Listener listener({u"--json"_s, u"--echo"_s});
    QProcess client;
    client.start(toolPath(),
                 {u"ping"_s, u"--json"_s, listener.address(), u"--count"_s, u"0"_s, u"--interval"_s,
                  u"10"_s});
    QVERIFY(listener.waitForEvent("request"));
    QCOMPARE(listener.stop(), int(Done));
    QCOMPARE(listener.event(u"closed").value(u"code"_s).toString(), u"ClosedLocally"_s);
    QVERIFY(client.waitForFinished(Patience)); // it was told, long before the idle time-out
    QCOMPARE(client.exitCode(), int(Failed));
    QVERIFY(client.readAllStandardOutput().contains("ClosedByPeer"));
}

void tst_Tool::aListenerStopsByItselfAfterItsTime()
{
    const Run run = runTool({u"listen"_s, u"--address"_s, u"127.0.0.1"_s, u"--timeout"_s, u"0.1"_s});
    QCOMPARE(run.exitCode, int(Done));
    QVERIFY(run.out.startsWith("Listening on 127.0.0.1:"));
    QVERIFY(run.out.contains("\nPeer id: "));
}

void tst_Tool::aClosedStandardOutputEndsAListener()
{
    // "qp2p listen | head -n 1"
    QProcess process;
    QProcess head;
    process.setStandardOutputProcess(&head);
    process.start(toolPath(), {u"listen"_s, u"--json"_s, u"--address"_s, u"127.0.0.1"_s});
    head.start(u"head"_s, {u"-n"_s, u"1"_s});
    QVERIFY(head.waitForFinished(Patience));
    const QJsonObject listening = firstEvent(parsed(head.readAllStandardOutput()), u"listening");
    runTool({u"send"_s, listening.value(u"address"_s).toString(), u"x"_s});
    QVERIFY(process.waitForFinished(Patience));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), int(Failed));
}

QTEST_GUILESS_MAIN(tst_Tool)
#include "tst_tool.moc"
