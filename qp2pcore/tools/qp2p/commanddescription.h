// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What there is to know about a command: the one source of its help, its man page and its completion.
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

struct CommandDescription
{
    struct Argument
    {
        QString name; //!< as in the usage: "TEXT", "[TEXT]", "[list|add]"
        QString description;
    };
    struct Option
    {
        QString name; //!< without dashes
        QString valueName; //!< empty: a switch
        QString description;
        QStringList choices; //!< all values there are, where they are few
    };

    QString name;
    QString summary; //!< one paragraph
    QList<Argument> arguments;
    QList<Option> options;
    QStringList examples; //!< without the program's name

    //! "qp2p listen [options] [TEXT]"
    QString usage() const;
};

//! What --help prints, in lines of at most 79 characters.
QString helpText(const CommandDescription &command);

//! \a text in lines of at most 79 characters, all but the first after \a indent spaces. Words are not broken.
QString wrapped(const QString &text, qsizetype indent = 0);

//! What the exit code says, for the help and the man pages.
QString exitCodeText();
