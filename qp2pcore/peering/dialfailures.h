// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Which dials have failed lately, and how long they wait for the next attempt.
#pragma once

#include <qp2pcore/peering/monotonictime.h>

#include <QByteArray>
#include <QHash>

namespace Qp2p::Peering {

//! \brief Failed dials by what was dialled (a peer, a place), and by the group of addresses of the source
//! that had advertised it.
//!
//! By the source as well, so that an attacker who advertises wrong ports at the address of an honest node
//! does not keep others from advertising it.
class DialFailures
{
public:
    static constexpr std::chrono::minutes FirstPause{1};
    //! Dials that go on failing get rarer down to one an hour; a record that is older than its last pause
    //! and this is forgotten.
    static constexpr std::chrono::minutes LongestPause = 60 * FirstPause;
    //! About 100 kB. When it is full the group with the most records gives up its oldest.
    static constexpr qsizetype MaxRecords = 1000;

    //! Each failure in a row doubles the pause before the next dial, up to \a longest.
    void add(const QByteArray &group, const QByteArray &dialled, Time now,
             std::chrono::nanoseconds longest = LongestPause);
    //! It has succeeded, whoever had advertised it.
    void remove(const QByteArray &dialled);
    bool isPausing(const QByteArray &group, const QByteArray &dialled, Time now) const;
    //! Failures in a row.
    int count(const QByteArray &group, const QByteArray &dialled) const;
    qsizetype size() const { return m_records.size(); }

private:
    struct Record
    {
        int count = 0;
        Time pauseUntil;
        quint64 number = 0; //!< of the latest failure
    };
    using Key = std::pair<QByteArray, QByteArray>; //!< group, dialled

    void makeRoom(Time now);

    QHash<Key, Record> m_records;
    quint64 m_number = 0;
};

} // namespace Qp2p::Peering
