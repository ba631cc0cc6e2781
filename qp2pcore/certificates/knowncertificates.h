// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Certificates that were read before: peers come again, and each dials and is dialled.
#pragma once

#include <qp2pcore/certificates/certificates.h>
#include <qp2pcore/peerid.h>

#include <QByteArray>
#include <QHash>
#include <QList>

#include <optional>
#include <utility>

namespace Qp2p::Engine {

//! \brief The certificates of peers that passed what is asked of each in every mode, and the ids of their keys.
//!
//! Both follow from the bytes alone, and these are compared in full: nothing that depends on a policy, an authority,
//! a name or the time is remembered. Whoever dials can put certificates here, so there is place for two generations
//! of MaxCount, and none for a large one.
class KnownCertificates
{
public:
    static constexpr qsizetype MaxCount = 128;
    static constexpr qsizetype MaxSize = 2048; //!< bytes

    struct Known
    {
        PeerId peerId;
        QList<QByteArray> chain; //!< it alone; all who have it share these bytes
    };

    std::optional<Known> find(const QByteArray &der)
    {
        if (const auto found = m_latest.constFind(der); found != m_latest.cend())
            return *found;
        const auto found = m_earlier.constFind(der);
        if (found == m_earlier.cend())
            return std::nullopt;
        const Known known = *found;
        insert(known);
        return known;
    }
    //! \a der passed acceptedPeerId(), which returned \a peerId, and the other checks of every mode.
    void add(const QByteArray &der, const PeerId &peerId)
    {
        if (der.size() <= MaxSize)
            insert({peerId, {der}});
    }

private:
    void insert(const Known &known)
    {
        if (m_latest.size() == MaxCount)
            m_earlier = std::exchange(m_latest, {});
        m_latest.insert(known.chain.first(), known);
    }

    QHash<QByteArray, Known> m_latest;
    QHash<QByteArray, Known> m_earlier;
};

} // namespace Qp2p::Engine
