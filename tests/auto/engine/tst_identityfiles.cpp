// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Files of identities: links, names, encodings, what is no file, and saving that fails.

#include <qp2pcore/identity.h>
#include <qp2pcore/localfile.h>
#include <shared/engine/certificates.h>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QScopeGuard>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qp2p;
using Test::Key;
using Test::KeyKind;

namespace {

QByteArray withCertificate(const Key &key)
{
    return key.pem + makeCertificate(key).pem;
}

// With exactly the mode \a mode, whatever the umask is.
void writeFile(const QString &fileName, const QByteArray &content, mode_t mode = 0600)
{
    QFile file(fileName);
    QVERIFY(file.open(QFile::WriteOnly | QFile::NewOnly));
    QCOMPARE(file.write(content), content.size());
    file.close();
    QCOMPARE(::chmod(QFile::encodeName(fileName).constData(), mode), 0);
}

QByteArray readFile(const QString &fileName)
{
    QFile file(fileName);
    return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class tst_IdentityFiles : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    QString path(const QString &name) const { return m_folder.filePath(name); }

private Q_SLOTS:
    void init() { QVERIFY(m_folder.isValid()); }

    void symbolicLinksAreFollowedAndNeverReplaced()
    {
        const QString folder = path(QStringLiteral("archive"));
        QVERIFY(QDir().mkpath(folder));
        const QString file = folder + QStringLiteral("/id1.pem");
        const Result<Identity> identity = Identity::generate();
        QVERIFY(identity->save(file).isOk());
        const QString link = path(QStringLiteral("live.pem"));
        QVERIFY(QFile::link(QStringLiteral("archive/id1.pem"), link));
        QCOMPARE(Identity::load(link)->peerId(), identity->peerId());
        QCOMPARE(Identity::loadOrGenerate(link)->peerId(), identity->peerId());
        QCOMPARE(identity->save(link).error().code, ErrorCode::FileExists);
        QVERIFY(QFileInfo(link).isSymLink());
        // What it leads to is what is checked.
        QCOMPARE(::chmod(QFile::encodeName(file).constData(), 0644), 0);
        QCOMPARE(Identity::load(link).error().code, ErrorCode::FilePermissions);
        // What is not there yet is no reason for another key.
        QVERIFY(QFile::remove(file));
        const Error error = Identity::loadOrGenerate(link).error();
        QCOMPARE(error.code, ErrorCode::FileUnreadable);
        QVERIFY2(error.message.contains(file), qPrintable(error.message));
        QVERIFY(QFileInfo(link).isSymLink());
        QVERIFY(!QFile::exists(file));
    }

    void namesOfAnyBytesAreFilesNames()
    {
        const QByteArray bytes = QFile::encodeName(m_folder.path())
            + "/\xff\xe4 \xc3\xa4\xed\xb2\x80.pem";
        const QString name = fileNameFromBytes(bytes);
        QCOMPARE(fileNameToBytes(name), bytes);
        QCOMPARE(fileNameFromBytes("/\xc3\xa4\xf0\x9f\x98\x80"),
                 QStringLiteral(u"/\u00e4\U0001f600"));
        QCOMPARE(fileNameToBytes(QStringLiteral(u"/\u00e4\U0001f600")), "/\xc3\xa4\xf0\x9f\x98\x80");
        const Result<Identity> identity = Identity::generate();
        const Result<void> saved = identity->save(name);
        QVERIFY2(saved.isOk(), qPrintable(saved.error().message));
        QCOMPARE(::access(bytes.constData(), R_OK), 0);
        QCOMPARE(Identity::load(name)->peerId(), identity->peerId());
        QCOMPARE(::unlink(bytes.constData()), 0);
    }

    void textOfOtherSystemsIsRead_data()
    {
        QTest::addColumn<QString>("encoding");
        for (const char *name : {"CRLF", "UTF-8 with mark", "UTF-16LE", "UTF-16BE"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }

    void textOfOtherSystemsIsRead()
    {
        QFETCH(const QString, encoding);
        const QString file = path(QStringLiteral("other system.pem"));
        const QByteArray pem = withCertificate(Key::generate(KeyKind::Ed25519));
        QByteArray text = pem;
        if (encoding == QStringLiteral("CRLF")) {
            text.replace("\n", "\r\n");
        } else if (encoding == QStringLiteral("UTF-8 with mark")) {
            text.prepend("\xef\xbb\xbf");
        } else {
            text = encoding == QStringLiteral("UTF-16LE") ? "\xff\xfe" : "\xfe\xff";
            for (const char letter : pem) {
                text += encoding == QStringLiteral("UTF-16LE") ? letter : '\0';
                text += encoding == QStringLiteral("UTF-16LE") ? '\0' : letter;
            }
        }
        writeFile(file, text);
        const Result<Identity> identity = Identity::load(file);
        QVERIFY(QFile::remove(file));
        QVERIFY2(identity.isOk(), qPrintable(identity.error().message));
        QCOMPARE(identity->peerId(), Identity::fromPem(pem)->peerId());
    }

    void whatIsNoPlainFileIsRefusedWithoutWaiting_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("inMessage");
        const QString target = path(QStringLiteral("target.pem"));
        QVERIFY(Identity::generate()->save(target).isOk());

        const QString toPipe = path(QStringLiteral("link to a pipe.pem"));
        QVERIFY(QFile::link(path(QStringLiteral("fifo.pem")), toPipe));
        QTest::newRow("link to a FIFO")
            << toPipe << ErrorCode::FileUnreadable << QStringLiteral("a pipe");
        const QString loop = path(QStringLiteral("loop.pem"));
        QVERIFY(QFile::link(loop, loop));
        QTest::newRow("link to itself") << loop << ErrorCode::FileUnreadable << QString();
        const QString dangling = path(QStringLiteral("dangling.pem"));
        QVERIFY(QFile::link(path(QStringLiteral("nowhere")), dangling));
        QTest::newRow("dangling link")
            << dangling << ErrorCode::FileUnreadable << QStringLiteral("symbolic link");
        const QString fifo = path(QStringLiteral("fifo.pem"));
        QCOMPARE(::mkfifo(QFile::encodeName(fifo).constData(), 0600), 0);
        QTest::newRow("FIFO") << fifo << ErrorCode::FileUnreadable << QStringLiteral("a pipe");
        QTest::newRow("folder") << m_folder.path() << ErrorCode::FileUnreadable
                                << QStringLiteral("a folder");
        QTest::newRow("/dev/zero") << QStringLiteral("/dev/zero") << ErrorCode::FileUnreadable
                                   << QStringLiteral("a device");
        QTest::newRow("/dev/null") << QStringLiteral("/dev/null") << ErrorCode::FileUnreadable
                                   << QStringLiteral("a device");
        QTest::newRow("missing") << path(QStringLiteral("missing.pem")) << ErrorCode::FileNotFound
                                 << QStringLiteral("There is no identity file");
        QTest::newRow("missing folder")
            << path(QStringLiteral("no/such/id.pem")) << ErrorCode::FileNotFound << QString();
        QTest::newRow("file as folder")
            << QString(target + QStringLiteral("/id.pem")) << ErrorCode::FileNotFound << QString();
        QTest::newRow("no name") << QString() << ErrorCode::InvalidArgument << QString();
        QTest::newRow("zero inside")
            << QString(target + QChar(0) + u'x') << ErrorCode::InvalidArgument << QString();
        QTest::newRow("name too long")
            << path(QString(300, u'a')) << ErrorCode::FileUnreadable << QString();
        const QString large = path(QStringLiteral("large.pem"));
        writeFile(large, readFile(target) + QByteArray(65536, '\n'));
        QTest::newRow("more than 64 KiB")
            << large << ErrorCode::FileUnreadable << QStringLiteral("65536");
        const QString empty = path(QStringLiteral("empty.pem"));
        writeFile(empty, {});
        QTest::newRow("empty") << empty << ErrorCode::InvalidPem << QStringLiteral("is empty");
        const QString zeros = path(QStringLiteral("zeros.pem"));
        writeFile(zeros, QByteArray(4096, 0));
        QTest::newRow("zeros, as after a power cut")
            << zeros << ErrorCode::InvalidPem << QStringLiteral("holds no PEM");
        const QString garbage = path(QStringLiteral("garbage.pem"));
        writeFile(garbage, "garbage");
        QTest::newRow("garbage") << garbage << ErrorCode::InvalidPem
                                 << QStringLiteral("holds no PEM");
    }

    void whatIsNoPlainFileIsRefusedWithoutWaiting()
    {
        QFETCH(const QString, file);
        QFETCH(const ErrorCode, code);
        QFETCH(const QString, inMessage);
        const Error error = Identity::load(file).error();
        QCOMPARE(error.code, code);
        QVERIFY2(error.message.contains(inMessage), qPrintable(error.message));
        QVERIFY2(error.message.contains(file), qPrintable(error.message));
        // Whatever is there must not be taken for a missing file and written over.
        if (code != ErrorCode::FileNotFound)
            QCOMPARE(Identity::loadOrGenerate(file).error().code, code);
    }

    void aFileOfExactly64KiBIsRead()
    {
        QByteArray pem = withCertificate(Key::generate(KeyKind::Ed25519));
        pem.append(QByteArray(65536 - pem.size(), '\n'));
        const QString file = path(QStringLiteral("64k.pem"));
        writeFile(file, pem);
        const Result<Identity> identity = Identity::load(file);
        QVERIFY2(identity.isOk(), qPrintable(identity.error().message));
    }

    void anExistingFileIsNeverReplaced()
    {
        const Result<Identity> identity = Identity::generate();
        const QString file = path(QStringLiteral("existing.pem"));
        writeFile(file, "precious");
        const QString dangling = path(QStringLiteral("existing-link.pem"));
        QVERIFY(QFile::link(path(QStringLiteral("elsewhere.pem")), dangling));
        QVERIFY(QDir(m_folder.path()).mkdir(QStringLiteral("existing-folder")));

        for (const QString &taken : {file, dangling, path(QStringLiteral("existing-folder"))}) {
            const Error error = identity->save(taken).error();
            QCOMPARE(error.code, ErrorCode::FileExists);
            QVERIFY2(error.message.contains(taken), qPrintable(error.message));
        }
        QCOMPARE(readFile(file), QByteArray("precious"));
        QVERIFY(!QFile::exists(path(QStringLiteral("elsewhere.pem"))));
    }

    void savingLeavesNothingBehindWhenItFails()
    {
        const QString folder = path(QStringLiteral("tidy"));
        QVERIFY(QDir().mkpath(folder));
        const QString file = folder + QStringLiteral("/id.pem");
        writeFile(file, "precious");
        QCOMPARE(Identity::generate()->save(file).error().code, ErrorCode::FileExists);
        QCOMPARE(QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
                 QStringList{QStringLiteral("id.pem")});
    }

    void savingIntoAFolderThatIsMissingSaysSo()
    {
        const Error error =
            Identity::generate()->save(path(QStringLiteral("nowhere/id.pem"))).error();
        QCOMPARE(error.code, ErrorCode::FileWriteFailed);
        QVERIFY2(error.message.contains(QStringLiteral("folder does not exist")),
                 qPrintable(error.message));
    }

    void savingIntoAFolderThatCannotBeWrittenSaysSo()
    {
        if (::geteuid() == 0)
            QSKIP("root may write everywhere, so permissions refuse nothing");
        const QString folder = path(QStringLiteral("readonly"));
        QVERIFY(QDir().mkpath(folder));
        QCOMPARE(::chmod(QFile::encodeName(folder).constData(), 0500), 0);
        QCOMPARE(Identity::generate()->save(folder + QStringLiteral("/id.pem")).error().code,
                 ErrorCode::FileWriteFailed);
    }

    void savingToADiskWithoutRoomSaysSoAndLeavesNothingBehind()
    {
        const QString folder = path(QStringLiteral("full"));
        QVERIFY(QDir().mkpath(folder));
        const Result<Identity> identity = Identity::generate();
        // A file size limit fails a write in its middle, as a full disk does.
        struct rlimit before = {};
        QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
        const auto oldHandler = std::signal(SIGXFSZ, SIG_IGN);
        const struct rlimit tight = {100, before.rlim_max};
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &tight), 0);
        const Error error = identity->save(folder + QStringLiteral("/id.pem")).error();
        ::setrlimit(RLIMIT_FSIZE, &before);
        std::signal(SIGXFSZ, oldHandler);
        QCOMPARE(error.code, ErrorCode::FileWriteFailed);
        QVERIFY(QDir(folder).isEmpty(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot));
    }

    void savingWhereNoFileCanBeMadeSaysSo()
    {
        const Error error = Identity::generate()->save(QStringLiteral("/proc/id.pem")).error();
        QCOMPARE(error.code, ErrorCode::FileWriteFailed);
        QVERIFY(error.message.contains(QStringLiteral("/proc/id.pem")));
    }

    void aRelativeNameIsSavedInTheCurrentFolder()
    {
        const QString before = QDir::currentPath();
        QVERIFY(QDir::setCurrent(m_folder.path()));
        const auto back = qScopeGuard([&] { QDir::setCurrent(before); });
        QVERIFY(Identity::generate()->save(QStringLiteral("-relative.pem")).isOk());
        QVERIFY(Identity::load(QStringLiteral("-relative.pem")).isOk());
        QCOMPARE(::chmod("-relative.pem", 0644), 0);
        QVERIFY(Identity::load(QStringLiteral("-relative.pem"))
                    .error()
                    .message.contains(QStringLiteral("chmod 600 './-relative.pem'")));
    }
};

QTEST_GUILESS_MAIN(tst_IdentityFiles)
#include "tst_identityfiles.moc"
