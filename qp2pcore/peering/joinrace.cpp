// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/joinrace.h>

#include <qp2pcore/endpoint/dial.h>
#include <qp2pcore/io/environment.h>
#include <qp2pcore/peering/whenfinished.h>

#include <QPointer>
#include <QStringList>

#include <algorithm>

namespace Qp2p::Peering {

using State = JoinCandidate::State;

JoinRace::JoinRace(Endpoint &endpoint, const QList<JoinCandidate> &candidates, QObject *parent)
    : QObject(parent)
    , m_endpoint(endpoint)
    , m_candidates(candidates)
    , m_environment(Access::environment(endpoint))
    , m_timer(m_environment->makeTimer([this] { dialNext(); }))
{
}

JoinRace::~JoinRace()
{
    stop();
}

void JoinRace::stop()
{
    m_isStopped = true;
    m_timer->disarm();
    if (const auto race = std::exchange(m_race, nullptr)) {
        race->onFailure = {};
        Access::giveUp(m_endpoint, race);
    }
}

void JoinRace::start()
{
    race();
}

void JoinRace::conclude()
{
    const QPointer<JoinRace> alive(this);
    if (m_winner < 0 && m_race && m_race->isWon())
        m_winner = indexOf(m_race->winner());
    if (m_winner >= 0)
        setState(m_winner, State::Joined);
    for (qsizetype i = 0; alive && i < m_candidates.size(); ++i) {
        if (m_candidates[i].state == State::Dialling || m_candidates[i].state == State::Waiting)
            setState(i, State::Dropped);
    }
}

void JoinRace::continueWithOthers(const Error &error)
{
    const QPointer<JoinRace> alive(this);
    if (m_winner >= 0)
        setState(std::exchange(m_winner, -1), State::Failed, error);
    if (!alive || m_isStopped)
        return;
    for (JoinCandidate &candidate : m_candidates) {
        if (candidate.state == State::Dropped)
            candidate.state = State::Waiting;
    }
    race();
}

PeerAddress JoinRace::contactOf(const Connection &connection) const
{
    // Between the two the connection that has won is announced, and no other one.
    if (!m_race || !m_race->isWon() || m_race->isFinished()
        || connection.direction() != Connection::Direction::Outgoing)
        return {};
    const PeerAddress named = m_race->winner();
    const qsizetype index = indexOf(named);
    // Names stand for addresses that are not known here.
    const bool isContact = index >= 0
        && m_candidates[index].source == JoinCandidate::Source::Contact
        && (named.isHostName()
            || named.endpointString() == connection.peerAddress().endpointString());
    return isContact ? named : PeerAddress();
}

Error JoinRace::failure() const
{
    QStringList lines;
    for (const JoinCandidate &candidate : m_candidates)
        lines.append(candidate.addresses.first().endpointString() + QStringLiteral(": ")
                     + candidate.error.message);
    return Error(
        ErrorCode::JoinFailed,
        (m_candidates.size() == 1
             ? QStringLiteral("The network could not be joined through the only candidate:\n%1")
             : QStringLiteral("The network could not be joined through any of %2 candidates:\n%1")
                   .replace(QStringLiteral("%2"), QString::number(m_candidates.size())))
            .arg(lines.join(QLatin1Char('\n'))));
}

void JoinRace::race()
{
    const QPointer<JoinRace> alive(this);
    auto race = Access::beginRace(m_endpoint);
    if (!alive || m_isStopped) // a slot of Endpoint::stateChanged() has deleted or ended it
        return;
    if (!race) {
        for (qsizetype i = 0; alive && i < m_candidates.size(); ++i) {
            if (m_candidates[i].state == State::Waiting)
                setState(i, State::Failed, race.error());
        }
        if (alive)
            QMetaObject::invokeMethod(this, &JoinRace::exhausted, Qt::QueuedConnection);
        return;
    }
    m_race = *race;
    // From inside the endpoint, so it is looked at later.
    m_race->onFailure = [this] {
        if (std::exchange(m_failurePosted, true))
            return;
        QMetaObject::invokeMethod(this, &JoinRace::recordFailures, Qt::QueuedConnection);
    };
    // By its address only: the dial holds this function.
    whenFinished(m_race->future(), this, [this, dial = m_race.get()](const Dial::Outcome &outcome) {
        if (dial == m_race.get())
            raceOver(outcome);
    });
    dialNext();
}

void JoinRace::dialNext()
{
    if (!m_race || m_race->isFinished())
        return;
    const auto next = std::find_if(
        m_candidates.cbegin(), m_candidates.cend(),
        [](const JoinCandidate &candidate) { return candidate.state == State::Waiting; });
    if (next == m_candidates.cend()) {
        Access::completeRace(m_endpoint, m_race);
        return;
    }
    const Time now = m_environment->now();
    const Load underWay = load(now);
    if (underWay.counted >= MaxAtOnce || underWay.counted + underWay.silent >= MaxUnderWay) {
        armTimer(underWay.nextSilence); // or the next failure makes room
        return;
    }
    const auto index = next - m_candidates.cbegin();
    const QPointer<JoinRace> alive(this);
    const std::shared_ptr<Dial> dial = m_race;
    m_begun.insert(index, now);
    setState(index, State::Dialling);
    if (!alive || dial != m_race)
        return;
    const QList<PeerAddress> addresses = m_candidates[index].addresses;
    for (const PeerAddress &address : addresses)
        Access::addToRace(m_endpoint, dial, address);
    armTimer(now + (underWay.silent < MaxAtOnce ? Stagger : StaggerWhenSilent));
}

JoinRace::Load JoinRace::load(Time now) const
{
    Load load;
    for (qsizetype i = 0; i < m_candidates.size(); ++i) {
        if (m_candidates[i].state != State::Dialling)
            continue;
        const Time silentAt = m_begun.value(i) + SilentAfter;
        const QList<PeerAddress> &addresses = m_candidates[i].addresses;
        const bool isUnanswered = std::all_of(
            addresses.cbegin(), addresses.cend(), [this](const PeerAddress &address) {
                return Access::isUnanswered(m_endpoint, *m_race, address);
            });
        if (isUnanswered && silentAt <= now) {
            ++load.silent;
            continue;
        }
        ++load.counted;
        if (isUnanswered)
            load.nextSilence = std::min(load.nextSilence, silentAt);
    }
    return load;
}

void JoinRace::armTimer(Time when)
{
    if (when != Never)
        m_timer->arm(when);
}

void JoinRace::recordFailures()
{
    m_failurePosted = false;
    const QPointer<JoinRace> alive(this);
    const std::shared_ptr<Dial> dial = m_race;
    bool failed = false;
    for (qsizetype i = 0; alive && dial && dial == m_race && i < m_candidates.size(); ++i) {
        if (m_candidates[i].state != State::Dialling)
            continue;
        std::optional<Error> best;
        bool all = true;
        for (const PeerAddress &address : m_candidates[i].addresses) {
            const std::optional<Error> failure = dial->failureOf(address);
            all = all && failure;
            if (failure)
                best = best ? moreSpecific(*best, *failure) : *failure;
        }
        if (!all)
            continue;
        failed = true;
        setState(i, State::Failed, *best);
    }
    if (alive && failed && dial == m_race)
        dialNext(); // immediately: no candidate waits for a failed one
}

void JoinRace::raceOver(const Dial::Outcome &outcome)
{
    const QPointer<JoinRace> alive(this);
    m_timer->disarm();
    recordFailures();
    if (!alive || !m_race) // a slot has ended it
        return;
    const std::shared_ptr<Dial> dial = std::exchange(m_race, nullptr);
    if (!outcome) {
        for (qsizetype i = 0; alive && i < m_candidates.size(); ++i) {
            if (m_candidates[i].state == State::Dialling || m_candidates[i].state == State::Waiting)
                setState(i, State::Failed, outcome.error());
        }
        if (alive)
            Q_EMIT exhausted();
        return;
    }
    m_winner = indexOf(dial->winner());
    if (m_winner >= 0)
        setState(m_winner, State::Linking);
    for (qsizetype i = 0; alive && i < m_candidates.size(); ++i) {
        if (m_candidates[i].state == State::Dialling || m_candidates[i].state == State::Waiting)
            setState(i, State::Dropped);
    }
    if (alive)
        Q_EMIT answered(*outcome);
}

void JoinRace::setState(qsizetype index, State state, const Error &error)
{
    m_candidates[index].state = state;
    m_candidates[index].error = error;
    Q_EMIT progress(JoinCandidate(m_candidates[index]));
}

qsizetype JoinRace::indexOf(const PeerAddress &address) const
{
    for (qsizetype i = 0; i < m_candidates.size(); ++i) {
        if (m_candidates[i].addresses.contains(address))
            return i;
    }
    return -1;
}

} // namespace Qp2p::Peering
