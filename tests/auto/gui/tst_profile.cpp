// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Profiles: their folder, their identity, the one program that uses them; pasted contacts.

#include <desktop/singleinstance.h>
#include <models/contactlines.h>
#include <models/profile.h>

#include <qp2pcore/authority.h>

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QLocalSocket>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#ifdef Q_OS_UNIX
#include <unistd.h>
#endif

using namespace Qp2p;
using namespace Qp2p::Gui;
using namespace Qt::StringLiterals;

namespace {

void write(const QString &name, const QByteArray &bytes)
{
    QFile file(name);
    QVERIFY(file.open(QFile::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

} // namespace

class tst_Profile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anIdentityBehindALinkIsNotReplaced();
    void refusedKeysAreRemembered();
    void theDisplayNameIsInTheCertificate();
    void theOwnContactIsReadByJoin_data();
    void theOwnContactIsReadByJoin();
    void aProfileIsUsedByOneProgram();
    void aFolderWithOtherThingsIsNoProfile();
    void aFileIsNoProfile();
    void aProfileThatCannotBeWrittenIsRefused();
    void namesOfProfilesAreChecked();
    void theIdentityIsMadeOnceAndKept();
    void aReplacedIdentityIsNotLost();
    void contactsAreReadLineByLine();
    void aHundredThousandLinesAreReadAtOnce();
    void aSecondStartRaisesTheFirst();
    void theSocketTakesNoNonsense();
};

void tst_Profile::anIdentityBehindALinkIsNotReplaced()
{
    QTemporaryDir folder;
    QTemporaryDir elsewhere;
    const QString target = elsewhere.filePath(u"id.pem"_s);
    const Result<Identity> ours = Identity::generate();
    QVERIFY(ours->save(target));
    auto profile = Profile::open(folder.path());
    QVERIFY(profile);
    const QString link = profile.value()->identityFile();
    QVERIFY(QFile::link(target, link));
    QVERIFY(profile.value()->loadIdentity());
    QCOMPARE(profile.value()->identity().peerId(), ours->peerId());
    const Result<void> replaced = profile.value()->replaceIdentity(*Identity::generate());
    QCOMPARE(replaced.error().code, ErrorCode::FileExists);
    QVERIFY2(replaced.error().message.contains(target), qPrintable(replaced.error().message));
    QVERIFY(QFileInfo(link).isSymLink());
    QCOMPARE(Identity::load(target)->peerId(), ours->peerId());
}

void tst_Profile::refusedKeysAreRemembered()
{
    const auto id = [](int number) {
        return PeerId::fromBytes(
            QByteArray(QByteArray(31, 'k') + char(number))); // up to 255 of them
    };
    QTemporaryDir folder;
    const QString file = folder.filePath(u"settings.ini"_s);
    {
        Settings settings(file);
        settings.refuseKey(id(1), id(2));
        settings.refuseKey(id(1), id(3));
        settings.acceptKey(id(1), id(3));
    }
    Settings settings(file);
    QVERIFY(settings.refusesKey(id(1), id(2)));
    QVERIFY(!settings.refusesKey(id(1), id(3)));
    QVERIFY(!settings.refusesKey(id(2), id(1)));
    for (int i = 3; i < 3 + Settings::MaxRefusedKeys; ++i)
        settings.refuseKey(id(1), id(i));
    QVERIFY(!settings.refusesKey(id(1), id(2))); // the oldest has left
    QVERIFY(settings.refusesKey(id(1), id(3)));
}

void tst_Profile::theDisplayNameIsInTheCertificate()
{
    QTemporaryDir folder;
    PeerId peerId;
    {
        auto profile = Profile::open(folder.path());
        QVERIFY(profile.value()->loadIdentity().isOk());
        peerId = profile.value()->identity().peerId();
        QCOMPARE(profile.value()->displayName(), QString());
        QVERIFY(profile.value()->setDisplayName(u"Änne & Söhne"_s).isOk());
        const QString tooLong(Identity::MaxDisplayName + 1, u'x');
        for (const QString &bad : {tooLong, u" x"_s, u"a\nb"_s, u"\u202egnp"_s})
            QCOMPARE(profile.value()->setDisplayName(bad).error().code, ErrorCode::InvalidArgument);
    }
    auto profile = Profile::open(folder.path());
    QVERIFY(profile.value()->loadIdentity().isOk());
    QCOMPARE(profile.value()->identity().peerId(), peerId);
    QCOMPARE(nameInCertificate(profile.value()->identity().certificates().first()),
             u"Änne & Söhne"_s); // as peers show it
    QCOMPARE(profile.value()->displayName(), u"Änne & Söhne"_s);
    QVERIFY(QDir(folder.path()).entryList({u"identity-until-*"_s}).isEmpty()); // one key, one file

    QVERIFY(profile.value()->setDisplayName({}).isOk());
    QCOMPARE(profile.value()->displayName(), QString());
    const auto authority = Authority::create(u"friends"_s);
    QVERIFY(profile.value()->replaceIdentity(*authority->issue({u"anna"_s})).isOk());
    QCOMPARE(profile.value()->displayName(), u"anna"_s);
    QCOMPARE(profile.value()->setDisplayName(u"ben"_s).error().code, ErrorCode::WrongState);
}

void tst_Profile::theOwnContactIsReadByJoin_data()
{
    QTest::addColumn<NetworkStatus>("status");
    QTest::addColumn<QString>("address");
    NetworkStatus status;
    QTest::newRow("not listening") << status << QString();
    status.isListening = true;
    status.localPort = 12000;
    status.ipv4.advertisedPort = status.ipv6.advertisedPort = 12000;
    status.peerId = PeerId::fromBytes(QByteArray(32, 'k'));
    status.localAddress = QHostAddress(u"192.168.1.2"_s);
    QTest::newRow("local network") << status << u"192.168.1.2:12000"_s;
    status.ipv6.observedAddress = PeerAddress(QHostAddress(u"2001:db8::1"_s), 12001);
    QTest::newRow("public, IPv6") << status << u"[2001:db8::1]:12000"_s;
    status.ipv4.observedAddress = PeerAddress(QHostAddress(u"192.0.2.1"_s), 12002);
    QTest::newRow("public, IPv4") << status << u"192.0.2.1:12000"_s;
    status.ipv6.advertisedPort = 23000;
    QTest::newRow("another port outside, IPv6") << status << u"192.0.2.1:12000"_s;
    status.ipv4.advertisedPort = 22000;
    QTest::newRow("another port outside") << status << u"192.0.2.1:22000"_s;
}

void tst_Profile::theOwnContactIsReadByJoin()
{
    QFETCH(const NetworkStatus, status);
    QFETCH(const QString, address);
    const QString line = ownContactLine(status);
    NetworkStatus nameless = status;
    nameless.peerId = {};
    QVERIFY(ownContactLine(nameless).isEmpty());
    if (address.isEmpty()) {
        QVERIFY(line.isEmpty());
        return;
    }
    const ContactLines read = ContactLines::parse(line);
    QCOMPARE(read.wrongLines, 0);
    QCOMPARE(read.contacts.size(), 1);
    QCOMPARE(read.contacts.first().endpointString(), address);
    QCOMPARE(read.contacts.first().peerId(), status.peerId);
}

void tst_Profile::aProfileIsUsedByOneProgram()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"mine"_s);
    auto first = Profile::open(path);
    QVERIFY(first.isOk());
    const auto second = Profile::open(path);
    QCOMPARE(second.error().code, ErrorCode::WrongState);
    QVERIFY(second.error().message.contains(QString::number(QCoreApplication::applicationPid())));
    first.value().reset();
    QVERIFY(Profile::open(path).isOk());
}

void tst_Profile::aFolderWithOtherThingsIsNoProfile()
{
    QTemporaryDir folder;
    write(folder.filePath(u"letter.txt"_s), "Dear Anna");
    const auto opened = Profile::open(folder.path());
    QCOMPARE(opened.error().code, ErrorCode::InvalidArgument);
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden),
             QStringList{u"letter.txt"_s});
}

void tst_Profile::aFileIsNoProfile()
{
    QTemporaryDir folder;
    write(folder.filePath(u"file"_s), "x");
    QCOMPARE(Profile::open(folder.filePath(u"file"_s)).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(Profile::open(folder.filePath(u"file/below"_s)).error().code,
             ErrorCode::PermissionDenied);
}

void tst_Profile::aProfileThatCannotBeWrittenIsRefused()
{
#ifdef Q_OS_UNIX
    if (::geteuid() == 0)
        QSKIP("root may write everywhere");
    QTemporaryDir folder;
    QVERIFY(QFile::setPermissions(folder.path(), QFile::ReadOwner | QFile::ExeOwner));
    QCOMPARE(Profile::open(folder.path()).error().code, ErrorCode::PermissionDenied);
    QFile::setPermissions(folder.path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
#endif
}

void tst_Profile::namesOfProfilesAreChecked()
{
    for (const QString &good : {u"default"_s, u"My friends 2"_s, u"a"_s})
        QVERIFY2(Profile::checkName(good).isOk(), qPrintable(good));
    for (const QString &bad : {u""_s, u".."_s, u"../x"_s, u"a/b"_s, u" a"_s, u"-a"_s,
                               QString(41, u'a'), u"a\n"_s, u"ä"_s})
        QVERIFY2(!Profile::checkName(bad), qPrintable(bad));
}

void tst_Profile::theIdentityIsMadeOnceAndKept()
{
    QTemporaryDir folder;
    PeerId peerId;
    {
        auto profile = Profile::open(folder.path());
        QVERIFY(profile.value()->loadIdentity().isOk());
        peerId = profile.value()->identity().peerId();
    }
    auto profile = Profile::open(folder.path());
    QVERIFY(profile.value()->loadIdentity().isOk());
    QCOMPARE(profile.value()->identity().peerId(), peerId);
#ifdef Q_OS_UNIX
    QVERIFY(!(QFile::permissions(profile.value()->identityFile())
              & (QFile::ReadGroup | QFile::ReadOther)));
#endif
}

void tst_Profile::aReplacedIdentityIsNotLost()
{
    QTemporaryDir folder;
    auto profile = Profile::open(folder.path());
    QVERIFY(profile.value()->loadIdentity().isOk());
    const PeerId old = profile.value()->identity().peerId();
    const auto fresh = Identity::generate();
    QVERIFY(profile.value()->replaceIdentity(*fresh).isOk());
    QCOMPARE(profile.value()->identity().peerId(), fresh->peerId());
    QCOMPARE(Identity::load(profile.value()->identityFile())->peerId(), fresh->peerId());
    const QStringList kept = QDir(folder.path()).entryList({u"identity-until-*.pem"_s}, QDir::Files);
    QCOMPARE(kept.size(), 1);
    QCOMPARE(Identity::load(folder.filePath(kept.first()))->peerId(), old);
}

void tst_Profile::contactsAreReadLineByLine()
{
    const ContactLines lines = ContactLines::parse(
        u"# friends\n192.0.2.1:12000\r\n\n  [2001:db8::1]:2 # home\n192.0.2.1\n"
        "192.0.2.1:12000\n<b>x</b>:1\nexample.org:99999\n");
    QCOMPARE(lines.contacts.size(), 2);
    QCOMPARE(lines.contacts.at(1).endpointString(), u"[2001:db8::1]:2"_s);
    QCOMPARE(lines.wrongLines, 3);
    QCOMPARE(lines.problems.at(0).line, 5);
    QCOMPARE(lines.problems.at(1).line, 7);
    QCOMPARE(lines.problems.at(2).line, 8);
}

void tst_Profile::aHundredThousandLinesAreReadAtOnce()
{
    QString text;
    for (int i = 0; i < 100'000; ++i)
        text += i % 2 ? u"10.%1.%2.1:12000\n"_s.arg(i / 250 % 250).arg(i % 250)
                      : u"rubbish %1\n"_s.arg(i);
    QElapsedTimer timer;
    timer.start();
    const ContactLines lines = ContactLines::parse(text);
    qInfo("100,000 lines in %lld ms", timer.elapsed());
    QCOMPARE(lines.contacts.size(), ContactLines::MaxContacts);
    QCOMPARE(lines.problems.size(), ContactLines::MaxProblems);
    QVERIFY(lines.wrongLines >= 50'000);
}

void tst_Profile::aSecondStartRaisesTheFirst()
{
    QTemporaryDir folder;
    QVERIFY(!SingleInstance::raiseOther(folder.path()));
    SingleInstance instance(folder.path());
    QVERIFY(instance.listen());
    QSignalSpy raised(&instance, &SingleInstance::raiseWanted);
    // The other program, which waits for the answer.
    bool answered = false;
    std::unique_ptr<QThread> other(QThread::create(
        [&answered, path = folder.path()] { answered = SingleInstance::raiseOther(path); }));
    other->start();
    QTRY_COMPARE(raised.size(), 1);
    QTRY_VERIFY(other->isFinished());
    QVERIFY(answered);

    // One that was killed leaves its socket: the next takes it over.
    SingleInstance next(folder.path());
    QVERIFY(next.listen());
}

void tst_Profile::theSocketTakesNoNonsense()
{
    QTemporaryDir folder;
    SingleInstance instance(folder.path());
    QVERIFY(instance.listen());
    QSignalSpy raised(&instance, &SingleInstance::raiseWanted);
    const QDir runtime(QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation));
    const QStringList sockets = runtime.entryList({u"qp2p-desktop-*"_s}, QDir::System | QDir::Files,
                                                  QDir::Time);
    QVERIFY(!sockets.isEmpty());
    for (const QByteArray &nonsense : {QByteArray("lower\n"), QByteArray(100'000, 'x')}) {
        QLocalSocket socket;
        socket.connectToServer(runtime.filePath(sockets.first()));
        QSignalSpy gone(&socket, &QLocalSocket::disconnected);
        socket.write(nonsense);
        QTRY_COMPARE(gone.size(), 1);
    }
    QCOMPARE(raised.size(), 0);
}

QTEST_GUILESS_MAIN(tst_Profile)
#include "tst_profile.moc"
