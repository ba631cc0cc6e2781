// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/tally.h>

#include <QSet>

#include <algorithm>

namespace Qp2p::Peering {

namespace {

QByteArray voiceOf(const Witness &witness)
{
    return witness.group.isEmpty() ? witness.peerId.toBytes() : witness.group;
}

} // namespace

void ReachabilityTally::add(const Witness &witness, Result result, const QString &reason)
{
    if (result == Result::Refused)
        return;
    m_answers.insert(witness.peerId, {witness, result, reason, ++m_number});
    if (m_answers.size() > MaxAnswers)
        m_answers.erase(
            std::min_element(m_answers.begin(), m_answers.end(),
                             [](const Answer &a, const Answer &b) { return a.number < b.number; }));
}

void ReachabilityTally::forgetUnless(const std::function<bool(const PeerId &peerId)> &isAboutNew)
{
    m_answers.removeIf([&isAboutNew](const QHash<PeerId, Answer>::iterator &answer) {
        return !isAboutNew(answer.key());
    });
}

Reachability ReachabilityTally::evaluate(const QList<Witness> &witnesses) const
{
    QSet<QByteArray> reachable;
    QSet<QByteArray> notReachable;
    QSet<QByteArray> provisional;
    QSet<QByteArray> able;
    QString reason;
    for (const Answer &answer : m_answers) {
        const QByteArray voice = voiceOf(answer.witness);
        able.insert(voice);
        if (answer.result == Result::Reachable) {
            reachable.insert(voice);
        } else if (answer.result == Result::NotReachable) {
            notReachable.insert(voice);
            reason = answer.reason;
        } else {
            provisional.insert(voice);
        }
    }
    for (const Witness &witness : witnesses)
        able.insert(voiceOf(witness));
    const auto needed = [](const QSet<QByteArray> &voices) {
        return int(std::clamp<qsizetype>(voices.size(), 1, Quorum));
    };
    const auto yes = int(reachable.size());
    const auto no = int(notReachable.size());
    const auto found = [this](Reachability::State state, Result result, int voices) {
        return Reachability{state, {}, voices, witnessesOf(result)};
    };
    // Who could only dial from an address that we talk to cannot tell more, so it takes no part where
    // others can. One group with two opinions counts for both, and so for none.
    const QSet<QByteArray> decided = reachable + notReachable;
    const int least = needed(able - (provisional - decided));
    if (yes > no) {
        const bool isSure = yes >= std::max(least, MinReachable);
        return found(isSure ? Reachability::State::Reachable : Reachability::State::Provisional,
                     Result::Reachable, yes);
    }
    if (no > yes) {
        if (no < least || (no == 1 && able.size() > 1))
            return {};
        Reachability result = found(Reachability::State::NotReachable, Result::NotReachable, no);
        result.reason = reason;
        return result;
    }
    if (decided.isEmpty() && !provisional.isEmpty() && provisional.size() >= needed(able))
        return found(Reachability::State::Provisional, Result::Provisional, int(provisional.size()));
    return {};
}

int ReachabilityTally::quorum(const QList<Witness> &witnesses) const
{
    QSet<QByteArray> decided;
    QSet<QByteArray> undecided;
    for (const Answer &answer : m_answers)
        (answer.result == Result::Provisional ? undecided : decided).insert(voiceOf(answer.witness));
    QSet<QByteArray> able;
    for (const Witness &witness : witnesses)
        able.insert(voiceOf(witness));
    // As in evaluate(): who cannot decide takes no part.
    return int(std::clamp<qsizetype>((able - undecided + decided).size(), MinReachable, Quorum));
}

//! One of each voice, in the order of their answers.
QList<PeerAddress> ReachabilityTally::witnessesOf(Result result) const
{
    QList<const Answer *> answers;
    for (const Answer &answer : m_answers) {
        if (answer.result == result)
            answers.append(&answer);
    }
    std::sort(answers.begin(), answers.end(),
              [](const Answer *a, const Answer *b) { return a->number < b->number; });
    QList<PeerAddress> list;
    QSet<QByteArray> seen;
    for (const Answer *answer : std::as_const(answers)) {
        if (const QByteArray voice = voiceOf(answer->witness); !seen.contains(voice)) {
            seen.insert(voice);
            list.append(answer->witness.address);
        }
    }
    return list;
}

void ObservedAddressTally::add(const Witness &witness, const PeerAddress &address)
{
    m_answers.insert(witness.peerId, {witness, address});
}

PeerAddress ObservedAddressTally::agreedAddress(const QList<Witness> &witnesses) const
{
    QHash<PeerAddress, QSet<QByteArray>> voices;
    QSet<QByteArray> able;
    for (const Answer &answer : m_answers) {
        voices[answer.address].insert(voiceOf(answer.witness));
        able.insert(voiceOf(answer.witness));
    }
    for (const Witness &witness : witnesses)
        able.insert(voiceOf(witness));
    const auto needed = std::clamp<qsizetype>(able.size(), 1, Quorum);
    PeerAddress best;
    qsizetype most = 0;
    bool tied = false;
    for (auto voice = voices.cbegin(); voice != voices.cend(); ++voice) {
        if (voice->size() < most)
            continue;
        tied = voice->size() == most;
        most = voice->size();
        best = voice.key();
    }
    return most >= needed && !tied ? best : PeerAddress();
}

int ObservedAddressTally::voicesFor(const PeerAddress &address) const
{
    QSet<QByteArray> voices;
    for (const Answer &answer : m_answers) {
        if (answer.address == address)
            voices.insert(voiceOf(answer.witness));
    }
    return int(voices.size());
}

} // namespace Qp2p::Peering
