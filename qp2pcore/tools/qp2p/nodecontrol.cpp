// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "nodecontrol.h"

#include "controlprotocol.h"
#include "nodestatus.h"
#include "numbers.h"
#include "output.h"
#include "peerchoice.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFutureWatcher>
#include <QJsonArray>
#include <QPointer>

#include <memory>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

using namespace std::chrono_literals;

struct NodeControlText
{
    Q_DECLARE_TR_FUNCTIONS(NodeControl)
};

// A peer may think for long, but a forgotten request must end.
constexpr std::chrono::milliseconds MaxRequestTime = 1h;
constexpr std::chrono::milliseconds DefaultRequestTime = 60s;
constexpr std::chrono::milliseconds CallMargin = 5s; // of the call, beyond what it waits for

Error notUnderstood(const QString &what)
{
    return Error(ErrorCode::InvalidArgument, what);
}

QJsonObject named(const Peer &peer)
{
    QJsonObject fields{{u"peerId"_s, peer.id().toString()}};
    if (const QString name = peerName(peer); !name.isEmpty())
        fields.insert(u"name"_s, name);
    return fields;
}

Result<Message> messageOf(const QJsonObject &arguments)
{
    const QByteArray text = arguments.value(u"payload"_s).toString().toLatin1();
    const auto decoded = QByteArray::fromBase64Encoding(text,
                                                        QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded)
        return notUnderstood(NodeControlText::tr("The payload is not base64."));
    if ((*decoded).isEmpty())
        return Error(
            ErrorCode::MessageInvalid,
            NodeControlText::tr("There is nothing to send: a message has at least one byte."));
    return Message(*decoded);
}

} // namespace

NodeControl::NodeControl(Network &network, QObject *parent)
    : QObject(parent)
    , m_network(network)
    , m_server([this](ControlCall *call) { handle(call); })
{
}

void NodeControl::handle(ControlCall *call)
{
    const QString &name = call->name();
    if (name == u"status")
        call->answer(statusOf(m_network));
    else if (name == u"peers")
        peers(call);
    else if (name == u"connect")
        connectTo(call);
    else if (name == u"disconnect")
        disconnectPeer(call);
    else if (name == u"block" || name == u"unblock")
        setBlocked(call);
    else if (name == u"blocked")
        blocked(call);
    else if (name == u"send")
        send(call);
    else if (name == u"request")
        request(call);
    else
        call->fail(
            Error(ErrorCode::Unsupported, NodeControlText::tr("This node knows no such request.")));
}

Result<Peer *> NodeControl::peerOf(const QJsonObject &arguments) const
{
    return choosePeer(m_network, arguments.value(u"peer"_s).toString());
}

void NodeControl::peers(ControlCall *call)
{
    const QJsonObject status = statusOf(m_network);
    call->answer({{u"peerId"_s, status.value(u"peerId"_s)},
                  {u"network"_s, status.value(u"network"_s)},
                  {u"peers"_s, status.value(u"peers"_s)}});
}

void NodeControl::connectTo(ControlCall *call)
{
    const QString where = call->arguments().value(u"address"_s).toString();
    const Result<PeerId> peerId = PeerId::fromString(where);
    const Result<PeerAddress> address = peerId ? PeerAddress() : PeerAddress::fromString(where);
    if (!address) {
        call->fail(address.error());
        return;
    }
    call->limitTime(2 * 60s + CallMargin); // a handshake, and the 60 s that a link may take
    const QPointer<ControlCall> caller(call);
    const QFuture<Result<QPointer<Peer>>> linked = peerId ? m_network.connectTo(*peerId)
                                                          : m_network.connectTo(*address);
    QFuture(linked).then(this, [caller](const Result<QPointer<Peer>> &result) {
        if (!caller)
            return;
        if (!result)
            caller->fail(result.error());
        else if (const Peer *peer = *result)
            caller->answer(peerFields(*peer));
        else
            caller->fail(Error(
                ErrorCode::ClosedByPeer,
                NodeControlText::tr("The link ended as soon as it was established. Try again, "
                                    "or ask the operator of the peer.")));
    });
}

void NodeControl::disconnectPeer(ControlCall *call)
{
    const Result<Peer *> peer = peerOf(call->arguments());
    if (!peer) {
        call->fail(peer.error());
        return;
    }
    const QJsonObject fields = named(**peer);
    const QPointer<ControlCall> caller(call);
    (*peer)->close();
    if (caller)
        caller->answer(fields);
}

void NodeControl::setBlocked(ControlCall *call)
{
    const QString what = call->arguments().value(u"what"_s).toString();
    const bool blocks = call->name() == u"block";
    const QHostAddress address(what);
    QJsonObject fields;
    Result<void> done;
    if (!address.isNull()) {
        fields.insert(u"address"_s, address.toString());
        done = blocks ? m_network.block(address) : m_network.unblock(address);
    } else {
        // A peer need not be linked to be blocked, and a blocked one never is.
        PeerId id;
        if (const auto whole = PeerId::fromString(what)) {
            id = *whole;
        } else if (blocks) {
            const Result<Peer *> peer = choosePeer(m_network, what);
            if (!peer) {
                call->fail(peer.error());
                return;
            }
            id = (*peer)->id();
        } else {
            QStringList found;
            const auto known = m_network.blockedPeers();
            for (const PeerId &one : known) {
                if (!what.isEmpty() && one.toString().startsWith(what, Qt::CaseInsensitive)) {
                    found.append(one.toString());
                    id = one;
                }
            }
            if (found.size() != 1) {
                call->fail(notUnderstood(
                    found.isEmpty()
                        ? NodeControlText::tr(
                              "\"%1\" is the beginning of no blocked peer, and no address. "
                              "\"qp2p blocked\" lists them.")
                              .arg(what)
                        : NodeControlText::tr(
                              "\"%1\" is the beginning of more than one blocked peer: %2.")
                              .arg(what, found.join(u", "_s))));
                return;
            }
        }
        fields.insert(u"peerId"_s, id.toString());
        done = blocks ? m_network.block(id) : m_network.unblock(id);
    }
    if (done)
        call->answer(fields);
    else
        call->fail(done.error());
}

void NodeControl::blocked(ControlCall *call)
{
    QJsonArray ids;
    const auto blockedPeers = m_network.blockedPeers();
    for (const PeerId &id : blockedPeers)
        ids.append(id.toString());
    QJsonArray addresses;
    const auto blockedAddresses = m_network.blockedAddresses();
    for (const QHostAddress &address : blockedAddresses)
        addresses.append(address.toString());
    call->answer({{u"peers"_s, ids}, {u"addresses"_s, addresses}});
}

void NodeControl::send(ControlCall *call)
{
    QList<Peer *> targets;
    if (call->arguments().value(u"all"_s).toBool()) {
        targets = m_network.peers();
    } else {
        const Result<Peer *> peer = peerOf(call->arguments());
        if (!peer) {
            call->fail(peer.error());
            return;
        }
        targets.append(*peer);
    }
    const Result<Message> message = messageOf(call->arguments());
    if (!message) {
        call->fail(message.error());
        return;
    }
    call->limitTime(DefaultRequestTime);
    struct Progress
    {
        QJsonArray results;
        qsizetype open = 0;
    };
    const auto progress = std::make_shared<Progress>();
    const QPointer<ControlCall> caller(call);
    progress->open = targets.size();
    const auto finishWhenDone = [caller, progress] {
        if (progress->open == 0 && caller)
            caller->answer({{u"sent"_s, progress->results}});
    };
    for (Peer *peer : std::as_const(targets)) {
        const QJsonObject who = named(*peer);
        peer->sendAndConfirm(*message).then(
            this, [who, progress, finishWhenDone](const Result<void> &result) {
                QJsonObject one = who;
                if (!result)
                    one.insert(u"error"_s, errorFields(result.error()));
                progress->results.append(one);
                --progress->open;
                finishWhenDone();
            });
    }
    if (targets.isEmpty())
        finishWhenDone();
}

void NodeControl::request(ControlCall *call)
{
    const Result<Peer *> peer = peerOf(call->arguments());
    if (!peer) {
        call->fail(peer.error());
        return;
    }
    const Result<Message> message = messageOf(call->arguments());
    if (!message) {
        call->fail(message.error());
        return;
    }
    const auto wanted = std::chrono::milliseconds(
        call->arguments().value(u"timeoutMilliseconds"_s).toInteger(DefaultRequestTime.count()));
    const auto limit = std::clamp(wanted, std::chrono::milliseconds(1), MaxRequestTime);
    call->limitTime(limit + CallMargin);
    const QJsonObject who = named(**peer);
    QElapsedTimer timer;
    timer.start();
    // A watcher of the call: where the client goes, so does the watcher, and a cancelled future is never read.
    auto *watcher = new QFutureWatcher<Result<Message>>(call);
    connect(call, &ControlCall::cancelled, watcher, [watcher] { watcher->future().cancel(); });
    connect(watcher, &QFutureWatcherBase::finished, call, [call, watcher, who, timer] {
        if (watcher->isCanceled())
            return;
        const Result<Message> reply = watcher->result();
        if (!reply) {
            call->fail(reply.error());
            return;
        }
        QJsonObject fields = who;
        fields.insert(u"seconds"_s, toSeconds(std::chrono::nanoseconds(timer.nsecsElapsed())));
        fields.insert(u"payload"_s, ControlProtocol::base64(reply->payload()));
        fields.insert(u"header"_s, ControlProtocol::base64(reply->header()));
        fields.insert(u"destination"_s, ControlProtocol::base64(reply->destination()));
        call->answer(fields);
    });
    watcher->setFuture((*peer)->request(*message, 0, limit));
}
