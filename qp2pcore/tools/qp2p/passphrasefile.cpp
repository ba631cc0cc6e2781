// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Looks at the opened file, never at its name twice: what was checked is what is read.

#include "passphrasefile.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

#ifdef Q_OS_UNIX
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 LongestLine = 1024; // bytes; a longer one is not the file that was meant

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(PassphraseFile)
};

#ifdef Q_OS_UNIX
QString shellQuoted(const QString &fileName)
{
    QString path = fileName.startsWith(u'-') ? QString(u"./" + fileName) : fileName;
    return u'\'' + path.replace(u"'"_s, u"'\\''"_s) + u'\'';
}
#endif

Result<void> openPrivately(QFile &file, const QString &fileName)
{
    file.setFileName(fileName);
#ifdef Q_OS_UNIX
    // O_NONBLOCK, or the open of a FIFO would wait for its writer.
    const int descriptor = open(QFile::encodeName(fileName).constData(),
                                O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (descriptor < 0) {
        if (errno == ENOENT) {
            return Error(
                ErrorCode::FileNotFound,
                Text::tr("There is no passphrase file %1. Write the passphrase on its first "
                         "line.")
                    .arg(fileName));
        }
        const QString reason = errno == ELOOP ? Text::tr("it is a symbolic link")
                                              : qt_error_string(errno);
        return Error(ErrorCode::FileUnreadable,
                     Text::tr("The passphrase file %1 cannot be read: %2.").arg(fileName, reason));
    }
    struct stat status = {};
    const bool known = fstat(descriptor, &status) == 0;
    const bool regular = known && S_ISREG(status.st_mode);
    const bool ours = known && status.st_uid == geteuid();
    if (!regular || !ours || (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        close(descriptor);
        if (!regular) {
            return Error(ErrorCode::FileUnreadable,
                         Text::tr("The passphrase file %1 is not a regular file.").arg(fileName));
        }
        if (!ours) {
            return Error(ErrorCode::FilePermissions,
                         Text::tr("The passphrase file %1 belongs to another user. Use one of your "
                                  "own.")
                             .arg(fileName));
        }
        return Error(ErrorCode::FilePermissions,
                     Text::tr("Others may read or write the passphrase file %1. Run: chmod 600 %2")
                         .arg(fileName, shellQuoted(fileName)));
    }
    file.open(descriptor, QFile::ReadOnly, QFile::AutoCloseHandle);
    return {};
#else
    if (!file.open(QFile::ReadOnly)) {
        return Error(
            QFileInfo::exists(fileName) ? ErrorCode::FileUnreadable : ErrorCode::FileNotFound,
            Text::tr("The passphrase file %1 cannot be read: %2.").arg(fileName, file.errorString()));
    }
    return {};
#endif
}

} // namespace

Result<QByteArray> readPassphrase(const QString &fileName)
{
    QFile file;
    if (const Result<void> opened = openPrivately(file, fileName); !opened)
        return opened.error();
    QByteArray line = file.readLine(LongestLine + 2);
    while (line.endsWith('\n') || line.endsWith('\r'))
        line.chop(1);
    if (line.isEmpty() || line.size() > LongestLine) {
        return Error(
            ErrorCode::FileUnreadable,
            Text::tr("The first line of the passphrase file %1 must hold a passphrase of 1 "
                     "to %2 bytes.")
                .arg(fileName, QString::number(LongestLine)));
    }
    return line;
}
