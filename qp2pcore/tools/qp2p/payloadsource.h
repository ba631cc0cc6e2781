// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Where "send" and "request" take the bytes of their message from.
#pragma once

#include <qp2pcore/result.h>

#include <QByteArray>
#include <QString>

class CommandLine;

//! \brief TEXT, --file or, where neither is given, standard input up to its end.
class PayloadSource
{
public:
    //! Adds the argument TEXT, as the second one, and the option --file.
    static void addTo(CommandLine &line);
    //! What was chosen; both together is a problem of \a line.
    static PayloadSource from(CommandLine &line, qsizetype textIndex = 1);

    //! \brief Reads all of it: 1 byte to \a maxSize bytes.
    //! Errors: FileNotFound, FileUnreadable, MessageInvalid (empty), MessageTooLarge.
    Qp2p::Result<QByteArray> read(qint64 maxSize) const;

private:
    enum class Kind { Text, File, StandardInput };
    Kind m_kind = Kind::StandardInput;
    QString m_value;
};
