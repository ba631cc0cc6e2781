// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// qp2p status: asks the nodes of this user how they are doing.

#include "commandline.h"
#include "commands.h"
#include "controlclient.h"
#include "exitcode.h"
#include "nodesockets.h"
#include "nodestatus.h"

#include <QCoreApplication>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

struct StatusCommandText
{
    Q_DECLARE_TR_FUNCTIONS(StatusCommand)
};

} // namespace

int runStatus(const QStringList &arguments)
{
    CommandLine line(
        {u"status"_s,
         StatusCommandText::tr(
             "Asks running nodes (\"qp2p node\") of this user how they are doing: where they "
             "listen, whether they can be reached, their peers and links. Without --socket "
             "all of them; exit code 1 where one does not answer."),
         {u"status"_s, u"status --socket /run/qp2p/node.sock --json"_s}},
        CommandLine::OutputOptions);
    line.addOption(u"socket"_s, StatusCommandText::tr("The control socket of one node."), u"FILE"_s);
    if (const std::optional<int> over = line.parse(arguments))
        return *over;
    const CommonOptions options = line.commonOptions();
    installLogSink(options.detail);
    Output output(options.format, options.detail);
    const QString one = line.value(u"socket"_s);
    const NodeSockets sockets = line.isSet(u"socket"_s) ? NodeSockets{{one}, {}} : nodeSockets();
    for (const QString &path : sockets.removed)
        output.event(
            u"socket-removed", {{u"socket"_s, path}},
            StatusCommandText::tr("Removed \"%1\", the socket of a node that is gone.").arg(path));
    int answers = 0;
    for (const QString &path : sockets.paths) {
        const Result<QJsonObject> status = ControlClient::ask(path, u"status"_s);
        if (!status) {
            output.error(status.error());
            continue;
        }
        if (answers++ > 0)
            output.line({});
        QJsonObject fields = *status;
        fields.insert(u"socket"_s, path);
        output.event(u"status", fields, {});
        const QStringList lines = statusLines(*status);
        for (const QString &text : lines)
            output.line(text);
    }
    if (sockets.paths.isEmpty())
        output.error(
            Error(ErrorCode::FileNotFound,
                  StatusCommandText::tr("No node of yours is running. \"qp2p node\" starts one.")));
    return answers > 0 && answers == sockets.paths.size() ? ExitDone : ExitFailed;
}
