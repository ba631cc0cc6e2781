// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Man pages and shell completion, made of the same descriptions as --help when the program is built.
#pragma once

#include "commanddescription.h"

#include <QByteArray>

struct DocumentedCommand
{
    CommandDescription description;
    QString oneLine; //!< as in the list of commands
};

//! The page qp2p-COMMAND(1) in the macros of man(7).
QByteArray manPage(const DocumentedCommand &command);
//! The page qp2p(1), with \a introduction as its description.
QByteArray manPage(const QList<DocumentedCommand> &commands, const QString &introduction);

QByteArray bashCompletion(const QList<DocumentedCommand> &commands);
QByteArray zshCompletion(const QList<DocumentedCommand> &commands);
