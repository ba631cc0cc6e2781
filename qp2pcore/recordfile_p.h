// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Small files that several programs share and that survive whatever happens to a machine.
#pragma once

#include <qp2pcore/result.h>

#include <QJsonObject>
#include <QList>
#include <QLockFile>
#include <QString>

#include <optional>

namespace Qp2p {

//! \brief A file of records: JSON Lines, each record with a checksum, replaced as a whole.
//!
//! The first line is `{"format":"…","version":1}`, each further one
//! `{"record":{…},"checksum":"…"}`; the checksum is the first 16 hexadecimal digits of the SHA-256 of
//! the record's bytes as they stand there. It guards against damage, not against malice.
class RecordFile
{
public:
    //! At most that much is read or written.
    static constexpr qint64 MaxBytes = qint64(4) * 1024 * 1024;

    //! \a format names the kind of file. Files without a name exist in memory only.
    RecordFile(const QString &fileName, const QString &format);

    QString fileName() const { return m_fileName; }

    //! \brief Keeps other programs away while it lives.
    class Lock
    {
    public:
        explicit Lock(const QString &fileName);
        //! \brief Waits 1 s at most. Errors: FileWriteFailed.
        Result<void> take();

    private:
        QLockFile m_lock;
    };

    struct Content
    {
        QList<QJsonObject> records;
        //! Empty, or what is wrong with a file that was damaged; its records are the valid ones.
        QString damage;
    };
    //! \brief Reads all valid records. A file that does not exist, or is empty, has none.
    //!
    //! Errors, after which the file must not be replaced: FileUnreadable; InvalidArgument: it is another
    //! kind of file; Unsupported: a later version made it.
    Result<Content> read() const;

    //! \brief Keeps a damaged file as its name and ".damaged", in place of an older one, before it is
    //! written anew. A giant one is moved, all others are copied, so that the file is never missing.
    void setAside() const;

    //! \brief Replaces the file at once or not at all, also where the power fails. Errors: FileWriteFailed.
    Result<void> write(const QList<QJsonObject> &records) const;

    //! \brief Removes what a program left behind that was killed while it wrote.
    void removeLeftovers() const;

private:
    const QString m_fileName;
    const QString m_format;
};

} // namespace Qp2p
