// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "reach.h"

#include "commandline.h"
#include "contactlist.h"
#include "peerchoice.h"

#include <QCoreApplication>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

struct ReachText
{
    Q_DECLARE_TR_FUNCTIONS(Reach)
};

Result<QString> nodeOf(const CommandLine &line, const QString &word)
{
    const Result<QString> socket = NodeLink::find(line, word);
    if (socket || socket.error().code != ErrorCode::FileNotFound)
        return socket;
    return Error(
        ErrorCode::FileNotFound,
        ReachText::tr("\"%1\" is no address with a port, and no node of yours is running that "
                      "could have such a peer. Start \"qp2p node\", or join with --contact "
                      "ADDRESS.")
            .arg(word));
}

} // namespace

QString Reach::help()
{
    return ReachText::tr(
        "In the place of ADDRESS, the id of a peer, any unique beginning of it or its "
        "name reaches a peer of your running node (\"qp2p peers\" lists them), through "
        "that node. A member of a network answers members only: --network NAME joins its "
        "network as a client for this one command, through ADDRESS or --contact.");
}

void Reach::addTo(CommandLine &line, Nodes nodes)
{
    line.addOption(
        u"contact"_s,
        ReachText::tr("Join a network as a client through this member, and reach the peer "
                      "there, without any running node. May be given several times."),
        u"ADDRESS"_s);
    if (nodes == Nodes::Used)
        NodeLink::addTo(line);
}

Reach Reach::from(CommandLine &line, Nodes nodes)
{
    Reach reach;
    const QString target = line.argument(0);
    if (isPeerWord(target)) {
        reach.word = target;
        if (line.isSet(u"peer-id"_s))
            line.addProblem(ReachText::tr("--peer-id is of use only with an address."));
    } else {
        reach.address = line.peerAddress();
    }
    const auto contacts = parseContacts(line.values(u"contact"_s));
    if (!contacts)
        line.addProblem(contacts.error().message);
    else
        reach.contacts = *contacts;
    const bool joins = !reach.contacts.isEmpty() || line.isSet(u"network"_s);
    if (joins) {
        reach.way = Way::Join;
        if (reach.contacts.isEmpty() && !reach.word.isEmpty())
            line.addProblem(ReachText::tr("To join the network, --contact ADDRESS is missing."));
    } else if (!reach.word.isEmpty()) {
        if (nodes == Nodes::Unused) {
            line.addProblem(
                ReachText::tr("\"%1\" is no address with a port. A peer is reached by its id "
                              "with --contact ADDRESS, which joins its network.")
                    .arg(target));
            return reach;
        }
        reach.way = Way::Node;
        reach.socket = nodeOf(line, reach.word);
    } else if (nodes == Nodes::Used && !reach.address.isNull() && !line.isSet(u"legacy"_s)) {
        if (const auto peer = NodeLink::findByAddress(line, reach.address.endpointString())) {
            reach.way = Way::Node;
            reach.word = peer->peerId;
            reach.socket = peer->socket;
        } else if (line.isSet(u"socket"_s)) {
            reach.way = Way::Node;
            reach.socket = Error(
                ErrorCode::NotReachable,
                ReachText::tr("The node at \"%1\" has no peer at %2, or does not answer. \"qp2p "
                              "connect\" makes it one.")
                    .arg(line.value(u"socket"_s), reach.address.endpointString()));
        }
    }
    if (line.isSet(u"legacy"_s) && !reach.contacts.isEmpty())
        line.addProblem(ReachText::tr("--legacy: such programs cannot be members of a network."));
    if (line.isSet(u"legacy"_s) && reach.way == Way::Join)
        reach.way = Way::Dial;
    return reach;
}
