// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Several witnesses, one result: what nodes say of our address and of how it can be reached.
#pragma once

#include <qp2pcore/peeraddress.h>
#include <qp2pcore/peering/protocol/dialback.h>
#include <qp2pcore/reachability.h>

#include <QByteArray>
#include <QHash>

#include <functional>

namespace Qp2p::Peering {

//! \brief A node that says something of us. On public addresses all of one group count as one.
struct Witness
{
    PeerId peerId;
    QByteArray group; //!< see addressGroup(); empty: it stands for itself
    PeerAddress address = {}; //!< where we talk to it, with its peer id
};

//! As many must agree as there are witnesses, up to this.
inline constexpr int Quorum = 3;
//! And so many must say "reachable", even where there is only one: it may be lying.
inline constexpr int MinReachable = 2;

//! \brief The answers to "can I be reached?" in one address family.
//!
//! | answers                                        | state        | what a single liar gains                |
//! |------------------------------------------------|--------------|-----------------------------------------|
//! | min(3, able), and at least 2, say reachable,   | Reachable    | nothing: it needs a second one, in      |
//! | and fewer say not                              |              | another group on public addresses       |
//! | fewer, but more than say not                   | Provisional  | that an unreachable member goes on      |
//! |                                                |              | calling itself a node; each peer checks |
//! |                                                |              | that by itself                          |
//! | min(3, able) say not reachable, and more than  | NotReachable | where it is the only one: a client that |
//! | say reachable; one alone only where nobody     |              | could be a node, until another peer     |
//! | else could be asked                            |              | comes; else nothing                     |
//! | nobody could tell, min(3, able) have dialled   | Provisional  | as above                                |
//! | all others                                     | Unknown      | that it is not known, as by keeping     |
//! |                                                |              | silent: the member stays what it is     |
class ReachabilityTally
{
public:
    using Result = DialBackAnswer::Result;

    //! The latest answer of a witness counts; Refused takes no earlier one back.
    void add(const Witness &witness, Result result, const QString &reason);
    //! Our address has changed: nothing said before is true any more.
    void forget() { m_answers.clear(); }
    //! As forget(), but answers of those that \a isAboutNew holds for are about the new one.
    void forgetUnless(const std::function<bool(const PeerId &peerId)> &isAboutNew);
    //! Who is gone need not be counted among those who could still be asked.
    void remove(const PeerId &peerId) { m_answers.remove(peerId); }
    bool hasAnswerOf(const PeerId &peerId) const { return m_answers.contains(peerId); }

    //! \a witnesses: all who could be asked now.
    Reachability evaluate(const QList<Witness> &witnesses) const;
    //! How many have to agree before it is Reachable, with \a witnesses as above: MinReachable to Quorum.
    int quorum(const QList<Witness> &witnesses) const;

private:
    QList<PeerAddress> witnessesOf(Result result) const;

    static constexpr qsizetype MaxAnswers = 64; //!< the oldest leaves

    struct Answer
    {
        Witness witness;
        Result result;
        QString reason;
        quint64 number = 0;
    };
    QHash<PeerId, Answer> m_answers;
    quint64 m_number = 0;
};

//! \brief Where nodes say that they see us, in one address family.
class ObservedAddressTally
{
public:
    void add(const Witness &witness, const PeerAddress &address);
    void remove(const PeerId &peerId) { m_answers.remove(peerId); }
    //! We are no longer at \a address.
    void forget(const QHostAddress &address)
    {
        m_answers.removeIf([&address](const QHash<PeerId, Answer>::iterator &answer) {
            return answer->address.address() == address;
        });
    }
    //! What \a peerId has said; null where it has not.
    PeerAddress addressOf(const PeerId &peerId) const { return m_answers.value(peerId).address; }
    //! Null where not enough agree.
    PeerAddress agreedAddress(const QList<Witness> &witnesses) const;
    //! How many say that it is \a address.
    int voicesFor(const PeerAddress &address) const;

private:
    struct Answer
    {
        Witness witness;
        PeerAddress address;
    };
    QHash<PeerId, Answer> m_answers;
};

} // namespace Qp2p::Peering
