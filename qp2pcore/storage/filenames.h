// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What the library's own files share of names and encodings.
#pragma once

#include <qp2pcore/localfile.h>

#include <filesystem>

#ifdef Q_OS_UNIX
#include <sys/types.h>
#endif

class QFile;

namespace Qp2p {

std::filesystem::path filePath(const QString &fileName);
QString fileNameOf(const std::filesystem::path &path);

//! In quotation marks, for error messages.
inline QString quoted(const QString &fileName)
{
    return u'"' + fileName + u'"';
}
//! What the system calls the error \a code (errno).
QString systemReason(int code);

//! \brief What a symbolic link leads to in the end, which need not exist; \a fileName, where it is none.
QString linkTarget(const QString &fileName);

//! \brief UTF-8 without a byte order mark, where \a bytes begin with one of UTF-8 or UTF-16.
QByteArray decodedText(const QByteArray &bytes);

//! \brief Opens a regular file and nothing else, without waiting. Errors: those of readLocalFile().
Result<void> openForReading(QFile &file, const QString &fileName);

#ifdef Q_OS_UNIX
//! \brief Why something of \a mode is not a regular file, for an error message.
QString notRegular(mode_t mode);
#endif

} // namespace Qp2p
