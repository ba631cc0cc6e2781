// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/joinplan.h>

#include <QPointer>

#include <algorithm>
#include <utility>

namespace Qp2p::Peering {

JoinPlan::JoinPlan(QObject *parent)
    : QObject(parent)
{
}

JoinPlan::~JoinPlan() = default;

// ---- candidates

bool JoinPlan::isContact(const PeerId &peerId, const PeerAddress &address) const
{
    return std::any_of(m_contacts.cbegin(), m_contacts.cend(), [&](const PeerAddress &contact) {
        return contact.endpointString() == address.endpointString() || contact.peerId() == peerId;
    });
}

QList<JoinCandidate> JoinPlan::candidatesOf(
    const QList<CachedNode> &remembered, const std::function<bool(const PeerId &)> &isExcluded) const
{
    using Source = JoinCandidate::Source;
    const auto isAddressOfContact = [this](const PeerAddress &address) {
        return std::any_of(m_contacts.cbegin(), m_contacts.cend(), [&](const PeerAddress &contact) {
            return contact.endpointString() == address.endpointString();
        });
    };
    QList<JoinCandidate> result; // the anchors first
    QList<JoinCandidate> cached;
    for (const CachedNode &entry : remembered) {
        if (isExcluded(entry.peerId)
            || std::any_of(entry.addresses.cbegin(), entry.addresses.cend(), isAddressOfContact))
            continue;
        JoinCandidate candidate;
        candidate.source = entry.isAnchor ? Source::Anchor : Source::Cache;
        for (const PeerAddress &address : entry.addresses)
            candidate.addresses.append(PeerAddress(address.address(), address.port(), entry.peerId));
        (entry.isAnchor ? result : cached).append(candidate);
    }
    QList<JoinCandidate> fromContacts;
    for (const PeerAddress &contact : m_contacts) {
        JoinCandidate candidate;
        candidate.addresses = {contact};
        fromContacts.append(candidate);
    }
    while (result.size() < CachedFirst && !cached.isEmpty())
        result.append(cached.takeFirst());
    while (!cached.isEmpty() || !fromContacts.isEmpty()) {
        if (!fromContacts.isEmpty())
            result.append(fromContacts.takeFirst());
        if (!cached.isEmpty())
            result.append(cached.takeFirst());
    }
    return result;
}

// ---- the race

void JoinPlan::prepareRace(Endpoint &endpoint, const QList<JoinCandidate> &candidates)
{
    m_answered = {};
    m_race = std::make_unique<JoinRace>(endpoint, candidates);
    connect(m_race.get(), &JoinRace::progress, this, &JoinPlan::progress);
    connect(m_race.get(), &JoinRace::answered, this, &JoinPlan::candidateAnswered);
    connect(m_race.get(), &JoinRace::exhausted, this, &JoinPlan::candidatesExhausted);
}

void JoinPlan::startRace()
{
    if (m_race)
        m_race->start();
}

QList<JoinCandidate> JoinPlan::candidates() const
{
    return m_race ? m_race->candidates() : m_latest;
}

PeerAddress JoinPlan::racedContact(const Connection &connection) const
{
    return m_race ? m_race->contactOf(connection) : PeerAddress();
}

void JoinPlan::continueRace(const Error &error)
{
    if (m_race)
        m_race->continueWithOthers(error);
}

void JoinPlan::peerLost(const PeerId &peerId, const Error &error)
{
    if (m_answered != peerId)
        return;
    m_answered = {};
    continueRace(error);
}

bool JoinPlan::concludeRace()
{
    const QPointer<JoinPlan> alive(this);
    const QPointer<JoinRace> race(m_race.get());
    race->conclude();
    // A slot may have ended it, begun another one, or deleted the network.
    if (!alive || !race || m_race.get() != race)
        return false;
    endRace();
    return true;
}

//! It may be the sender of what has brought us here.
void JoinPlan::endRace()
{
    if (!m_race)
        return;
    m_race->stop();
    m_latest = m_race->candidates();
    m_race->disconnect(this);
    m_race.release()->deleteLater();
}

// ---- when

void JoinPlan::scheduleAttempt(Time now, const std::function<quint32(quint32 limit)> &random)
{
    const int doublings = std::min(m_failedAttempts++, 20);
    const auto longest = std::min(FirstBackOff * (1 << doublings), MaxBackOff);
    m_nextAttempt = now + std::chrono::milliseconds(random(quint32(longest.count())));
}

// ---- the futures of join()

Error JoinPlan::cancelled()
{
    return Error(ErrorCode::Cancelled, QStringLiteral("The join was given up."));
}

QFuture<Result<void>> JoinPlan::addFuture()
{
    auto promise = std::make_shared<QPromise<Result<void>>>();
    promise->start();
    m_promises.push_back(promise);
    return promise->future();
}

void JoinPlan::finishFutures(const Result<void> &result)
{
    const auto promises = std::exchange(m_promises, {});
    for (const auto &promise : promises) {
        promise->addResult(result);
        promise->finish();
    }
}

} // namespace Qp2p::Peering
