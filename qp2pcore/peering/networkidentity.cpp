// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Identities: two programs that use one, ours or a peer's, and what is read again while a network runs.
#include <qp2pcore/peering/networkprivate.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/peering/access.h>
#include <qp2pcore/support/threadcheck.h>

namespace Qp2p {

using Peering::Access;
using Peering::LinkPointer;
namespace CloseCode = Engine::CloseCode;

// ---- the public face

Result<void> Network::setIdentity(const Identity &identity)
{
    QP2P_CHECK_THREAD();
    if (const Result<void> set = d->endpoint->setIdentity(identity); !set)
        return set;
    d->config.setEndpoint(d->endpoint->config());
    d->checker->setConfig(d->endpoint->config());
    return {};
}

Result<void> Network::reloadBlockList()
{
    QP2P_CHECK_THREAD();
    return d->blockChanged(d->blocks->reload());
}

// ---- a peer whose identity two programs use

//! \brief A connection has come with another instance than the link to its peer has. A second program is sent away
//! (true): the one that is linked stays, or the two would replace each other indefinitely.
bool Network::Private::isSecondProgram(const LinkPointer &link, Connection *connection)
{
    using Change = Peering::InstanceHistory::Change;
    const Peering::Time time = currentTime();
    Peering::InstanceHistory &instances = links.instances();
    if (instances.compare(link->id, link->description.instance, Access::peerInstance(*connection),
                          time)
        == Change::Restarted)
        return false;
    Access::close(*connection, CloseCode::IdentityInUse,
                  QStringLiteral("another program uses this identity"));
    // Where that one has stopped, the other need not wait for the idle time-out.
    const QList<Connection *> linked = link->connections();
    for (Connection *ofLinked : linked)
        Access::prove(*ofLinked);
    if (!linked.isEmpty() && instances.takeNotice(link->id, time))
        Access::send(*linked.first(), encode(Peering::IdentityInUse{}));
    if (instances.takeReport(link->id)) {
        QList<PeerAddress> addresses;
        for (const Connection *of : {linked.value(0), connection}) {
            if (of)
                addresses.append(of->peerAddress());
        }
        Q_EMIT q->identityConflict(link->id, addresses);
    }
    return true;
}

// ---- ours

void Network::Private::identityInUseReceived(const Sender &from, const Peering::IdentityInUse &)
{
    recordIdentityReport(from.link->id);
}

void Network::Private::dialFailed(const PeerAddress &dialled, const PeerId &peerId,
                                  const Error &reason)
{
    if (reason.code != ErrorCode::IdentityInUse || peerId.isNull())
        return;
    if (joinPlan->contacts().contains(dialled)) // it pauses, whatever it is dialled for
        keeper->reconnector().recordContact(dialled, peerId);
    recordIdentityReport(peerId);
}

//! \a peerId says that another program uses our identity.
void Network::Private::recordIdentityReport(const PeerId &peerId)
{
    const auto random = [this](quint32 limit) { return randomBelow(limit); };
    if (!isMember() || !joinPlan->identityReports().record(peerId, currentTime(), random))
        return;
    reportLater(Error(
        ErrorCode::IdentityInUse,
        QStringLiteral(
            "Another program uses the identity of this one (peer id %1), says the peer %2, which "
            "keeps a link to one of the two only. Stop the other program, or give one of them an "
            "identity of its own, as after copying a machine or restoring its backup elsewhere.")
            .arg(endpoint->peerId().toString(), peerId.toString())));
}

} // namespace Qp2p
