// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The settings of a profile, also broken, foreign and unwritable ones.

#include <models/profile.h>

#include <QDir>
#include <QFile>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

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

QByteArray read(const QString &name)
{
    QFile file(name);
    return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class tst_ProfileSettings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void settingsAreThereAfterARestart();
    void settingsThatCannotBeUsedCountAsNotSet();
    void unknownSettingsAreKept();
    void brokenSettingsAreSetAside();
    void externalPortsAreOfOneFamilyEach();
    void everyTruncationOfTheSettingsStarts();
    void aPrivateAuthorityNeverTurnsIntoEncryptOnly();
    void settingsThatCannotBeWrittenAreReported();
    void onlyWhatConcernsTheNetworkTellsSo();
    void aPortIsChosenOnceAndKept();
    void theConfigurationFollowsTheSettings();
};

void tst_ProfileSettings::settingsAreThereAfterARestart()
{
    QTemporaryDir folder;
    const QString file = folder.filePath(u"settings.ini"_s);
    const auto policy = CertificatePolicy::privateAuthority(
        {u"/a folder/ä, \"b\".pem"_s, u"/two.pem"_s}, u"friends"_s);
    {
        Settings settings(file);
        QVERIFY(!settings.problem().isError());
        settings.setRole(Peer::Role::Client);
        settings.setListenPort(12000);
        settings.setFamilies(Settings::Families::IPv6);
        settings.setRetryMode(EndpointConfig::RetryMode::UnderLoad);
        settings.setNetworkName(u"Freunde & Co"_s);
        settings.setCertificatePolicy(policy);
        settings.setContacts({u"192.0.2.1:12000"_s});
        settings.setUnits({Units::Rates::Bits, Units::Prefixes::Decimal});
        settings.setAppearance(Settings::Appearance::Dark);
        settings.setLanguage(u"de"_s);
        settings.setLayout(u"window"_s, QByteArray("\0\1\xff", 3));
    }
    Settings settings(file);
    QVERIFY(!settings.problem().isError());
    QCOMPARE(settings.role(), Peer::Role::Client);
    QCOMPARE(settings.listenPort(), 12000);
    QCOMPARE(settings.families(), Settings::Families::IPv6);
    QCOMPARE(settings.addressToListenOn(), QHostAddress(QHostAddress::AnyIPv6));
    QVERIFY(settings.retryMode() == EndpointConfig::RetryMode::UnderLoad);
    QCOMPARE(settings.networkName(), u"Freunde & Co"_s);
    QVERIFY(settings.certificatePolicy() == policy);
    QCOMPARE(settings.contacts(), QStringList{u"192.0.2.1:12000"_s});
    QVERIFY(settings.units().rates == Units::Rates::Bits);
    QVERIFY(settings.units().prefixes == Units::Prefixes::Decimal);
    QCOMPARE(settings.appearance(), Settings::Appearance::Dark);
    QCOMPARE(settings.language(), u"de"_s);
    QCOMPARE(settings.layout(u"window"_s), QByteArray("\0\1\xff", 3));
}

void tst_ProfileSettings::settingsThatCannotBeUsedCountAsNotSet()
{
    QTemporaryDir folder;
    const QString file = folder.filePath(u"settings.ini"_s);
    write(file,
          "[network]\nrole=King\nlistenPort=99999\nlistenAddress=nowhere\nfamilies=7\nretry=-1\n"
          "maxConnections=0\nmaxMessageMebibytes=many\nwantedLinks=65\nrefusesUnreachable=perhaps\n"
          "[window]\nrefreshSeconds=0\nappearance=Pink\n[certificates]\nmode=Trust\n");
    const Settings settings(file);
    QCOMPARE(settings.role(), Peer::Role::Node);
    QCOMPARE(settings.listenPort(), 0);
    QCOMPARE(settings.listenAddress(), QString());
    QCOMPARE(settings.families(), Settings::Families::Both);
    QVERIFY(settings.retryMode() == EndpointConfig::RetryMode::Always);
    QCOMPARE(settings.maxConnections(), 4096);
    QCOMPARE(settings.maxMessageMebibytes(), 16);
    QCOMPARE(settings.wantedLinks(), 8);
    QVERIFY(!settings.refusesUnreachable());
    QCOMPARE(settings.refreshSeconds(), 1);
    QCOMPARE(settings.appearance(), Settings::Appearance::System);
}

void tst_ProfileSettings::unknownSettingsAreKept()
{
    QTemporaryDir folder;
    const QString file = folder.filePath(u"settings.ini"_s);
    write(file, "[General]\nversion=99\n[future]\nthing=42\n");
    {
        Settings settings(file);
        QCOMPARE(settings.problem().code, ErrorCode::Unsupported);
        settings.setListenPort(1234);
    }
    QVERIFY(read(file).contains("thing=42"));
    QVERIFY(read(file).contains("listenPort=1234"));
}

void tst_ProfileSettings::brokenSettingsAreSetAside()
{
    QTemporaryDir folder;
    const QString file = folder.filePath(u"settings.ini"_s);
    QVERIFY(QDir().mkpath(file)); // a folder in its place
    {
        Settings settings(file);
        QCOMPARE(settings.problem().code, ErrorCode::FileUnreadable);
        settings.setListenPort(1234);
        QVERIFY(settings.save().isOk());
    }
    QVERIFY(QFileInfo(file + u".broken"_s).isDir());
    QVERIFY(QFile::remove(file));
    QVERIFY(QDir().rmdir(file + u".broken"_s));

    write(file, QByteArray("no section and no equals sign\n\0\1\2", 33));
    {
        const Settings settings(file);
        QCOMPARE(settings.problem().code, ErrorCode::FileUnreadable);
        QVERIFY(settings.problem().message.contains(file + u".broken"_s));
        QCOMPARE(settings.listenPort(), 0);
    }
    QVERIFY(read(file + u".broken"_s).startsWith("no section"));

    write(file, QByteArray(5 * 1024 * 1024, 'x')); // nobody has that many settings
    QCOMPARE(Settings(file).problem().code, ErrorCode::FileUnreadable);

    write(file, QByteArray(4096, 0)); // what a power cut leaves
    QCOMPARE(Settings(file).problem().code, ErrorCode::FileUnreadable);
    QCOMPARE(read(file + u".broken"_s), QByteArray(4096, 0));
    write(file, QByteArray("\xff\xfe[\0n\0]\0\n\0a\0=\0b\0\n\0", 18)); // UTF-16
    QCOMPARE(Settings(file).problem().code, ErrorCode::FileUnreadable);
    write(file, "[network]\r\nlistenPort=1234\r\n");
    QVERIFY(!Settings(file).problem().isError());
    QCOMPARE(Settings(file).listenPort(), 1234);
}

void tst_ProfileSettings::externalPortsAreOfOneFamilyEach()
{
    constexpr auto ipv4 = QAbstractSocket::IPv4Protocol;
    constexpr auto ipv6 = QAbstractSocket::IPv6Protocol;
    QTemporaryDir folder;
    auto profile = Profile::open(folder.path());
    QVERIFY(profile);
    QCOMPARE(profile.value()->settings().externalPort(ipv4), quint16(0));
    profile.value()->settings().setExternalPort(ipv4, 22000);
    profile.value()->settings().setExternalPort(ipv6, 22001);
    QVERIFY(profile.value()->settings().save());
    const Settings again(folder.filePath(u"settings.ini"_s));
    QCOMPARE(again.externalPort(ipv4), quint16(22000));
    QCOMPARE(again.externalPort(ipv6), quint16(22001));
    const auto config = profile.value()->networkConfig();
    QVERIFY(config);
    QCOMPARE(config->externalPort(ipv4), quint16(22000));
    QCOMPARE(config->externalPort(ipv6), quint16(22001));
    write(folder.filePath(u"low.ini"_s), "[network]\nexternalPortIPv4=80\nexternalPortIPv6=x\n");
    const Settings low(folder.filePath(u"low.ini"_s));
    QCOMPARE(low.externalPort(ipv4), quint16(0));
    QCOMPARE(low.externalPort(ipv6), quint16(0));
}

void tst_ProfileSettings::everyTruncationOfTheSettingsStarts()
{
    QTemporaryDir folder;
    const QString file = folder.filePath(u"settings.ini"_s);
    {
        Settings settings(file);
        settings.setListenPort(12000);
        settings.setCertificatePolicy(
            CertificatePolicy::privateAuthority({u"/a.pem"_s}, u"friends"_s));
        settings.setContacts({u"192.0.2.1:1"_s, u"192.0.2.2:2"_s});
        settings.setLayout(u"window"_s, QByteArray(200, '\x80'));
    }
    const QByteArray whole = read(file);
    QVERIFY(whole.size() > 300);
    for (qsizetype size = 0; size < whole.size(); ++size) {
        write(file, whole.first(size));
        const Settings settings(file);
        const quint16 port = settings.listenPort();
        QVERIFY(port == 0 || port == 1 || port == 12 || port == 120 || port == 1200
                || port == 12000);
        (void)settings.certificatePolicy();
        (void)settings.contacts();
    }
    QRandomGenerator random(1);
    for (int i = 0; i < 1000; ++i) {
        QByteArray flipped = whole;
        flipped[random.bounded(flipped.size())] = char(random.bounded(256));
        write(file, flipped);
        Settings settings(file);
        settings.setListenPort(quint16(1 + random.bounded(60'000)));
        QVERIFY(settings.save().isOk());
    }
}

//! A mode that lets everybody in is never what is left of one that does not.
void tst_ProfileSettings::aPrivateAuthorityNeverTurnsIntoEncryptOnly()
{
    QTemporaryDir folder;
    const QString file = folder.filePath(u"settings.ini"_s);
    write(file, "[certificates]\nmode=PrivateAuthority\n"); // its file is gone
    const Settings settings(file);
    QVERIFY(settings.certificatePolicy().mode() == CertificateMode::PrivateAuthority);
    QVERIFY(!settings.certificatePolicy().validate());
}

void tst_ProfileSettings::settingsThatCannotBeWrittenAreReported()
{
    QTemporaryDir folder;
    Settings settings(folder.filePath(u"gone/settings.ini"_s));
    write(folder.filePath(u"gone"_s), "a file where the folder should be");
    settings.setListenPort(1234);
    const Result<void> saved = settings.save();
    QCOMPARE(saved.error().code, ErrorCode::FileWriteFailed);
    QVERIFY(saved.error().message.contains(u"gone/settings.ini"_s));
    QCOMPARE(settings.listenPort(), 1234); // for as long as it runs
}

void tst_ProfileSettings::onlyWhatConcernsTheNetworkTellsSo()
{
    QTemporaryDir folder;
    Settings settings(folder.filePath(u"settings.ini"_s));
    QSignalSpy network(&settings, &Settings::networkChanged);
    QSignalSpy window(&settings, &Settings::windowChanged);
    settings.setListenPort(1);
    settings.setListenPort(1); // the same again is no change
    QCOMPARE(network.size(), 1);
    settings.setAppearance(Settings::Appearance::Dark);
    settings.setContacts({u"192.0.2.1:1"_s});
    QCOMPARE(network.size(), 1);
    QCOMPARE(window.size(), 1);
    settings.setCertificatePolicy(CertificatePolicy::agreedAuthority());
    QCOMPARE(network.size(), 2);
}

void tst_ProfileSettings::aPortIsChosenOnceAndKept()
{
    QTemporaryDir folder;
    const QString file = folder.filePath(u"settings.ini"_s);
    quint16 port = 0;
    {
        Settings settings(file);
        QSignalSpy network(&settings, &Settings::networkChanged);
        settings.chooseListenPort();
        port = settings.listenPort();
        QVERIFY(port >= 20000 && port < 32768);
        settings.chooseListenPort();
        QCOMPARE(settings.listenPort(), port);
        QCOMPARE(network.size(), 0); // nothing has to be joined again for it
    }
    {
        Settings settings(file);
        settings.chooseListenPort();
        QCOMPARE(settings.listenPort(), port);
        settings.setListenPort(0); // the user wants another each time
    }
    Settings settings(file);
    settings.chooseListenPort();
    QCOMPARE(settings.listenPort(), 0);
}

void tst_ProfileSettings::theConfigurationFollowsTheSettings()
{
    QTemporaryDir folder;
    auto profile = Profile::open(folder.path());
    QVERIFY(profile.value()->loadIdentity().isOk());
    Settings &settings = profile.value()->settings();
    settings.setRole(Peer::Role::Client);
    settings.setMaxMessageMebibytes(64);
    settings.setNetworkName(u"friends"_s);
    settings.setWritesQlog(true);
    const auto config = profile.value()->networkConfig();
    QVERIFY(config.isOk());
    QVERIFY2(config->validate().isOk(), qPrintable(config->validate().error().message));
    QCOMPARE(config->role(), Peer::Role::Client);
    QCOMPARE(config->endpoint().maxMessageSize(), qint64(64) * 1024 * 1024);
    QCOMPARE(config->endpoint().networkName(), u"friends"_s);
    QVERIFY(QFileInfo(config->endpoint().qlogDirectory()).isDir());
    QCOMPARE(config->endpoint().identity().peerId(), profile.value()->identity().peerId());
    QVERIFY(config->cacheFile().startsWith(folder.path()));
    QVERIFY(config->blockListFile().startsWith(folder.path()));
}

QTEST_GUILESS_MAIN(tst_ProfileSettings)
#include "tst_profilesettings.moc"
