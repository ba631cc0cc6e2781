// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "dialcommand.h"

#include "certificatefields.h"
#include "peerchoice.h"

#include <qp2pcore/safetext.h>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

// Members learn of others within seconds; --timeout says otherwise.
constexpr std::chrono::milliseconds LookTime{10'000};
constexpr int MaxLinks = 64; // NetworkConfig::setWantedLinks(): to find the peer among the nodes

} // namespace

DialCommand::DialCommand(const CommonOptions &options, const Reach &reach)
    : Command(options)
    , m_reach(reach)
{
    m_lookLimit.setSingleShot(true);
    connect(&m_lookLimit, &QTimer::timeout, this, [this] {
        if (!m_network)
            return;
        const auto chosen = choosePeer(*m_network, m_reach.word);
        fail(chosen ? Error(ErrorCode::NotReachable, tr("The peer was not reached in time."))
                 : m_callError.isError() ? m_callError
                                         : chosen.error());
    });
}

DialCommand::~DialCommand()
{
    m_network.reset(); // its signals end here
}

Endpoint *DialCommand::makeEndpoint(const EndpointConfig &config)
{
    if (m_reach.way != Reach::Way::Join)
        return Command::makeEndpoint(config);
    NetworkConfig member;
    member.setEndpoint(config);
    member.setRole(Peer::Role::Client);
    member.setAutomaticRejoin(false);
    member.setWantedLinks(m_reach.word.isEmpty() ? 1 : MaxLinks);
    m_network = std::make_unique<Network>(member);
    return m_network->endpoint();
}

void DialCommand::closeEndpoint()
{
    if (m_network && m_network->endpoint() == endpoint()
        && m_network->state() != Network::State::Idle)
        m_network->leave();
    else
        Command::closeEndpoint();
}

void DialCommand::start()
{
    if (m_network)
        join();
    else
        dial();
}

// ---- without a network

void DialCommand::dial()
{
    connect(endpoint(), &Endpoint::connectionClosed, this,
            [this](Connection *closed, const Error &reason) {
                if (m_dialling || closed == m_connection)
                    fail(reason);
            });
    m_dialling = true;
    output()->detail(tr("Dialling %1.").arg(safeText(peer().toString())));
    endpoint()
        ->connectTo(peer(), options().protocol)
        .then(this, [this](const Result<QPointer<Connection>> &result) { dialled(result); });
}

void DialCommand::dialled(const Result<QPointer<Connection>> &result)
{
    m_dialling = false;
    if (isFinishing())
        return;
    if (!result)
        fail(result.error());
    else if (Connection *connection = result.value())
        use(connection);
    else
        fail(Error(ErrorCode::ClosedByPeer,
                   tr("The connection ended as soon as it was open. Try again, or ask the operator "
                      "of the peer.")));
}

//! A member of a network answers members only: what the user can do about it.
void DialCommand::fail(const Error &error)
{
    Error explained = error;
    if (error.code == ErrorCode::NotAMember && !m_network)
        explained.message =
            tr("%1 is a member of a network and answers members only. Add --network "
               "NAME, the name of its network (\"\" where it has none), to join it "
               "for this command.")
                .arg(peer().endpointString());
    Command::fail(explained);
}

// ---- as a client of its network

void DialCommand::join()
{
    connect(endpoint(), &Endpoint::connectionClosed, this,
            [this](Connection *closed, const Error &reason) {
                if (closed == m_connection)
                    fail(reason);
            });
    connect(m_network.get(), &Network::peerConnected, this, &DialCommand::lookForPeer,
            Qt::QueuedConnection);
    const QList<PeerAddress> contacts = m_reach.contacts.isEmpty() ? QList{peer()}
                                                                   : m_reach.contacts;
    output()->detail(tr("Joining the network through %1.").arg(safeText(contacts[0].toString())));
    m_network->join(contacts).then(this, [this](const Result<void> &result) { joined(result); });
}

void DialCommand::joined(const Result<void> &result)
{
    if (isFinishing() || m_isMember)
        return;
    if (!result) {
        const auto candidates = m_network->joinCandidates();
        const ErrorCode reason = candidates.isEmpty() ? result.error().code
                                                      : candidates.first().error.code;
        if (reason == ErrorCode::NotAMember && m_reach.contacts.isEmpty()) {
            replaceEndpoint();
            dial();
        } else {
            fail(candidates.size() == 1 && candidates.first().error.isError()
                     ? candidates.first().error
                     : result.error());
        }
        return;
    }
    m_isMember = true;
    m_lookLimit.start(options().dialTimeout.value_or(LookTime));
    if (!m_reach.word.isEmpty()) {
        lookForPeer();
        if (const Result<PeerId> whole = PeerId::fromString(m_reach.word); whole && !m_connection)
            call(*whole);
        return;
    }
    if (m_reach.contacts.isEmpty()) {
        const QList<Peer *> peers = m_network->peers();
        if (!peers.isEmpty() && !peers.first()->connections().isEmpty())
            use(peers.first()->connections().first());
        return;
    }
    m_network->connectTo(peer()).then(this, [this](const Result<QPointer<Peer>> &linked) {
        if (isFinishing() || m_connection)
            return;
        if (!linked)
            fail(linked.error());
        else if (*linked && !(*linked)->connections().isEmpty())
            use((*linked)->connections().first());
        else
            fail(Error(ErrorCode::ClosedByPeer,
                       tr("The link ended as soon as it was established. Try again, or ask the "
                          "operator of the peer.")));
    });
}

void DialCommand::lookForPeer()
{
    if (!m_isMember || m_connection || m_reach.word.isEmpty() || isFinishing())
        return;
    const auto chosen = choosePeer(*m_network, m_reach.word);
    if (chosen && !(*chosen)->connections().isEmpty())
        use((*chosen)->connections().first());
}

//! It may become linked without that meanwhile, so a failure counts once the time to look for it is over.
void DialCommand::call(const PeerId &peer)
{
    m_network->connectTo(peer).then(this, [this](const Result<QPointer<Peer>> &linked) {
        if (linked)
            lookForPeer();
        else
            m_callError = linked.error();
    });
}

// ---- either way

void DialCommand::use(Connection *connection)
{
    m_lookLimit.stop();
    m_connection = connection;
    output()->event(u"connected", connectionFields(*connection), {});
    output()->detail(tr("Connected to %1, which calls itself \"%2\"; accepted: %3.")
                         .arg(safeText(connection->peerAddress().toString()),
                              safeText(connection->peerAgent()),
                              safeText(acceptanceText(connection->acceptance()))));
    limitTime();
    opened();
}
