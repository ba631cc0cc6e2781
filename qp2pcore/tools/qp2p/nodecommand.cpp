// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// qp2p node: a member of a network that runs for weeks.

#include "commands.h"
#include "exitcode.h"
#include "listenaddress.h"
#include "nodecontrol.h"
#include "nodeevents.h"
#include "nodeoptions.h"
#include "numbers.h"
#include "servicenotifier.h"
#include "wantedpeers.h"

#include <qp2pcore/network.h>
#include <qp2pcore/networkstatus.h>
#include <qp2pcore/tools/shared/stopsignals.h>

#include <QCoreApplication>
#include <QTimer>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

using namespace std::chrono_literals;

// Leaving takes at most three probe timeouts; where even that does not come, the process goes first.
constexpr auto MaxLeavingTime = 5s;

class NodeCommand : public QObject
{
    Q_OBJECT

public:
    explicit NodeCommand(const NodeOptions &options);

    int run();

private:
    void start();
    void reload();
    enum class OwnCertificate { Unchanged, Renewed };
    Result<OwnCertificate> reloadIdentity();
    struct Reloaded
    {
        qsizetype contacts = 0;
        qsizetype dialled = 0; //!< contacts without a link
        OwnCertificate certificate = OwnCertificate::Unchanged;
        qsizetype dropped = 0; //!< peers that are blocked now
    };
    void reportReloaded(const Reloaded &reloaded);
    void stop();
    void fail(const Error &error);
    void answerRequests(const Peer *peer);
    void joined();
    void timedOut();
    void reportToServiceManager();

    const NodeOptions m_options;
    Output m_output;
    Network m_network;
    NodeEvents m_events;
    NodeControl m_control;
    WantedPeers m_wanted;
    QTimer m_leavingLimit;
    QTimer m_timeLimit;
    int m_exitCode = ExitDone;
    bool m_stopping = false;
    bool m_hasJoined = false;
    ServiceNotifier m_service;
};

NodeCommand::NodeCommand(const NodeOptions &options)
    : m_options(options)
    , m_output(options.common.format, options.common.detail)
    , m_network(options.network)
    , m_events(m_network, m_output)
    , m_control(m_network)
    , m_wanted(m_network, m_output, options.connect)
{
    connect(&m_output, &Output::lost, this, [this] {
        m_exitCode = ExitFailed;
        stop();
    });
    connect(&m_network, &Network::peerConnected, this, &NodeCommand::answerRequests);
    connect(&m_network, &Network::stateChanged, this, [this](Network::State state) {
        if (state == Network::State::Joined)
            joined();
        else if (state == Network::State::Waiting)
            m_output.event(u"waiting", {}, tr("No peer now; the next attempt comes by itself."));
        else if (state == Network::State::Left && m_stopping) {
            m_output.event(u"left", {}, tr("Left the network."));
            QCoreApplication::exit(m_exitCode);
        }
    });
    m_leavingLimit.setSingleShot(true);
    connect(&m_leavingLimit, &QTimer::timeout, this, [this] { QCoreApplication::exit(m_exitCode); });
    m_timeLimit.setSingleShot(true);
    connect(&m_timeLimit, &QTimer::timeout, this, &NodeCommand::timedOut);
    connect(&m_network, &Network::stateChanged, this, &NodeCommand::reportToServiceManager);
    connect(&m_network, &Network::peerConnected, this, &NodeCommand::reportToServiceManager);
    connect(&m_network, &Network::peerDisconnected, this, &NodeCommand::reportToServiceManager);
}

int NodeCommand::run()
{
    StopSignals signalsToStop(StopSignals::Hangup::Reloads);
    connect(&signalsToStop, &StopSignals::stopRequested, this, &NodeCommand::stop);
    connect(&signalsToStop, &StopSignals::reloadRequested, this, &NodeCommand::reload);
    QMetaObject::invokeMethod(this, &NodeCommand::start, Qt::QueuedConnection);
    return QCoreApplication::exec();
}

void NodeCommand::start()
{
    const auto contacts = allContacts(m_options);
    if (!contacts) {
        fail(contacts.error());
        return;
    }
    QFuture<Result<void>> future = m_network.join(*contacts);
    if (future.isFinished() && !future.result() && m_network.state() == Network::State::Idle) {
        fail(future.result().error()); // it could not even begin
        return;
    }
    if (m_network.config().role() == Peer::Role::Node)
        m_output.event(u"listening", listeningFields(*m_network.endpoint()),
                       listeningText(*m_network.endpoint(), m_options.listenAddress));
    m_output.line(tr("Peer id: %1").arg(m_network.peerId().toString()));
    if (m_options.hasSocket) {
        if (const Result<void> listening = m_control.listen(m_options.socket); !listening)
            m_output.error(listening.error());
        else
            m_output.detail(tr("Control socket: %1").arg(m_control.path()));
    }
    future.then(this, [this](const Result<void> &result) {
        if (!result && !m_stopping) {
            m_output.error(result.error());
            m_output.line(tr("Trying again soon, and then ever more rarely."));
        }
    });
    if (m_options.common.timeLimit)
        m_timeLimit.start(*m_options.common.timeLimit);
    // Not once it has joined: where its contacts are down as well it waits for them, and restarting it
    // would not help.
    m_service.ready();
}

//! One line for "systemctl status".
void NodeCommand::reportToServiceManager()
{
    using State = Network::State;
    const NetworkStatus status = m_network.status();
    const State state = status.state;
    const int peers = status.peers();
    m_service.setStatus(state == State::Joined
                            ? counted(peers, tr("Joined, 1 peer"), tr("Joined, %1 peers"))
                            : state == State::Joining ? tr("Joining")
                            : state == State::Waiting ? tr("Not joined, trying again")
                                                      : tr("Leaving"));
}

void NodeCommand::timedOut()
{
    if (!m_hasJoined && !m_stopping) {
        m_output.error(Error(ErrorCode::Cancelled,
                             tr("No network was joined in the time given with --timeout.")));
        m_exitCode = ExitFailed;
    }
    stop();
}

void NodeCommand::joined()
{
    m_hasJoined = true;
    const int peers = m_network.status().peers();
    m_output.event(u"joined", {{u"peers"_s, peers}},
                   peers == 0 ? tr("Joined: this is the first member; others can join through it.")
                              : tr("Joined."));
}

//! What SIGHUP asks for. Whatever cannot be read leaves all of its kind as it was.
void NodeCommand::reload()
{
    m_service.reloading();
    bool isComplete = true;
    const auto check = [&](const Error &error) {
        if (!error.isError())
            return true;
        m_output.error(error);
        isComplete = false;
        return false;
    };
    const auto contacts = allContacts(m_options);
    Reloaded reloaded;
    if (check(contacts.error())) {
        reloaded.contacts = contacts->size();
        reloaded.dialled = m_network.setContacts(*contacts);
    }
    const Result<OwnCertificate> certificate = reloadIdentity();
    if (check(certificate.error()))
        reloaded.certificate = *certificate;
    check(m_network.endpoint()->reloadAuthorities().error());
    const qsizetype peersBefore = m_network.peers().size();
    check(m_network.reloadBlockList().error());
    reloaded.dropped = peersBefore - m_network.peers().size();
    if (isComplete)
        reportReloaded(reloaded);
    m_service.ready();
}

Result<NodeCommand::OwnCertificate> NodeCommand::reloadIdentity()
{
    const Result<Identity> identity = identityAgain(m_options);
    if (!identity)
        return identity.error();
    const QList<QByteArray> before = m_network.endpoint()->config().identity().certificates();
    if (identity->isNull() || identity->certificates() == before)
        return OwnCertificate::Unchanged;
    if (const Result<void> set = m_network.setIdentity(*identity); !set)
        return set.error();
    return OwnCertificate::Renewed;
}

void NodeCommand::reportReloaded(const Reloaded &reloaded)
{
    const bool isRenewed = reloaded.certificate == OwnCertificate::Renewed;
    const qsizetype blocked = m_network.blockedPeers().size() + m_network.blockedAddresses().size();
    QString line = tr("Read contacts, authorities, the own certificate and the block list again.");
    if (reloaded.dialled > 0)
        line += u' '
            + counted(int(reloaded.dialled), tr("1 contact without a link is dialled now."),
                      tr("%1 contacts without a link are dialled now."));
    if (isRenewed)
        line += u' ' + tr("The own certificate is a new one: new connections use it.");
    if (reloaded.dropped > 0)
        line += u' '
            + counted(int(reloaded.dropped), tr("1 peer that is blocked now was disconnected."),
                      tr("%1 peers that are blocked now were disconnected."));
    m_output.event(u"reloaded",
                   {{u"contacts"_s, reloaded.contacts},
                    {u"dialled"_s, reloaded.dialled},
                    {u"certificate"_s, isRenewed ? u"renewed"_s : u"unchanged"_s},
                    {u"blocked"_s, blocked},
                    {u"dropped"_s, reloaded.dropped}},
                   line);
}

void NodeCommand::stop()
{
    if (std::exchange(m_stopping, true))
        return;
    m_service.stopping();
    m_leavingLimit.start(MaxLeavingTime);
    m_network.leave();
}

void NodeCommand::fail(const Error &error)
{
    m_output.error(error);
    if (const QString hint = hintFor(error.code); !hint.isEmpty())
        printProblem(hint);
    m_exitCode = ExitFailed;
    m_stopping = true;
    QCoreApplication::exit(m_exitCode);
}

void NodeCommand::answerRequests(const Peer *peer)
{
    connect(peer, &Peer::requestReceived, this, [this](const Request &request) {
        if (m_options.echo)
            request.reply(request.message());
        else
            request.reject();
    });
}

//! For what fails before there is a node.
int reportOnce(const Error &error, const CommonOptions &options)
{
    Output(options.format, options.detail).error(error);
    if (const QString hint = hintFor(error.code); !hint.isEmpty())
        printProblem(hint);
    return ExitFailed;
}

} // namespace

int runNode(const QStringList &arguments)
{
    CommandLine line(nodeHelp(), nodeOptionGroups());
    addNodeOptions(line);
    if (const std::optional<int> over = line.parse(arguments))
        return *over;
    NodeOptions options = nodeOptions(line);
    if (const std::optional<int> over = line.problem())
        return *over;

    installLogSink(options.common.detail);
    const Result<EndpointConfig> endpoint = endpointConfig(options.common);
    if (!endpoint)
        return reportOnce(endpoint.error(), options.common);
    const Result<std::unique_ptr<NodeProfile>> profile = openNodeProfile(line, options.common);
    if (!profile)
        return reportOnce(profile.error(), options.common);
    EndpointConfig settings = *endpoint;
    options.identityFile = options.common.identityFile;
    if (*profile) {
        settings.setIdentity((*profile)->identity());
        options.identityFile = (*profile)->identityFile();
    }
    options.network.setEndpoint(settings);
    warnOfSmallSocketBuffers();
    OutputWriter::setDelivery(OutputWriter::Delivery::Live);
    return NodeCommand(options).run();
}

#include "nodecommand.moc"
