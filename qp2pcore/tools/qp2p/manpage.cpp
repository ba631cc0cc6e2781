// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Text becomes roff here: every character that roff would obey is escaped, so texts need not know it.

#include "documentation.h"

#include <qp2pcore/version.h>

#include <QCoreApplication>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

struct ManPageText
{
    Q_DECLARE_TR_FUNCTIONS(ManPage)
};

//! \a text as roff prints it. A hyphen becomes a minus, which is what options and examples need, and no
//! line begins with a control character.
QByteArray roff(const QString &text)
{
    QByteArray result;
    for (const char32_t codePoint : text.toUcs4()) {
        if (codePoint == U'\\')
            result += "\\e";
        else if (codePoint == U'-')
            result += "\\-";
        else if (codePoint == U'"')
            result += "\\(dq"; // else an argument of a macro would end here
        else if (codePoint == U'\'')
            result += "\\(aq";
        else if (codePoint == U'^' || codePoint == U'~')
            result += codePoint == U'^' ? "\\(ha" : "\\(ti";
        else if (codePoint > 0x7e)
            result += "\\[u"
                + QByteArray::number(uint(codePoint), 16).toUpper().rightJustified(4, '0') + ']';
        else
            result += char(codePoint);
    }
    return result;
}

//! \a text in lines of at most 78 bytes, none of which begins with a control character.
QByteArray paragraph(const QString &text)
{
    constexpr qsizetype width = 78;
    QByteArray result;
    QByteArray line;
    for (QByteArray word : roff(text).split(' ')) {
        if (!line.isEmpty() && line.size() + 1 + word.size() > width) {
            result += line + '\n';
            line.clear();
        }
        if (line.isEmpty() && word.startsWith('.'))
            word.prepend("\\&");
        line += line.isEmpty() ? word : ' ' + word;
    }
    return result + line + '\n';
}

QByteArray bold(const QString &text)
{
    return "\\fB" + roff(text) + "\\fR";
}

QByteArray italic(const QString &text)
{
    return "\\fI" + roff(text) + "\\fR";
}

QByteArray section(const QString &title)
{
    return ".SH " + roff(title) + '\n';
}

//! The date of a page is that of its text; it changes with the texts above it.
QByteArray head(const QString &page)
{
    return ".TH " + roff(page.toUpper()) + " 1 2026-11-28 \"qp2p " + roff(versionString())
        + "\" \"User Commands\"\n";
}

QByteArray name(const QString &page, const QString &oneLine)
{
    QString line = oneLine;
    if (line.endsWith(u'.'))
        line.chop(1);
    if (!line.isEmpty())
        line[0] = line[0].toLower();
    return section(ManPageText::tr("NAME")) + roff(page) + " \\- " + roff(line) + '\n';
}

QByteArray exitStatus()
{
    return section(ManPageText::tr("EXIT STATUS")) + ".TP\n\\fB0\\fR\n"
        + roff(ManPageText::tr("Done.")) + "\n.TP\n\\fB1\\fR\n"
        + roff(ManPageText::tr("The command was understood and failed.")) + "\n.TP\n\\fB2\\fR\n"
        + roff(ManPageText::tr("The command line was wrong; nothing was tried.")) + '\n';
}

QByteArray examples(const QStringList &commands)
{
    QByteArray text = section(ManPageText::tr("EXAMPLES")) + ".nf\n";
    for (const QString &command : commands)
        text += roff(u"qp2p " + command) + '\n';
    return text + ".fi\n";
}

} // namespace

QByteArray manPage(const DocumentedCommand &command)
{
    const CommandDescription &description = command.description;
    const QString page = u"qp2p-"_s + description.name;
    QByteArray text = head(page) + name(page, command.oneLine)
        + section(ManPageText::tr("SYNOPSIS")) + bold(u"qp2p "_s + description.name) + ' '
        + roff(ManPageText::tr("[options]"));
    for (const auto &argument : description.arguments)
        text += ' ' + italic(argument.name);
    text += '\n' + section(ManPageText::tr("DESCRIPTION")) + paragraph(description.summary);
    for (const auto &argument : description.arguments) {
        QString bare = argument.name;
        text += ".TP\n" + italic(bare.remove(u'[').remove(u']')) + '\n'
            + paragraph(argument.description);
    }
    text += section(ManPageText::tr("OPTIONS"));
    for (const auto &option : description.options) {
        text += ".TP\n";
        if (option.name == u"help")
            text += bold(u"-h"_s) + ", ";
        text += bold(u"--"_s + option.name);
        if (!option.valueName.isEmpty())
            text += ' ' + italic(option.valueName);
        text += '\n' + paragraph(option.description);
    }
    return text + exitStatus() + examples(description.examples)
        + section(ManPageText::tr("SEE ALSO")) + ".BR qp2p (1)\n";
}

QByteArray manPage(const QList<DocumentedCommand> &commands, const QString &introduction)
{
    QByteArray text = head(u"qp2p"_s)
        + name(u"qp2p"_s, ManPageText::tr("peer-to-peer networking over QUIC"))
        + section(ManPageText::tr("SYNOPSIS")) + bold(u"qp2p"_s) + ' ' + italic(u"COMMAND"_s) + ' '
        + roff(ManPageText::tr("[options]")) + "\n.br\n" + bold(u"qp2p --version"_s) + '\n'
        + section(ManPageText::tr("DESCRIPTION")) + paragraph(introduction)
        + section(ManPageText::tr("COMMANDS"));
    QByteArray pages;
    for (const DocumentedCommand &command : commands) {
        text += ".TP\n" + bold(command.description.name) + '\n' + paragraph(command.oneLine);
        pages += (pages.isEmpty() ? ".BR qp2p\\-" : ",\n.BR qp2p\\-")
            + roff(command.description.name) + " (1)";
    }
    return text + exitStatus() + section(ManPageText::tr("ENVIRONMENT")) + ".TP\n"
        + bold(u"QT_LOGGING_RULES"_s) + '\n'
        + roff(ManPageText::tr("What is logged to standard error, for example \"qp2p.*=true\"."))
        + '\n' + section(ManPageText::tr("SEE ALSO")) + pages + '\n';
}
