// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Which nodes without a link are dialled again, and when: so the parts of a split network find each other.
#pragma once

#include <qp2pcore/cachednode.h>
#include <qp2pcore/peering/monotonictime.h>

#include <QByteArray>
#include <QHash>
#include <QSet>

#include <functional>
#include <optional>
#include <vector>

namespace Qp2p::Peering {

//! \brief The nodes that were lost, those that peers name, and the time of the next attempt.
//!
//! Members of one part of a network have all the links that they want, so nothing else would lead them to the
//! other part. Each tries seldom and at random, as all do: about 48 attempts a minute in a part of 12 members or
//! of 72, one every 90 s for each member of a larger one.
//!
//! Only nodes that were proven by a dial of ours are lost or remembered, and contacts are the user's. What peers name
//! is never dialled here: it says which remembered nodes are in our part anyway, and how large that is.
class ReconnectPlan
{
public:
    using Random = std::function<quint32(quint32 limit)>; //!< 0 to limit - 1

    //! In a small network, on average; two thirds of it to four thirds.
    static constexpr std::chrono::seconds Interval{15};
    static constexpr qsizetype SmallNetwork = 12; //!< members; larger ones try more seldom
    static constexpr int MaxSlowdown = 6;
    //! After a lost node was found: there may be more.
    static constexpr std::chrono::seconds NextAfterSuccess{4};
    //! After an answer that another attempt would not change, such as another network's.
    static constexpr std::chrono::minutes RefusalPause{10};
    //! A node that a peer has named is in our part of the network for so long.
    static constexpr std::chrono::minutes HeardLifetime{3};
    //! Peers name a node until their own links to it have timed out.
    static constexpr std::chrono::seconds NamedAfterLoss{30};
    static constexpr std::chrono::seconds ExchangeInterval{60}; //!< on average
    static constexpr qsizetype MaxLost =
        64; //!< then the largest group of addresses gives up its oldest
    static constexpr qsizetype MaxHeard = 1000; //!< about 100 kB
    static constexpr qsizetype MaxResting =
        500; //!< then the one that may be dialled first is given up
    //! Each fourth turn of the contacts goes to one that peers name, for they may lie to keep us from it.
    static constexpr quint32 DoubtingTurn = 4;
    static constexpr qsizetype NewestLost = 8; //!< every other attempt goes to one of these

    // --- What has happened ---

    //! Its link has ended without a goodbye. \a address: where we had dialled it.
    void recordLost(const PeerId &node, const PeerAddress &address, Time now);
    //! There is a link to it again, or it is another node now.
    void forgetLost(const PeerId &node) { std::erase_if(m_lost, IsNode{node}); }
    //! \brief The peer \a source has named it; null where it is not known which, or was recorded before.
    void recordHeard(const PeerId &node, const PeerAddress &address, Time now,
                     const PeerId &source = {});
    //! It has answered, and need not be asked again before \a until. \a dialled: see keyOf().
    void rest(const QByteArray &dialled, Time until);
    //! Bounds the memory.
    void forgetOld(Time now);
    //! We are elsewhere now, where others may be reached.
    void forgetRefusals() { m_resting.clear(); }

    // --- When ---

    void scheduleNext(Time now, const Random &random);
    void scheduleSoon(Time now, const Random &random);
    void scheduleNow(Time now) { m_next = now; }
    bool isDue(Time now) const { return m_next <= now; }
    //! Whether a peer is asked for nodes now, only to hear who is there.
    bool beginExchange(Time now, const Random &random);

    // --- Which ---

    struct Choice
    {
        QList<CachedNode> remembered;
        std::function<bool(const PeerId &)> isExcluded; //!< linked, blocked, ourselves
        std::function<bool(const PeerAddress &)> isAddressExcluded; //!< blocked, being dialled
        Random random;
        Time now;
    };
    struct Target
    {
        PeerId node;
        QList<PeerAddress> addresses; //!< with its id
        bool wasLost = false; //!< else it is remembered
    };
    //! Over groups of addresses first, so that an owner of many identities in few groups does not get most.
    std::optional<Target> chooseNode(const Choice &choice) const;
    //! \brief The next of \a contacts in turn for which \a isLinked is false and that no peer has named recently;
    //! each fourth time one that was named. Null where there is none.
    PeerAddress nextContact(const QList<PeerAddress> &contacts,
                            const std::function<bool(const PeerAddress &)> &isLinked, Time now);

    static QByteArray keyOf(const PeerId &node) { return node.toBytes(); }
    static QByteArray keyOf(const PeerAddress &contact) { return contact.toString().toUtf8(); }

    qsizetype lost() const { return qsizetype(m_lost.size()); }
    qsizetype heard() const { return m_heard.size(); }
    qsizetype resting() const { return m_resting.size(); }

private:
    struct Lost
    {
        PeerId node;
        PeerAddress address;
        QByteArray group;
        Time since;
    };
    struct IsNode
    {
        PeerId node;
        bool operator()(const Lost &lost) const { return lost.node == node; }
    };
    struct Heard
    {
        Time at;
        PeerAddress address;
        PeerId source; //!< the first that has named it
        bool hasOtherSource = false;
    };
    struct Open;

    //! Those that we have heard of, without what one peer alone says of them: the one that has named most.
    qsizetype credibleMembers() const;
    bool isHeard(const PeerId &node, Time now) const;
    bool isResting(const QByteArray &dialled, Time now) const;
    bool isNamedAfterLoss(const PeerAddress &contact, Time now) const;
    std::vector<Open> openLost(const Choice &choice) const;
    std::vector<Open> openRemembered(const Choice &choice) const;

    std::vector<Lost> m_lost; //!< oldest first
    QHash<PeerId, Heard> m_heard;
    QHash<QByteArray, Time> m_resting; //!< until when
    Time m_next;
    Time m_nextExchange;
    qsizetype m_contactsTried = 0;
    qsizetype m_namedContactsTried = 0;
    quint32 m_contactTurns = 0;
};

} // namespace Qp2p::Peering
