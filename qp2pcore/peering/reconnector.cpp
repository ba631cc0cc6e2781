// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/reconnector.h>

#include <qp2pcore/peering/addressgroup.h>
#include <qp2pcore/peering/identityreports.h>
#include <qp2pcore/peering/whenfinished.h>

#include <algorithm>

namespace Qp2p::Peering {

namespace {

//! Nothing has come back, or nothing could leave: the next dial may end otherwise.
bool isWorthRepeating(ErrorCode code)
{
    switch (code) {
    case ErrorCode::HandshakeTimeout:
    case ErrorCode::IdleTimeout:
    case ErrorCode::ConnectionReset:
    case ErrorCode::PortUnreachable:
    case ErrorCode::HostNotFound:
    case ErrorCode::AddressNotAvailable:
    case ErrorCode::NetworkUnavailable:
    case ErrorCode::SocketFailed:
    case ErrorCode::Cancelled:
    case ErrorCode::ClosedLocally:
    case ErrorCode::ClosedByPeer:
    case ErrorCode::ConnectionRefused:
    case ErrorCode::ResourceLimit:
        return true;
    default:
        return false;
    }
}

} // namespace

Reconnector::Reconnector(Surroundings &surroundings, DialledPlaces &places, const PeerId &own,
                         QObject *parent)
    : QObject(parent)
    , m_surroundings(surroundings)
    , m_places(places)
    , m_own(own)
{
}

ReconnectPlan::Random Reconnector::random() const
{
    return [this](quint32 limit) { return m_surroundings.randomBelow(limit); };
}

void Reconnector::start(Time now)
{
    m_plan.scheduleNext(now, random());
    m_plan.beginExchange(now, random());
}

bool Reconnector::beginExchange(Time now)
{
    return m_plan.beginExchange(now, random());
}

qsizetype Reconnector::dialContactsNow(const QList<PeerAddress> &contacts)
{
    QSet<QByteArray> keys;
    for (const PeerAddress &contact : contacts)
        keys.insert(ReconnectPlan::keyOf(contact));
    m_contactIds.removeIf([&keys](const QHash<QByteArray, PeerId>::iterator known) {
        return !keys.contains(known.key());
    });
    m_plan.forgetRefusals();
    m_contactsDue = std::count_if(contacts.cbegin(), contacts.cend(),
                                  [this](const PeerAddress &contact) { return !isPeer(contact); });
    return m_contactsDue;
}

void Reconnector::recordContact(const PeerAddress &contact, const PeerId &peerId)
{
    m_contactIds.insert(ReconnectPlan::keyOf(contact), peerId);
}

PeerId Reconnector::idOf(const PeerAddress &contact) const
{
    return contact.peerId().isNull() ? m_contactIds.value(ReconnectPlan::keyOf(contact))
                                     : contact.peerId();
}

void Reconnector::dialNext(const Situation &situation)
{
    const Time now = m_surroundings.currentTime();
    m_plan.forgetOld(now);
    const bool isRegular = m_plan.isDue(now);
    if (isRegular)
        m_plan.scheduleNext(now, random());
    const qsizetype underWay = m_contactDials.size();
    if ((m_contactsDue > 0 || situation.roomForContacts > underWay) && underWay < MaxContactDials) {
        m_contactsDue = std::max<qsizetype>(m_contactsDue - 1, 0);
        const PeerAddress contact = m_plan.nextContact(
            situation.contacts, [this](const PeerAddress &one) { return isContactExcluded(one); },
            now);
        if (!contact.isNull())
            dialContact(contact);
    }
    if (!isRegular || situation.roomForNodes <= m_nodeDials)
        return;
    const auto target = m_plan.chooseNode(
        {situation.remembered,
         [this](const PeerId &peerId) {
             return m_surroundings.isExcludedPeer(peerId) || m_surroundings.isBlocked(peerId)
                 || peerId == m_own;
         },
         [this](const PeerAddress &address) { return isAddressExcluded(address); }, random(), now});
    if (target)
        dialNode(*target);
}

bool Reconnector::isPeer(const PeerAddress &contact) const
{
    const PeerId known = idOf(contact);
    return (!known.isNull() && m_surroundings.isExcludedPeer(known))
        || (contact.peerId().isNull() && m_surroundings.isPeerAt(contact));
}

bool Reconnector::isContactExcluded(const PeerAddress &contact) const
{
    return isPeer(contact) || isAddressExcluded(contact)
        || m_contactDials.contains(ReconnectPlan::keyOf(contact));
}

bool Reconnector::isAddressExcluded(const PeerAddress &address) const
{
    return !address.isHostName()
        && (m_surroundings.isBlocked(address.address())
            || m_places.isTaken(dialPlace(address), m_surroundings.currentTime()));
}

void Reconnector::dialNode(const ReconnectPlan::Target &target)
{
    ++m_nodeDials;
    for (const PeerAddress &address : target.addresses)
        m_places.begin(dialPlace(address));
    const Time begun = m_surroundings.currentTime();
    whenFinished(m_surroundings.dial(target.addresses).outcome, this,
                 [this, target, begun](const Dial::Outcome &outcome) {
                     const QPointer<Reconnector> alive(this);
                     --m_nodeDials;
                     const Time now = m_surroundings.currentTime();
                     for (const PeerAddress &address : target.addresses) {
                         if (outcome)
                             m_places.end(dialPlace(address));
                         else
                             m_places.endAndRest(dialPlace(address), now);
                     }
                     const bool isLinked = evaluate(ReconnectPlan::keyOf(target.node), begun,
                                                    outcome);
                     if (!alive)
                         return;
                     if (isLinked && target.wasLost)
                         m_plan.scheduleSoon(now, random());
                     if (!outcome && outcome.error().code == ErrorCode::PeerIdMismatch) {
                         m_plan.forgetLost(target.node);
                         m_surroundings.rememberedNodeFailed(target.node, outcome.error());
                     }
                     for (const PeerAddress &address : target.addresses) {
                         if (alive)
                             Q_EMIT placeReleased(dialPlace(address));
                     }
                 });
}

void Reconnector::dialContact(const PeerAddress &contact)
{
    const QByteArray key = ReconnectPlan::keyOf(contact);
    m_contactDials.insert(key);
    const QByteArray place = dialPlace(contact);
    if (!place.isEmpty())
        m_places.begin(place);
    const Time begun = m_surroundings.currentTime();
    whenFinished(m_surroundings.dialContact(contact), this,
                 [this, contact, key, place, begun](const Dial::Outcome &outcome) {
                     const QPointer<Reconnector> alive(this);
                     m_contactDials.remove(key);
                     if (!place.isEmpty())
                         m_places.end(place);
                     if (outcome && *outcome)
                         recordContact(contact, (*outcome)->peerId());
                     evaluate(key, begun, outcome);
                     if (alive && !place.isEmpty())
                         Q_EMIT placeReleased(place);
                 });
}

bool Reconnector::evaluate(const QByteArray &dialled, Time begun, const Dial::Outcome &outcome)
{
    const Time now = m_surroundings.currentTime();
    if (!outcome) {
        const ErrorCode code = outcome.error().code;
        if (code == ErrorCode::IdentityInUse) // the other program may stop
            m_plan.rest(dialled, now + IdentityReports::MaxPause);
        else if (!isWorthRepeating(code))
            m_plan.rest(dialled, now + ReconnectPlan::RefusalPause);
        return false;
    }
    const QPointer<Reconnector> alive(this);
    const bool isLinked = *outcome && m_surroundings.reconnected(*outcome, begun);
    if (alive) {
        const std::chrono::seconds pause = isLinked ? AnsweredPause : ReconnectPlan::RefusalPause;
        m_plan.rest(dialled, now + pause);
    }
    return alive && isLinked;
}

} // namespace Qp2p::Peering
