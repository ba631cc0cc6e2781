// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <models/statuswords.h>

#include <models/shown.h>

#include <QCoreApplication>

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Qp2p::Gui::StatusWords)
};

QString listeningWords(const NetworkSnapshot &snapshot)
{
    if (snapshot.wantedRole == Peer::Role::Client)
        return Text::tr("A client: does not listen");
    if (!snapshot.isListening)
        return Text::tr("Does not listen");
    const QHostAddress &address = snapshot.localAddress;
    if (address == QHostAddress(QHostAddress::Any))
        return Text::tr("Listens on port %1, IPv4 and IPv6").arg(snapshot.localPort);
    if (address == QHostAddress(QHostAddress::AnyIPv4))
        return Text::tr("Listens on port %1, IPv4 only").arg(snapshot.localPort);
    if (address == QHostAddress(QHostAddress::AnyIPv6))
        return Text::tr("Listens on port %1, IPv6 only").arg(snapshot.localPort);
    return Text::tr("Listens at %1").arg(PeerAddress(address, snapshot.localPort).endpointString());
}

QString observedWords(const NetworkSnapshot &snapshot)
{
    const PeerAddress &ipv4 = snapshot.ipv4.observed;
    const PeerAddress &ipv6 = snapshot.ipv6.observed;
    if (ipv4.isNull() && ipv6.isNull())
        return Text::tr("Nobody has told yet at which address it is seen");
    if (ipv6.isNull())
        return Text::tr("Others see it at %1").arg(ipv4.endpointString());
    if (ipv4.isNull())
        return Text::tr("Others see it at %1").arg(ipv6.endpointString());
    return Text::tr("Others see it at %1 and %2").arg(ipv4.endpointString(), ipv6.endpointString());
}

//! The family that can be reached better speaks for both.
const Reachability &better(const NetworkSnapshot &snapshot)
{
    const auto rank = [](const Reachability &reachability) {
        switch (reachability.state) {
        case Reachability::State::Reachable:
            return 3;
        case Reachability::State::Provisional:
            return 2;
        case Reachability::State::NotReachable:
            return 1;
        case Reachability::State::Unknown:
            break;
        }
        return 0;
    };
    return rank(snapshot.ipv6.reachability) > rank(snapshot.ipv4.reachability)
        ? snapshot.ipv6.reachability
        : snapshot.ipv4.reachability;
}

//! Where only one says so, which may be wrong: "abcdefghijkl… at 192.0.2.1:12000". Else empty.
QString loneWitness(const Reachability &reachability)
{
    if (reachability.witnesses.size() != 1)
        return {};
    const PeerAddress &witness = reachability.witnesses.first();
    //: %1: short peer id; %2: address and port
    return Text::tr("%1 at %2").arg(shortId(witness.peerId()), witness.endpointString());
}

void addReachability(StatusWords &words, const NetworkSnapshot &snapshot)
{
    if (snapshot.wantedRole == Peer::Role::Client) {
        words.reachability = Text::tr("Cannot be dialled: it is a client by choice");
        words.explanation = Text::tr(
            "A client keeps links to nodes and is dialled by nobody. The role "
            "is chosen in the settings.");
        words.isWell = true;
        return;
    }
    const Reachability &reachability = better(snapshot);
    const QString witness = loneWitness(reachability);
    switch (reachability.state) {
    case Reachability::State::Unknown:
        words.reachability = Text::tr("Not checked yet whether others can dial it");
        words.explanation = snapshot.peers == 0
            ? Text::tr("There is no peer that could check it.")
            : Text::tr(
                "Peers check it by dialling this machine from another address; that takes some "
                "seconds, and peers that can do it.");
        return;
    case Reachability::State::Provisional:
        words.reachability = Text::tr("Can probably be dialled");
        words.explanation = witness.isEmpty()
            ? Text::tr("%n nodes have dialled this machine, but too few of them from addresses "
                       "that it had not "
                       "contacted before. A router that lets in whoever was contacted would let "
                       "them in as "
                       "well. It is checked again as more peers connect.",
                       nullptr, reachability.answers)
            //: %1: short peer id at address and port
            : Text::tr("According to one node only, %1. A second node in another network has to "
                       "confirm it.")
                  .arg(witness);
        words.isWell = true;
        return;
    case Reachability::State::Reachable:
        words.reachability = Text::tr("Can be dialled by anyone");
        words.explanation = Text::tr(
            "%n checks agree: machines that this one had not talked to have "
            "dialled it.",
            nullptr, reachability.answers);
        words.isWell = true;
        return;
    case Reachability::State::NotReachable:
        words.reachability = Text::tr("Cannot be dialled: takes part as a client");
        words.explanation =
            Text::tr(
                "Others could not connect to this machine: %1 Forward UDP port %2 in the router "
                "to this machine, and let it through the firewall, to be a node.")
                .arg(shown(reachability.reason), QString::number(snapshot.localPort));
        if (!witness.isEmpty())
            //: %1: short peer id at address and port
            words.explanation.prepend(Text::tr("According to one node only, %1: ").arg(witness));
        return;
    }
}

} // namespace

StatusWords StatusWords::of(const NetworkSnapshot &snapshot)
{
    StatusWords words;
    switch (snapshot.state) {
    case Network::State::Idle:
    case Network::State::Left:
        words.network = Text::tr("Not joined");
        words.explanation = Text::tr("Join a network to see its connections.");
        return words;
    case Network::State::Joining:
        words.network = Text::tr("Joining …");
        break;
    case Network::State::Waiting:
        words.network = Text::tr("No peer answers; it is tried again soon");
        break;
    case Network::State::Leaving:
        words.network = Text::tr("Leaving …");
        break;
    case Network::State::Joined:
        words.network = snapshot.peers == 0
            ? Text::tr("A network of one: others can join through this machine")
            : Text::tr("Joined: %n peers", nullptr, int(snapshot.peers));
        break;
    }
    words.listening = listeningWords(snapshot);
    words.observed = observedWords(snapshot);
    addReachability(words, snapshot);
    return words;
}

} // namespace Qp2p::Gui
