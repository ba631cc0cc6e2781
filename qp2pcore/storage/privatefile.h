// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Files with keys, which nobody but their owner may ever read, not even for a moment.
#pragma once

#include <qp2pcore/localfile.h>
#include <qp2pcore/result.h>

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

#ifdef Q_OS_UNIX
#include <sys/stat.h>

#include <vector>
#endif

namespace Qp2p {

//! A key with a long chain has less than a tenth of it.
inline constexpr qsizetype MaxPrivateFileBytes = qsizetype(64) * 1024;

//! \brief What readKeyFile() does; the caller wipes the content.
Result<QByteArray> readPrivateFile(const QString &fileName, KeyFileAccess access);

#ifdef Q_OS_UNIX
enum class KeyFileFault {
    None,
    Owner, //!< neither \a user nor root
    Mode, //!< others can read or write it, or a group that is none of \a groups
};
//! \brief What KeyFileAccess::Private does not allow to a process of \a user in \a groups.
KeyFileFault keyFileFault(const struct stat &status, uid_t user, const std::vector<gid_t> &groups);
#endif

//! \brief \a secret and then \a rest in a new file. What Identity::save() says of files holds.
Result<void> createPrivateFile(const QString &fileName, QByteArrayView secret, QByteArrayView rest);

//! Makes what was created or replaced in \a folder outlast a power cut.
bool syncFolder(const QString &folder);

//! \brief The folder that \a fileName is in: "." for a name without one.
QString folderName(const QString &fileName);

//! \brief The folder \a path and all above it, where they are missing, with mode 0700.
bool makePrivateFolder(const QString &path);

} // namespace Qp2p
