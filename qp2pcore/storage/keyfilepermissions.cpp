// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/storage/keyfilepermissions.h>

#ifdef Q_OS_UNIX

#include <QCoreApplication>

#include <unistd.h>

#include <algorithm>

namespace Qp2p {

namespace {

struct KeyFilePermissionsText
{
    Q_DECLARE_TR_FUNCTIONS(Qp2p::Identity)
};

//! For a POSIX shell, so that the command in a message can be pasted.
QString shellQuoted(const QString &fileName)
{
    QString path = fileName.startsWith(u'-') ? QString(u"./" + fileName) : fileName;
    return u'\'' + path.replace(QLatin1String("'"), QLatin1String("'\\''")) + u'\'';
}

//! All groups whose files this process may use.
std::vector<gid_t> ownGroups()
{
    std::vector<gid_t> groups;
    const int count = ::getgroups(0, nullptr);
    if (count > 0) {
        groups.resize(size_t(count));
        groups.resize(size_t(std::max(0, ::getgroups(count, groups.data()))));
    }
    groups.push_back(::getegid());
    return groups;
}

Error othersMayUseIt(const QString &message)
{
    return Error(ErrorCode::FilePermissions, message);
}

} // namespace

KeyFileFault keyFileFault(const struct stat &status, uid_t user, const std::vector<gid_t> &groups)
{
    // Who owns the file can read it whatever its mode is, and replace the key by another. Root
    // can do that with every file.
    constexpr uid_t root = 0;
    if (status.st_uid != user && status.st_uid != root)
        return KeyFileFault::Owner;
    if ((status.st_mode & (S_IRWXO | S_IWGRP)) != 0)
        return KeyFileFault::Mode;
    const bool isOurGroup = std::ranges::find(groups, status.st_gid) != groups.end();
    return (status.st_mode & S_IRWXG) == 0 || isOurGroup ? KeyFileFault::None : KeyFileFault::Mode;
}

Result<void> checkKeyFilePermissions(const struct stat &status, const QString &fileName)
{
    const QString quoted = u'"' + fileName + u'"';
    const QString path = shellQuoted(fileName);
    switch (keyFileFault(status, ::geteuid(), ownGroups())) {
    case KeyFileFault::None:
        return {};
    case KeyFileFault::Owner:
        return othersMayUseIt(
            KeyFilePermissionsText::tr(
                "The file %1 belongs to another user, who can read and replace the "
                "secret in it. Use a file of your own, or run as root: chown %2 %3")
                .arg(quoted, QString::number(::geteuid()), path));
    case KeyFileFault::Mode:
        break;
    }
    if (status.st_uid != ::geteuid())
        return othersMayUseIt(
            KeyFilePermissionsText::tr(
                "Others may read or write the file %1, which has a secret in it. Run "
                "as root: chown %2 %3 && chmod 600 %3")
                .arg(quoted, QString::number(::geteuid()), path));
    return othersMayUseIt(
        KeyFilePermissionsText::tr(
            "Others may read or write the file %1, which has a secret in it. Run: chmod 600 %2")
            .arg(quoted, path));
}

} // namespace Qp2p

#endif
