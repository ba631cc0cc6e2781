// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A program must refuse to run with an ngtcp2 that a hostile peer can abort.

#include <qp2pcore/io/runtimechecks.h>
#include <qp2pcore/version.h>

#include <QObject>
#include <QTest>
#include <QVersionNumber>

using namespace Qp2p;
using namespace Qt::StringLiterals;

class tst_Version : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theLoadedLibrariesAreNewEnough();
    void versionsAreVersionNumbers_data();
    void versionsAreVersionNumbers();
    void theLibraryIsTheOneWeWereCompiledAgainst();
    void olderLibrariesAreRefused_data();
    void olderLibrariesAreRefused();
    void theNeededAndNewerOnesAreAccepted_data();
    void theNeededAndNewerOnesAreAccepted();
    void smallSocketBuffersAreNamed_data();
    void smallSocketBuffersAreNamed();
};

void tst_Version::smallSocketBuffersAreNamed_data()
{
    QTest::addColumn<qint64>("receiving");
    QTest::addColumn<qint64>("sending");
    QTest::addColumn<bool>("enough");
    QTest::newRow("a stock system") << qint64(212'992) << qint64(212'992) << false;
    QTest::newRow("receiving only") << qint64(4'194'303) << qint64(8'000'000) << false;
    QTest::newRow("sending only") << qint64(8'000'000) << qint64(4'194'303) << false;
    QTest::newRow("as asked for") << qint64(4'194'304) << qint64(4'194'304) << true;
}

void tst_Version::smallSocketBuffersAreNamed()
{
    QFETCH(const qint64, receiving);
    QFETCH(const qint64, sending);
    QFETCH(const bool, enough);
    const Result<void> buffers = checkSocketBufferLimits(receiving, sending);
    QCOMPARE(buffers.isOk(), enough);
    if (!enough) {
        QCOMPARE(buffers.error().code, ErrorCode::ResourceLimit);
        QVERIFY(buffers.error().message.contains(u"sysctl -w net.core.rmem_max=4194304"));
        QVERIFY(buffers.error().message.contains(QString::number(receiving / 1024) + u" KiB"));
    }
}

void tst_Version::theLoadedLibrariesAreNewEnough()
{
    const Result<void> usable = checkRuntime();
    QVERIFY2(usable.isOk(), qPrintable(usable.error().message));
}

void tst_Version::versionsAreVersionNumbers_data()
{
    QTest::addColumn<QString>("version");
    QTest::newRow("qp2pcore") << versionString();
    QTest::newRow("ngtcp2") << ngtcp2Version();
    QTest::newRow("GnuTLS") << gnutlsVersion();
}

void tst_Version::versionsAreVersionNumbers()
{
    QFETCH(const QString, version);
    QVERIFY2(QVersionNumber::fromString(version).segmentCount() >= 3, qPrintable(version));
}

void tst_Version::theLibraryIsTheOneWeWereCompiledAgainst()
{
    QCOMPARE(versionString(), QStringLiteral(QP2PCORE_VERSION_STRING));
}

void tst_Version::olderLibrariesAreRefused_data()
{
    QTest::addColumn<QString>("ngtcp2");
    QTest::addColumn<QString>("gnutls");
    QTest::addColumn<QString>("found");
    QTest::addColumn<QString>("needed");
    QTest::addColumn<QString>("remedy");
    const QString script = u"installer/dependencies.sh"_s;
    const QString package = u"libgnutls30"_s;
    QTest::newRow("ngtcp2 of Debian 13")
        << u"1.11.0"_s << u"3.8.9"_s << u"1.11.0"_s << u"1.22.1"_s << script;
    QTest::newRow("ngtcp2 one patch short")
        << u"1.22.0"_s << u"3.7.9"_s << u"1.22.0"_s << u"1.22.1"_s << script;
    QTest::newRow("ngtcp2 before 1")
        << u"0.12.1"_s << u"3.7.9"_s << u"0.12.1"_s << u"1.22.1"_s << script;
    QTest::newRow("GnuTLS one patch short")
        << u"1.22.1"_s << u"3.7.8"_s << u"3.7.8"_s << u"3.7.9"_s << package;
    QTest::newRow("unreadable version") << u"?"_s << u"3.7.9"_s << u"?"_s << u"1.22.1"_s << script;
}

void tst_Version::olderLibrariesAreRefused()
{
    QFETCH(const QString, ngtcp2);
    QFETCH(const QString, gnutls);
    QFETCH(const QString, found);
    QFETCH(const QString, needed);
    QFETCH(const QString, remedy);
    const Error error = checkRuntimeVersions(ngtcp2, gnutls).error();
    QCOMPARE(error.code, ErrorCode::Unsupported);
    QVERIFY2(error.message.contains(found), qPrintable(error.message));
    QVERIFY2(error.message.contains(needed), qPrintable(error.message));
    QVERIFY2(error.message.contains(remedy), qPrintable(error.message));
}

void tst_Version::theNeededAndNewerOnesAreAccepted_data()
{
    QTest::addColumn<QString>("ngtcp2");
    QTest::addColumn<QString>("gnutls");
    QTest::newRow("needed") << u"1.22.1"_s << u"3.7.9"_s;
    QTest::newRow("newer") << u"1.100.0"_s << u"3.8.12"_s;
    QTest::newRow("next major") << u"2.0.0"_s << u"4.0.0"_s;
    QTest::newRow("development version") << u"1.23.0-DEV"_s << u"3.7.9"_s;
}

void tst_Version::theNeededAndNewerOnesAreAccepted()
{
    QFETCH(const QString, ngtcp2);
    QFETCH(const QString, gnutls);
    QVERIFY(checkRuntimeVersions(ngtcp2, gnutls).isOk());
}

QTEST_GUILESS_MAIN(tst_Version)
#include "tst_version.moc"
