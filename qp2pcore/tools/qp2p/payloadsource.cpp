// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Reads at most one byte more than a message may have: /dev/zero must not fill the memory.

#include "payloadsource.h"

#include "commandline.h"

#include <qp2pcore/localfile.h>

#include <QCoreApplication>
#include <QFile>

#include <cstdio>

#ifdef Q_OS_UNIX
#include <fcntl.h>
#endif

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

struct PayloadSourceText
{
    Q_DECLARE_TR_FUNCTIONS(PayloadSource)
};

//! Also a pipe, as of `--file <(command)`: it may make its user wait.
bool openNamed(QFile &file)
{
#ifdef Q_OS_UNIX
    const int descriptor = ::open(fileNameToBytes(file.fileName()).constData(),
                                  O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor >= 0)
        return file.open(descriptor, QFile::ReadOnly, QFile::AutoCloseHandle);
#endif
    return file.open(QFile::ReadOnly); // which says why not
}

QByteArray readUpTo(QFile &file, qint64 size)
{
    constexpr qint64 atOnce = Q_INT64_C(1024) * 1024;
    QByteArray content;
    while (content.size() < size) {
        const QByteArray piece = file.read(std::min(atOnce, size - content.size()));
        if (piece.isEmpty())
            break;
        content += piece;
    }
    return content;
}

} // namespace

void PayloadSource::addTo(CommandLine &line)
{
    line.addArgument(
        u"[TEXT]"_s,
        PayloadSourceText::tr("What to send. Without it and without --file: standard input."));
    line.addOption(u"file"_s, PayloadSourceText::tr("Send the content of this file."), u"FILE"_s);
}

PayloadSource PayloadSource::from(CommandLine &line, qsizetype textIndex)
{
    PayloadSource source;
    const QString text = line.argument(textIndex);
    if (line.isSet(u"file"_s)) {
        source.m_kind = Kind::File;
        source.m_value = line.value(u"file"_s);
        if (!text.isNull())
            line.addProblem(
                PayloadSourceText::tr("TEXT and --file exclude each other. Give one of them."));
    } else if (!text.isNull()) {
        source.m_kind = Kind::Text;
        source.m_value = text;
    }
    return source;
}

Result<QByteArray> PayloadSource::read(qint64 maxSize) const
{
    QByteArray payload;
    if (m_kind == Kind::Text) {
        payload = fileNameToBytes(m_value); // its bytes as they were typed
    } else {
        QFile file(m_value);
        const bool opened = m_kind == Kind::File ? openNamed(file)
                                                 : file.open(stdin, QFile::ReadOnly);
        if (!opened) {
            return Error(file.exists() ? ErrorCode::FileUnreadable : ErrorCode::FileNotFound,
                         PayloadSourceText::tr("The file %1 cannot be read: %2.")
                             .arg(m_value, file.errorString()));
        }
        payload = readUpTo(file, maxSize + 1);
        if (file.error() != QFile::NoError) {
            return Error(
                ErrorCode::FileUnreadable,
                PayloadSourceText::tr("Reading %1 failed: %2.")
                    .arg(m_kind == Kind::File ? m_value : PayloadSourceText::tr("standard input"),
                         file.errorString()));
        }
    }
    if (payload.isEmpty()) {
        return Error(
            ErrorCode::MessageInvalid,
            PayloadSourceText::tr("There is nothing to send: a message has at least one byte."));
    }
    if (payload.size() > maxSize) {
        return Error(ErrorCode::MessageTooLarge,
                     PayloadSourceText::tr(
                         "That is more than a message may have, which is %1 bytes. Send it in "
                         "pieces.")
                         .arg(maxSize));
    }
    return payload;
}
