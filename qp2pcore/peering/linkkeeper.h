// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Keeps the number of links of our own choice: which node is dialled next, and the dials to what peers have named.
#pragma once

#include <qp2pcore/cachednode.h>
#include <qp2pcore/peering/access.h>
#include <qp2pcore/peering/candidatebook.h>
#include <qp2pcore/peering/dialledplaces.h>
#include <qp2pcore/peering/monotonictime.h>
#include <qp2pcore/peering/reconnector.h>

#include <QHash>
#include <QObject>
#include <QSet>

namespace Qp2p::Peering {

//! \brief The nodes that peers advertise, the dials to them, and the dials for our halves of links.
//!
//! One dial at a time to each place, and few datagrams: addresses that others have named may be those of a
//! victim. Results come from the event loop.
class LinkKeeper final : public QObject
{
    Q_OBJECT

public:
    static constexpr qsizetype MaxDials = 2; //!< under way for further links
    static constexpr std::chrono::seconds SecondHalfPause{5}; //!< before a dial is repeated
    static constexpr std::chrono::seconds AnchorInterval{60};
    static constexpr std::chrono::seconds PeersInterval{
        30}; //!< one answer in that time, for each peer
    //! A peer that asks a little early has a clock that is not ours.
    static constexpr std::chrono::seconds PeersTolerance{1};

    //! What it asks of its network.
    class Surroundings : public Reconnector::Surroundings
    {
    public:
        virtual bool hasConnection(const PeerId &peerId) const = 0;
        //! May delete the keeper.
        virtual void secondHalfFailed(const PeerId &peerId, const Error &error) = 0;
    };

    LinkKeeper(Surroundings &surroundings, const PeerId &own, QObject *parent = nullptr);

    // --- Links of our own choice ---

    enum class Step {
        None, //!< there are enough links, or enough dials
        Dialled,
        NeedsNodes, //!< no node is known that could be dialled
    };
    //! Makes one step towards \a wanted links. \a chosen: the addresses of the peers that we have dialled.
    Step keepLinks(qsizetype wanted, const QList<QHostAddress> &chosen,
                   const QList<CachedNode> &remembered);
    //! A cached node has another key now, which is trusted: dials it, from the event loop.
    void dialRenewed(const PeerId &peerId, const QList<PeerAddress> &addresses);
    //! Dials of our choice succeed by a connection, whatever it was dialled for.
    void recordConnected(const PeerId &peerId, const PeerAddress &address);
    //! We are elsewhere now, where other nodes can be reached.
    void forgetFailures() { m_book.forgetFailures(); }
    //! True every AnchorInterval.
    bool beginAnchorUpdate(Time now);
    void start(Time now);
    void tick();

    //! Further links, to nodes that were lost, and dials to contacts.
    Reconnector &reconnector() { return m_reconnector; }

    // --- Our halves of links that a peer has begun ---

    //! \brief Dials \a address for our half of a link: where the peer was seen, at the port that it claims.
    //!
    //! The port may be that of another host at the same address, and the helper that has checked it may have lied.
    void dialSecondHalf(const PeerId &peerId, const PeerAddress &address);
    //! It is dialled, or waits to be.
    bool isDiallingHalf(const PeerId &peerId) const { return m_halves.contains(peerId); }
    //! It has come, by this dial or another one.
    void halfArrived(const PeerId &peerId) { m_halves.remove(peerId); }

    // --- Nodes that peers advertise ---

    //! Whether \a peerId may be asked now; it is then.
    bool beginPeersRequest(const PeerId &peerId, Time now);
    //! Whether \a peerId was asked for the answer that has come; one answer to each request.
    bool takePeersAnswer(const PeerId &peerId);
    //! Whether \a peerId may get an answer now; it does then.
    bool beginPeersAnswer(const PeerId &peerId, Time now);
    void addAdvertised(const CandidateBook::Source &source, const PeerId &node,
                       const QList<PeerAddress> &addresses, std::shared_ptr<DialBudget> budget);

    //! Its link has ended.
    void removePeer(const PeerId &peerId);

private:
    struct SecondHalf
    {
        quint64 number = 0; //!< distinguishes it from an earlier one of the same peer
        PeerAddress address;
        Time retryAt = Never;
        int failures = 0;
    };
    struct Exchange // of nodes, with one peer
    {
        Time askedAt = Never;
        Time answeredAt = Never;
        bool awaitsAnswer = false;
    };

    bool isExcluded(const PeerId &peerId) const;
    bool isAddressExcluded(const PeerAddress &address) const;
    void dialTarget(const CandidateBook::DialTarget &target);
    void targetFailed(const CandidateBook::DialTarget &target, const Error &error,
                      const Dial::Traffic &traffic);
    void dialRemembered(const PeerId &peerId, const QList<PeerAddress> &addresses);
    void startSecondHalf(const PeerId &peerId);
    void secondHalfFailed(const PeerId &peerId, quint64 number, const Error &error);
    void placeReleased(const QByteArray &place);

    Surroundings &m_surroundings;
    const PeerId m_own;
    CandidateBook m_book;
    DialledPlaces m_places; //!< of all dials to addresses that others have named
    QSet<PeerId> m_dialling; //!< for links of our choice
    QHash<PeerId, SecondHalf> m_halves;
    QList<PeerId> m_waitingHalves; //!< for the place of another dial
    QHash<PeerId, Exchange> m_exchanges;
    Reconnector m_reconnector;
    quint64 m_lastNumber = 0;
    Time m_lastAnchorUpdate;
};

} // namespace Qp2p::Peering
