// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Small files that several programs share and that survive whatever happens to a machine.
#pragma once

#include <qp2pcore/result.h>

#include <QJsonObject>
#include <QList>
#include <QString>

namespace Qp2p {

//! \brief A file of records: JSON Lines, each record with a checksum, replaced as a whole.
//!
//! The first line is `{"format":"…","version":1}`, each further one
//! `{"record":{…},"checksum":"…"}`; the checksum is the first 16 hexadecimal digits of the SHA-256 of
//! the record's bytes as they are there. It guards against damage, not against malice. Line ends of
//! Windows, a byte order mark and UTF-16 are read, too: an editor may have written them.
//!
//! A symbolic link is followed: what it leads to is read and replaced, and the link stays. FileLock keeps
//! other programs away between read() and write(); it takes the name targetName().
class RecordFile
{
public:
    //! At most that much is read or written.
    static constexpr qint64 MaxBytes = qint64(4) * 1024 * 1024;

    //! \a format names the kind of file. Files without a name exist in memory only.
    RecordFile(const QString &fileName, const QString &format);

    QString fileName() const { return m_fileName; }
    QString targetName() const; //!< what the name leads to through links

    struct Content
    {
        QList<QJsonObject> records;
        //! Empty, or what is wrong with a file that was damaged or is of another kind; its records are
        //! the valid ones.
        QString damage;
        bool isForeign = false; //!< it has nothing of such a file in it, and is not just zeros
    };
    //! \brief Reads all valid records. A file that does not exist, or is empty, has none.
    //!
    //! Errors, after which the file must not be replaced: FileUnreadable (also a folder, a pipe or a
    //! device); Unsupported: a later version made it.
    Result<Content> read() const;

    //! \brief Keeps what the file holds under another name, before it is replaced, and returns that
    //! name: the file's and ".damaged", or ".damaged-2" to ".damaged-9" where there are such files; only
    //! the last of them is replaced. The file itself stays where it is until write() where the file
    //! system has hard links, so that it is never missing. Errors: FileWriteFailed.
    Result<QString> setAside() const;

    //! \brief Replaces the file as a whole or not at all, also where the power fails.
    //! Errors: FileWriteFailed.
    Result<void> write(const QList<QJsonObject> &records) const;

    //! \brief Removes what a program left behind that was killed while it wrote.
    void removeLeftovers() const;

private:
    const QString m_fileName;
    const QString m_format;
};

} // namespace Qp2p
