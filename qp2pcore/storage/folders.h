// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The folders that the library's own files are in.
#pragma once

#include <QString>

namespace Qp2p {

//! \brief The folder that \a fileName is in: "." for a name without one.
QString folderName(const QString &fileName);

//! \brief The folder \a path and all above it, where they are missing, with mode 0700.
bool makePrivateFolder(const QString &path);

//! Makes what was created or replaced in \a folder outlast a power cut.
bool syncFolder(const QString &folder);

#ifdef Q_OS_UNIX
//! The same for an open one. errno says why it failed.
bool syncFolder(int descriptor);
#endif

} // namespace Qp2p
