// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// qp2p node: a member of a network that runs for weeks.

#include "commandline.h"
#include "commands.h"
#include "contactlist.h"
#include "exitcode.h"
#include "listenaddress.h"
#include "nodecontrol.h"
#include "nodeprofile.h"
#include "nodestatus.h"
#include "numbers.h"
#include "peerchoice.h"
#include "servicenotifier.h"
#include "stopsignals.h"

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/network.h>
#include <qp2pcore/safetext.h>

#include <QCoreApplication>
#include <QJsonArray>
#include <QMetaEnum>
#include <QTimer>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

using namespace std::chrono_literals;

// Leaving takes at most three probe timeouts; where even that does not come, the process goes first.
constexpr auto LongestLeaving = 5s;

struct NodeOptions
{
    QList<PeerAddress> contacts;
    QString contactsFile;
    QString socket;
    bool hasSocket = true;
    bool echo = false;
    QHostAddress listenAddress;
};

class NodeCommand : public QObject
{
    Q_OBJECT

public:
    NodeCommand(const CommonOptions &options, const NetworkConfig &config, const NodeOptions &node);

    int run();

private:
    void start();
    void reload();
    void stop();
    void fail(const Error &error);
    Result<QList<PeerAddress>> allContacts() const;
    void printCandidate(const JoinCandidate &candidate);
    void peerConnected(Peer *peer);
    void peerDisconnected(const Peer &peer, const Error &reason);
    void printReachability(QAbstractSocket::NetworkLayerProtocol family);
    void joined();
    void timedOut();
    void reportToServiceManager();
    void printRefused(const PeerAddress &peer, const Error &reason);
    void printRefusedConnection(const Connection &connection, const Error &reason);

    const CommonOptions m_options;
    const NodeOptions m_node;
    Output m_output;
    Network m_network;
    NodeControl m_control;
    QTimer m_leavingLimit;
    QTimer m_timeLimit;
    int m_exitCode = ExitDone;
    bool m_stopping = false;
    bool m_hasJoined = false;
    ServiceNotifier m_service;
};

QJsonObject eventFields(const Peer &peer)
{
    QJsonObject fields{
        {u"peerId"_s, peer.id().toString()},
        {u"role"_s, roleName(peer.role())},
        {u"link"_s, linkName(peer.link())},
        {u"address"_s, peer.addresses().value(0).endpointString()},
        {u"agent"_s, peer.agent()},
    };
    if (const QString name = peerName(peer); !name.isEmpty())
        fields.insert(u"name"_s, name);
    return fields;
}

NodeCommand::NodeCommand(const CommonOptions &options, const NetworkConfig &config,
                         const NodeOptions &node)
    : m_options(options)
    , m_node(node)
    , m_output(options.format, options.detail)
    , m_network(config)
    , m_control(m_network)
{
    connect(&m_output, &Output::lost, this, [this] {
        m_exitCode = ExitFailed;
        stop();
    });
    connect(&m_network, &Network::joinProgress, this, &NodeCommand::printCandidate);
    connect(&m_network, &Network::peerConnected, this, &NodeCommand::peerConnected);
    connect(&m_network, &Network::peerDisconnected, this,
            [this](Peer *peer, const Error &reason) { peerDisconnected(*peer, reason); });
    connect(&m_network, &Network::reachabilityChanged, this, &NodeCommand::printReachability);
    connect(&m_network, &Network::observedAddressChanged, this, &NodeCommand::printReachability);
    connect(&m_network, &Network::roleChanged, this, [this](Peer::Role role) {
        m_output.event(u"role", {{u"role"_s, roleName(role)}},
                       role == Peer::Role::Client
                           ? tr("Others cannot reach this node: it takes part as a client.")
                           : tr("Others can reach this node again: it takes part as a node."));
    });
    connect(m_network.endpoint(), &Endpoint::handshakeFailed, this, &NodeCommand::printRefused);
    connect(m_network.endpoint(), &Endpoint::connectionClosed, this,
            [this](Connection *connection, const Error &reason) {
                if (connection->direction() == Connection::Direction::Incoming
                    && reason.code == ErrorCode::ClosedLocally)
                    printRefusedConnection(*connection, reason);
            });
    connect(&m_network, &Network::errorOccurred, this,
            [this](const Error &error) { m_output.error(error); });
    connect(&m_network, &Network::peerKeyChanged, this,
            [this](const BootstrapCache::Entry &known, const Error &error) {
                QJsonObject fields = errorFields(error);
                fields.insert(u"peerId"_s, known.peerId.toString());
                m_output.event(u"peer-key-changed", fields, {});
                printProblem(tr("The node %1 is not what it was: %2 If you know why, run \"qp2p "
                                "cache remove %1\".")
                                 .arg(known.peerId.toString(), safeText(error.message)));
            });
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

Result<QList<PeerAddress>> NodeCommand::allContacts() const
{
    QList<PeerAddress> contacts = m_node.contacts;
    if (m_node.contactsFile.isEmpty())
        return contacts;
    const auto fromFile = readContacts(m_node.contactsFile);
    if (!fromFile)
        return fromFile.error();
    for (const PeerAddress &contact : *fromFile) {
        if (!contacts.contains(contact))
            contacts.append(contact);
    }
    return contacts;
}

void NodeCommand::start()
{
    const auto contacts = allContacts();
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
                       listeningText(*m_network.endpoint(), m_node.listenAddress));
    m_output.line(tr("Peer id: %1").arg(m_network.peerId().toString()));
    if (m_node.hasSocket) {
        if (const Result<void> listening = m_control.listen(m_node.socket); !listening)
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
    if (m_options.timeLimit)
        m_timeLimit.start(*m_options.timeLimit);
    // Not once it has joined: where its contacts are down as well it waits for them, and restarting it
    // would not help.
    m_service.ready();
}

//! One line for "systemctl status".
void NodeCommand::reportToServiceManager()
{
    using State = Network::State;
    const State state = m_network.state();
    const qint64 peers = m_network.peers().size();
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
    const qsizetype peers = m_network.peers().size();
    m_output.event(u"joined", {{u"peers"_s, peers}},
                   peers == 0 ? tr("Joined: this is the first member; others can join through it.")
                              : tr("Joined."));
}

//! The rule is the error's code: Blocked, WrongNetwork, NotAMember, NotReachable or one of the Certificate… codes.
void NodeCommand::printRefused(const PeerAddress &peer, const Error &reason)
{
    QJsonObject fields = errorFields(reason);
    fields.insert(u"address"_s, peer.endpointString());
    m_output.limitedEvent(
        EventLimit::Kind::Failure, u"refused", fields,
        tr("Refused %1: %2").arg(safeText(peer.endpointString()), safeText(reason.message)));
}

//! The network accepts a connection before it knows whether it wants the peer.
void NodeCommand::printRefusedConnection(const Connection &connection, const Error &reason)
{
    Error rule;
    if (reason.closeCode == Engine::CloseCode::NotAMember)
        rule = Error(ErrorCode::NotAMember, tr("The program belongs to no network."));
    else if (reason.closeCode == Engine::CloseCode::NotReachable)
        rule = Error(ErrorCode::NotReachable, tr("The node cannot be dialled back."));
    if (rule.isError())
        printRefused(connection.peerAddress(), rule);
}

//! What SIGHUP asks for. Whatever cannot be read leaves all as it was.
void NodeCommand::reload()
{
    m_service.reloading();
    const auto contacts = allContacts();
    if (!contacts)
        m_output.error(contacts.error());
    else
        m_network.setContacts(*contacts);
    const Result<void> authorities = m_network.endpoint()->reloadAuthorities();
    if (!authorities)
        m_output.error(authorities.error());
    if (contacts && authorities)
        m_output.event(u"reloaded", {{u"contacts"_s, contacts->size()}},
                       tr("Read authorities and contacts again."));
    m_service.ready();
}

void NodeCommand::stop()
{
    if (std::exchange(m_stopping, true))
        return;
    m_service.stopping();
    m_leavingLimit.start(LongestLeaving);
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

void NodeCommand::printCandidate(const JoinCandidate &candidate)
{
    const auto name = [](auto value) {
        return QString::fromLatin1(QMetaEnum::fromType<decltype(value)>().valueToKey(int(value)))
            .toLower();
    };
    const QString address = candidate.addresses.value(0).toString();
    QJsonObject fields{
        {u"candidate"_s, address},
        {u"source"_s, name(candidate.source)},
        {u"state"_s, name(candidate.state)},
    };
    if (candidate.error.isError())
        fields.insert(u"error"_s, errorFields(candidate.error));
    using State = JoinCandidate::State;
    QString line;
    if (candidate.state == State::Dialling)
        line = tr("Joining through %1 …").arg(safeText(address));
    else if (candidate.state == State::Failed)
        line = tr("Not through %1: %2")
                   .arg(safeText(candidate.addresses.value(0).endpointString()),
                        safeText(candidate.error.message));
    m_output.event(u"joining", fields, line);
}

void NodeCommand::peerConnected(Peer *peer)
{
    m_output.limitedEvent(
        EventLimit::Kind::Peer, u"peer-connected", eventFields(*peer),
        tr("Peer %1 at %2, a %3; the link is %4.")
            .arg(peer->id().toString(), safeText(peer->addresses().value(0).endpointString()),
                 roleName(peer->role()), linkName(peer->link())));
    connect(peer, &Peer::requestReceived, this, [this](const Request &request) {
        if (m_node.echo)
            request.reply(request.message());
        else
            request.reject();
    });
    connect(peer, &Peer::messageReceived, this, [this, peer](const Message &message) {
        m_output.detail(
            tr("A message of %1 bytes from %2.").arg(message.size()).arg(peer->id().toString()));
    });
}

void NodeCommand::peerDisconnected(const Peer &peer, const Error &reason)
{
    QJsonObject fields = eventFields(peer);
    fields.insert(u"reason"_s, errorFields(reason));
    m_output.limitedEvent(
        EventLimit::Kind::Peer, u"peer-disconnected", fields,
        tr("Peer %1 is gone: %2").arg(peer.id().toString(), safeText(reason.message)));
}

void NodeCommand::printReachability(QAbstractSocket::NetworkLayerProtocol family)
{
    QJsonObject fields = reachabilityFields(m_network.reachability(family));
    const bool isIpv6 = family == QAbstractSocket::IPv6Protocol;
    const PeerAddress observed = m_network.observedAddress(family);
    fields.insert(u"family"_s, isIpv6 ? u"IPv6"_s : u"IPv4"_s);
    if (!observed.isNull())
        fields.insert(u"observed"_s, observed.endpointString());
    const QString seen = loneWitnessWords(fields)
        + (observed.isNull() ? QString() : tr(", seen at %1").arg(observed.endpointString()));
    const QString reason = fields.value(u"reason"_s).toString();
    m_output.event(u"reachability", fields,
                   tr("%1: %2%3%4")
                       .arg(isIpv6 ? u"IPv6"_s : u"IPv4"_s, reachabilityWords(fields), seen,
                            reason.isEmpty() ? QString() : QString(u". "_s + safeText(reason))));
}

//! Where none is named, the identity of a profile; null where that is not wanted either.
Result<std::unique_ptr<NodeProfile>> openProfile(const CommandLine &line,
                                                 const CommonOptions &options)
{
    if (!options.identityFile.isEmpty() || line.isSet(u"ephemeral"_s))
        return std::unique_ptr<NodeProfile>();
    return NodeProfile::open(line.value(u"profile"_s), options.keyFileAccess);
}

void checkProfileOptions(CommandLine &line, const CommonOptions &options)
{
    const int ways = int(!options.identityFile.isEmpty()) + int(line.isSet(u"profile"_s))
        + int(line.isSet(u"ephemeral"_s));
    if (ways > 1)
        line.addProblem(NodeCommand::tr("--identity, --profile and --ephemeral exclude each other. "
                                        "Give one of them."));
    if (const Result<void> valid = NodeProfile::checkName(line.value(u"profile"_s)); !valid)
        line.addProblem(valid.error().message);
}

} // namespace

int runNode(const QStringList &arguments)
{
    CommandLine line(
        {u"node"_s,
         NodeCommand::tr(
             "Joins a network and stays in it until Ctrl-C or SIGTERM: as a node where others can "
             "dial it, else as a client. Without a contact and with an empty cache it begins a "
             "network. SIGHUP reads authorities and contacts again. \"qp2p status\" asks how it is "
             "doing."),
         {u"node --port 12000"_s, u"node --contact 192.0.2.1:12000 --cache peers.jsonl"_s,
          u"node --client --contact PEERID@example.org:12000 --json"_s}},
        CommandLine::ListenOptions | CommandLine::IdentityOptions | CommandLine::EndpointOptions
            | CommandLine::NoLegacy | CommandLine::OutputOptions);
    line.addOption(u"client"_s, NodeCommand::tr("Be a client: never listen."));
    line.addOption(u"contact"_s,
                   NodeCommand::tr("A member to join through: host:port, [v6]:port, each also as "
                                   "PEERID@…. May be given several times."),
                   u"C"_s);
    line.addOption(u"contacts"_s, NodeCommand::tr("File with contacts, one a line."), u"FILE"_s);
    line.addOption(u"cache"_s,
                   NodeCommand::tr("File of the bootstrap cache: nodes to join through after a "
                                   "restart. Default: none is kept."),
                   u"FILE"_s);
    line.addOption(u"block-list"_s,
                   NodeCommand::tr("File of blocked peers and addresses. Default: none."),
                   u"FILE"_s);
    line.addOption(u"links"_s, NodeCommand::tr("Links to nodes to keep. Default: 8."), u"N"_s,
                   u"8"_s);
    line.addOption(u"refuse-unreachable"_s,
                   NodeCommand::tr("End connections of nodes that cannot be dialled back, instead "
                                   "of taking them as clients."));
    line.addOption(u"profile"_s,
                   NodeCommand::tr("Without --identity: the name of the identity that is kept for "
                                   "this node, and made at its first start. Default: default."),
                   u"NAME"_s, u"default"_s);
    line.addOption(
        u"ephemeral"_s,
        NodeCommand::tr("An identity for this run only. Other peers warn of a changed key "
                        "where it returns to the same address."));
    line.addOption(u"echo"_s, NodeCommand::tr("Answer each request with what it carried."));
    line.addOption(
        u"socket"_s,
        NodeCommand::tr("The control socket, for \"qp2p status\", \"qp2p peers\" and the "
                        "like, or none. Default: one of its own, which they find."),
        u"FILE"_s);
    addListenOptions(line);
    addExternalPortOption(line);
    if (const std::optional<int> over = line.parse(arguments))
        return *over;
    NodeOptions node;
    const auto contacts = parseContacts(line.values(u"contact"_s));
    if (!contacts)
        line.addProblem(contacts.error().message);
    else
        node.contacts = *contacts;
    node.contactsFile = line.value(u"contacts"_s);
    node.echo = line.isSet(u"echo"_s);
    node.hasSocket = line.value(u"socket"_s) != u"none";
    node.socket = line.value(u"socket"_s);
    const ListenAddress where = listenAddress(line);
    node.listenAddress = where.address;
    const auto links = int(line.amount(u"links"_s, 1, 64));
    const CommonOptions options = line.commonOptions();
    NetworkConfig config;
    config.setRole(line.isSet(u"client"_s) ? Peer::Role::Client : Peer::Role::Node);
    config.setListen(where.address, where.port);
    setExternalPorts(line, config);
    config.setCacheFile(line.value(u"cache"_s));
    config.setForeignFiles(ForeignFile::Refuse); // these names were typed
    config.setBlockListFile(line.value(u"block-list"_s));
    config.setWantedLinks(links);
    if (line.isSet(u"refuse-unreachable"_s))
        config.setUnreachableNodes(NetworkConfig::UnreachableNodes::Refuse);
    checkProfileOptions(line, options);
    if (const Result<void> valid = config.validate(); !valid)
        line.addProblem(valid.error().message);
    if (options.protocol == Protocol::Legacy)
        line.addProblem(NodeCommand::tr("--legacy: such programs cannot be members of a network. "
                                        "\"qp2p listen --legacy\" speaks with them."));
    if (const std::optional<int> over = line.problem())
        return *over;

    installLogSink(options.detail);
    const Result<EndpointConfig> endpoint = endpointConfig(options);
    if (!endpoint) {
        Output(options.format, options.detail).error(endpoint.error());
        if (const QString hint = hintFor(endpoint.error().code); !hint.isEmpty())
            printProblem(hint);
        return ExitFailed;
    }
    const Result<std::unique_ptr<NodeProfile>> profile = openProfile(line, options);
    if (!profile) {
        Output(options.format, options.detail).error(profile.error());
        if (const QString hint = hintFor(profile.error().code); !hint.isEmpty())
            printProblem(hint);
        return ExitFailed;
    }
    EndpointConfig settings = *endpoint;
    if (*profile)
        settings.setIdentity((*profile)->identity());
    config.setEndpoint(settings);
    warnOfSmallSocketBuffers();
    OutputWriter::setDelivery(OutputWriter::Delivery::Live);
    return NodeCommand(options, config, node).run();
}

#include "nodecommand.moc"
