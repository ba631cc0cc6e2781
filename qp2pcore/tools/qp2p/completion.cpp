// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Completion for bash and zsh: commands, options, values where there are few, and file names.

#include "documentation.h"

using namespace Qt::StringLiterals;

namespace {

//! The words that an argument such as "[list|add]" may be; empty where it may be anything.
QStringList wordsOf(const QString &argument)
{
    QString bare = argument;
    bare.remove(u'[').remove(u']');
    return bare.contains(u'|') ? bare.split(u'|') : QStringList();
}

bool isFile(const QString &valueName)
{
    return valueName == u"FILE" || valueName == u"DIR";
}

QStringList namesOf(const QList<DocumentedCommand> &commands)
{
    QStringList names;
    for (const DocumentedCommand &command : commands)
        names.append(command.description.name);
    return names;
}

//! For a word in single quotes of a specification of zsh's _arguments.
QString zshText(QString text)
{
    if (text.size() > 60) // one line of a menu
        text = text.left(text.lastIndexOf(u' ', 60)) + u" …";
    return text.replace(u'\\', u"\\\\"_s)
        .replace(u'[', u"\\["_s)
        .replace(u']', u"\\]"_s)
        .replace(u':', u"\\:"_s)
        .replace(u'\'', u"'\\''"_s);
}

} // namespace

QByteArray bashCompletion(const QList<DocumentedCommand> &commands)
{
    const QStringList names = namesOf(commands);
    QString text =
        u"# bash completion for qp2p; made when qp2p is built.\n\n_qp2p()\n{\n"
        "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n"
        "    local options= words= files= values= choices=\n"
        "    COMPREPLY=()\n"
        "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
        "        COMPREPLY=($(compgen -W \"%1 help --help --version\" -- \"$current\"))\n"
        "        return\n"
        "    fi\n"
        "    case ${COMP_WORDS[1]} in\n"_s.arg(names.join(u' '));
    for (const DocumentedCommand &command : commands) {
        QStringList options;
        QStringList words;
        QStringList files;
        QStringList values;
        QString choices;
        for (const auto &option : command.description.options) {
            const QString dashed = u"--"_s + option.name;
            options.append(dashed);
            if (option.valueName.isEmpty())
                continue;
            (isFile(option.valueName) ? files : values).append(dashed);
            if (!option.choices.isEmpty())
                choices += u"        [ \"$previous\" = %1 ] && choices='%2'\n"_s.arg(
                    dashed, option.choices.join(u' '));
        }
        for (const auto &argument : command.description.arguments)
            words += wordsOf(argument.name);
        text += u"    %1)\n        options='%2'\n        words='%3'\n        files=' %4 '\n"
                "        values=' %5 '\n%6        ;;\n"_s.arg(
                    command.description.name, options.join(u' '), words.join(u' '),
                    files.join(u' '), values.join(u' '), choices);
    }
    text +=
        u"    help)\n        words='%1'\n        ;;\n    *)\n        return\n        ;;\n    esac\n"
        "    if [[ $files == *\" $previous \"* ]]; then\n"
        "        compopt -o filenames 2>/dev/null\n"
        "        COMPREPLY=($(compgen -f -- \"$current\"))\n"
        "    elif [[ $values == *\" $previous \"* ]]; then\n"
        "        COMPREPLY=($(compgen -W \"$choices\" -- \"$current\"))\n"
        "    elif [[ $current == -* ]]; then\n"
        "        COMPREPLY=($(compgen -W \"$options\" -- \"$current\"))\n"
        "    else\n"
        "        COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
        "    fi\n}\n\ncomplete -F _qp2p qp2p\n"_s.arg(names.join(u' '));
    return text.toUtf8();
}

QByteArray zshCompletion(const QList<DocumentedCommand> &commands)
{
    QString text =
        u"#compdef qp2p\n# zsh completion for qp2p; made when qp2p is built.\n\n_qp2p() {\n"
        "    local -a commands\n    commands=(\n"_s;
    for (const DocumentedCommand &command : commands)
        text += u"        '%1:%2'\n"_s.arg(command.description.name, zshText(command.oneLine));
    text += u"    )\n"
            "    if (( CURRENT == 2 )); then\n"
            "        _describe command commands\n"
            "        return\n"
            "    fi\n"
            "    local command=$words[2]\n"
            "    shift words\n"
            "    (( CURRENT-- ))\n"
            "    case $command in\n"_s;
    for (const DocumentedCommand &command : commands) {
        text += u"    %1)\n        _arguments"_s.arg(command.description.name);
        for (const auto &option : command.description.options) {
            const QString action = !option.choices.isEmpty()
                ? u"("_s + option.choices.join(u' ') + u')'
                : isFile(option.valueName) ? u"_files"_s
                                           : u" "_s;
            text += u" \\\n            '*--%1[%2]%3'"_s.arg(
                option.name, zshText(option.description),
                option.valueName.isEmpty() ? QString()
                                           : QString(u':' + option.valueName + u':' + action));
        }
        int position = 0;
        for (const auto &argument : command.description.arguments) {
            const QStringList words = wordsOf(argument.name);
            const bool isOptional = argument.name.startsWith(u'[');
            QString bare = argument.name;
            bare.remove(u'[').remove(u']');
            text += u" \\\n            '%1%2%3:%4'"_s.arg(
                QString::number(++position), isOptional ? u"::"_s : u":"_s,
                words.isEmpty() ? bare : u"what to do"_s,
                words.isEmpty() ? u" "_s : QString(u'(' + words.join(u' ') + u')'));
        }
        text += u"\n        ;;\n"_s;
    }
    text += u"    esac\n}\n\n_qp2p \"$@\"\n"_s;
    return text.toUtf8();
}
