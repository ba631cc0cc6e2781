// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/linkkeeper.h>

#include <qp2pcore/peering/addressgroup.h>
#include <qp2pcore/peering/whenfinished.h>

#include <QPointer>

#include <utility>

namespace Qp2p::Peering {

LinkKeeper::LinkKeeper(Surroundings &surroundings, const PeerId &own, QObject *parent)
    : QObject(parent)
    , m_surroundings(surroundings)
    , m_own(own)
    , m_reconnector(surroundings, m_places, own, this)
{
    connect(&m_reconnector, &Reconnector::placeReleased, this, &LinkKeeper::placeReleased);
}

// ---- links of our own choice

LinkKeeper::Step LinkKeeper::keepLinks(qsizetype wanted, const QList<QHostAddress> &chosen,
                                       const QList<CachedNode> &remembered)
{
    if (chosen.size() + m_dialling.size() >= wanted || m_dialling.size() >= MaxDials)
        return Step::None;
    CandidateBook::Choice choice;
    choice.remembered = remembered;
    for (const QHostAddress &address : chosen)
        choice.linkedGroups.insert(addressGroup(address));
    choice.now = m_surroundings.currentTime();
    choice.random = [this](quint32 limit) { return m_surroundings.randomBelow(limit); };
    choice.isExcluded = [this](const PeerId &peerId) { return isExcluded(peerId); };
    choice.isAddressExcluded = [this](const PeerAddress &address) {
        return isAddressExcluded(address);
    };
    const auto target = m_book.choose(choice);
    if (!target)
        return Step::NeedsNodes;
    dialTarget(*target);
    return Step::Dialled;
}

bool LinkKeeper::isExcluded(const PeerId &peerId) const
{
    return m_surroundings.isExcludedPeer(peerId) || m_dialling.contains(peerId)
        || m_surroundings.isBlocked(peerId) || peerId == m_own;
}

bool LinkKeeper::isAddressExcluded(const PeerAddress &address) const
{
    return m_surroundings.isBlocked(address.address())
        || m_places.isTaken(dialPlace(address), m_surroundings.currentTime());
}

void LinkKeeper::dialTarget(const CandidateBook::DialTarget &target)
{
    m_dialling.insert(target.peerId);
    for (const PeerAddress &address : target.addresses)
        m_places.begin(dialPlace(address));
    if (target.budget)
        target.budget->reserve();
    const auto dial = m_surroundings.dial(target.addresses);
    whenFinished(dial.outcome, this,
                 [this, target, traffic = dial.traffic](const Dial::Outcome &result) {
                     const QPointer<LinkKeeper> alive(this);
                     m_dialling.remove(target.peerId);
                     if (!result) {
                         targetFailed(target, result.error(), *traffic);
                         return;
                     }
                     if (target.budget)
                         target.budget->answered();
                     for (const PeerAddress &address : target.addresses) {
                         if (!alive)
                             return;
                         m_places.end(dialPlace(address));
                         placeReleased(dialPlace(address));
                     }
                 });
}

void LinkKeeper::targetFailed(const CandidateBook::DialTarget &target, const Error &error,
                              const Dial::Traffic &traffic)
{
    if (target.budget && traffic.datagramsReceived > 0)
        target.budget->answered();
    else if (target.budget)
        target.budget->unanswered(traffic.bytesSent);
    const Time now = m_surroundings.currentTime();
    m_book.failed(target, now);
    for (const PeerAddress &address : target.addresses) {
        m_places.endAndRest(dialPlace(address), now);
        placeReleased(dialPlace(address));
    }
    if (target.source == CandidateBook::ourselves())
        m_surroundings.rememberedNodeFailed(target.peerId, error);
}

void LinkKeeper::dialRenewed(const PeerId &peerId, const QList<PeerAddress> &addresses)
{
    m_book.add(CandidateBook::ourselves(), peerId, addresses, {});
    QMetaObject::invokeMethod(
        this, [this, peerId, addresses] { dialRemembered(peerId, addresses); },
        Qt::QueuedConnection);
}

//! Unless it is known by now, or all of its addresses are being dialled.
void LinkKeeper::dialRemembered(const PeerId &peerId, const QList<PeerAddress> &addresses)
{
    if (m_surroundings.isExcludedPeer(peerId) || m_dialling.contains(peerId)
        || m_surroundings.isBlocked(peerId))
        return;
    CandidateBook::DialTarget target;
    target.peerId = peerId;
    target.source = CandidateBook::ourselves();
    target.addresses = oneOfEachPlace(addresses, peerId, [this](const PeerAddress &address) {
        return m_surroundings.isBlocked(address.address())
            || m_places.isBeingDialled(dialPlace(address));
    });
    if (!target.addresses.isEmpty())
        dialTarget(target);
}

void LinkKeeper::recordConnected(const PeerId &peerId, const PeerAddress &address)
{
    m_book.succeeded(peerId, address);
}

void LinkKeeper::start(Time now)
{
    m_lastAnchorUpdate = now;
    m_reconnector.start(now);
}

bool LinkKeeper::beginAnchorUpdate(Time now)
{
    if (now - m_lastAnchorUpdate < AnchorInterval)
        return false;
    m_lastAnchorUpdate = now;
    return true;
}

void LinkKeeper::tick()
{
    const Time now = m_surroundings.currentTime();
    m_places.forgetRested(now);
    QList<PeerId> due;
    for (auto half = m_halves.cbegin(); half != m_halves.cend(); ++half) {
        if (half->retryAt <= now)
            due.append(half.key());
    }
    for (const PeerId &peerId : std::as_const(due))
        startSecondHalf(peerId);
}

// ---- our halves of links that a peer has begun

void LinkKeeper::dialSecondHalf(const PeerId &peerId, const PeerAddress &address)
{
    if (m_halves.contains(peerId))
        return;
    m_halves.insert(peerId,
                    {++m_lastNumber, PeerAddress(address.address(), address.port(), peerId)});
    startSecondHalf(peerId);
}

void LinkKeeper::startSecondHalf(const PeerId &peerId)
{
    const auto half = m_halves.find(peerId);
    if (half == m_halves.end()) // it has come by another way
        return;
    half->retryAt = Never;
    const QByteArray place = dialPlace(half->address);
    if (m_places.isBeingDialled(place)) {
        m_waitingHalves.append(peerId);
        return;
    }
    m_places.begin(place);
    const quint64 number = half->number;
    whenFinished(m_surroundings.dial({half->address}).outcome, this,
                 [this, place, peerId, number](const Dial::Outcome &result) {
                     const QPointer<LinkKeeper> alive(this);
                     m_places.end(place);
                     if (result && m_halves.value(peerId).number == number)
                         m_halves.remove(peerId);
                     else if (!result)
                         secondHalfFailed(peerId, number, result.error());
                     if (alive)
                         placeReleased(place);
                 });
}

//! One failure may be loss: few datagrams are sent, and some paths lose every tenth.
void LinkKeeper::secondHalfFailed(const PeerId &peerId, quint64 number, const Error &error)
{
    const auto half = m_halves.find(peerId);
    if (half == m_halves.end() || half->number != number)
        return;
    const bool isUnanswered = error.code == ErrorCode::HandshakeTimeout;
    if (isUnanswered && ++half->failures == 1 && m_surroundings.hasConnection(peerId)) {
        half->retryAt = m_surroundings.currentTime() + SecondHalfPause;
        return;
    }
    m_halves.erase(half);
    m_surroundings.secondHalfFailed(peerId, error);
}

void LinkKeeper::placeReleased(const QByteArray &place)
{
    for (qsizetype i = 0; i < m_waitingHalves.size(); ++i) {
        const PeerId peerId = m_waitingHalves[i];
        const auto half = m_halves.constFind(peerId);
        if (half != m_halves.cend() && dialPlace(half->address) != place)
            continue;
        m_waitingHalves.removeAt(i--);
        startSecondHalf(peerId);
        if (m_places.isBeingDialled(place))
            return;
    }
}

// ---- nodes that peers advertise

bool LinkKeeper::beginPeersRequest(const PeerId &peerId, Time now)
{
    Exchange &exchange = m_exchanges[peerId];
    if (exchange.askedAt != Never && exchange.askedAt + PeersInterval > now)
        return false;
    exchange.askedAt = now;
    exchange.awaitsAnswer = true;
    return true;
}

bool LinkKeeper::takePeersAnswer(const PeerId &peerId)
{
    const auto exchange = m_exchanges.find(peerId);
    return exchange != m_exchanges.end() && std::exchange(exchange->awaitsAnswer, false);
}

bool LinkKeeper::beginPeersAnswer(const PeerId &peerId, Time now)
{
    Exchange &exchange = m_exchanges[peerId];
    if (exchange.answeredAt != Never && exchange.answeredAt + PeersInterval - PeersTolerance > now)
        return false;
    exchange.answeredAt = now;
    return true;
}

void LinkKeeper::addAdvertised(const CandidateBook::Source &source, const PeerId &node,
                               const QList<PeerAddress> &addresses,
                               std::shared_ptr<DialBudget> budget)
{
    if (node == m_own)
        return;
    if (!addresses.isEmpty())
        m_reconnector.plan().recordHeard(node, addresses.first(), m_surroundings.currentTime(),
                                         source.peerId);
    m_book.add(source, node, addresses, std::move(budget));
}

void LinkKeeper::removePeer(const PeerId &peerId)
{
    m_halves.remove(peerId);
    m_waitingHalves.removeAll(peerId);
    m_exchanges.remove(peerId);
}

} // namespace Qp2p::Peering
