// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Lost nodes and contacts are dialled again, and those that are found get links beyond the wanted number.
#include <qp2pcore/peering/networkprivate.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/peering/access.h>

#include <algorithm>

namespace Qp2p {

using Peering::LinkPointer;
using Peering::LinkState;
using Peering::Reconnector;

namespace {

//! It may be used by the program.
bool hasMessages(const LinkPointer &link)
{
    const QList<Connection *> connections = link->connections();
    return std::any_of(connections.cbegin(), connections.cend(), [](const Connection *connection) {
        const ConnectionStats stats = connection->stats();
        return stats.messagesSent > 0 || stats.messagesReceived > 0 || stats.sendQueueBytes > 0
            || stats.inboxBytes > 0;
    });
}

} // namespace

//! The contacts are others now. Returns how many of them are dialled.
qsizetype Network::Private::contactsChanged()
{
    if (!isStarted() || !isMember() || state == State::Idle)
        return 0;
    const QList<PeerAddress> contacts = joinPlan->contacts();
    if (links.hasEstablished())
        return keeper->reconnector().dialContactsNow(contacts);
    // Later, so that nothing is emitted before this returns.
    joinPlan->resetBackOff();
    QMetaObject::invokeMethod(
        q,
        [this] {
            if (!isMember() || state == State::Idle || links.hasEstablished())
                return;
            joinPlan->endRace();
            beginJoin();
        },
        Qt::QueuedConnection);
    return contacts.size();
}

void Network::Private::reconnect()
{
    const bool isTrying = state == State::Joined
        || (state == State::Waiting && config.automaticRejoin());
    Reconnector &reconnector = keeper->reconnector();
    if (!isTrying || joinPlan->isRacing() || !reconnector.isDue(currentTime()))
        return;
    const qsizetype missing = config.wantedLinks() - chosenLinks();
    const qsizetype extras = unusedExtras().size() - closableExtras().size();
    Reconnector::Situation situation;
    situation.contacts = joinPlan->contacts();
    situation.remembered = cache->entries();
    situation.roomForNodes = std::max(missing, Reconnector::MaxExtraLinks - extras);
    situation.roomForContacts = std::max(
        missing, Reconnector::MaxExtraLinks + Reconnector::MaxExtraToContacts - extras);
    reconnector.dialNext(situation);
}

qsizetype Network::Private::chosenLinks() const
{
    const QList<LinkPointer> all = links.all();
    return std::count_if(all.cbegin(), all.cend(),
                         [](const LinkPointer &link) { return link->origin.isChosen; });
}

//! Those that messages use do not count: a peer that we have and use is as good as one that has dialled us.
QList<LinkPointer> Network::Private::unusedExtras() const
{
    QList<LinkPointer> list = links.extras();
    list.removeIf([](const LinkPointer &link) { return hasMessages(link); });
    return list;
}

QList<LinkPointer> Network::Private::closableExtras() const
{
    QList<LinkPointer> list = unusedExtras();
    list.removeIf([this](const LinkPointer &link) {
        return link->establishedAt + Reconnector::ExtraLifetime > currentTime();
    });
    return list;
}

//! Only a node that was proven: a peer that has dialled us, and was never dialled by us, is not looked for.
void Network::Private::recordLostNode(const LinkPointer &link, const Error &reason)
{
    Peering::ReconnectPlan &plan = keeper->reconnector().plan();
    // It would be the same again. Strangers that have dialled us are as many as they like, and not dialled anyway.
    const bool mayBeDialled = link->origin.isChosen || cache->entry(link->id);
    if (reason.code == ErrorCode::LinkTimeout && !link->isAnnounced && mayBeDialled)
        plan.rest(plan.keyOf(link->id), currentTime() + plan.RefusalPause);
    const bool endedWithoutGoodbye = reason.code == ErrorCode::IdleTimeout
        || reason.code == ErrorCode::ConnectionReset || reason.code == ErrorCode::HandshakeTimeout
        || reason.code == ErrorCode::PortUnreachable || reason.code == ErrorCode::LinkTimeout;
    if (endedWithoutGoodbye && link->isAnnounced && link->state().role() == LinkState::Role::Node
        && !link->origin.provenAddress.isNull())
        plan.recordLost(link->id, link->origin.provenAddress, currentTime());
}

// ---- what the reconnector wants to know

bool Network::Private::isPeerAt(const PeerAddress &contact) const
{
    const QString place = contact.endpointString();
    const QList<LinkPointer> all = links.all();
    return std::any_of(all.cbegin(), all.cend(), [&](const LinkPointer &link) {
        const QList<PeerAddress> &addresses = link->description.addresses;
        return std::any_of(addresses.cbegin(), addresses.cend(), [&](const PeerAddress &address) {
            return address.endpointString() == place;
        });
    });
}

QFuture<Dial::Outcome> Network::Private::dialContact(const PeerAddress &contact)
{
    return endpoint->connectTo(contact);
}

//! \brief The link is an extra one, which the wanted number does not count. It takes the place of the oldest of these,
//! never that of another link: what comes back, or says that it does, replaces nothing that a member has chosen.
bool Network::Private::reconnected(Connection *connection, Peering::Time begun)
{
    const LinkPointer link = links.find(connection->peerId());
    if (!link)
        return false;
    if (!link->origin.isChosen || link->origin.isWanted || link->origin.since < begun)
        return true; // it was there before, or the program has asked for it
    const QList<LinkPointer> closable = closableExtras();
    const bool isFull = unusedExtras().size() >= Reconnector::MaxExtraLinks;
    link->origin.isExtra = true;
    if (isFull && !closable.isEmpty() && chosenLinks() > config.wantedLinks())
        drop(closable.first(),
             Error(ErrorCode::ClosedLocally,
                   QStringLiteral("The link was closed for one to a node that was found again.")),
             Engine::CloseCode::Evicted);
    return true;
}

} // namespace Qp2p
