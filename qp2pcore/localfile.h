// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Files as users name them: by any bytes, through links, and perhaps something else than a file.
#pragma once

#include <qp2pcore/qp2pcore_export.h>
#include <qp2pcore/result.h>

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

namespace Qp2p {

//! \brief The name of a file from the bytes of a command line.
//!
//! Bytes that are not UTF-8 become the lone surrogates U+DC80 to U+DCFF, which no text has, so that
//! fileNameToBytes() finds them again. Every function of this library that takes a file's name takes
//! such a name; Qt's own do not.
QP2PCORE_EXPORT QString fileNameFromBytes(QByteArrayView bytes);

//! \brief The bytes that the system knows a file by: UTF-8, and what fileNameFromBytes() has kept.
QP2PCORE_EXPORT QByteArray fileNameToBytes(QStringView fileName);

enum class FileText {
    Decoded, //!< UTF-16 with a byte order mark becomes UTF-8, and the mark of UTF-8 is taken away
    AsItIs,
};

//! \brief The whole content of a regular file, through links, of at most \a maxBytes bytes. Never waits, as
//! opening a FIFO would.
//!
//! Errors, which name the file: FileNotFound, FileUnreadable (also a folder, a device, or more than
//! \a maxBytes).
QP2PCORE_EXPORT Result<QByteArray> readLocalFile(const QString &fileName, qint64 maxBytes,
                                                 FileText text = FileText::Decoded);

//! \brief What is done with a file of records, such as a bootstrap cache, that has nothing of one in it. A damaged
//! one, also one of nothing but zeros, is always kept under another name, and a new one begun.
enum class ForeignFile {
    SetAside, //!< the same
    Refuse, //!< InvalidArgument, and the file stays as it is: a person may have given a wrong name
};

//! \brief Who but us may have access to a file with a key or a passphrase.
enum class KeyFileAccess {
    //! Its owner is this user or root, who has access to everything anyway; a group that this process
    //! is in may read it, as in a container's mounted secrets; all others may not.
    Private,
    Shared, //!< any user: for a folder that keeps other users out
};

//! \brief The content of a regular file with a secret, at most 64 KiB; the caller wipes it.
//!
//! Symbolic links are followed, and what they lead to is checked after it was opened. UTF-16 with a byte
//! order mark becomes ASCII. Errors: FileNotFound; FileUnreadable (also a link that leads nowhere);
//! FilePermissions with the command that changes them.
QP2PCORE_EXPORT Result<QByteArray> readKeyFile(const QString &fileName, KeyFileAccess access);

} // namespace Qp2p
