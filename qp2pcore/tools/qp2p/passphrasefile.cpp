// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "passphrasefile.h"

#include <QCoreApplication>

using namespace Qp2p;

namespace {

constexpr qsizetype MaxPassphraseLine = 1024; // bytes; a longer one is not the file that was meant

struct PassphraseFileText
{
    Q_DECLARE_TR_FUNCTIONS(PassphraseFile)
};

} // namespace

Result<QByteArray> readPassphrase(const QString &fileName, KeyFileAccess access)
{
    Result<QByteArray> content = readKeyFile(fileName, access);
    if (!content && content.error().code == ErrorCode::FileNotFound) {
        return Error(ErrorCode::FileNotFound,
                     PassphraseFileText::tr(
                         "There is no passphrase file %1. Write the passphrase on its first "
                         "line.")
                         .arg(fileName));
    }
    if (!content)
        return content.error();
    QByteArray &text = content.value();
    if (text.startsWith("\xef\xbb\xbf")) // the mark of UTF-8 is none of the passphrase
        text.remove(0, 3);
    const qsizetype end = text.indexOf('\n');
    QByteArray line = end < 0 ? text : text.first(end);
    text.fill('\0');
    while (line.endsWith('\r'))
        line.chop(1);
    if (line.isEmpty() || line.size() > MaxPassphraseLine || line.contains('\0')) {
        return Error(ErrorCode::FileUnreadable,
                     PassphraseFileText::tr(
                         "The first line of the passphrase file %1 must hold a passphrase of 1 "
                         "to %2 bytes.")
                         .arg(fileName, QString::number(MaxPassphraseLine)));
    }
    return line;
}
