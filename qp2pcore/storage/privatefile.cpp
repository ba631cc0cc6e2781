// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/storage/privatefile.h>

#include <qp2pcore/storage/descriptor.h>
#include <qp2pcore/storage/filenames.h>
#include <qp2pcore/storage/folders.h>
#include <qp2pcore/storage/keyfilepermissions.h>

#include <gnutls/crypto.h>

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <array>

#ifdef Q_OS_UNIX
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#endif
#ifdef Q_OS_LINUX
#include <sys/syscall.h>
#endif

namespace Qp2p {

namespace {

struct PrivateFileText
{
    Q_DECLARE_TR_FUNCTIONS(Qp2p::Identity)
};

Error fileError(ErrorCode code, const QString &message)
{
    return Error(code, message);
}

Result<void> checkFileName(const QString &fileName)
{
    // The system would take what stands before a zero for the whole name.
    if (fileName.isEmpty() || fileName.contains(QChar::Null) || fileName.endsWith(u'/'))
        return fileError(
            ErrorCode::InvalidArgument,
            PrivateFileText::tr("%1 is not the name of a file. Name one.").arg(quoted(fileName)));
    return {};
}

Error cannotRead(const QString &fileName, const QString &reason)
{
    return fileError(
        ErrorCode::FileUnreadable,
        PrivateFileText::tr("The file %1 cannot be read: %2.").arg(quoted(fileName), reason));
}

Error cannotWrite(const QString &fileName, const QString &reason)
{
    return fileError(ErrorCode::FileWriteFailed,
                     PrivateFileText::tr("The identity file %1 cannot be written: %2.")
                         .arg(quoted(fileName), reason));
}

Error notFound(const QString &fileName)
{
    return fileError(
        ErrorCode::FileNotFound,
        PrivateFileText::tr("There is no file %1. Check its name.").arg(quoted(fileName)));
}

Error exists(const QString &fileName)
{
    return fileError(
        ErrorCode::FileExists,
        PrivateFileText::tr("The file %1 exists already and is not replaced. Name another one, or "
                            "move it away.")
            .arg(quoted(fileName)));
}

Error tooLarge(const QString &fileName)
{
    return cannotRead(fileName,
                      PrivateFileText::tr("it has more than the %1 bytes of a file with a secret")
                          .arg(MaxPrivateFileBytes));
}

//! What some programs of Windows make of an ASCII text. In place, so that nothing of the secret is left
//! behind in another piece of memory.
void narrowUtf16(QByteArray &text)
{
    const bool isBig = text.startsWith("\xfe\xff");
    if (!isBig && !text.startsWith("\xff\xfe"))
        return;
    for (qsizetype i = 2; i + 1 < text.size(); i += 2) {
        if (text[isBig ? i : i + 1] != 0 || quint8(text[isBig ? i + 1 : i]) >= 0x80)
            return; // no PEM, and a passphrase must not become another one
    }
    qsizetype size = 0;
    for (qsizetype i = 2; i + 1 < text.size(); i += 2) {
        text[size] = text[isBig ? i + 1 : i];
        ++size;
    }
    gnutls_memset(text.data() + size, 0, size_t(text.size() - size));
    text.truncate(size);
}

//! Out of sight, and not derived from the file's name, which may be as long as a name can be.
QString temporaryName()
{
    std::array<char, 8> random{};
    gnutls_rnd(GNUTLS_RND_NONCE, random.data(), random.size());
    return QStringLiteral(".qp2p-identity-%1.tmp")
        .arg(QString::fromLatin1(QByteArrayView(random).toByteArray().toHex()));
}

#ifdef Q_OS_UNIX

//! That it is a regular file, for /dev/zero never ends, and a FIFO waits for a writer; and who may use it.
Result<void> checkPrivate(int fd, const QString &fileName, KeyFileAccess access)
{
    struct stat status = {};
    if (::fstat(fd, &status) != 0)
        return cannotRead(fileName, systemReason(errno));
    if (!S_ISREG(status.st_mode))
        return cannotRead(fileName, notRegular(status.st_mode));
    if (access == KeyFileAccess::Shared)
        return {};
    return checkKeyFilePermissions(status, fileName);
}

Result<QByteArray> readFile(const QString &fileName, KeyFileAccess access)
{
    // What was checked is what is read, for both go through the descriptor; so links may lead here.
    // O_NONBLOCK, or opening a FIFO would wait for its writer.
    const QByteArray name = fileNameToBytes(fileName);
    const Descriptor file(::open(name.constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file.isOpen() && (errno == ENOENT || errno == ENOTDIR)) {
        struct stat status = {};
        if (::lstat(name.constData(), &status) == 0 && S_ISLNK(status.st_mode))
            return cannotRead(
                fileName,
                PrivateFileText::tr("it is a symbolic link to %1, which does not exist")
                    .arg(quoted(linkTarget(fileName))));
        return notFound(fileName);
    }
    if (!file.isOpen() && errno == ENXIO)
        return cannotRead(fileName, notRegular(S_IFSOCK));
    if (!file.isOpen())
        return cannotRead(fileName, systemReason(errno));
    if (const Result<void> checked = checkPrivate(file.get(), fileName, access); !checked)
        return checked.error();

    // All of it with one allocation: a buffer that grows would leave copies of the key behind. One byte more
    // shows a file that is too large, also one that grows meanwhile.
    QByteArray content(MaxPrivateFileBytes + 1, Qt::Uninitialized);
    qsizetype size = 0;
    ssize_t count = 0;
    do {
        count = ::read(file.get(), content.data() + size,
                       static_cast<size_t>(content.size() - size));
        size += count > 0 ? count : 0;
    } while ((count > 0 && size < content.size()) || (count < 0 && errno == EINTR));
    if (count < 0)
        return cannotRead(fileName, systemReason(errno));
    if (size > MaxPrivateFileBytes)
        return tooLarge(fileName);
    content.truncate(size);
    narrowUtf16(content);
    return content;
}

bool writeAll(int fd, QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const ssize_t count = ::write(fd, bytes.data(), static_cast<size_t>(bytes.size()));
        if (count < 0 && errno != EINTR)
            return false;
        bytes = bytes.sliced(count > 0 ? count : 0);
    }
    return true;
}

//! Moves within \a folder and fails with EEXIST where \a to is taken, also in a race.
bool renameWithoutReplacing(int folder, const QByteArray &from, const QByteArray &to)
{
#ifdef SYS_renameat2
    constexpr unsigned NoReplace = 1; // RENAME_NOREPLACE, which musl does not declare
    if (::syscall(SYS_renameat2, folder, from.constData(), folder, to.constData(), NoReplace) == 0)
        return true;
    // NFS and old kernels do not know the flag.
    if (errno != EINVAL && errno != ENOSYS)
        return false;
#endif
    return ::linkat(folder, from.constData(), folder, to.constData(), 0) == 0
        && ::unlinkat(folder, from.constData(), 0) == 0;
}

Result<void> createFile(const QString &fileName, QByteArrayView secret, QByteArrayView rest)
{
    // Everything below goes through this descriptor, so a folder that is moved meanwhile or a link
    // in its place does not lead elsewhere.
    const Descriptor folder(::open(fileNameToBytes(folderName(fileName)).constData(),
                                   O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.isOpen() && (errno == ENOENT || errno == ENOTDIR))
        return cannotWrite(fileName,
                           PrivateFileText::tr("its folder does not exist; make it first"));
    if (!folder.isOpen())
        return cannotWrite(fileName, systemReason(errno));

    const QByteArray temporary = QFile::encodeName(temporaryName());
    Descriptor file(::openat(folder.get(), temporary.constData(),
                             O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                             S_IRUSR | S_IWUSR));
    if (!file.isOpen())
        return cannotWrite(fileName, systemReason(errno));
    // A umask can only have taken bits away; fchmod() gives the owner's back.
    const bool written = ::fchmod(file.get(), S_IRUSR | S_IWUSR) == 0
        && writeAll(file.get(), secret) && writeAll(file.get(), rest) && ::fsync(file.get()) == 0
        && file.close();
    if (written
        && renameWithoutReplacing(
            folder.get(), temporary,
            fileNameToBytes(fileName.sliced(fileName.lastIndexOf(u'/') + 1)))) {
        if (syncFolder(folder.get()))
            return {};
        return cannotWrite(fileName, systemReason(errno));
    }
    const int code = errno;
    ::unlinkat(folder.get(), temporary.constData(), 0);
    return code == EEXIST ? exists(fileName) : cannotWrite(fileName, systemReason(code));
}

#else

// Where files have access lists in place of modes, a user's own folders are private by default.

Result<QByteArray> readFile(const QString &fileName, KeyFileAccess)
{
    const QFileInfo info(fileName);
    if (!info.exists() && info.isSymLink())
        return cannotRead(fileName,
                          PrivateFileText::tr("it is a symbolic link to %1, which does not exist")
                              .arg(quoted(info.symLinkTarget())));
    QFile file;
    if (const Result<void> opened = openForReading(file, fileName); !opened)
        return opened.error();
    if (file.size() > MaxPrivateFileBytes)
        return tooLarge(fileName);
    QByteArray content = file.read(MaxPrivateFileBytes);
    narrowUtf16(content);
    return content;
}

Result<void> createFile(const QString &fileName, QByteArrayView secret, QByteArrayView rest)
{
    const QFileInfo info(fileName);
    QFile file(info.dir().filePath(temporaryName()));
    if (!file.open(QFile::WriteOnly | QFile::NewOnly | QFile::Unbuffered,
                   QFile::ReadOwner | QFile::WriteOwner))
        return cannotWrite(fileName, file.errorString());
    const bool written = file.write(secret.data(), secret.size()) == secret.size()
        && file.write(rest.data(), rest.size()) == rest.size();
    file.close();
    // Never replaces, unlike rename() of POSIX.
    if (written && file.error() == QFile::NoError && file.rename(fileName))
        return {};
    const QString reason = file.errorString();
    file.remove();
    return QFileInfo::exists(fileName) ? exists(fileName) : cannotWrite(fileName, reason);
}

#endif

} // namespace

Result<QByteArray> readPrivateFile(const QString &fileName, KeyFileAccess access)
{
    if (const Result<void> checked = checkFileName(fileName); !checked)
        return checked.error();
    return readFile(fileName, access);
}

Result<void> createPrivateFile(const QString &fileName, QByteArrayView secret, QByteArrayView rest)
{
    if (Result<void> checked = checkFileName(fileName); !checked)
        return checked;
    return createFile(fileName, secret, rest);
}

} // namespace Qp2p
