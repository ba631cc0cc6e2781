// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <models/messageexchange.h>

#include <models/shown.h>

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFutureWatcher>

#include <algorithm>
#include <atomic>

namespace Qp2p::Gui {

using namespace std::chrono_literals;

namespace {

struct NetworkWorkerText
{
    Q_DECLARE_TR_FUNCTIONS(Qp2p::Gui::NetworkWorker)
};

} // namespace

MessageExchange::MessageExchange(const Network &network, QObject *parent)
    : QObject(parent)
    , m_network(network)
    , m_batchTimer(this)
{
    m_batchTimer.setSingleShot(true);
    m_batchTimer.setInterval(150ms);
    connect(&m_batchTimer, &QTimer::timeout, this, &MessageExchange::handOver);
    connect(&network, &Network::peerConnected, this, &MessageExchange::peerConnected);
}

quint64 MessageExchange::nextId()
{
    static std::atomic<quint64> last{0};
    return ++last;
}

void MessageExchange::peerConnected(Peer *peer)
{
    const QString name = nameInCertificate(peer->certificates().value(0));
    connect(peer, &Peer::messageReceived, this, [this, peer, name](const Message &message) {
        MessageRecord record;
        record.peer = peer->id();
        record.peerName = name;
        record.message = message;
        take(record);
    });
    connect(peer, &Peer::requestReceived, this,
            [this, peer, name](const Request &request) { takeRequest(peer->id(), name, request); });
    const auto finish = [this, peer](quint64 id, const Error &error) {
        const auto own = m_unacknowledged.take({peer->id(), id});
        if (own != 0)
            Q_EMIT changed(
                own, error.isError() ? MessageRecord::Status::Failed : MessageRecord::Status::Done,
                error);
    };
    connect(peer, &Peer::messageAcknowledged, this, [finish](quint64 id) { finish(id, Error()); });
    connect(peer, &Peer::messageFailed, this, finish);
}

void MessageExchange::send(const MessageRecord &record)
{
    Peer *peer = m_network.peer(record.peer);
    if (!peer) {
        Q_EMIT changed(
            record.id, MessageRecord::Status::Failed,
            Error(ErrorCode::WrongState,
                  NetworkWorkerText::tr("There is no link to this peer any more. Connect to it "
                                        "again, or choose another.")));
        return;
    }
    if (record.kind == MessageRecord::Kind::Request)
        request(peer, record);
    else
        m_unacknowledged.insert({record.peer, peer->send(record.message)}, record.id);
}

void MessageExchange::request(Peer *peer, const MessageRecord &record)
{
    QElapsedTimer since;
    since.start();
    auto *watcher = new QFutureWatcher<Result<Message>>(this);
    connect(watcher, &QFutureWatcherBase::finished, this,
            [this, watcher, since, id = record.id, peerId = record.peer, name = record.peerName] {
                watcher->deleteLater();
                const std::chrono::microseconds roundTrip(since.nsecsElapsed() / 1000);
                const Result<Message> result = watcher->result();
                Q_EMIT changed(id,
                               result ? MessageRecord::Status::Done : MessageRecord::Status::Failed,
                               result.error());
                if (!result)
                    return;
                MessageRecord reply;
                reply.peer = peerId;
                reply.peerName = name;
                reply.kind = MessageRecord::Kind::Reply;
                reply.message = *result;
                reply.roundTrip = roundTrip;
                take(reply);
            });
    watcher->setFuture(peer->request(record.message));
}

void MessageExchange::takeRequest(const PeerId &peer, const QString &name, const Request &request)
{
    MessageRecord record;
    record.peer = peer;
    record.peerName = name;
    record.kind = MessageRecord::Kind::Request;
    record.message = request.message();
    record.id = nextId();
    if (m_echo) {
        request.reply(request.message());
    } else {
        record.status = MessageRecord::Status::Pending;
        m_openRequests.emplace_back(record.id, request);
        if (m_openRequests.size() > MaxOpenRequests) {
            m_openRequests.front().second.reject();
            Q_EMIT changed(m_openRequests.front().first, MessageRecord::Status::Failed,
                           Error(ErrorCode::NoReply,
                                 NetworkWorkerText::tr(
                                     "It was not answered before %n further requests arrived.",
                                     nullptr, int(MaxOpenRequests))));
            m_openRequests.pop_front();
        }
    }
    take(record);
}

void MessageExchange::reply(quint64 requestId, const MessageRecord &record)
{
    const auto finish = [this, requestId, replyId = record.id](const Error &error) {
        const auto status = error.isError() ? MessageRecord::Status::Failed
                                            : MessageRecord::Status::Done;
        Q_EMIT changed(requestId, status, error);
        Q_EMIT changed(replyId, status, error);
    };
    const auto found = std::find_if(m_openRequests.begin(), m_openRequests.end(),
                                    [&](const auto &open) { return open.first == requestId; });
    if (found == m_openRequests.end()) {
        finish(Error(ErrorCode::WrongState,
                     NetworkWorkerText::tr(
                         "This request can no longer be answered: its peer has disconnected, has "
                         "cancelled it, or already has an answer.")));
        return;
    }
    const Request request = found->second;
    m_openRequests.erase(found);
    request.reply(record.message).then(this, [finish](const Result<void> &result) {
        finish(result.isOk() ? Error() : result.error());
    });
}

void MessageExchange::take(const MessageRecord &record)
{
    const qint64 size = record.message.size();
    if (m_waiting.size() >= MaxWaitingMessages
        || (!m_waiting.isEmpty() && m_waitingBytes + size > MaxWaitingBytes)) {
        ++m_dropped;
        return;
    }
    m_waiting.append(record);
    MessageRecord &waiting = m_waiting.last();
    if (waiting.id == 0)
        waiting.id = nextId();
    waiting.when = QDateTime::currentDateTimeUtc();
    m_waitingBytes += size;
    if (!m_batchIsOut && !m_batchTimer.isActive())
        m_batchTimer.start();
}

void MessageExchange::handOver()
{
    if (m_waiting.isEmpty() || m_batchIsOut)
        return;
    m_batchIsOut = true;
    m_waitingBytes = 0;
    Q_EMIT arrived(std::exchange(m_waiting, {}), std::exchange(m_dropped, 0));
}

void MessageExchange::taken()
{
    m_batchIsOut = false;
    if (!m_waiting.isEmpty())
        m_batchTimer.start();
}

} // namespace Qp2p::Gui
