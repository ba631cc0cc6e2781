// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Which node to dial next for one more link.
#pragma once

#include <qp2pcore/bootstrapcache.h>
#include <qp2pcore/peeraddress.h>
#include <qp2pcore/peerid.h>

#include <QHash>
#include <QSet>

#include <functional>
#include <optional>

namespace Qp2p::Peering {

//! \brief Nodes that others have told of, and the choice among them and the remembered ones.
//!
//! Whoever tells can tell of as many nodes of his own as he likes, so the choice goes over groups of
//! addresses first and over nodes second, and looks for groups that no link leads to yet.
class CandidateBook
{
public:
    static constexpr qsizetype MaxTold = 400;
    static constexpr qsizetype MaxOfOneSource = 100;

    struct Candidate
    {
        PeerId peerId;
        QList<PeerAddress> addresses;
    };

    //! \a source has told of \a node. What it told of the same node before is replaced.
    void told(const PeerId &source, const Candidate &node);
    //! It could not be dialled: not again before \a retryAt (nanoseconds), and after three times not at all
    //! until somebody tells of it again.
    void failed(const PeerId &peerId, quint64 retryAt);
    void succeeded(const PeerId &peerId)
    {
        m_told.remove(peerId);
        m_failures.remove(peerId);
    }
    qsizetype size() const { return m_told.size(); }

    struct Choice
    {
        QList<BootstrapCache::Entry> remembered;
        std::function<bool(const PeerId &)>
            isExcluded; //!< linked, being dialled, blocked, we ourselves
        QSet<QByteArray> linkedGroups;
        std::function<quint32(quint32 limit)> random; //!< 0 to limit - 1
        quint64 now = 0; //!< nanoseconds
    };
    std::optional<Candidate> choose(const Choice &choice) const;

private:
    struct Told
    {
        Candidate node;
        PeerId source;
        quint64 number = 0; //!< the oldest leaves
    };
    struct Failure
    {
        int count = 0;
        quint64 retryAt = 0;
    };

    QHash<PeerId, Told> m_told;
    QHash<PeerId, Failure> m_failures;
    quint64 m_number = 0;
};

} // namespace Qp2p::Peering
