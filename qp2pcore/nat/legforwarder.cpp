// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Limits are counted again for each request, over at most 256 legs: there is nothing that could get out of step.

#include <qp2pcore/nat/legforwarder.h>

#include <algorithm>
#include <cstring>

namespace Qp2p::Nat {

using Engine::SocketAddress;
using Engine::Way;

namespace {

// The ECN bits (RFC 3168 section 5): 1 and 2 say that the sender understands, 3 that there is congestion.
constexpr quint8 EcnMask = 3;
constexpr quint8 CongestionExperienced = 3;

bool isMarkable(quint8 ecn)
{
    return ecn == 1 || ecn == 2;
}

//! Whether a datagram that came by \a source may be from the link with \a way. Which of our own addresses it was sent
//! to does not matter.
bool isSameWay(const Way &source, const Way &way)
{
    return source.kind == way.kind && source.socket == way.socket && source.remote == way.remote;
}

//! Whether the limit of one public IPv4 address or IPv6 /56 counts both.
bool isSameOwner(const SocketAddress &a, const SocketAddress &b)
{
    if (a.isIpv4() != b.isIpv4())
        return false;
    return std::memcmp(a.addressBytes(), b.addressBytes(), a.isIpv4() ? 4 : 7) == 0;
}

} // namespace

struct LegForwarder::Leg
{
    Leg(const LegEnd &caller, const LegEnd &callee, qint64 rate, Time now)
        : ends{End{0, caller, this}, End{0, callee, this}}
        , bucket(rate, Limits::LegBurst, now)
        , opened(now)
        , lastUsed(now)
    {
    }
    End &other(const End &end) { return ends[&end == &ends[0] ? 1 : 0]; }
    bool isIdle(Time now) const { return now >= lastUsed + Limits::LegIdleTime; }
    EndedLeg ended() const
    {
        return {{ends[0].at.link, ends[0].id}, {ends[1].at.link, ends[1].id}};
    }

    std::array<End, 2> ends; // the caller first
    ByteBucket bucket; // of both directions
    quint64 datagrams = 0;
    quint64 bytes = 0;
    Time opened;
    Time lastUsed;
};

LegForwarder::LegForwarder(RandomSource random, const Rates &rates, Time now)
    : m_random(std::move(random))
    , m_rates(rates)
    , m_total(rates.total, std::max(rates.total, Limits::LegBurst), now)
{
    Q_ASSERT(m_random && rates.leg > 0 && rates.total > 0);
}

LegForwarder::~LegForwarder() = default;

OpenedLeg LegForwarder::open(const LegEnd &caller, const LegEnd &callee, Time now)
{
    Q_ASSERT(caller.way.canBeAnswered() && callee.way.canBeAnswered());
    OpenedLeg opened{refusal(caller, callee, now)};
    if (opened.refusal == LegRefusal::None) {
        opened.caller = makeId(0);
        opened.callee = makeId(opened.caller);
        if (opened.caller == 0 || opened.callee == 0)
            opened = {LegRefusal::NoId};
    }
    if (opened.refusal != LegRefusal::None) {
        ++m_counters.refused[size_t(opened.refusal)];
        return opened;
    }
    m_legs.push_back(std::make_unique<Leg>(caller, callee, m_rates.leg, now));
    Leg &leg = *m_legs.back();
    leg.ends[0].id = opened.caller;
    leg.ends[1].id = opened.callee;
    for (End &end : leg.ends)
        m_ends.insert(end.id, &end);
    m_deadline = std::min(m_deadline, now + Limits::LegIdleTime);
    ++m_counters.opened;
    return opened;
}

void LegForwarder::setWay(quint64 link, const Way &way)
{
    Q_ASSERT(way.canBeAnswered());
    for (const auto &leg : m_legs) {
        for (End &end : leg->ends) {
            if (end.at.link == link)
                end.at.way = way;
        }
    }
}

std::optional<EndedLeg> LegForwarder::close(LegId id, quint64 link)
{
    const End *const end = m_ends.value(id);
    if (!end || end->at.link != link)
        return std::nullopt;
    ++m_counters.closed;
    return endWhere([leg = end->leg](const Leg &one) { return &one == leg; }).front();
}

std::vector<EndedLeg> LegForwarder::endLink(quint64 link)
{
    std::vector<EndedLeg> ended = endWhere([link](const Leg &leg) {
        return leg.ends[0].at.link == link || leg.ends[1].at.link == link;
    });
    m_counters.endedWithLink += ended.size();
    return ended;
}

std::optional<ForwardedDatagram> LegForwarder::forward(std::span<const quint8> datagram,
                                                       const Way &source, quint8 ecn, Time now)
{
    const auto drop = [](quint64 &counter) {
        ++counter;
        return std::nullopt;
    };
    const std::optional<LegDatagram> parsed = LegDatagram::parse(datagram);
    if (!parsed)
        return drop(m_counters.malformed);
    const End *const from = m_ends.value(parsed->id);
    if (!from || from->leg->isIdle(now))
        return drop(m_counters.unknown);
    Leg &leg = *from->leg;
    leg.lastUsed = now;
    if (!leg.bucket.hasRoom(datagram.size(), now))
        return drop(m_counters.overLegRate);
    if (!m_total.hasRoom(datagram.size(), now))
        return drop(m_counters.overTotalRate);
    leg.bucket.take(datagram.size());
    m_total.take(datagram.size());

    const End &to = leg.other(*from);
    ForwardedDatagram forwarded{
        to.at.link, to.at.way, quint8(ecn & EcnMask), {to.id, parsed->payload}};
    const bool isCongested = leg.bucket.isBelow(Limits::MarkBelowFraction)
        || m_total.isBelow(Limits::MarkBelowFraction);
    if (isCongested && isMarkable(forwarded.ecn)) {
        forwarded.ecn = CongestionExperienced;
        ++m_counters.marked;
    }
    if (!isSameWay(source, from->at.way))
        ++m_counters.fromElsewhere;
    ++m_counters.forwarded;
    m_counters.forwardedBytes += datagram.size();
    ++leg.datagrams;
    leg.bytes += datagram.size();
    return forwarded;
}

std::vector<EndedLeg> LegForwarder::handleTimeout(Time now)
{
    if (now < m_deadline)
        return {};
    std::vector<EndedLeg> ended = endWhere([now](const Leg &leg) { return leg.isIdle(now); });
    m_counters.endedIdle += ended.size();
    return ended;
}

std::vector<LegUsage> LegForwarder::usage() const
{
    std::vector<LegUsage> all;
    for (const auto &leg : m_legs)
        all.push_back({leg->ends[0].at.member, leg->ends[1].at.member, leg->datagrams, leg->bytes,
                       leg->opened});
    return all;
}

LegRefusal LegForwarder::refusal(const LegEnd &caller, const LegEnd &callee, Time now)
{
    if (!isWithinRequestLimits(caller.member, now))
        return LegRefusal::TooManyRequests;
    if (caller.member == callee.member)
        return LegRefusal::SameMember;
    return checkPlaces(caller, callee);
}

//! \brief Remembers one more. What is over the limits is not remembered: who asks too often would never be served again,
//! and would use up the requests of all others.
bool LegForwarder::isWithinRequestLimits(const PeerId &caller, Time now)
{
    while (!m_requests.empty() && m_requests.front().time + Limits::LegRequestPeriod <= now)
        m_requests.pop_front();
    const auto own = std::count_if(m_requests.cbegin(), m_requests.cend(),
                                   [&](const Request &one) { return one.caller == caller; });
    if (own >= Limits::LegRequestsOfCaller || m_requests.size() >= size_t(Limits::LegRequests))
        return false;
    m_requests.push_back({now, caller});
    return true;
}

LegRefusal LegForwarder::checkPlaces(const LegEnd &caller, const LegEnd &callee) const
{
    if (legCount() >= Limits::Legs)
        return LegRefusal::TooManyLegs;
    int ofCaller = 0;
    int ofCallee = 0;
    const SocketAddress &address = caller.way.remote;
    std::vector<PeerId> neighbours; // other callers from the same address
    for (const auto &leg : m_legs) {
        const LegEnd &other = leg->ends[0].at;
        ofCaller += other.member == caller.member ? 1 : 0;
        ofCallee += leg->ends[1].at.member == callee.member ? 1 : 0;
        if (other.member != caller.member && isSameOwner(other.way.remote, address)
            && std::find(neighbours.cbegin(), neighbours.cend(), other.member) == neighbours.cend())
            neighbours.push_back(other.member);
    }
    if (ofCaller >= Limits::LegsOfCaller)
        return LegRefusal::TooManyOfCaller;
    if (ofCallee >= Limits::LegsOfCallee)
        return LegRefusal::TooManyOfCallee;
    // Whole laboratories live behind one private address.
    if (!address.isLocalScope() && neighbours.size() >= size_t(Limits::CallersOfAddress))
        return LegRefusal::TooManyOfAddress;
    return LegRefusal::None;
}

//! One that is not in use, nor \a taken; null where the generator repeats itself.
LegId LegForwarder::makeId(LegId taken)
{
    for (int draw = 0; draw < Limits::IdDraws; ++draw) {
        LegId id = 0;
        m_random({reinterpret_cast<quint8 *>(&id), sizeof(id)});
        if (id != 0 && id != taken && !m_ends.contains(id))
            return id;
    }
    return 0;
}

template<typename Predicate>
std::vector<EndedLeg> LegForwarder::endWhere(const Predicate &ends)
{
    std::vector<EndedLeg> ended;
    std::erase_if(m_legs, [&](const std::unique_ptr<Leg> &leg) {
        if (!ends(*leg))
            return false;
        ended.push_back(leg->ended());
        for (const End &end : leg->ends)
            m_ends.remove(end.id);
        return true;
    });
    m_deadline = Time::max();
    for (const auto &leg : m_legs)
        m_deadline = std::min(m_deadline, leg->lastUsed + Limits::LegIdleTime);
    return ended;
}

} // namespace Qp2p::Nat
