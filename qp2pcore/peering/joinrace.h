// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The staggered race for a first peer.
#pragma once

#include <qp2pcore/joincandidate.h>
#include <qp2pcore/peering/access.h>
#include <qp2pcore/peering/monotonictime.h>

#include <QHash>
#include <QList>
#include <QObject>

#include <memory>

namespace Qp2p::Peering {

//! \brief Dials candidates in their order, a few at once and a little apart, until one answers. Those that stay silent
//! make room early.
//!
//! The others are dropped then, before they were greeted. Where the link to the one that answered comes
//! to nothing, continueWithOthers() races those that are left.
class JoinRace : public QObject
{
    Q_OBJECT

public:
    static constexpr int MaxAtOnce = 8;
    //! A dial that has heard nothing for so long goes on, and another one may begin.
    static constexpr std::chrono::milliseconds SilentAfter{1500};
    static constexpr int MaxUnderWay = 64; //!< the silent ones too
    static constexpr std::chrono::milliseconds Stagger{250};
    //! Once MaxAtOnce are silent: these are old addresses, and 60 of them must not cost 15 s.
    static constexpr std::chrono::milliseconds StaggerWhenSilent{125};

    JoinRace(Endpoint &endpoint, const QList<JoinCandidate> &candidates, QObject *parent = nullptr);
    ~JoinRace() override;

    const QList<JoinCandidate> &candidates() const { return m_candidates; }
    void start();
    //! Gives up what is under way. It may outlive the endpoint then.
    void stop();
    //! The one that answered is Joined.
    void conclude();
    //! It is not, and why; the next ones.
    void continueWithOthers(const Error &error);
    //! The contact through which \a connection, which is being announced, has won; null where it has not.
    PeerAddress contactOf(const Connection &connection) const;
    //! JoinFailed, with each candidate and its reason.
    Error failure() const;

Q_SIGNALS:
    void progress(const Qp2p::JoinCandidate &candidate);
    void answered(const QPointer<Qp2p::Connection> &connection);
    //! None is left. The JoinRace may be deleted.
    void exhausted();

private:
    void race();
    void dialNext();
    //! The dials under way: those that count, those that are silent, and when one more may be.
    struct Load
    {
        int counted = 0;
        int silent = 0;
        Time nextSilence = Never;
    };
    Load load(Time now) const;
    void armTimer(Time when);
    void recordFailures();
    void raceOver(const Dial::Outcome &outcome);
    void setState(qsizetype index, JoinCandidate::State state, const Error &error = {});
    qsizetype indexOf(const PeerAddress &address) const;

    Endpoint &m_endpoint;
    QList<JoinCandidate> m_candidates;
    QHash<qsizetype, Time> m_begun; //!< of the candidates that were dialled
    std::shared_ptr<Io::Environment> m_environment;
    std::unique_ptr<Io::Timer> m_timer;
    std::shared_ptr<Dial> m_race;
    qsizetype m_winner = -1;
    bool m_failurePosted = false;
    bool m_isStopped = false;
};

} // namespace Qp2p::Peering
