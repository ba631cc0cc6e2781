// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "commanddescription.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace {

struct CommandDescriptionText
{
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};

constexpr qsizetype LineWidth = 79;

struct Row
{
    QString name;
    QString description;
};

//! Two columns; a name that is too long for the first has a line of its own.
QString table(const QList<Row> &rows)
{
    constexpr qsizetype widest = 24;
    qsizetype column = 0;
    for (const Row &row : rows) {
        if (row.name.size() <= widest)
            column = std::max(column, row.name.size());
    }
    const qsizetype indent = 2 + column + 2;
    QString text;
    for (const Row &row : rows) {
        QString first = u"  " + row.name;
        if (first.size() + 2 > indent)
            first += u'\n' + QString(indent, u' ');
        else
            first = first.leftJustified(indent);
        text += first + wrapped(row.description, indent);
    }
    return text;
}

} // namespace

QString CommandDescription::usage() const
{
    QString text = u"qp2p "_s + name + u' ' + CommandDescriptionText::tr("[options]");
    for (const Argument &argument : arguments)
        text += u' ' + argument.name;
    return text;
}

QString helpText(const CommandDescription &command)
{
    QString text = CommandDescriptionText::tr("Usage: %1").arg(command.usage()) + u"\n\n"
        + wrapped(command.summary);
    if (!command.arguments.isEmpty()) {
        QList<Row> rows;
        for (const auto &argument : command.arguments) {
            QString bare = argument.name;
            rows.append({bare.remove(u'[').remove(u']'), argument.description});
        }
        text += u'\n' + CommandDescriptionText::tr("Arguments:") + u'\n' + table(rows);
    }
    QList<Row> rows;
    for (const auto &option : command.options)
        rows.append({(option.name == u"help" ? u"-h, --" : u"--") + option.name
                         + (option.valueName.isEmpty() ? QString() : u' ' + option.valueName),
                     option.description});
    text += u'\n' + CommandDescriptionText::tr("Options:") + u'\n' + table(rows) + u'\n'
        + CommandDescriptionText::tr("Examples:") + u'\n';
    for (const QString &example : command.examples)
        text += u"  qp2p " + example + u'\n';
    return text + u'\n' + wrapped(CommandDescriptionText::tr("Exit codes: %1").arg(exitCodeText()));
}

QString wrapped(const QString &text, qsizetype indent)
{
    QString result;
    qsizetype column = indent;
    bool isFirst = true;
    for (const QString &word : text.split(u' ')) {
        if (!isFirst && column + 1 + word.size() > LineWidth) {
            result += u'\n' + QString(indent, u' ');
            column = indent;
        } else if (!isFirst) {
            result += u' ';
            ++column;
        }
        result += word;
        column += word.size();
        isFirst = false;
    }
    return result + u'\n';
}

QString exitCodeText()
{
    return CommandDescriptionText::tr("0 done, 1 failed, 2 the command line was wrong.");
}
