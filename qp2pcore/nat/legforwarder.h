// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The legs that pass through a relaying node: who may have them, and where each of their datagrams goes.
#pragma once

#include <qp2pcore/engine/way.h>
#include <qp2pcore/nat/bytebucket.h>
#include <qp2pcore/nat/legdatagram.h>
#include <qp2pcore/nat/limits.h>
#include <qp2pcore/peerid.h>

#include <QHash>

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace Qp2p::Nat {

//! \brief Fills \a bytes from a cryptographically secure generator.
using RandomSource = std::function<void(std::span<quint8> bytes)>;

//! \brief A member at one end of a leg, and the link over which this node reaches it.
struct LegEnd
{
    quint64 link = 0; //!< whatever the user of a LegForwarder calls the link
    PeerId member;
    Engine::Way way; //!< that of the link at present; it can be answered
};

enum class LegRefusal : quint8 {
    None,
    SameMember, //!< a member does not need a relay to itself
    TooManyRequests, //!< of this caller or of all, within a minute
    TooManyLegs,
    TooManyOfCaller,
    TooManyOfCallee,
    TooManyOfAddress, //!< other callers come from the same public address
    NoId, //!< the random source repeats itself
};
inline constexpr size_t LegRefusals = size_t(LegRefusal::NoId) + 1;

//! The ids of a leg, one for each end; null where it was refused.
struct OpenedLeg
{
    LegRefusal refusal = LegRefusal::None;
    LegId caller = 0;
    LegId callee = 0;
};

//! \brief A leg that is no more: those ends whose links are still there need to learn it.
struct EndedLeg
{
    struct End
    {
        quint64 link;
        LegId id;
    };
    End caller;
    End callee;
};

//! \brief Where a datagram goes on, and how. Points into the one that came.
struct ForwardedDatagram
{
    quint64 link = 0;
    Engine::Way way; //!< that of the link
    quint8 ecn = 0;
    LegDatagram datagram; //!< with the id by which that end knows the leg
};

struct LegCounters
{
    quint64 opened = 0;
    std::array<quint64, LegRefusals> refused{}; //!< by LegRefusal
    quint64 endedIdle = 0;
    quint64 endedWithLink = 0;
    quint64 closed = 0;

    quint64 forwarded = 0; //!< datagrams
    quint64 forwardedBytes = 0; //!< of them, headers of legs included
    quint64 fromElsewhere = 0; //!< of those forwarded, from an address that is not the one of the link
    quint64 marked = 0; //!< of those forwarded, with CE
    quint64 malformed = 0; //!< dropped, as all that follow
    quint64 unknown = 0; //!< no leg has that id (any more)
    quint64 overLegRate = 0;
    quint64 overTotalRate = 0;
};

//! \brief For the display of what this node relays.
struct LegUsage
{
    PeerId caller;
    PeerId callee;
    quint64 datagrams = 0; //!< forwarded, of both directions
    quint64 bytes = 0;
    std::chrono::nanoseconds opened{};
};

//! \brief Forwards datagrams between two members that both have a link to this node, and to nowhere else.
//!
//! Sans-IO: bytes and time in, bytes and a deadline out. Order of calls: open() when a member asks for a leg, setWay()
//! whenever the path of a link changes, endLink() when one ends, forward() for each datagram with the first byte of
//! legs, handleTimeout() at the deadline. Times never go back. No call but open() allocates while legs live.
//!
//! Anybody who knows an id may send with it, from anywhere: after a rebinding of its NAT a member's datagrams come from an
//! address that its link does not have yet. They go to the other end all the same. What comes back goes to the
//! address of the link, which QUIC has validated, so nobody can name an address to this node.
//!
//! Nothing is queued: what exceeds a rate is dropped, which the congestion control of the inner connection sees as on
//! any other path. Before that it is marked, where the sender understands ECN.
class LegForwarder
{
public:
    using Time = std::chrono::nanoseconds;
    //! Bytes a second, above zero.
    struct Rates
    {
        qint64 leg = Limits::LegRate;
        qint64 total = Limits::RelayRate;
    };

    LegForwarder(RandomSource random, const Rates &rates, Time now);
    ~LegForwarder();
    Q_DISABLE_COPY_MOVE(LegForwarder)

    // --- Commands ---

    //! \brief A leg from \a caller, who asks for it, to \a callee. Counts as a request, also where it is refused.
    OpenedLeg open(const LegEnd &caller, const LegEnd &callee, Time now);
    //! From now on the other ends of all legs of \a link are answered there.
    void setWay(quint64 link, const Engine::Way &way);
    //! \brief Ends the leg that \a link knows as \a id. Nothing where that is no leg of this link.
    std::optional<EndedLeg> close(LegId id, quint64 link);
    //! Ends all legs of \a link.
    std::vector<EndedLeg> endLink(quint64 link);

    // --- Datagrams and time ---

    //! \brief Where \a datagram goes, which came by \a source with the ECN bits \a ecn; nothing where it is dropped.
    std::optional<ForwardedDatagram> forward(std::span<const quint8> datagram,
                                             const Engine::Way &source, quint8 ecn, Time now);
    //! \brief Ends the legs that have carried nothing for too long.
    std::vector<EndedLeg> handleTimeout(Time now);
    //! When to call handleTimeout(); Time::max(): never. It may be too early, and is then later afterwards.
    Time deadline() const { return m_deadline; }

    // --- Getters ---

    int legCount() const { return int(m_legs.size()); }
    //! Whether \a id belongs to an end of a leg here, so that its datagrams are for this class.
    bool knows(LegId id) const { return m_ends.contains(id); }
    const LegCounters &counters() const { return m_counters; }
    std::vector<LegUsage> usage() const;
    //! Requests that are remembered, for tests.
    size_t rememberedRequests() const { return m_requests.size(); }

private:
    struct Leg;
    struct End
    {
        LegId id = 0;
        LegEnd at;
        Leg *leg = nullptr;
    };
    struct Request
    {
        Time time;
        PeerId caller;
    };

    LegRefusal refusal(const LegEnd &caller, const LegEnd &callee, Time now);
    bool isWithinRequestLimits(const PeerId &caller, Time now);
    LegRefusal checkPlaces(const LegEnd &caller, const LegEnd &callee) const;
    LegId makeId(LegId taken);
    template<typename Predicate>
    std::vector<EndedLeg> endWhere(const Predicate &ends);

    const RandomSource m_random;
    const Rates m_rates;
    ByteBucket m_total;
    std::vector<std::unique_ptr<Leg>> m_legs;
    QHash<LegId, End *> m_ends;
    std::deque<Request> m_requests; // of the last minute, the oldest first
    Time m_deadline = Time::max();
    LegCounters m_counters;
};

} // namespace Qp2p::Nat
