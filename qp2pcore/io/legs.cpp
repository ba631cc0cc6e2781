// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/io/legs.h>

#include <qp2pcore/engine/limits.h>
#include <qp2pcore/nat/legdatagram.h>

#include <algorithm>

namespace Qp2p::Io {

Legs::Legs(Engine::Router &router, DatagramSender &sender)
    : m_router(router)
    , m_sender(sender)
    // What does not leave now is lost: nothing of others waits here.
    , m_sink([this](const quint8 *data, size_t size, size_t segmentSize, const Engine::Way &way,
                    quint8 ecn) {
        return !m_sender.isBlocked() && m_sender.send(data, size, segmentSize, way, ecn);
    })
{
}

void Legs::closeAllOf(Engine::SessionId link)
{
    if (m_forwarder)
        m_forwarder->endLink(link);
    std::erase_if(m_links, [link](const auto &leg) { return leg.second == link; });
}

bool Legs::receive(std::span<const quint8> datagram, const Engine::Way &way, quint8 ecn,
                   ngtcp2_tstamp now)
{
    const auto parsed = Nat::LegDatagram::parse(datagram);
    if (!parsed)
        return false;
    const auto leg = m_links.find(parsed->id);
    if (leg == m_links.end())
        return m_forwarder && forward(datagram, *parsed, way, ecn, now);
    const Engine::Session *link = m_router.find(leg->second);
    if (!link || link->way().remote != way.remote)
        return false;
    m_router.handleDatagram(parsed->payload.data(), parsed->payload.size(),
                            Engine::Way::overLeg(parsed->id), ecn, now);
    return true;
}

//! Returns false where the leg is not known.
bool Legs::forward(std::span<const quint8> datagram, const Nat::LegDatagram &parsed,
                   const Engine::Way &way, quint8 ecn, ngtcp2_tstamp now)
{
    if (!m_forwarder->knows(parsed.id))
        return false;
    auto next = m_forwarder->forward(datagram, way, ecn, std::chrono::nanoseconds(now));
    const Engine::Session *link = next ? m_router.find(next->link) : nullptr;
    if (!link || !link->isLive())
        return true;
    if (next->way != link->way()) { // it has moved
        next->way = link->way();
        m_forwarder->setWay(next->link, next->way);
    }
    m_run.add(*next, m_sink);
    return true;
}

void Legs::flush()
{
    m_run.flush(m_sink);
}

Nat::OpenedLeg Legs::beginForwarding(const End &caller, const End &callee,
                                     const Nat::LegForwarder::Rates &rates, ngtcp2_tstamp now)
{
    const Engine::Session *from = m_router.find(caller.link);
    const Engine::Session *to = m_router.find(callee.link);
    if (!from || !to)
        return {Nat::LegRefusal::TooManyLegs};
    const std::chrono::nanoseconds time(now);
    if (!m_forwarder)
        m_forwarder = std::make_unique<Nat::LegForwarder>(m_router.settings().random, rates, time);
    return m_forwarder->open({caller.link, caller.peer, from->way()},
                             {callee.link, callee.peer, to->way()}, time);
}

void Legs::endForwarding(Nat::LegId id, Engine::SessionId link)
{
    if (m_forwarder)
        m_forwarder->close(id, link);
}

std::vector<Nat::EndedLeg> Legs::endIdle(ngtcp2_tstamp now)
{
    return m_forwarder ? m_forwarder->handleTimeout(std::chrono::nanoseconds(now))
                       : std::vector<Nat::EndedLeg>();
}

bool Legs::send(std::span<const quint8> data, size_t segmentSize, const Engine::Way &way, quint8 ecn)
{
    const auto leg = m_links.find(way.leg);
    const Engine::Session *link = leg == m_links.end() ? nullptr : m_router.find(leg->second);
    if (!link || !link->isLive())
        return true; // lost
    // As many with their headers as one call takes.
    const size_t outerSize = segmentSize + Nat::LegDatagram::HeaderSize;
    const size_t most = std::clamp<size_t>(Engine::Limits::MaxSegmentedBytes / outerSize, 1,
                                           Engine::Limits::MaxSegments);
    bool isOpen = true;
    while (!data.empty()) {
        m_buffer.resize(std::max(m_buffer.size(), most * outerSize));
        size_t used = 0;
        for (size_t i = 0; i < most && !data.empty(); ++i) {
            const std::span<const quint8> segment = data.first(std::min(segmentSize, data.size()));
            used += Nat::LegDatagram{way.leg, segment}.write(std::span(m_buffer).subspan(used));
            data = data.subspan(segment.size());
        }
        // What is blocked waits in the sender, and what follows behind it.
        isOpen &= m_sender.send(m_buffer.data(), used, outerSize, link->way(), ecn);
    }
    return isOpen;
}

} // namespace Qp2p::Io
