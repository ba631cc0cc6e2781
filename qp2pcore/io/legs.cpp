// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/io/legs.h>

#include <qp2pcore/engine/limits.h>
#include <qp2pcore/nat/legdatagram.h>

#include <algorithm>

namespace Qp2p::Io {

void Legs::closeAllOf(Engine::SessionId link)
{
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
        return false;
    const Engine::Session *link = m_router.find(leg->second);
    if (!link || link->way().remote != way.remote)
        return false;
    m_router.handleDatagram(parsed->payload.data(), parsed->payload.size(),
                            Engine::Way::overLeg(parsed->id), ecn, now);
    return true;
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
