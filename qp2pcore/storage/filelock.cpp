// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Not QLockFile, where the system has flock(): that decides by process numbers whether the owner is alive,
// and two containers that share a folder have the same ones. Nor can it have a name of any bytes.
#include <qp2pcore/storage/filelock.h>

#include <qp2pcore/storage/filenames.h>
#include <qp2pcore/storage/folders.h>

#include <QCoreApplication>
#include <QFileInfo>
#include <QLockFile>
#include <QThread>

#ifdef Q_OS_UNIX
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#endif

using namespace Qt::StringLiterals;

namespace Qp2p {

namespace {

struct FileLockText
{
    Q_DECLARE_TR_FUNCTIONS(Qp2p::RecordFile)
};

// A save takes milliseconds.
constexpr int Attempts = 500;
constexpr unsigned long PauseMs = 2;

Error failed(const QString &fileName, const QString &reason)
{
    return Error(ErrorCode::FileWriteFailed,
                 FileLockText::tr("The file \"%1\" cannot be saved: %2.").arg(fileName, reason));
}

QString anotherProgram()
{
    return FileLockText::tr("another program is writing it; try again later");
}

} // namespace

#ifdef Q_OS_UNIX

struct FileLock::Handle
{
    int descriptor = -1;
    QByteArray name;

    ~Handle()
    {
        if (descriptor < 0)
            return;
        // While it is still locked: a program that opens it later makes one of its own.
        ::unlink(name.constData());
        ::close(descriptor);
    }
};

namespace {

QString whyNot(int systemError, const QString &fileName)
{
    switch (systemError) {
    case EACCES:
    case EPERM:
    case EROFS:
        return FileLockText::tr(
            "its folder cannot be written to; change its permissions, or name another");
    case ENOSPC:
    case EDQUOT:
        return FileLockText::tr("the disk is full; free some space");
    case ENOENT: // some folders take no files, e.g. /proc
        return QFileInfo::exists(folderName(fileName))
            ? FileLockText::tr("no file can be made in its folder; name one elsewhere")
            : FileLockText::tr("its folder does not exist; make it first");
    default:
        return QString::fromLocal8Bit(std::generic_category().message(systemError).c_str());
    }
}

//! Whether the name still leads to what was locked; its last owner may have removed it meanwhile.
bool isStillThere(int descriptor, const QByteArray &name)
{
    struct stat locked = {};
    struct stat named = {};
    return ::fstat(descriptor, &locked) == 0 && ::lstat(name.constData(), &named) == 0
        && locked.st_dev == named.st_dev && locked.st_ino == named.st_ino;
}

} // namespace

Result<void> FileLock::take()
{
    const QByteArray name = fileNameToBytes(m_lockName);
    for (int i = 0; i < Attempts; ++i) {
        const int descriptor = ::open(
            name.constData(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY,
            S_IRUSR | S_IWUSR);
        if (descriptor < 0) {
            return failed(m_fileName, whyNot(errno, m_fileName));
        }
        const bool isLocked = ::flock(descriptor, LOCK_EX | LOCK_NB) == 0;
        // A file system without locks: a save still replaces the file as a whole, and only what two
        // programs write at the same moment is not joined.
        const bool isImpossible = !isLocked && errno != EWOULDBLOCK && errno != EINTR;
        if (isImpossible || (isLocked && isStillThere(descriptor, name))) {
            m_handle = std::make_unique<Handle>();
            m_handle->descriptor = descriptor;
            m_handle->name = name;
            return {};
        }
        ::close(descriptor);
        QThread::msleep(PauseMs);
    }
    return failed(m_fileName, anotherProgram());
}

#else

struct FileLock::Handle
{
    explicit Handle(const QString &name)
        : lock(name)
    {
    }
    QLockFile lock;
};

Result<void> FileLock::take()
{
    m_handle = std::make_unique<Handle>(m_lockName);
    // QLockFile by itself waits ever longer between two attempts.
    for (int i = 0; i < Attempts; ++i) {
        if (m_handle->lock.tryLock(0))
            return {};
        if (m_handle->lock.error() != QLockFile::LockFailedError)
            break;
        QThread::msleep(PauseMs);
    }
    return failed(m_fileName,
                  m_handle->lock.error() == QLockFile::PermissionError ? FileLockText::tr(
                      "its folder cannot be written to; change its permissions, or name another")
                      : m_handle->lock.error() == QLockFile::LockFailedError
                      ? anotherProgram()
                      : FileLockText::tr("no file can be made in its folder; name one elsewhere"));
}

#endif

FileLock::FileLock(const QString &fileName)
    : m_fileName(fileName)
    , m_lockName(fileName + ".lock"_L1)
{
}

FileLock::~FileLock() = default;

} // namespace Qp2p
