// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <models/statuswords.h>

#include <models/joinfailures.h>
#include <models/shown.h>

#include <QCoreApplication>

#include <algorithm>

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;

namespace {

struct StatusWordsText
{
    Q_DECLARE_TR_FUNCTIONS(Qp2p::Gui::StatusWords)
};

QString listeningWords(const NetworkStatus &status)
{
    if (status.configuredRole == Peer::Role::Client)
        return StatusWordsText::tr("Client: does not listen");
    if (!status.isListening)
        return StatusWordsText::tr("Does not listen");
    const QHostAddress &address = status.localAddress;
    if (status.isDualStack)
        return StatusWordsText::tr("Listening on UDP port %1, IPv4 and IPv6").arg(status.localPort);
    if (address == QHostAddress(QHostAddress::AnyIPv4))
        return StatusWordsText::tr("Listening on UDP port %1, IPv4 only").arg(status.localPort);
    if (address == QHostAddress(QHostAddress::AnyIPv6))
        return StatusWordsText::tr("Listening on UDP port %1, IPv6 only").arg(status.localPort);
    return StatusWordsText::tr("Listening at %1")
        .arg(PeerAddress(address, status.localPort).endpointString());
}

//! Whether it leads here from the internet.
bool isPublic(const QHostAddress &address)
{
    if (address.isLoopback() || address.isLinkLocal() || address.isUniqueLocalUnicast()
        || address.isSiteLocal())
        return false;
    for (const auto &[network, length] :
         {std::pair("10.0.0.0", 8), std::pair("172.16.0.0", 12), std::pair("192.168.0.0", 16),
          std::pair("100.64.0.0", 10)}) { // RFC 1918, RFC 6598
        if (address.isInSubnet(QHostAddress(QString::fromLatin1(network)), length))
            return false;
    }
    return true;
}

QString observedWords(const NetworkStatus &status)
{
    const PeerAddress &ipv4 = status.ipv4.observedAddress;
    const PeerAddress &ipv6 = status.ipv6.observedAddress;
    if (ipv4.isNull() && ipv6.isNull())
        return status.peers() == 0 ? QString()
                                   : StatusWordsText::tr("Public address not known yet");
    if (!ipv4.isNull() && !ipv6.isNull())
        return isPublic(ipv4.address()) && isPublic(ipv6.address())
            ? StatusWordsText::tr("Public addresses %1 and %2")
                  .arg(ipv4.endpointString(), ipv6.endpointString())
            : StatusWordsText::tr("Seen by peers at %1 and %2")
                  .arg(ipv4.endpointString(), ipv6.endpointString());
    const PeerAddress &observed = ipv4.isNull() ? ipv6 : ipv4;
    return isPublic(observed.address())
        ? StatusWordsText::tr("Public address %1").arg(observed.endpointString())
        : StatusWordsText::tr("Seen by peers at %1").arg(observed.endpointString());
}

//! Why a peer that answers is no peer of this network; follows a colon.
QString ruleText(ErrorCode code)
{
    switch (code) {
    case ErrorCode::WrongNetwork:
        return StatusWordsText::tr("different network name");
    case ErrorCode::OwnAddress:
        return StatusWordsText::tr("this program itself answered");
    case ErrorCode::Blocked:
        return StatusWordsText::tr("blocked here");
    case ErrorCode::NotAMember:
        return StatusWordsText::tr("the peer belongs to no network");
    case ErrorCode::NotReachable:
        return StatusWordsText::tr("the network accepts only reachable nodes");
    case ErrorCode::IdentityInUse:
        return StatusWordsText::tr("another program uses the identity of this machine");
    case ErrorCode::ConnectionRefused:
        return StatusWordsText::tr("the peer accepts no more connections");
    case ErrorCode::CertificateRejected:
        return StatusWordsText::tr("the peer does not accept the certificate of this machine");
    case ErrorCode::PeerIdMismatch:
        return StatusWordsText::tr("another key than expected");
    case ErrorCode::HandshakeFailed:
    case ErrorCode::NoCommonProtocol:
        return StatusWordsText::tr("the peer speaks another protocol");
    case ErrorCode::CertificateSelfSigned:
    case ErrorCode::CertificateUnknownAuthority:
    case ErrorCode::CertificateIssuerNotAllowed:
        return StatusWordsText::tr("no accepted authority has signed the certificate of the peer");
    case ErrorCode::CertificateExpired:
    case ErrorCode::CertificateNotYetValid:
        return StatusWordsText::tr("the certificate of the peer is not valid at this time");
    case ErrorCode::CertificateWrongName:
    case ErrorCode::CertificateWithoutName:
        return StatusWordsText::tr("the certificate of the peer has another name");
    default:
        return StatusWordsText::tr("the certificate of the peer does not meet the requirements");
    }
}

void addFailures(StatusWords &words, const JoinFailures &failures)
{
    QList<std::pair<QString, int>> rules; // several codes are one rule for the user
    int refused = 0;
    for (const auto &[code, count] : failures.refused) {
        const QString rule = ruleText(code);
        const auto same = std::find_if(rules.begin(), rules.end(),
                                       [&](const auto &other) { return other.first == rule; });
        if (same == rules.end())
            rules.append({rule, count});
        else
            same->second += count;
        refused += count;
    }
    if (refused == 0) {
        words.network = StatusWordsText::tr("No peer answers. Trying again soon");
        return;
    }
    words.network = rules.size() == 1
        //: %1: a reason, such as "different network name"
        ? StatusWordsText::tr("%n peers refused: %1. Trying again soon", nullptr, refused)
              .arg(rules.first().first)
        : StatusWordsText::tr("%n peers refused. Trying again soon", nullptr, refused);
    QStringList lines;
    for (const auto &[rule, count] : rules)
        //: a line in a list: %1 is a reason, such as "different network name"
        lines.append(StatusWordsText::tr("• %n peers refused: %1", nullptr, count).arg(rule));
    if (failures.unanswered > 0)
        lines.append(StatusWordsText::tr("• %n peers did not answer", nullptr, failures.unanswered));
    words.joining = lines.join(u'\n');
}

//! The family that can be reached better speaks for both.
const Reachability &better(const NetworkStatus &status)
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
    return rank(status.ipv6.reachability) > rank(status.ipv4.reachability)
        ? status.ipv6.reachability
        : status.ipv4.reachability;
}

//! Where only one says so, which may be wrong: "abcdefghijkl… at 192.0.2.1:12000". Else empty.
QString loneWitness(const Reachability &reachability)
{
    if (reachability.witnesses.size() != 1)
        return {};
    const PeerAddress &witness = reachability.witnesses.first();
    //: %1: short peer id; %2: address and port
    return StatusWordsText::tr("%1 at %2").arg(shortId(witness.peerId()), witness.endpointString());
}

void addNotReachable(StatusWords &words, const NetworkStatus &status,
                     const Reachability &reachability)
{
    words.reachability = StatusWordsText::tr("Not reachable: takes part as a client");
    words.explanation = status.configuredPort != 0
        ? StatusWordsText::tr(
              "Others could not connect to this machine: %1\n\nTo be a node, forward UDP "
              "port %2 in the router to this machine, and allow it in the firewall.")
              .arg(shown(reachability.reason), QString::number(status.localPort))
        : StatusWordsText::tr(
              "Others could not connect to this machine: %1\n\nTo be a node, choose a "
              "fixed UDP port in the settings, forward it in the router to this machine, "
              "and allow it in the firewall.")
              .arg(shown(reachability.reason));
    if (const QString witness = loneWitness(reachability); !witness.isEmpty())
        //: %1: short peer id at address and port
        words.explanation.prepend(
            StatusWordsText::tr("According to one node only, %1: ").arg(witness));
}

void addReachability(StatusWords &words, const NetworkStatus &status)
{
    if (status.configuredRole == Peer::Role::Client) {
        words.reachability = StatusWordsText::tr("Client");
        words.explanation = StatusWordsText::tr(
            "A client connects to nodes and accepts no connections. The "
            "role can be changed in the settings.");
        words.isWell = true;
        return;
    }
    const Reachability &reachability = better(status);
    const QString witness = loneWitness(reachability);
    switch (reachability.state) {
    case Reachability::State::Unknown:
        words.reachability = StatusWordsText::tr("Reachability not checked yet");
        words.explanation = status.peers() == 0
            ? StatusWordsText::tr(
                "No peer is connected that could check whether this machine is reachable.")
            : StatusWordsText::tr(
                "Peers check it by connecting to this machine from another address. That "
                "takes some seconds, and not every peer can do it.");
        return;
    case Reachability::State::Provisional:
        words.reachability = StatusWordsText::tr("Probably reachable");
        words.explanation = witness.isEmpty()
            ? StatusWordsText::tr(
                "%n nodes have connected to this machine, but too few of them from "
                "addresses that it had not contacted before. A router that accepts replies "
                "only would let them in as well. It is checked again as more peers connect.",
                nullptr, reachability.answers)
            //: %1: short peer id at address and port
            : StatusWordsText::tr(
                  "According to one node only, %1. A second node in another network has to "
                  "confirm it.")
                  .arg(witness);
        words.isWell = true;
        return;
    case Reachability::State::Reachable:
        words.reachability = StatusWordsText::tr("Reachable");
        words.explanation = StatusWordsText::tr(
            "%n checks agree: machines that this one had not contacted "
            "have connected to it.",
            nullptr, reachability.answers);
        words.isWell = true;
        return;
    case Reachability::State::NotReachable:
        addNotReachable(words, status, reachability);
        return;
    }
}

} // namespace

StatusWords StatusWords::of(const NetworkStatus &status)
{
    StatusWords words;
    switch (status.state) {
    case Network::State::Idle:
    case Network::State::Left:
        words.network = StatusWordsText::tr("Not joined");
        words.explanation = StatusWordsText::tr("Join a network to see its connections.");
        return words;
    case Network::State::Joining:
        words.network = StatusWordsText::tr("Joining …");
        break;
    case Network::State::Waiting:
        addFailures(words, JoinFailures::of(status.joinCandidates));
        break;
    case Network::State::Leaving:
        words.network = StatusWordsText::tr("Leaving …");
        break;
    case Network::State::Joined:
        words.network = status.peers() == 0
            ? StatusWordsText::tr("Joined: no other peers yet")
            : StatusWordsText::tr("Joined: %n peers", nullptr, status.peers());
        break;
    }
    words.listening = listeningWords(status);
    words.observed = observedWords(status);
    addReachability(words, status);
    return words;
}

} // namespace Qp2p::Gui
