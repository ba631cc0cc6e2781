// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// One dial at a time to each place that others have named.
#pragma once

#include <qp2pcore/peering/monotonictime.h>

#include <QByteArray>
#include <QHash>

namespace Qp2p::Peering {

//! \brief The places (dialPlace()) that are being dialled, and those where a dial has just failed.
//!
//! A place rests for everybody after a failed dial, so that an attacker with many groups of addresses, each of
//! which may name it, sends it no more than one dial in that time.
class DialledPlaces
{
public:
    //! Short, as a liar must not keep others away from the address of an honest node.
    static constexpr std::chrono::seconds Rest{10};

    bool isBeingDialled(const QByteArray &place) const { return m_places.value(place) == Never; }
    //! Or rests.
    bool isTaken(const QByteArray &place, Time now) const { return m_places.value(place) > now; }
    void begin(const QByteArray &place) { m_places.insert(place, Never); }
    void end(const QByteArray &place) { m_places.remove(place); }
    void endAndRest(const QByteArray &place, Time now) { m_places.insert(place, now + Rest); }
    //! Bounds the memory: what is left are the dials of a few seconds.
    void forgetRested(Time now)
    {
        m_places.removeIf([now](const auto &place) { return place.value() <= now; });
    }

private:
    QHash<QByteArray, Time> m_places; //!< until when it is taken; Never while it is dialled
};

} // namespace Qp2p::Peering
