// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <models/workspace.h>

#include <models/contactlines.h>
#include <models/logging.h>

#include <qp2pcore/certificateinfo.h>

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
    connect(&settings(), &Settings::saveFailed, this,
            [this](const Error &error) { report(Topic::Settings, error); });
    connect(&settings(), &Settings::saved, this, [this] { solve(Topic::Settings); });
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
        if (state == Network::State::Joined || state == Network::State::Idle)
            solve(Topic::Join);
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
                    qCWarning(lcApp).noquote() << tr(
                        "%n messages arrived faster than they can be shown, and were left out.",
                        nullptr, int(std::min<quint64>(dropped, INT_MAX)));
            });
    connect(&m_host, &NetworkHost::messageChanged, &m_messages, &MessageModel::setStatus);
    connect(&m_host, &NetworkHost::problem, this, [this](const Error &error) {
        qCWarning(lcApp).noquote() << error.message;
        Q_EMIT problem(error);
    });
    connect(&m_host, &NetworkHost::startFailed, this,
            [this](const Error &error) { report(Topic::Start, error); });
    connect(&m_host, &NetworkHost::started, this, [this] { solve(Topic::Start); });
    connect(&m_host, &NetworkHost::joinFinished, this, [this](const Error &error) {
        if (error.isError() && error.code != ErrorCode::Cancelled)
            report(Topic::Join, joinProblem(error));
    });
    connect(
        &m_host, &NetworkHost::dialFinished, this,
        [this](const PeerAddress &address, const Error &error) {
            if (!error.isError()) {
                solve(Topic::Dial, address.endpointString());
                Q_EMIT done(tr("Connected to the peer at %1.").arg(address.endpointString()));
            } else if (error.code != ErrorCode::Cancelled
                       && error.code != ErrorCode::PeerIdMismatch) { // the user is asked about it
                report(Topic::Dial, error, address.endpointString());
            }
        });
    connect(&m_host, &NetworkHost::peerKeyChanged, this, &Workspace::askAboutKey);
    connect(&m_host, &NetworkHost::done, this, &Workspace::done);
}

void Workspace::report(Topic topic, const Error &error, const QString &detail)
{
    solve(topic, detail);
    const QStringList lines = error.message.split(u'\n');
    for (const QString &line : lines) // a line of the log is one line
        qCWarning(lcApp).noquote() << line;
    m_problems.insert({int(topic), detail}, error);
    Q_EMIT problem(error);
}

void Workspace::solve(Topic topic, const QString &detail)
{
    const Error over = m_problems.take({int(topic), detail});
    if (over.isError())
        Q_EMIT problemSolved(over);
}

//! As a list, a line for each candidate. The message of \a error has all of them, however many.
Error Workspace::joinProblem(const Error &error) const
{
    if (error.code != ErrorCode::JoinFailed)
        return error;
    constexpr qsizetype maxListed = 8; // the table in the dialog "Join" has all
    QStringList lines;
    qsizetype failed = 0;
    for (const JoinCandidate &candidate : m_host.candidates()) {
        if (candidate.state != JoinCandidate::State::Failed || ++failed > maxListed)
            continue;
        //: a line in a list: the address of a candidate, and why it could not be joined
        lines.append(tr("• %1: %2")
                         .arg(candidate.addresses.value(0).endpointString(),
                              QString(candidate.error.message).replace(u'\n', u' ')));
    }
    if (failed == 0)
        return error;
    if (failed > maxListed)
        lines.append(tr("• … and %n more", nullptr, int(failed - maxListed)));
    Error listed = error;
    listed.message = tr("The network could not be joined. It is tried again automatically.") + u'\n'
        + lines.join(u'\n');
    return listed;
}

// --- Changed keys -------------------------------------------------------------------------------

void Workspace::askAboutKey(const BootstrapCache::Entry &known, const Error &error)
{
    const auto certificate = CertificateInfo::fromDer(error.peerCertificates.value(0));
    const PeerId newId = certificate ? certificate->peerId : PeerId();
    const bool isOpen = std::any_of(
        m_keyQuestions.cbegin(), m_keyQuestions.cend(), [&](const KeyQuestion &open) {
            return open.known.peerId == known.peerId && open.newId == newId;
        });
    if (isOpen || settings().refusesKey(known.peerId, newId)
        || m_host.blockedPeers().contains(newId))
        return;
    qCWarning(lcApp).noquote() << tr("The node %1 came with another key and was refused: %2")
                                      .arg(known.peerId.toString(), newId.toString());
    if (m_keyQuestions.size() >= MaxKeyQuestions)
        return;
    m_keyQuestions.append({known, error, newId});
    Q_EMIT keyQuestionAsked(known.peerId, newId);
}

void Workspace::answerKeyQuestion(const PeerId &known, const PeerId &newId, KeyAnswer answer)
{
    const auto asked = std::find_if(
        m_keyQuestions.cbegin(), m_keyQuestions.cend(),
        [&](const KeyQuestion &open) { return open.known.peerId == known && open.newId == newId; });
    if (asked == m_keyQuestions.cend())
        return;
    const PeerAddress address = asked->known.addresses.value(0);
    switch (answer) {
    case KeyAnswer::Trust:
        settings().acceptKey(known, newId);
        m_host.trustNewKey(known, PeerAddress(address.address(), address.port(), newId));
        break;
    case KeyAnswer::Block:
        m_host.block(newId);
        [[fallthrough]]; // not asked again either, should it be unblocked later
    case KeyAnswer::Refuse:
        settings().refuseKey(known, newId);
        break;
    }
    m_keyQuestions.erase(asked);
    Q_EMIT keyQuestionAnswered(known, newId);
}

QString Workspace::contactLine()
{
    return ownContactLine(m_host.lastSnapshot().status);
}

// --- Joining ------------------------------------------------------------------------------------

void Workspace::join(const QList<PeerAddress> &contacts)
{
    QStringList kept;
    for (const PeerAddress &contact : contacts)
        kept.append(contact.toString());
    settings().setContacts(kept);
    if (m_host.isRunning() && m_host.state() != Network::State::Leaving)
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
            report(Topic::Start, loaded.error());
            return;
        }
    }
    settings().chooseListenPort();
    const Result<NetworkConfig> config = m_profile->networkConfig();
    if (!config)
        report(Topic::Start, config.error());
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
    record.id = MessageExchange::nextId();
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
    record.id = MessageExchange::nextId();
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
