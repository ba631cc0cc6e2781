// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// qp2p status: asks the nodes of this user how they are doing.

#include "commandline.h"
#include "commands.h"
#include "exitcode.h"
#include "nodestatus.h"

#include <QDir>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QLocalSocket>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(StatusCommand)
};

constexpr int AnswerLimit = 5000; // milliseconds
constexpr qint64 LargestAnswer = qint64(16) * 1024 * 1024;

Result<QJsonObject> ask(const QString &path)
{
    const auto failed = [&path](const QString &reason) {
        return Error(ErrorCode::SocketFailed,
                     Text::tr("No node answers at \"%1\": %2.").arg(path, reason));
    };
    QLocalSocket socket;
    socket.connectToServer(path, QLocalSocket::ReadOnly);
    if (!socket.waitForConnected(AnswerLimit))
        return failed(socket.errorString());
    QByteArray bytes;
    QElapsedTimer timer;
    timer.start();
    while (bytes.size() <= LargestAnswer && timer.elapsed() < AnswerLimit) {
        bytes += socket.readAll();
        if (socket.state() != QLocalSocket::ConnectedState || !socket.waitForReadyRead(AnswerLimit))
            break;
    }
    bytes += socket.readAll();
    const QJsonDocument document = QJsonDocument::fromJson(bytes);
    if (!document.isObject())
        return failed(Text::tr("its answer is none"));
    return document.object();
}

} // namespace

int runStatus(const QStringList &arguments)
{
    CommandLine line(
        {u"status"_s,
         Text::tr("Asks running nodes (\"qp2p node\") of this user how they are doing: where they "
                  "listen, whether they can be reached, their peers and links. Without --socket "
                  "all of them."),
         {u"status"_s, u"status --socket /run/qp2p/node.sock --json"_s}},
        CommandLine::OutputOptions);
    line.addOption(u"socket"_s, Text::tr("The status socket of one node."), u"FILE"_s);
    if (const std::optional<int> over = line.parse(arguments))
        return *over;
    const CommonOptions options = line.commonOptions();
    installLogSink(options.detail);
    Output output(options.format, options.detail);
    QStringList paths;
    if (line.isSet(u"socket"_s)) {
        paths.append(line.value(u"socket"_s));
    } else {
        const QDir folder(StatusServer::folder());
        const QStringList names = folder.entryList({u"node-*.sock"_s}, QDir::System | QDir::Files);
        for (const QString &name : names)
            paths.append(folder.filePath(name));
    }
    int answers = 0;
    std::optional<Error> last;
    for (const QString &path : paths) {
        const Result<QJsonObject> status = ask(path);
        if (!status) {
            last = status.error();
            continue;
        }
        if (answers++ > 0)
            output.line({});
        output.event(u"status", *status, {});
        const QStringList lines = statusLines(*status);
        for (const QString &text : lines)
            output.line(text);
    }
    if (answers > 0)
        return ExitDone;
    output.error(last && line.isSet(u"socket"_s)
                     ? *last
                     : Error(ErrorCode::FileNotFound,
                             Text::tr("No node of yours is running. \"qp2p node\" starts one.")));
    return ExitFailed;
}
