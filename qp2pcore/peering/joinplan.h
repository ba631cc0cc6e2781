// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How a network is joined: through which candidates, in which race, when again, and which futures wait.
#pragma once

#include <qp2pcore/cachednode.h>
#include <qp2pcore/joincandidate.h>
#include <qp2pcore/peering/identityreports.h>
#include <qp2pcore/peering/joinrace.h>
#include <qp2pcore/peering/monotonictime.h>

#include <QFuture>
#include <QObject>
#include <QPromise>

#include <functional>
#include <memory>
#include <vector>

namespace Qp2p::Peering {

//! \brief The contacts, the race under way, the time of the next attempt, and the futures of join().
//!
//! Decides nothing by itself: its owner begins an attempt, and says how it has ended.
class JoinPlan final : public QObject
{
    Q_OBJECT

public:
    //! The pause after the first failed attempt is up to this long; each further one doubles it.
    static constexpr std::chrono::milliseconds FirstBackOff{500};
    static constexpr std::chrono::milliseconds MaxBackOff{300'000};
    //! So many nodes of the cache come before the first contact.
    static constexpr qsizetype CachedFirst = 4;

    explicit JoinPlan(QObject *parent = nullptr);
    ~JoinPlan() override;

    // --- Candidates ---

    QList<PeerAddress> contacts() const { return m_contacts; }
    void setContacts(const QList<PeerAddress> &contacts) { m_contacts = contacts; }
    //! Whether \a peerId at \a address is one of the contacts.
    bool isContact(const PeerId &peerId, const PeerAddress &address) const;
    //! \brief Anchors and the newest of the cache first; then contacts and the rest in turn, so that a cache full
    //! of dead nodes does not keep a living contact waiting.
    QList<JoinCandidate> candidatesOf(const QList<CachedNode> &remembered,
                                      const std::function<bool(const PeerId &)> &isExcluded) const;

    // --- The race ---

    void prepareRace(Endpoint &endpoint, const QList<JoinCandidate> &candidates);
    void startRace();
    bool isRacing() const { return m_race != nullptr; }
    //! Of the race under way, or of the latest one.
    QList<JoinCandidate> candidates() const;
    //! Why no candidate has answered: each of them and its reason.
    Error failure() const { return m_race->failure(); }
    //! As JoinRace::contactOf().
    PeerAddress racedContact(const Connection &connection) const;
    //! \a peerId has answered: the link to it decides.
    void setAnswered(const PeerId &peerId) { m_answered = peerId; }
    PeerId answered() const { return m_answered; }
    //! The link to the one that answered has failed: the others are raced.
    void continueRace(const Error &error);
    //! As continueRace(), where \a peerId is the one that answered.
    void peerLost(const PeerId &peerId, const Error &error);
    //! \brief The link to the one that answered is established: reports it and ends the race. False where a slot
    //! has ended it before.
    bool concludeRace();
    //! Gives up what is under way.
    void endRace();
    //! As endRace(), and deletes it now: the network is being deleted.
    void abandonRace() { m_race.reset(); }

    // --- When ---

    //! Full jitter, so that members that lost the same node do not come back together.
    void scheduleAttempt(Time now, const std::function<quint32(quint32 limit)> &random);
    void scheduleAttempt(Time when) { m_nextAttempt = when; }
    void cancelAttempt() { m_nextAttempt = Never; }
    Time nextAttempt() const { return m_nextAttempt; }
    //! The next pause is a short one.
    void resetBackOff() { m_failedAttempts = 0; }
    int failedAttempts() const { return m_failedAttempts; } //!< in a row
    //! Peers that pause because another program uses our identity.
    IdentityReports &identityReports() { return m_identityReports; }
    const IdentityReports &identityReports() const { return m_identityReports; }

    // --- The futures of join() ---

    static Error cancelled();
    QFuture<Result<void>> addFuture();
    bool hasFutures() const { return !m_promises.empty(); }
    //! Whatever continues a future may delete this.
    void finishFutures(const Result<void> &result);

Q_SIGNALS:
    void progress(const Qp2p::JoinCandidate &candidate);
    void candidateAnswered(const QPointer<Qp2p::Connection> &connection);
    void candidatesExhausted();

private:
    QList<PeerAddress> m_contacts;
    std::unique_ptr<JoinRace> m_race;
    QList<JoinCandidate> m_latest; //!< of the latest race
    PeerId m_answered;
    std::vector<std::shared_ptr<QPromise<Result<void>>>> m_promises;
    int m_failedAttempts = 0; //!< in a row
    Time m_nextAttempt = Never;
    IdentityReports m_identityReports;
};

} // namespace Qp2p::Peering
