// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The links of a network: those being made, those that are established in their order, and those that were lost.
#pragma once

#include <qp2pcore/peering/instancehistory.h>
#include <qp2pcore/peering/link.h>

#include <QHash>
#include <QHostAddress>

namespace Qp2p::Peering {

//! \brief The records of all peers, by their id. Emits nothing, and closes no connection.
//!
//! Lists are copies: they may be walked while slots remove links.
class LinkTable
{
public:
    //! So long a half may be missing.
    static constexpr std::chrono::seconds HalfTimeout{60};
    //! Longer than NATs keep a mapping of UDP.
    static constexpr std::chrono::seconds TouchLifetime{300};
    //! More than come in that time, unless an attacker floods us.
    static constexpr qsizetype MaxTouches = 20'000;
    static constexpr qsizetype MaxLost = 100;

    // --- Links ---

    LinkPointer find(const PeerId &peerId) const { return m_links.value(peerId); }
    bool contains(const PeerId &peerId) const { return m_links.contains(peerId); }
    QList<LinkPointer> all() const { return m_links.values(); }
    //! A new one, whose halves must be open in time.
    LinkPointer add(const PeerId &peerId, Time now);
    //! The program knows it from now on.
    void establish(const LinkPointer &link, Time now, const QDateTime &since);
    //! A half is missing again.
    void expectHalf(Link &link, Time now) const;
    void remove(const LinkPointer &link);
    //! Oldest first.
    QList<LinkPointer> established() const { return m_established; }
    bool hasEstablished() const { return !m_established.isEmpty(); }
    //! Those whose halves are late.
    QList<PeerId> overdue(Time now) const;
    //! Established links of our own choice that may be closed for others, oldest first.
    QList<LinkPointer> extras() const;
    //! \brief Links of our own choice to nodes, those established longest first: an attacker that surrounds us later cannot
    //! replace them.
    QList<PeerId> longestChosen() const;

    // --- Lost peers, for futures that wait for a link ---

    void recordLost(const PeerId &peerId, const Error &reason);
    void forgetLost() { m_lost.clear(); }
    Error lossOf(const PeerId &peerId, const Error &otherwise) const
    {
        return m_lost.value(peerId, otherwise);
    }
    //! That of \a peerId, else that of any other peer.
    Error anyLoss(const PeerId &peerId, const Error &otherwise) const;

    // --- Programs that have used the identity of a peer ---

    InstanceHistory &instances() { return m_instances; }

    // --- Addresses that we were in touch with: a helper must not have been with that of whom it dials ---

    void recordTouch(const QHostAddress &address, Time now);
    bool wasTouched(const QHostAddress &address) const { return m_touches.contains(address); }
    void forgetOldTouches(Time now);

private:
    QHash<PeerId, LinkPointer> m_links;
    QList<LinkPointer> m_established;
    QHash<PeerId, Error> m_lost;
    InstanceHistory m_instances;
    QHash<QHostAddress, Time> m_touches;
};

} // namespace Qp2p::Peering
