// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Finds the command that was asked for, after the process has been made safe to hold keys.

#include "commandline.h"
#include "commands.h"
#include "coredumps.h"
#include "exitcode.h"
#include "listenaddress.h"
#include "output.h"

#include <qp2pcore/localfile.h>
#include <qp2pcore/version.h>

#include <QCoreApplication>

#include <array>
#include <cstdio>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Main)
};

struct Entry
{
    QStringView name;
    const char *summary;
    int (*run)(const QStringList &arguments);
};

constexpr std::array<Entry, 11> Entries{{
    {u"node", QT_TRANSLATE_NOOP("Main", "Be a member of a network until stopped."), runNode},
    {u"status", QT_TRANSLATE_NOOP("Main", "Ask a running node how it is doing."), runStatus},
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

QString overview()
{
    QString text = Text::tr("Usage: qp2p COMMAND [options] …") + u"\n\n"
        + wrapped(Text::tr(
            "A node and a diagnostics program for QP2P, peer-to-peer networking over "
            "QUIC. Every peer proves the key behind its peer id, and everything is "
            "encrypted."))
        + u'\n' + Text::tr("Commands:") + u'\n';
    for (const Entry &entry : Entries)
        text += u"  " + entry.name.toString().leftJustified(10) + Text::tr(entry.summary) + u'\n';
    return text + u'\n'
        + Text::tr("\"qp2p COMMAND --help\" says more of each; \"qp2p --version\" names the "
                   "libraries in use.")
        + u"\n\n" + Text::tr("Examples:") + u"\n  qp2p node --port 12000 --cache peers.jsonl\n"
        + u"  qp2p listen --port 12000 --echo\n" + u"  qp2p request 127.0.0.1:12000 \"Hello\"\n";
}

QString versions()
{
    return u"qp2p " + versionString() + u"\nngtcp2 " + ngtcp2Version() + u"\nGnuTLS "
        + gnutlsVersion() + u"\nQt " + QString::fromLatin1(qVersion()) + u'\n';
}

void print(std::FILE *stream, const QString &text)
{
    std::fputs(text.toUtf8().constData(), stream);
}

int usageError(const QString &problem)
{
    printProblem(problem);
    printProblem(Text::tr("Run \"qp2p --help\" for the list of commands."));
    return ExitUsage;
}

//! \a words without the program's name.
int dispatch(QStringList words)
{
    if (words.isEmpty()) {
        print(stderr, overview());
        return ExitUsage;
    }
    if (words.first() == u"help")
        words = words.size() == 1 ? QStringList{u"--help"_s} : QStringList{words[1], u"--help"_s};
    const QString &first = words.first();
    if (first == u"--help" || first == u"-h") {
        print(stdout, overview());
        return ExitDone;
    }
    if (first == u"--version" || first == u"-v") {
        print(stdout, versions());
        warnOfSmallSocketBuffers();
        return ExitDone;
    }
    if (first.startsWith(u'-'))
        return usageError(Text::tr("The command comes first, before the option '%1'.").arg(first));
    const Entry *entry = find(first);
    if (entry == nullptr)
        return usageError(Text::tr("'%1' is not a command.").arg(first));
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
    return dispatch(words(argc, argv));
}
