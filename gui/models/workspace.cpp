// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <models/workspace.h>

#include <models/logging.h>

#include <qp2pcore/safetext.h>

namespace Qp2p::Gui {

Workspace::Workspace(std::unique_ptr<Profile> profile, QObject *parent)
    : QObject(parent)
    , m_profile(std::move(profile))
    , m_refreshTimer(this)
{
    connect(&m_sink, &LogSink::linesArrived, &m_log, &LogModel::add);
    connectHost();
    connect(&settings(), &Settings::windowChanged, this, &Workspace::applyWindowSettings);
    connect(&settings(), &Settings::saveFailed, this, &Workspace::problem);
    connect(&m_refreshTimer, &QTimer::timeout, this, &Workspace::refresh);
    m_writesQlog = settings().writesQlog();
    applyWindowSettings();
}

Workspace::~Workspace() = default;

void Workspace::connectHost()
{
    connect(&m_host, &NetworkHost::snapshotReady, this, [this](const NetworkSnapshot &snapshot) {
        m_connections.update(snapshot.connections);
        Q_EMIT refreshed();
    });
    connect(&m_host, &NetworkHost::stateChanged, this, [this](Network::State state) {
        qCInfo(lcApp).noquote() << networkStateText(state);
        refresh();
    });
    connect(&m_host, &NetworkHost::cacheChanged, &m_cache, &CacheModel::setEntries);
    connect(&m_host, &NetworkHost::candidatesChanged, this,
            [this](const QList<JoinCandidate> &candidates) {
                m_candidates.setCandidates(candidates);
                m_cache.setCandidates(candidates);
            });
    connect(&m_host, &NetworkHost::messagesArrived, this,
            [this](const QList<MessageRecord> &messages, quint64 dropped) {
                m_messages.add(messages);
                if (dropped > 0)
                    qCWarning(lcApp).noquote()
                        << tr("%n messages came faster than they can be shown, and are not.",
                              nullptr, int(std::min<quint64>(dropped, INT_MAX)));
            });
    connect(&m_host, &NetworkHost::messageChanged, &m_messages, &MessageModel::setStatus);
    const auto tell = [this](const Error &error) {
        qCWarning(lcApp).noquote() << error.message;
        Q_EMIT problem(error);
    };
    connect(&m_host, &NetworkHost::problem, this, tell);
    connect(&m_host, &NetworkHost::startFailed, this, tell);
    connect(&m_host, &NetworkHost::joinFinished, this, [tell](const Error &error) {
        if (error.isError() && error.code != ErrorCode::Cancelled)
            tell(error);
    });
    connect(&m_host, &NetworkHost::dialFinished, this,
            [this, tell](const PeerAddress &address, const Error &error) {
                if (!error.isError())
                    Q_EMIT done(tr("The peer at %1 is linked.").arg(address.endpointString()));
                else if (error.code != ErrorCode::Cancelled)
                    tell(error);
            });
    connect(&m_host, &NetworkHost::done, this, &Workspace::done);
}

void Workspace::join(const QList<PeerAddress> &contacts)
{
    QStringList kept;
    for (const PeerAddress &contact : contacts)
        kept.append(contact.toString());
    settings().setContacts(kept);
    if (m_host.isRunning())
        m_host.join(contacts);
    else
        start(contacts);
}

void Workspace::rejoin()
{
    start(keptContacts());
}

void Workspace::leave()
{
    m_host.stop();
}

QList<PeerAddress> Workspace::keptContacts() const
{
    QList<PeerAddress> contacts;
    const QStringList kept = settings().contacts();
    for (const QString &text : kept) {
        if (const Result<PeerAddress> contact = PeerAddress::fromString(text))
            contacts.append(*contact);
    }
    return contacts;
}

void Workspace::start(const QList<PeerAddress> &contacts)
{
    if (m_profile->identity().isNull()) {
        if (const Result<void> loaded = m_profile->loadIdentity(); !loaded) {
            Q_EMIT problem(loaded.error());
            return;
        }
    }
    const Result<NetworkConfig> config = m_profile->networkConfig();
    if (!config)
        Q_EMIT problem(config.error());
    else
        m_host.start(*config, contacts);
}

void Workspace::applyNetworkSettings()
{
    if (m_host.isRunning())
        rejoin();
}

void Workspace::setWatched(bool watched)
{
    if (watched == m_refreshTimer.isActive())
        return;
    if (watched) {
        m_refreshTimer.start();
        refresh();
    } else {
        m_refreshTimer.stop();
    }
}

void Workspace::refresh()
{
    m_host.refresh();
}

void Workspace::applyWindowSettings()
{
    m_refreshTimer.setInterval(std::chrono::seconds(settings().refreshSeconds()));
    m_connections.setUnits(settings().units());
    m_messages.setUnits(settings().units());
    if (const bool writes = settings().writesQlog(); writes != std::exchange(m_writesQlog, writes)) {
        QString directory;
        if (writes) {
            const Result<QString> made = m_profile->makeQlogDirectory();
            if (!made) {
                Q_EMIT problem(made.error());
                return;
            }
            directory = *made;
        }
        m_host.setQlogDirectory(directory);
    }
}

void Workspace::send(const PeerId &peer, const QString &name, const Message &message,
                     MessageRecord::Kind kind)
{
    MessageRecord record;
    record.id = NetworkWorker::nextMessageId();
    record.when = QDateTime::currentDateTimeUtc();
    record.peer = peer;
    record.peerName = name;
    record.kind = kind;
    record.direction = MessageRecord::Direction::Outgoing;
    record.status = MessageRecord::Status::Pending;
    record.message = message;
    m_messages.add({record});
    m_host.send(record);
}

void Workspace::reply(const MessageRecord &request, const Message &message)
{
    MessageRecord record = request;
    record.id = NetworkWorker::nextMessageId();
    record.when = QDateTime::currentDateTimeUtc();
    record.kind = MessageRecord::Kind::Reply;
    record.direction = MessageRecord::Direction::Outgoing;
    record.status = MessageRecord::Status::Pending;
    record.message = message;
    record.error = {};
    m_messages.add({record});
    m_host.reply(request.id, record);
}

} // namespace Qp2p::Gui
