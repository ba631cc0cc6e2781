// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "socketfile.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>

#include <algorithm>

#ifdef Q_OS_UNIX
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#endif

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

struct SocketFileText
{
    Q_DECLARE_TR_FUNCTIONS(SocketFile)
};

Error failed(const QString &path, const QString &reason)
{
    return Error(
        ErrorCode::SocketFailed,
        SocketFileText::tr("The control socket \"%1\" cannot be made: %2").arg(path, reason));
}

#ifdef Q_OS_UNIX

constexpr int Backlog = 16; // clients that wait for their turn; see ControlServer
constexpr auto OwnFolderMode = 0700;

//! Closes a file descriptor, and with it releases its lock.
class Descriptor
{
public:
    explicit Descriptor(int fd)
        : m_fd(fd)
    {
    }
    ~Descriptor()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    Q_DISABLE_COPY_MOVE(Descriptor)

    int fd() const { return m_fd; }
    int release() { return std::exchange(m_fd, -1); }

private:
    int m_fd;
};

sockaddr_un addressOf(const QString &path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const QByteArray name = QFile::encodeName(path);
    std::memcpy(address.sun_path, name.constData(),
                std::min(std::size_t(name.size()), sizeof(address.sun_path) - 1));
    return address;
}

QString kindOf(const struct stat &status)
{
    if (S_ISLNK(status.st_mode))
        return SocketFileText::tr("a symbolic link is there");
    if (S_ISDIR(status.st_mode))
        return SocketFileText::tr("a folder is there");
    if (S_ISREG(status.st_mode))
        return SocketFileText::tr("a file is there");
    if (!S_ISSOCK(status.st_mode))
        return SocketFileText::tr("a device or a pipe is there");
    return status.st_uid == geteuid() ? SocketFileText::tr("a socket of another kind is there")
                                      : SocketFileText::tr("a socket of another user is there");
}

//! A folder of this user that others cannot write to, and no link to one.
bool isOwnFolder(const QString &path)
{
    struct stat status
    {
    };
    return ::lstat(QFile::encodeName(path).constData(), &status) == 0 && S_ISDIR(status.st_mode)
        && status.st_uid == geteuid() && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

//! Places for a folder of ours, best first. Where there is no session, as in cron, the second one is there
//! if the user has a session or lingers; the third one always works.
QStringList possibleFolders()
{
    QStringList folders;
    const QString session = qEnvironmentVariable("XDG_RUNTIME_DIR");
    if (QDir::isAbsolutePath(session) && isOwnFolder(session))
        folders.append(QDir::cleanPath(session) + u"/qp2p"_s);
    const QString own = u"/run/user/%1"_s.arg(geteuid());
    if (isOwnFolder(own))
        folders.append(own + u"/qp2p"_s);
    folders.append(u"/tmp/qp2p-%1"_s.arg(geteuid()));
    folders.removeDuplicates();
    return folders;
}

#endif

} // namespace

namespace SocketFile {

#ifdef Q_OS_UNIX

Result<QString> absolutePath(const QString &path)
{
    const QString absolute = QDir::cleanPath(QDir::current().absoluteFilePath(path));
    constexpr auto longest = qsizetype(sizeof(sockaddr_un::sun_path)) - 1; // and a zero byte
    const qsizetype length = QFile::encodeName(absolute).size();
    if (path.isEmpty())
        return Error(ErrorCode::InvalidArgument,
                     SocketFileText::tr("The name of the socket is empty."));
    if (length > longest)
        return Error(
            ErrorCode::InvalidArgument,
            SocketFileText::tr("The name \"%1\" is too long for a socket: it has %2 bytes, and the "
                               "system allows %3. Choose a shorter one.")
                .arg(absolute)
                .arg(length)
                .arg(longest));
    return absolute;
}

State stateOf(const QString &path)
{
    struct stat status
    {
    };
    if (::lstat(QFile::encodeName(path).constData(), &status) != 0)
        return errno == ENOENT ? State::Absent : State::Foreign;
    if (!S_ISSOCK(status.st_mode) || status.st_uid != geteuid())
        return State::Foreign;
    const Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const sockaddr_un address = addressOf(path);
    if (::connect(socket.fd(), reinterpret_cast<const sockaddr *>(&address), sizeof(address)) == 0
        || errno == EAGAIN || errno == EINPROGRESS)
        return State::Live;
    return errno == ECONNREFUSED ? State::Dead : State::Foreign;
}

bool removeDead(const QString &path)
{
    // Two programs may find the same dead socket: only who has the folder's lock removes it, so that the new
    // one of the other stays. The lock is held for microseconds; one that is held longer is not waited for.
    const QString folder = path.left(std::max(path.lastIndexOf(u'/'), qsizetype(1)));
    const Descriptor lock(
        ::open(QFile::encodeName(folder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    constexpr int attempts = 100;
    constexpr useconds_t pause = 5000; // microseconds
    for (int i = 0; ::flock(lock.fd(), LOCK_EX | LOCK_NB) != 0; ++i) {
        if (errno != EWOULDBLOCK || i == attempts)
            return false;
        ::usleep(pause);
    }
    return stateOf(path) == State::Dead && ::unlink(QFile::encodeName(path).constData()) == 0;
}

Result<int> listenAt(const QString &path)
{
    if (stateOf(path) == State::Dead)
        removeDead(path);
    Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (socket.fd() < 0)
        return failed(path, qt_error_string(errno));
    const sockaddr_un address = addressOf(path);
    // bind() never replaces what is there. The mode is right from the start; no other thread makes files.
    const mode_t before = ::umask(S_IXUSR | S_IRWXG | S_IRWXO);
    const int bound = ::bind(socket.fd(), reinterpret_cast<const sockaddr *>(&address),
                             sizeof(address));
    const int error = errno;
    ::umask(before);
    if (bound != 0 && error == EADDRINUSE) {
        struct stat status
        {
        };
        if (stateOf(path) == State::Live)
            return Error(ErrorCode::AddressInUse,
                         failed(path, SocketFileText::tr("another program listens there.")).message);
        if (::lstat(QFile::encodeName(path).constData(), &status) == 0)
            return failed(path,
                          SocketFileText::tr("%1, and is left as it is. Choose another name.")
                              .arg(kindOf(status)));
    }
    if (bound != 0)
        return failed(path, qt_error_string(error) + u'.');
    if (::listen(socket.fd(), Backlog) != 0)
        return failed(path, qt_error_string(errno) + u'.');
    return socket.release();
}

Id idOf(const QString &path)
{
    struct stat status
    {
    };
    if (::lstat(QFile::encodeName(path).constData(), &status) != 0)
        return {};
    return {quint64(status.st_dev), quint64(status.st_ino)};
}

Result<QString> defaultFolder()
{
    const QString folder = possibleFolders().first();
    if (::mkdir(QFile::encodeName(folder).constData(), OwnFolderMode) != 0 && errno != EEXIST)
        return Error(ErrorCode::SocketFailed,
                     SocketFileText::tr("The folder \"%1\" for control sockets cannot be made: %2.")
                         .arg(folder, qt_error_string(errno)));
    if (!isOwnFolder(folder))
        return Error(ErrorCode::SocketFailed,
                     SocketFileText::tr(
                         "The folder \"%1\" for control sockets is not used: it must belong to "
                         "you, and no other user may write to it. Name a socket with --socket.")
                         .arg(folder));
    return folder;
}

QStringList knownFolders()
{
    QStringList folders;
    const QStringList possible = possibleFolders();
    std::copy_if(possible.cbegin(), possible.cend(), std::back_inserter(folders), isOwnFolder);
    return folders;
}

#else

Result<QString> absolutePath(const QString &path)
{
    return path;
}

State stateOf(const QString &)
{
    return State::Absent;
}

bool removeDead(const QString &)
{
    return false;
}

Result<int> listenAt(const QString &path)
{
    return failed(path, SocketFileText::tr("nodes have one on Unix systems only."));
}

Id idOf(const QString &)
{
    return {};
}

Result<QString> defaultFolder()
{
    return QDir::tempPath();
}

QStringList knownFolders()
{
    return {};
}

#endif

} // namespace SocketFile
