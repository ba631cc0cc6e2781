// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// NetworkWorker: messages, requests and replies.
#include <models/logging.h>
#include <models/networkworker.h>
#include <models/shown.h>

namespace Qp2p::Gui {

void NetworkWorker::peerConnected(Peer *peer)
{
    qCInfo(lcApp).noquote() << tr("The peer %1 is connected.").arg(peer->id().toString());
    const QString name = nameInCertificate(peer->certificates().value(0));
    connect(peer, &Peer::messageReceived, this, [this, peer, name](const Message &message) {
        MessageRecord record;
        record.peer = peer->id();
        record.peerName = name;
        record.message = message;
        takeMessage(record);
    });
    connect(peer, &Peer::requestReceived, this,
            [this, peer, name](const Request &request) { takeRequest(peer->id(), name, request); });
    const auto settle = [this, peer](quint64 id, const Error &error) {
        const auto own = m_unacknowledged.take({peer->id(), id});
        if (own != 0)
            Q_EMIT messageChanged(
                own, error.isError() ? MessageRecord::Status::Failed : MessageRecord::Status::Done,
                error);
    };
    connect(peer, &Peer::messageAcknowledged, this, [settle](quint64 id) { settle(id, Error()); });
    connect(peer, &Peer::messageFailed, this, settle);
}

void NetworkWorker::send(const MessageRecord &record)
{
    Peer *peer = m_network->peer(record.peer);
    if (!peer) {
        Q_EMIT messageChanged(record.id, MessageRecord::Status::Failed,
                              Error(ErrorCode::WrongState,
                                    tr("There is no link to this peer any more. Connect to it "
                                       "again, or choose another.")));
        return;
    }
    if (record.kind == MessageRecord::Kind::Request)
        request(peer, record);
    else
        m_unacknowledged.insert({record.peer, peer->send(record.message)}, record.id);
}

void NetworkWorker::request(Peer *peer, const MessageRecord &record)
{
    QElapsedTimer since;
    since.start();
    auto *watcher = new QFutureWatcher<Result<Message>>(this);
    connect(watcher, &QFutureWatcherBase::finished, this,
            [this, watcher, since, id = record.id, peerId = record.peer, name = record.peerName] {
                watcher->deleteLater();
                const std::chrono::microseconds roundTrip(since.nsecsElapsed() / 1000);
                const Result<Message> result = watcher->result();
                Q_EMIT messageChanged(
                    id, result ? MessageRecord::Status::Done : MessageRecord::Status::Failed,
                    result.error());
                if (!result)
                    return;
                MessageRecord reply;
                reply.peer = peerId;
                reply.peerName = name;
                reply.kind = MessageRecord::Kind::Reply;
                reply.message = *result;
                reply.roundTrip = roundTrip;
                takeMessage(reply);
            });
    watcher->setFuture(peer->request(record.message));
}

void NetworkWorker::takeRequest(const PeerId &peer, const QString &name, const Request &request)
{
    MessageRecord record;
    record.peer = peer;
    record.peerName = name;
    record.kind = MessageRecord::Kind::Request;
    record.message = request.message();
    record.id = nextMessageId();
    if (m_echo) {
        request.reply(request.message());
    } else {
        record.status = MessageRecord::Status::Pending;
        m_openRequests.emplace_back(record.id, request);
        if (m_openRequests.size() > MostOpenRequests) {
            m_openRequests.front().second.reject();
            Q_EMIT messageChanged(
                m_openRequests.front().first, MessageRecord::Status::Failed,
                Error(ErrorCode::NoReply,
                      tr("It was not answered before %n further requests arrived.", nullptr,
                         int(MostOpenRequests))));
            m_openRequests.pop_front();
        }
    }
    takeMessage(record);
}

void NetworkWorker::reply(quint64 requestId, const MessageRecord &record)
{
    const auto tell = [this, requestId, replyId = record.id](const Error &error) {
        const auto status = error.isError() ? MessageRecord::Status::Failed
                                            : MessageRecord::Status::Done;
        Q_EMIT messageChanged(requestId, status, error);
        Q_EMIT messageChanged(replyId, status, error);
    };
    const auto found = std::find_if(m_openRequests.begin(), m_openRequests.end(),
                                    [&](const auto &open) { return open.first == requestId; });
    if (found == m_openRequests.end()) {
        tell(Error(ErrorCode::WrongState,
                   tr("This request can no longer be answered: its peer has disconnected, has "
                      "cancelled it, or already has an answer.")));
        return;
    }
    const Request request = found->second;
    m_openRequests.erase(found);
    request.reply(record.message).then(this, [tell](const Result<void> &result) {
        tell(result.isOk() ? Error() : result.error());
    });
}

void NetworkWorker::setEcho(bool echo)
{
    m_echo = echo;
}

void NetworkWorker::takeMessage(const MessageRecord &record)
{
    const qint64 size = record.message.size();
    if (m_waiting.size() >= MostWaitingMessages
        || (!m_waiting.isEmpty() && m_waitingBytes + size > MostWaitingBytes)) {
        ++m_dropped;
        return;
    }
    m_waiting.append(record);
    MessageRecord &waiting = m_waiting.last();
    if (waiting.id == 0)
        waiting.id = nextMessageId();
    waiting.when = QDateTime::currentDateTimeUtc();
    m_waitingBytes += size;
    if (!m_batchIsOut && !m_messagesTimer.isActive())
        m_messagesTimer.start();
}

void NetworkWorker::handOverMessages()
{
    if (m_waiting.isEmpty() || m_batchIsOut)
        return;
    m_batchIsOut = true;
    m_waitingBytes = 0;
    Q_EMIT messagesArrived(std::exchange(m_waiting, {}), std::exchange(m_dropped, 0));
}

void NetworkWorker::messagesTaken()
{
    m_batchIsOut = false;
    if (!m_waiting.isEmpty())
        m_messagesTimer.start();
}

} // namespace Qp2p::Gui
