// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Every example does what it says.
#include <qp2pcore/authority.h>

#include <QElapsedTimer>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace Qp2p;
using namespace Qt::StringLiterals;

#ifndef QP2P_EXAMPLE_MARCOPOLO
#define QP2P_EXAMPLE_MARCOPOLO ""
#endif
#ifndef QP2P_EXAMPLE_ERRAND
#define QP2P_EXAMPLE_ERRAND ""
#endif
#ifndef QP2P_EXAMPLE_LOBBY
#define QP2P_EXAMPLE_LOBBY ""
#endif
#ifndef QP2P_EXAMPLE_WELCOME
#define QP2P_EXAMPLE_WELCOME ""
#endif
#ifndef QP2P_EXAMPLE_CLOSEDCHAT
#define QP2P_EXAMPLE_CLOSEDCHAT ""
#endif
#ifndef QP2P_EXAMPLE_COAWAIT
#define QP2P_EXAMPLE_COAWAIT ""
#endif

namespace {

constexpr int Patience = 30'000; // milliseconds; only ever used up where something is broken

class Program
{
public:
    Program(const char *path, const QStringList &words, const QString &folder = {})
    {
        m_process.setWorkingDirectory(folder);
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        m_process.start(QString::fromUtf8(path), words);
    }
    ~Program()
    {
        if (m_process.state() != QProcess::NotRunning) {
            m_process.kill();
            m_process.waitForFinished();
        }
    }
    Q_DISABLE_COPY_MOVE(Program)

    bool says(const QString &text)
    {
        QElapsedTimer timer;
        timer.start();
        while (!m_out.contains(text.toUtf8()) && timer.elapsed() < Patience) {
            const bool running = m_process.state() != QProcess::NotRunning;
            m_process.waitForReadyRead(100);
            m_out += m_process.readAll();
            if (!running)
                break;
        }
        return m_out.contains(text.toUtf8());
    }
    void hears(const QByteArray &line)
    {
        m_process.write(line + '\n');
        m_process.waitForBytesWritten(Patience);
    }
    QString address()
    {
        if (!says(u"istening on port "_s) || !says(u"\n"_s))
            return {};
        const auto match = QRegularExpression(u"port (\\d+)"_s).match(QString::fromUtf8(m_out));
        return u"127.0.0.1:"_s + match.captured(1);
    }
    int ends()
    {
        m_process.closeWriteChannel();
        const bool ended = m_process.state() == QProcess::NotRunning
            || m_process.waitForFinished(Patience);
        m_out += m_process.readAll();
        return ended && m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
    }
    const QByteArray &out() const { return m_out; }

private:
    QProcess m_process;
    QByteArray m_out;
};

} // namespace

class tst_Examples : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void marcoIsAnsweredByEveryPolo();
    void marcoSaysWhoDoesNotAnswer();
    void anErrandIsRunForTheNamedPeerOnly();
    void membersOfTheLobbyGreetEachOther();
    void membersWelcomeEachOther();
    void friendsChatAndStrangersAreKeptOut();
    void coAwaitWorksOnEveryFuture();
};

void tst_Examples::marcoIsAnsweredByEveryPolo()
{
    Program one(QP2P_EXAMPLE_MARCOPOLO, {});
    Program two(QP2P_EXAMPLE_MARCOPOLO, {});
    const QString first = one.address(), second = two.address();
    QVERIFY(!first.isEmpty() && !second.isEmpty());
    Program marco(QP2P_EXAMPLE_MARCOPOLO, {u"--once"_s, first, second});
    QCOMPARE(marco.ends(), 0);
    QVERIFY2(marco.out().contains(QString(first + u" answered").toUtf8()), marco.out().constData());
    QVERIFY2(marco.out().contains(QString(second + u" answered").toUtf8()), marco.out().constData());
    QVERIFY2(one.says(u" called: polo!"_s), one.out().constData());
    QVERIFY2(two.says(u" is gone."_s), two.out().constData());
}

void tst_Examples::marcoSaysWhoDoesNotAnswer()
{
    Program marco(QP2P_EXAMPLE_MARCOPOLO, {u"--once"_s, u"127.0.0.1"_s});
    QVERIFY(marco.ends() != 0);
    QVERIFY2(marco.out().contains("127.0.0.1"), marco.out().constData());
}

void tst_Examples::anErrandIsRunForTheNamedPeerOnly()
{
    Program polo(QP2P_EXAMPLE_MARCOPOLO, {});
    const QString address = polo.address();
    const QString line = QString::fromUtf8(polo.out()).simplified();
    const QString id = line.mid(line.indexOf(u" as "_s) + 4, 52);
    Program errand(QP2P_EXAMPLE_ERRAND, {id + u'@' + address});
    QVERIFY2(errand.ends() == 0, errand.out().constData());
    QVERIFY2(polo.says(u" called: polo!"_s), polo.out().constData());
    const QString another = (id.front() == u'b' ? u'c' : u'b') + id.mid(1);
    Program lost(QP2P_EXAMPLE_ERRAND, {another + u'@' + address});
    QCOMPARE(lost.ends(), 1);
    QVERIFY2(lost.out().contains(address.toUtf8()), lost.out().constData());
}

void tst_Examples::membersOfTheLobbyGreetEachOther()
{
    const QTemporaryDir folder;
    Program first(QP2P_EXAMPLE_LOBBY, {folder.filePath(u"first"_s)});
    const QString address = first.address();
    QVERIFY(first.says(u"Joined"_s));
    Program second(QP2P_EXAMPLE_LOBBY, {folder.filePath(u"second"_s), address});
    QVERIFY2(second.says(u" is here"_s), second.out().constData());
    QVERIFY2(second.says(u" says: Welcome!"_s), second.out().constData());
    QVERIFY2(first.says(u" says: Welcome!"_s), first.out().constData());
    QVERIFY2(second.says(u"Joined"_s), second.out().constData());
}

void tst_Examples::membersWelcomeEachOther()
{
    const QTemporaryDir folder; // the program keeps its cache in the current one
    Program first(QP2P_EXAMPLE_WELCOME, {}, folder.path());
    const QString address = first.address();
    QVERIFY2(!address.isEmpty(), first.out().constData());
    Program second(QP2P_EXAMPLE_WELCOME, {address}, folder.path());
    QVERIFY2(second.says(u"Joined"_s), second.out().constData());
    QVERIFY2(second.says(u"Received: \"Welcome!\""_s), second.out().constData());
    QVERIFY2(first.says(u"Received: \"Welcome!\""_s), first.out().constData());
    Program third(QP2P_EXAMPLE_WELCOME, {u"nowhere"_s}, folder.path());
    QVERIFY(third.ends() != 0);
    QVERIFY2(third.out().contains("nowhere"), third.out().constData());
}

void tst_Examples::friendsChatAndStrangersAreKeptOut()
{
    if (QByteArray(QP2P_EXAMPLE_CLOSEDCHAT).isEmpty())
        QSKIP("The example closedchat was not built: it needs Unix.");
    const QTemporaryDir folder;
    const auto path = [&](const QString &name) { return folder.filePath(name); };
    const Authority friends = Authority::create(u"friends"_s).value();
    const Authority enemies = Authority::create(u"friends"_s).value();
    QFile certificate(path(u"friends.crt.pem"_s));
    QVERIFY(certificate.open(QFile::WriteOnly));
    QVERIFY(certificate.write(friends.certificatePem()) > 0);
    certificate.close();
    for (const QString &name : {u"anna"_s, u"ben"_s})
        QVERIFY(friends.issue({name})->save(path(name)).isOk());
    QVERIFY(enemies.issue({u"eve"_s})->save(path(u"eve"_s)).isOk());
    const auto words = [&](const QString &who, const QStringList &more) {
        return QStringList{u"--authority"_s, certificate.fileName(), u"--name"_s,
                           u"friends"_s,     u"--identity"_s,        path(who)}
        + more;
    };

    Program anna(QP2P_EXAMPLE_CLOSEDCHAT, words(u"anna"_s, {}));
    const QString address = anna.address();
    QVERIFY2(!address.isEmpty(), anna.out().constData());
    Program ben(QP2P_EXAMPLE_CLOSEDCHAT, words(u"ben"_s, {address}));
    QVERIFY2(anna.says(u"* ben has joined"_s), anna.out().constData());
    QVERIFY2(ben.says(u"* anna has joined"_s), ben.out().constData());
    ben.hears("hello \x1b[2J anna");
    QVERIFY2(anna.says(u"ben: hello \\u001b[2J anna"_s), anna.out().constData());
    anna.hears("hello ben");
    QVERIFY2(ben.says(u"anna: hello ben"_s), ben.out().constData());

    Program eve(QP2P_EXAMPLE_CLOSEDCHAT, words(u"eve"_s, {address}));
    QVERIFY2(anna.says(u"* refused 127.0.0.1:"_s) || anna.says(u"* eve has joined"_s),
             anna.out().constData());
    QVERIFY(!anna.out().contains("eve has joined"));
    QVERIFY2(eve.says(u"No connection to "_s), eve.out().constData());
    QCOMPARE(ben.ends(), 0);
    QVERIFY2(anna.says(u"* ben has left"_s), anna.out().constData());
    QCOMPARE(anna.ends(), 0);
}

void tst_Examples::coAwaitWorksOnEveryFuture()
{
    if (QByteArray(QP2P_EXAMPLE_COAWAIT).isEmpty())
        QSKIP("The example coawait was not built: QCoro was not found.");
    Program program(QP2P_EXAMPLE_COAWAIT, {});
    QCOMPARE(program.ends(), 0);
    QCOMPARE(program.out(),
             QByteArray("The adder hears: thank you\n"
                        "The sum is 5050\n"
                        "PeerIdMismatch\n"));
}

QTEST_GUILESS_MAIN(tst_Examples)
#include "tst_examples.moc"
