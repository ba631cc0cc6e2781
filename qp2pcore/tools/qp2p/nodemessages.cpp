// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "nodemessages.h"

#include "controlclient.h"
#include "controlprotocol.h"
#include "exitcode.h"
#include "numbers.h"

#include <qp2pcore/safetext.h>

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QJsonArray>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

using namespace std::chrono_literals;

struct NodeMessagesText
{
    Q_DECLARE_TR_FUNCTIONS(NodeMessages)
};

constexpr std::chrono::milliseconds DefaultTime = 60s; // for a peer to answer or acknowledge
constexpr std::chrono::milliseconds AnswerMargin = 10s; // the node reports first that its time is over

QByteArray bytesOf(const QJsonObject &answer, const char *name)
{
    return QByteArray::fromBase64(answer.value(QLatin1StringView(name)).toString().toLatin1());
}

//! What has become of the messages that the node was asked to send.
struct Sent
{
    qint64 messages = 0;
    qint64 failures = 0;
    QJsonArray peers; //!< of the last time
};

//! Adds one answer of the node, and reports what could not be sent.
void add(const QJsonObject &answer, Sent &sent, Output &output)
{
    sent.peers = {};
    const QJsonArray entries = answer.value(u"sent"_s).toArray();
    for (const QJsonValue &value : entries) {
        const QJsonObject one = value.toObject();
        const QJsonObject error = one.value(u"error"_s).toObject();
        if (error.isEmpty()) {
            ++sent.messages;
            sent.peers.append(one);
            continue;
        }
        ++sent.failures;
        output.event(u"send-failed", one, {});
        printProblem(NodeMessagesText::tr("Not sent to %1: %2")
                         .arg(safeText(one.value(u"peerId"_s).toString()),
                              safeText(error.value(u"message"_s).toString())));
    }
}

} // namespace

Result<NodeReply> requestThroughNode(const CommonOptions &options, const Reach &reach,
                                     const QByteArray &payload)
{
    if (!reach.socket)
        return reach.socket.error();
    const std::chrono::milliseconds limit = options.timeLimit.value_or(DefaultTime);
    const auto answer = ControlClient::ask(*reach.socket, u"request"_s,
                                           {{u"peer"_s, reach.word},
                                            {u"payload"_s, ControlProtocol::base64(payload)},
                                            {u"timeoutMilliseconds"_s, qint64(limit.count())}},
                                           limit + AnswerMargin);
    if (!answer)
        return answer.error();
    NodeReply reply;
    reply.peer.insert(u"peerId"_s, answer->value(u"peerId"_s));
    if (answer->contains(u"name"_s))
        reply.peer.insert(u"name"_s, answer->value(u"name"_s));
    reply.message = Message(bytesOf(*answer, "header"), bytesOf(*answer, "destination"),
                            bytesOf(*answer, "payload"));
    reply.time = std::chrono::nanoseconds(
        static_cast<qint64>(answer->value(u"seconds"_s).toDouble() * 1e9));
    return reply;
}

int sendThroughNode(const CommonOptions &options, const Reach &reach, const QByteArray &payload,
                    qint64 count)
{
    Output output(options.format, options.detail);
    const QJsonObject who = reach.word.isEmpty() ? QJsonObject{{u"all"_s, true}}
                                                 : QJsonObject{{u"peer"_s, reach.word}};
    QJsonObject arguments = who;
    arguments.insert(u"payload"_s, ControlProtocol::base64(payload));
    QElapsedTimer timer;
    timer.start();
    Sent sent;
    for (qint64 i = 0; i < count; ++i) {
        Result<QJsonObject> answer = reach.socket.error();
        if (reach.socket)
            answer = ControlClient::ask(*reach.socket, u"send"_s, arguments,
                                        DefaultTime + AnswerMargin);
        if (!answer) {
            output.error(answer.error());
            return ExitFailed;
        }
        add(*answer, sent, output);
    }
    if (sent.messages == 0) {
        if (sent.failures == 0)
            output.error(
                Error(ErrorCode::NotReachable, NodeMessagesText::tr("The node has no peer now.")));
        return ExitFailed;
    }
    const std::chrono::nanoseconds elapsed(timer.nsecsElapsed());
    const QString target = sent.peers.size() == 1
        ? safeText(sent.peers.first()[u"peerId"_s].toString())
        : NodeMessagesText::tr("%1 peers").arg(sent.peers.size());
    output.event(
        u"sent",
        {{u"messages"_s, sent.messages},
         {u"bytes"_s, sent.messages * payload.size()},
         {u"seconds"_s, toSeconds(elapsed)},
         {u"peers"_s, sent.peers}},
        NodeMessagesText::tr("Messages sent to %3 and acknowledged: %1, %2 in %4")
            .arg(QString::number(sent.messages), formatBytes(sent.messages * payload.size()),
                 target, formatMilliseconds(elapsed)));
    return sent.failures == 0 ? ExitDone : ExitFailed;
}
