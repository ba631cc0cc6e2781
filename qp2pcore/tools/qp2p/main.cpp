// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Finds the command that was asked for, after the process has been made safe to hold keys.

#include "commandline.h"
#include "commands.h"
#include "documentation.h"
#include "exitcode.h"
#include "listenaddress.h"
#include "output.h"
#include "outputwriter.h"

#include <qp2pcore/localfile.h>
#include <qp2pcore/tools/shared/coredumps.h>
#include <qp2pcore/version.h>

#include <QCoreApplication>

#include <array>
#include <optional>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

struct MainText
{
    Q_DECLARE_TR_FUNCTIONS(Main)
};

struct Entry
{
    QStringView name;
    const char *summary;
    int (*run)(const QStringList &arguments);
};

constexpr std::array<Entry, 17> Entries{{
    {u"node", QT_TRANSLATE_NOOP("Main", "Be a member of a network until stopped."), runNode},
    {u"status", QT_TRANSLATE_NOOP("Main", "Ask a running node how it is doing."), runStatus},
    {u"peers", QT_TRANSLATE_NOOP("Main", "List the peers of a running node."), runPeers},
    {u"connect", QT_TRANSLATE_NOOP("Main", "Make a running node link to a member."), runConnect},
    {u"disconnect", QT_TRANSLATE_NOOP("Main", "Make a running node end a link."), runDisconnect},
    {u"block", QT_TRANSLATE_NOOP("Main", "Make a running node keep a peer away."), runBlock},
    {u"unblock", QT_TRANSLATE_NOOP("Main", "Take a peer off a block list."), runUnblock},
    {u"blocked", QT_TRANSLATE_NOOP("Main", "List what a running node blocks."), runBlocked},
    {u"cache", QT_TRANSLATE_NOOP("Main", "Show and change a bootstrap cache."), runCache},
    {u"listen", QT_TRANSLATE_NOOP("Main", "Listen for peers and print what they send."), runListen},
    {u"send", QT_TRANSLATE_NOOP("Main", "Send a peer a message and wait until it has it."), runSend},
    {u"request", QT_TRANSLATE_NOOP("Main", "Ask a peer and print its reply."), runRequest},
    {u"ping", QT_TRANSLATE_NOOP("Main", "Measure round trips to a peer."), runPing},
    {u"perf", QT_TRANSLATE_NOOP("Main", "Measure throughput, messages and handshakes."), runPerf},
    {u"inspect", QT_TRANSLATE_NOOP("Main", "Show a peer's certificates and what each mode says."),
     runInspect},
    {u"authority", QT_TRANSLATE_NOOP("Main", "Make a private authority and certificates of it."),
     runAuthority},
    {u"identity", QT_TRANSLATE_NOOP("Main", "Make and show identities."), runIdentity},
}};

const Entry *find(QStringView name)
{
    for (const Entry &entry : Entries) {
        if (entry.name == name)
            return &entry;
    }
    return nullptr;
}

QString introduction()
{
    return MainText::tr(
        "A node and a diagnostics program for QP2P, peer-to-peer networking over QUIC. "
        "Every peer proves "
        "the possession of the key behind its peer id, and everything is encrypted.");
}

QString overview()
{
    QString text = MainText::tr("Usage: qp2p COMMAND [options] …") + u"\n\n"
        + wrapped(introduction()) + u'\n' + MainText::tr("Commands:") + u'\n';
    for (const Entry &entry : Entries)
        text += u"  " + entry.name.toString().leftJustified(12) + MainText::tr(entry.summary)
            + u'\n';
    return text + u'\n'
        + wrapped(MainText::tr(
            "\"qp2p COMMAND --help\" says more of each; \"qp2p --version\" names the "
            "libraries in use."))
        + u"\n" + MainText::tr("Examples:") + u"\n  qp2p node --port 12000 --cache peers.jsonl\n"
        + u"  qp2p listen --port 12000 --echo\n" + u"  qp2p request 127.0.0.1:12000 \"Hello\"\n";
}

QString versions()
{
    return u"qp2p " + versionString() + u"\nngtcp2 " + ngtcp2Version() + u"\nGnuTLS "
        + gnutlsVersion() + u"\nQt " + QString::fromLatin1(qVersion()) + u'\n';
}

void print(OutputWriter::Stream stream, const QString &text)
{
    OutputWriter::of(stream).write(stream, text.toUtf8());
}

int usageError(const QStringList &words, const QString &problem)
{
    const auto format = words.contains(u"--json"_s) ? Output::Format::Json : Output::Format::Human;
    Output(format, Output::Detail::Normal).error(Error(ErrorCode::InvalidArgument, problem));
    printProblem(MainText::tr("Run \"qp2p --help\" for the list of commands."));
    return ExitUsage;
}

DocumentedCommand documented(const Entry &entry)
{
    return {CommandLine::describe(entry.name.toString(), entry.run), MainText::tr(entry.summary)};
}

//! "--man [COMMAND]" and "--completion bash|zsh": what the build installs beside the program.
std::optional<QByteArray> documentation(const QStringList &words)
{
    QList<DocumentedCommand> commands;
    for (const Entry &entry : Entries)
        commands.append(documented(entry));
    const QString subject = words.value(1);
    if (words.first() == u"--completion")
        return subject == u"bash" ? std::optional(bashCompletion(commands))
            : subject == u"zsh"   ? std::optional(zshCompletion(commands))
                                  : std::nullopt;
    if (subject.isEmpty())
        return manPage(commands, introduction());
    const Entry *entry = find(subject);
    return entry == nullptr ? std::nullopt : std::optional(manPage(documented(*entry)));
}

//! \a words without the program's name.
int dispatch(QStringList words)
{
    if (words.isEmpty()) {
        print(OutputWriter::Stream::Error, overview());
        return ExitUsage;
    }
    if (words.first() == u"help")
        words = words.size() == 1 ? QStringList{u"--help"_s} : QStringList{words[1], u"--help"_s};
    const QString &first = words.first();
    if (first == u"--help" || first == u"-h") {
        print(OutputWriter::Stream::Output, overview());
        return ExitDone;
    }
    if (first == u"--version" || first == u"-v") {
        print(OutputWriter::Stream::Output, versions());
        warnOfSmallSocketBuffers();
        return ExitDone;
    }
    if (first == u"--man" || first == u"--completion") {
        const std::optional<QByteArray> text = documentation(words);
        if (!text)
            return usageError(
                words, MainText::tr("\"%1\" has nothing for \"%2\".").arg(first, words.value(1)));
        OutputWriter::of(OutputWriter::Stream::Output).write(OutputWriter::Stream::Output, *text);
        return ExitDone;
    }
    if (first.startsWith(u'-'))
        return usageError(
            words, MainText::tr("The command comes first, before the option \"%1\".").arg(first));
    const Entry *entry = find(first);
    if (entry == nullptr)
        return usageError(words, MainText::tr("\"%1\" is not a command.").arg(first));
    if (const Result<void> usable = checkRuntime(); !usable) {
        printProblem(usable.error().message);
        return ExitFailed;
    }
    return entry->run(words);
}

//! Qt would replace what is no UTF-8, and files are named by any bytes.
QStringList words(int argc, char *argv[])
{
#ifdef Q_OS_UNIX
    QStringList words;
    for (int i = 1; i < argc; ++i)
        words.append(fileNameFromBytes(argv[i]));
    return words;
#else
    Q_UNUSED(argc)
    Q_UNUSED(argv)
    return QCoreApplication::arguments().mid(1);
#endif
}

} // namespace

int main(int argc, char *argv[])
{
    forbidCoreDumps();
    const QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(u"qp2p"_s);
    QCoreApplication::setApplicationVersion(versionString());
    return finishOutput(dispatch(words(argc, argv)));
}
