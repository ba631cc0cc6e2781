// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Files of identities: passphrases, and who may read them.

#include <qp2pcore/identity.h>
#include <qp2pcore/localfile.h>
#include <qp2pcore/storage/keyfilepermissions.h>

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QScopeGuard>
#include <QTemporaryDir>
#include <QTest>

#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace Qp2p;

namespace {

mode_t modeOf(const QString &fileName)
{
    struct stat status = {};
    return ::stat(QFile::encodeName(fileName).constData(), &status) == 0 ? status.st_mode & 07777
                                                                         : 0;
}

QByteArray readFile(const QString &fileName)
{
    QFile file(fileName);
    return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class tst_IdentityPermissions : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    QString path(const QString &name) const { return m_folder.filePath(name); }

private Q_SLOTS:
    void init() { QVERIFY(m_folder.isValid()); }

    void whatIsSavedIsLoadedAgain()
    {
        const Result<Identity> identity = Identity::generate();
        const QString file = path(QStringLiteral("roundtrip \u00fc'.pem"));
        const Result<void> saved = identity->save(file);
        QVERIFY2(saved.isOk(), qPrintable(saved.error().message));
        const Result<Identity> loaded = Identity::load(file);
        QVERIFY2(loaded.isOk(), qPrintable(loaded.error().message));
        QVERIFY(loaded->peerId() == identity->peerId());
        QCOMPARE(loaded->privateKeyDer(), identity->privateKeyDer());
        QCOMPARE(loaded->certificates(), identity->certificates());
    }

    void whatIsSavedWithAPassphraseIsLoadedOnlyWithIt()
    {
        const Result<Identity> identity = Identity::generate();
        const QString file = path(QStringLiteral("encrypted.pem"));
        const QByteArray passphrase = "correct h\u00f6rse battery staple";
        QVERIFY(identity->save(file, passphrase).isOk());
        QVERIFY(readFile(file).contains("BEGIN ENCRYPTED PRIVATE KEY"));
        QVERIFY(!readFile(file).contains("BEGIN PRIVATE KEY"));

        const Result<Identity> loaded = Identity::load(file, passphrase);
        QVERIFY2(loaded.isOk(), qPrintable(loaded.error().message));
        QCOMPARE(loaded->privateKeyDer(), identity->privateKeyDer());

        const QList<QByteArray> wrongOnes{
            {}, "wrong", passphrase + 'x', passphrase.chopped(1), passphrase + '\0' + 'x'};
        for (const QByteArray &wrong : wrongOnes) {
            const Error error = Identity::load(file, wrong).error();
            QCOMPARE(error.code, ErrorCode::WrongPassphrase);
            QVERIFY2(error.message.contains(file), qPrintable(error.message));
            QVERIFY2(error.message.contains(QStringLiteral("passphrase")),
                     qPrintable(error.message));
        }
    }

    void aPassphraseThatGnutlsWouldChangeIsRefused()
    {
        const Result<Identity> identity = Identity::generate();
        for (const QByteArray &bad :
             {QByteArray("a\0b", 3), QByteArray("\xff\xfe"), QByteArray("tab\tbed")}) {
            const QString file = path(QStringLiteral("bad-passphrase.pem"));
            QCOMPARE(identity->save(file, bad).error().code, ErrorCode::InvalidArgument);
            QVERIFY(!QFile::exists(file));
        }
    }

    void theFileIsPrivateWhateverTheUmaskIs_data()
    {
        QTest::addColumn<uint>("mask");
        for (const uint mask : {0000U, 0022U, 0077U, 0277U, 0777U})
            QTest::addRow("%03o", mask) << mask;
    }

    void theFileIsPrivateWhateverTheUmaskIs()
    {
        QFETCH(const uint, mask);
        const Result<Identity> identity = Identity::generate();
        const QString file = path(QStringLiteral("umask%1.pem").arg(mask));
        const mode_t before = ::umask(mode_t(mask));
        const Result<void> saved = identity->save(file);
        ::umask(before);
        QVERIFY2(saved.isOk(), qPrintable(saved.error().message));
        QCOMPARE(modeOf(file), mode_t(0600));
        QVERIFY(Identity::load(file).isOk());
    }

    void aFileThatOthersMayTouchIsRefusedWithTheCommandThatMendsIt_data()
    {
        QTest::addColumn<uint>("mode");
        for (const uint mode : {0644U, 0604U, 0620U, 0602U, 0660U, 0601U, 0666U, 0777U})
            QTest::addRow("%03o", mode) << mode;
    }

    void aFileThatOthersMayTouchIsRefusedWithTheCommandThatMendsIt()
    {
        QFETCH(const uint, mode);
        const QString file = path(QStringLiteral("it's %1.pem").arg(mode, 0, 8));
        const Result<Identity> identity = Identity::generate();
        QVERIFY(identity->save(file).isOk());
        QCOMPARE(::chmod(QFile::encodeName(file).constData(), mode_t(mode)), 0);

        const Error error = Identity::load(file).error();
        QCOMPARE(error.code, ErrorCode::FilePermissions);
        const qsizetype command = error.message.indexOf(QStringLiteral("chmod 600 '"));
        QVERIFY2(command > 0, qPrintable(error.message));
        // Whoever starts the program may know better.
        QVERIFY(Identity::load(file, {}, KeyFileAccess::Shared).isOk());
        // Not only shown: run by a shell, it does what it says.
        QCOMPARE(QProcess::execute(QStringLiteral("/bin/sh"),
                                   {QStringLiteral("-c"), error.message.mid(command)}),
                 0);
        QVERIFY(Identity::load(file).isOk());
    }

    void stricterModesAreAccepted()
    {
        const QString file = path(QStringLiteral("strict.pem"));
        QVERIFY(Identity::generate()->save(file).isOk());
        QCOMPARE(::chmod(QFile::encodeName(file).constData(), 0400), 0);
        QVERIFY(Identity::load(file).isOk());
    }

    void whoMayReadAKeyIsJudgedByOwnerAndGroup_data()
    {
        QTest::addColumn<uint>("owner");
        QTest::addColumn<uint>("group");
        QTest::addColumn<uint>("mode");
        QTest::addColumn<int>("fault");
        const auto row = [](const char *name, uint owner, uint group, uint mode,
                            KeyFileFault fault) {
            QTest::newRow(name) << owner << group << mode << int(fault);
        };
        // For a process of user 1000 in the groups 1000 and 44.
        row("ours", 1000, 1000, 0600, KeyFileFault::None);
        row("ours, read by a group of ours", 1000, 44, 0640, KeyFileFault::None);
        row("ours, read by another group", 1000, 45, 0640, KeyFileFault::Mode);
        row("ours, with a group that has nothing", 1000, 45, 0600, KeyFileFault::None);
        row("ours, written by a group of ours", 1000, 44, 0660, KeyFileFault::Mode);
        row("root's, read by a group of ours", 0, 44, 0440, KeyFileFault::None);
        row("root's, read by another group", 0, 45, 0440, KeyFileFault::Mode);
        row("root's, read by all", 0, 0, 0444, KeyFileFault::Mode);
        row("root's, written by a group of ours", 0, 44, 0460, KeyFileFault::Mode);
        row("another user's", 1001, 44, 0440, KeyFileFault::Owner);
        row("another user's, for all", 1001, 1001, 0777, KeyFileFault::Owner);
        row("ours, executed by others", 1000, 1000, 0601, KeyFileFault::Mode);
    }

    void whoMayReadAKeyIsJudgedByOwnerAndGroup()
    {
        QFETCH(const uint, owner);
        QFETCH(const uint, group);
        QFETCH(const uint, mode);
        QFETCH(const int, fault);
        struct stat status = {};
        status.st_uid = owner;
        status.st_gid = group;
        status.st_mode = S_IFREG | mode;
        QCOMPARE(int(keyFileFault(status, 1000, {44, 1000})), fault);
    }

    //! As a container has them: root's file for the group of the process.
    void aMountedSecretIsRead()
    {
        if (::geteuid() != 0)
            QSKIP("only root can give files to a group and become another user");
        const QString mount = path(QStringLiteral("secret"));
        QVERIFY(QDir().mkpath(mount + QStringLiteral("/..2026")));
        const QString file = mount + QStringLiteral("/..2026/id.pem");
        QVERIFY(Identity::generate()->save(file).isOk());
        QVERIFY(QFile::link(QStringLiteral("..2026"), mount + QStringLiteral("/..data")));
        const QString name = mount + QStringLiteral("/id.pem");
        QVERIFY(QFile::link(QStringLiteral("..data/id.pem"), name));
        QCOMPARE(::chmod(QFile::encodeName(m_folder.path()).constData(), 0755), 0);
        const auto restore = qScopeGuard(
            [&] { ::chmod(QFile::encodeName(m_folder.path()).constData(), 0700); });
        constexpr gid_t group = 4444;
        constexpr uid_t user = 4445;
        const auto codeAsUser = [&](mode_t mode, KeyFileAccess access) {
            const QByteArray target = QFile::encodeName(file);
            if (::chown(target.constData(), 0, group) != 0 || ::chmod(target.constData(), mode) != 0)
                return -2;
            const pid_t child = ::fork();
            if (child == 0) {
                const bool became = ::setgroups(1, &group) == 0
                    && ::setresgid(user, user, user) == 0 && ::setresuid(user, user, user) == 0;
                const auto loaded = Identity::load(name, {}, access);
                ::_exit(!became ? 99 : loaded ? 0 : 10 + int(loaded.error().code));
            }
            int status = 0;
            ::waitpid(child, &status, 0);
            return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        };
        QCOMPARE(codeAsUser(0440, KeyFileAccess::Private), 0);
        QCOMPARE(codeAsUser(0640, KeyFileAccess::Private), 0);
        QCOMPARE(codeAsUser(0444, KeyFileAccess::Private), 10 + int(ErrorCode::FilePermissions));
        QCOMPARE(codeAsUser(0444, KeyFileAccess::Shared), 0);
        QCOMPARE(codeAsUser(0400, KeyFileAccess::Private), 10 + int(ErrorCode::FileUnreadable));
    }

    void aFileOfAnotherUserIsRefused()
    {
        if (::geteuid() != 0)
            QSKIP("only root can give a file away");
        const QString file = path(QStringLiteral("foreign.pem"));
        QVERIFY(Identity::generate()->save(file).isOk());
        QCOMPARE(::chown(QFile::encodeName(file).constData(), 65534, 65534), 0);
        const Error error = Identity::load(file).error();
        QCOMPARE(error.code, ErrorCode::FilePermissions);
        QVERIFY2(error.message.contains(QStringLiteral("another user")), qPrintable(error.message));
    }

    void aFileThatCannotBeReadIsRefused()
    {
        if (::geteuid() == 0)
            QSKIP("root may read everything, so permissions refuse nothing");
        const QString file = path(QStringLiteral("unreadable.pem"));
        QVERIFY(Identity::generate()->save(file).isOk());
        QCOMPARE(::chmod(QFile::encodeName(file).constData(), 0000), 0);
        QCOMPARE(Identity::load(file).error().code, ErrorCode::FileUnreadable);
    }
};

QTEST_GUILESS_MAIN(tst_IdentityPermissions)
#include "tst_identitypermissions.moc"
