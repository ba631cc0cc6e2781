// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// One dial at a time to each place that others have named.
#pragma once

#include <QByteArray>
#include <QHash>

namespace Qp2p::Peering {

//! \brief The places (dialPlace()) that are being dialled, and those where a dial has just failed.
//!
//! A place rests for everybody after a failed dial, so that an attacker with many groups of addresses, each of
//! which may name it, sends it no more than one dial in that time. Times are nanoseconds.
class DialledPlaces
{
public:
    //! Short, as a liar must not keep others away from the address of an honest node.
    static constexpr quint64 Rest = 10'000'000'000;

    bool isBeingDialled(const QByteArray &place) const { return m_places.value(place) == Dialling; }
    //! Or rests.
    bool isTaken(const QByteArray &place, quint64 now) const { return m_places.value(place) > now; }
    void begin(const QByteArray &place) { m_places.insert(place, Dialling); }
    void end(const QByteArray &place) { m_places.remove(place); }
    void endAndRest(const QByteArray &place, quint64 now) { m_places.insert(place, now + Rest); }
    //! Bounds the memory: what is left are the dials of a few seconds.
    void forgetRested(quint64 now)
    {
        m_places.removeIf([now](const auto &place) { return place.value() <= now; });
    }

private:
    static constexpr quint64 Dialling = UINT64_MAX;

    QHash<QByteArray, quint64> m_places; //!< until when it is taken
};

} // namespace Qp2p::Peering
