// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Which node to dial next for one more link.
#pragma once

#include <qp2pcore/cachednode.h>
#include <qp2pcore/peeraddress.h>
#include <qp2pcore/peerid.h>
#include <qp2pcore/peering/dialbudget.h>
#include <qp2pcore/peering/dialfailures.h>

#include <QSet>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace Qp2p::Peering {

//! \brief Nodes that peers advertise, and the choice among them and the remembered ones.
//!
//! Identities are free, and so is advertising nodes in as many networks as one likes; addresses to do it
//! from are not. So everything is shared between the groups of addresses that the *sources* are in, and
//! inside of a group between its sources. All sources with local addresses are one group: in a LAN or on
//! one machine addresses are as free as identities, and there they would outnumber the public sources.
//!
//! Nothing that one source says replaces what another has said, and a dial that fails counts against the
//! group of the source alone. Only where there is no room does the largest group give something up.
class CandidateBook
{
public:
    //! Of all sources: enough for 20 full answers, about 100 kB.
    static constexpr qsizetype MaxAdvertised = 400;
    static constexpr qsizetype MaxOfOneGroup = 100; //!< five full answers
    static constexpr qsizetype MaxSourcesOfOneNode = 8; //!< as many as there are links
    static constexpr qsizetype MaxAddresses = 4; //!< of a node, by one source; as on the wire
    //! A choice counts so many owners of addresses of what one group names: those of a full answer.
    static constexpr double WeightOfOneGroup = 20;
    //! An advertisement leaves after so many failures in a row, until it comes again.
    static constexpr int MaxFailures = 3;

    //! Who advertises.
    struct Source
    {
        PeerId peerId;
        QByteArray group; //!< addressGroup() of where it is

        friend bool operator==(const Source &, const Source &) = default;
    };
    //! We ourselves, of what we remember.
    static Source ourselves();

    //! \brief \a source advertises \a node at \a addresses; replaces what it has advertised of that node
    //! before. Dials to it count for \a budget.
    void add(const Source &source, const PeerId &node, const QList<PeerAddress> &addresses,
             std::shared_ptr<DialBudget> budget);

    struct Choice
    {
        QList<CachedNode> remembered;
        std::function<bool(const PeerId &)> isExcluded; //!< linked, being dialled, blocked, ourselves
        std::function<bool(const PeerAddress &)> isAddressExcluded; //!< blocked, being dialled
        QSet<QByteArray> linkedGroups; //!< chosen from only where a source has no others
        std::function<quint32(quint32 limit)> random; //!< 0 to limit - 1
        Time now;
    };
    //! A node to dial.
    struct DialTarget
    {
        PeerId peerId;
        //! One that was advertised, or all that are remembered, each at a place of its own.
        QList<PeerAddress> addresses;
        Source source;
        std::shared_ptr<DialBudget> budget; //!< null: remembered
    };
    //! First over groups of sources and what these name (see weightsOf()), then sources, then nodes.
    std::optional<DialTarget> choose(const Choice &choice) const;

    //! It could not be dialled. It waits, the longer the more often that happens, and what that source
    //! advertises at the same place or of the same node waits, too.
    void failed(const DialTarget &target, Time now);
    //! There is a connection to \a peerId at \a address.
    void succeeded(const PeerId &peerId, const PeerAddress &address);

    //! We are elsewhere now, where other things can be reached.
    void forgetFailures() { m_failures = {}; }

    struct Advertised
    {
        Source source;
        PeerId node;
        qsizetype addresses = 0;
    };
    //! Oldest first.
    QList<Advertised> advertised() const;
    qsizetype size() const { return qsizetype(m_advertised.size()); }
    qsizetype failures() const { return m_failures.size(); }

private:
    struct Address
    {
        PeerAddress address;
        quint64 owner = 0;
        QByteArray place;
    };
    struct Advertisement
    {
        Source source;
        quint64 group = 0; //!< of the source
        PeerId node;
        std::vector<Address> addresses;
        std::shared_ptr<DialBudget> budget;
    };
    struct Open; // what can be chosen
    struct WeightOfGroup
    {
        std::map<quint64, double> owners; //!< of nodes that it names, and their shares
        double sum = 0;
    };
    using Weights = std::map<quint64, WeightOfGroup>; //!< by group of sources
    static Weights weightsOf(const std::vector<Open> &open);

    template<typename Predicate>
    bool makeRoom(qsizetype limit, const Source &source, const Predicate &counts);
    void addOpenAdvertised(const Choice &choice, std::vector<Open> &open) const;
    void addOpenRemembered(const Choice &choice, std::vector<Open> &open) const;

    std::vector<Advertisement> m_advertised; //!< oldest first
    DialFailures m_failures;
};

} // namespace Qp2p::Peering
