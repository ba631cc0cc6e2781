// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/storage/folders.h>

#include <qp2pcore/storage/descriptor.h>
#include <qp2pcore/storage/filenames.h>

#include <QDir>

#include <filesystem>
#include <system_error>

#ifdef Q_OS_UNIX
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace Qp2p {

QString folderName(const QString &fileName)
{
    const qsizetype slash = fileName.lastIndexOf(u'/');
    return slash < 0 ? QStringLiteral(".")
        : slash == 0 ? QStringLiteral("/")
                     : fileName.first(slash);
}

bool makePrivateFolder(const QString &path)
{
    std::error_code error;
    if (std::filesystem::is_directory(filePath(path), error))
        return true;
    const QString parent = folderName(path);
    if (parent == path || path.isEmpty() || !makePrivateFolder(parent))
        return false;
#ifdef Q_OS_UNIX
    const bool made = ::mkdir(fileNameToBytes(path).constData(), S_IRWXU) == 0;
#else
    const bool made = QDir().mkdir(path);
#endif
    // Another process may make it at the same moment.
    return (made && syncFolder(parent)) || std::filesystem::is_directory(filePath(path), error);
}

#ifdef Q_OS_UNIX

//! Some file systems cannot sync a folder and say so; there is nothing more to be done there.
bool syncFolder(int fd)
{
    return ::fsync(fd) == 0 || errno == EINVAL || errno == ENOTSUP;
}

bool syncFolder(const QString &folder)
{
    const Descriptor descriptor(
        ::open(fileNameToBytes(folder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return descriptor.isOpen() && syncFolder(descriptor.get());
}

#else

bool syncFolder(const QString &)
{
    return true;
}

#endif

} // namespace Qp2p
