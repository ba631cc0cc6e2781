// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Who else may read or replace a file with a secret.
#pragma once

#include <qp2pcore/localfile.h>
#include <qp2pcore/result.h>

#include <QString>

#ifdef Q_OS_UNIX

#include <sys/stat.h>

#include <vector>

namespace Qp2p {

enum class KeyFileFault {
    None,
    Owner, //!< neither \a user nor root
    Mode, //!< others can read or write it, or a group that is none of \a groups
};
//! \brief What KeyFileAccess::Private does not allow to a process of \a user in \a groups.
KeyFileFault keyFileFault(const struct stat &status, uid_t user, const std::vector<gid_t> &groups);

//! \brief Whether this process may use the secret in \a fileName, which has \a status. Errors: FilePermissions,
//! with the command that helps.
Result<void> checkKeyFilePermissions(const struct stat &status, const QString &fileName);

} // namespace Qp2p

#endif
