// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "nodeoptions.h"

#include "contactlist.h"
#include "listenaddress.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

struct NodeOptionsText
{
    Q_DECLARE_TR_FUNCTIONS(NodeOptions)
};

void addIdentityOptions(CommandLine &line)
{
    line.addOption(
        u"profile"_s,
        NodeOptionsText::tr("Without --identity: the name of the identity that is kept for "
                            "this node, and made at its first start. Default: default."),
        u"NAME"_s, u"default"_s);
    line.addOption(
        u"ephemeral"_s,
        NodeOptionsText::tr("An identity for this run only. Other peers warn of a changed key "
                            "where it returns to the same address."));
}

void checkProfileOptions(CommandLine &line, const CommonOptions &options)
{
    const int ways = int(!options.identityFile.isEmpty()) + int(line.isSet(u"profile"_s))
        + int(line.isSet(u"ephemeral"_s));
    if (ways > 1)
        line.addProblem(
            NodeOptionsText::tr("--identity, --profile and --ephemeral exclude each other. "
                                "Give one of them."));
    if (const Result<void> valid = NodeProfile::checkName(line.value(u"profile"_s)); !valid)
        line.addProblem(valid.error().message);
}

NatConfig natConfig(CommandLine &line)
{
    NatConfig nat;
    const QString who = line.value(u"relay"_s);
    if (who == u"off")
        nat.setRelayForOthers(NatConfig::RelayForOthers::Off);
    else if (who != u"members")
        line.addProblem(NodeOptionsText::tr("--relay: \"%1\" is neither members nor off.").arg(who));
    constexpr qint64 Most = qint64(1) << 40;
    const qint64 rate = line.amount(u"relay-rate"_s, 1024, Most);
    // An eighth for each, as by default.
    nat.setRelayRate(rate, std::max<qint64>(rate / 8, 1024));
    return nat;
}

QList<PeerId> peersToConnect(CommandLine &line)
{
    QList<PeerId> peers;
    const QStringList values = line.values(u"connect"_s);
    for (const QString &value : values) {
        const Result<PeerId> peer = PeerId::fromString(value);
        if (!peer)
            line.addProblem(u"--connect: "_s + peer.error().message);
        else if (!peers.contains(*peer))
            peers.append(*peer);
    }
    return peers;
}

//! The settings of the network, without its endpoint's.
NetworkConfig networkConfig(CommandLine &line, const ListenAddress &where, int links)
{
    NetworkConfig config;
    config.setRole(line.isSet(u"client"_s) ? Peer::Role::Client : Peer::Role::Node);
    config.setListen(where.address, where.port);
    setExternalPorts(line, config);
    config.setCacheFile(line.value(u"cache"_s));
    config.setForeignFiles(ForeignFile::Refuse); // these names were typed
    config.setBlockListFile(line.value(u"block-list"_s));
    config.setWantedLinks(links);
    config.setNat(natConfig(line));
    if (line.isSet(u"refuse-unreachable"_s))
        config.setUnreachableNodes(NetworkConfig::UnreachableNodes::Refuse);
    return config;
}

} // namespace

CommandLine::Help nodeHelp()
{
    return {
        u"node"_s,
        NodeOptionsText::tr(
            "Joins a network and stays in it until Ctrl-C or SIGTERM: as a node where others can "
            "dial it, else as a client. Without a contact and with an empty cache it begins a "
            "network. SIGHUP reads contacts, authorities, the own certificate and the block list "
            "again. \"qp2p status\" asks how it is doing."),
        {u"node --port 12000"_s, u"node --contact 192.0.2.1:12000 --cache peers.jsonl"_s,
         u"node --client --contact PEERID@example.org:12000 --json"_s}};
}

CommandLine::OptionGroups nodeOptionGroups()
{
    return CommandLine::ListenOptions | CommandLine::IdentityOptions | CommandLine::EndpointOptions
        | CommandLine::NoLegacy | CommandLine::OutputOptions;
}

void addNodeOptions(CommandLine &line)
{
    line.addOption(u"client"_s, NodeOptionsText::tr("Be a client: never listen."));
    line.addOption(
        u"contact"_s,
        NodeOptionsText::tr("A member to join through: host:port, [v6]:port, each also as "
                            "PEERID@…. May be given several times."),
        u"C"_s);
    line.addOption(
        u"connect"_s,
        NodeOptionsText::tr("A member to stay linked to, by its peer id: over a node that both are "
                            "linked to. May be given several times."),
        u"PEERID"_s);
    line.addOption(u"relay"_s,
                   NodeOptionsText::tr(
                       "For whom this node forwards between two of its peers: members or off."),
                   u"WHO"_s, u"members"_s);
    line.addOption(u"relay-rate"_s,
                   NodeOptionsText::tr("Bytes a second that it forwards at most. Default: 1Mi."),
                   u"RATE"_s, u"1Mi"_s);
    line.addOption(u"contacts"_s, NodeOptionsText::tr("File with contacts, one a line."), u"FILE"_s);
    line.addOption(u"cache"_s,
                   NodeOptionsText::tr("File of the bootstrap cache: nodes to join through after a "
                                       "restart. Default: none is kept."),
                   u"FILE"_s);
    line.addOption(u"block-list"_s,
                   NodeOptionsText::tr("File of blocked peers and addresses. Default: none."),
                   u"FILE"_s);
    line.addOption(u"links"_s, NodeOptionsText::tr("Links to nodes to keep. Default: 8."), u"N"_s,
                   u"8"_s);
    line.addOption(
        u"refuse-unreachable"_s,
        NodeOptionsText::tr("End connections of nodes that cannot be dialled back, instead "
                            "of taking them as clients."));
    addIdentityOptions(line);
    line.addOption(u"echo"_s, NodeOptionsText::tr("Answer each request with what it carried."));
    line.addOption(
        u"socket"_s,
        NodeOptionsText::tr("The control socket, for \"qp2p status\", \"qp2p peers\" and the "
                            "like, or none. Default: one of its own, which they find."),
        u"FILE"_s);
    addListenOptions(line);
    addExternalPortOption(line);
}

NodeOptions nodeOptions(CommandLine &line)
{
    NodeOptions node;
    const auto contacts = parseContacts(line.values(u"contact"_s));
    if (!contacts)
        line.addProblem(contacts.error().message);
    else
        node.contacts = *contacts;
    node.contactsFile = line.value(u"contacts"_s);
    node.connect = peersToConnect(line);
    node.echo = line.isSet(u"echo"_s);
    node.hasSocket = line.value(u"socket"_s) != u"none";
    node.socket = line.value(u"socket"_s);
    const ListenAddress where = listenAddress(line);
    node.listenAddress = where.address;
    const auto links = int(line.amount(u"links"_s, 1, 64));
    node.common = line.commonOptions();
    node.network = networkConfig(line, where, links);
    checkProfileOptions(line, node.common);
    if (const Result<void> valid = node.network.validate(); !valid)
        line.addProblem(valid.error().message);
    if (node.common.protocol == Protocol::Legacy)
        line.addProblem(
            NodeOptionsText::tr("--legacy: such programs cannot be members of a network. "
                                "\"qp2p listen --legacy\" speaks with them."));
    return node;
}

Result<std::unique_ptr<NodeProfile>> openNodeProfile(const CommandLine &line,
                                                     const CommonOptions &common)
{
    if (!common.identityFile.isEmpty() || line.isSet(u"ephemeral"_s))
        return std::unique_ptr<NodeProfile>();
    return NodeProfile::open(line.value(u"profile"_s), common.keyFileAccess);
}

Result<Identity> identityAgain(const NodeOptions &options)
{
    if (!options.common.identityFile.isEmpty() || options.identityFile.isEmpty())
        return loadIdentity(options.common);
    return Identity::load(options.identityFile, {}, options.common.keyFileAccess);
}

Result<QList<PeerAddress>> allContacts(const NodeOptions &options)
{
    QList<PeerAddress> contacts = options.contacts;
    if (options.contactsFile.isEmpty())
        return contacts;
    const auto fromFile = readContacts(options.contactsFile);
    if (!fromFile)
        return fromFile.error();
    for (const PeerAddress &contact : *fromFile) {
        if (!contacts.contains(contact))
            contacts.append(contact);
    }
    return contacts;
}
