// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How many checks a node does for whom, so that nobody can use them up, and who is next.
#pragma once

#include <qp2pcore/io/environment.h>
#include <qp2pcore/peeraddress.h>
#include <qp2pcore/peering/ratewindow.h>

#include <QByteArray>
#include <QHash>
#include <QHostAddress>
#include <QList>
#include <QSet>

namespace Qp2p::Peering {

//! \brief The limits of checks in a minute.
//!
//! | for                                            | dials  | why                                        |
//! |------------------------------------------------|--------|--------------------------------------------|
//! | an asking peer; an address and port            | 12     | one member needs one, and two when it moves |
//! | a public IPv4 address or IPv6 /56              | 32     | a household or office behind one address    |
//! | a public IPv4 /24 or IPv6 /48 (a group)        | 40     | what one customer of a provider gets: twenty |
//! |                                                |        | of the 60 are left, and ten of them kept    |
//! | a public IPv4 /16 or IPv6 /32 (a network)      | 45     | a provider, who has 256 or 65,536 groups:   |
//! |                                                |        | ten are kept, and five for other networks   |
//! | all public ones together                       | 60     | 288 kB a minute leave at most               |
//! | of these for groups that have had none         | 10     | else a few groups could use up all          |
//! | of these for networks that have had none       | 5      | else the groups of a few networks could use |
//! |                                                |        | them up; the others are for members that    |
//! |                                                |        | share the network of an attacker            |
//! | loopback, and each private network we are in   | 240    | nobody comes from outside; whole            |
//! |                                                |        | laboratories live there                     |
//!
//! Only what was counted is remembered, so the memory is bounded by these numbers.
class CheckLimits
{
public:
    static constexpr int PerAsker = 12;
    static constexpr int PerEndpoint = 12;
    static constexpr int PerAddress = 32;
    static constexpr int PerGroup = 40;
    static constexpr int PerNetwork = 45;
    static constexpr int InAll = 60;
    static constexpr int KeptForNewGroups = 10;
    static constexpr int KeptForNewNetworks = 5;
    static constexpr int PerOwnNetwork = 240;

    //! \brief Who asks, and what is to be dialled; for a check of its own both have the same address.
    struct Request
    {
        PeerId asker;
        QHostAddress askerAddress;
        QHostAddress target;
        quint16 port = 0;
    };
    //! What a request is counted under.
    struct Keys
    {
        PeerId asker;
        PeerAddress endpoint;
        QList<QByteArray> addresses;
        QList<QByteArray> groups; //!< the asker's first
        QList<QByteArray> networks; //!< the asker's first
        QList<QByteArray> ownNetworks; //!< then there are no others
    };
    //! What of an asker has had no check in this minute. Who is newer is served first.
    enum class Novelty { NewNetwork, NewGroup, None };
    //! What waits is served before what comes later.
    struct Ahead
    {
        QHash<QByteArray, int> places; //!< addresses, groups and networks
        QSet<QByteArray> newNetworks;
        QSet<QByteArray> newGroups; //!< also those of the new networks
        int inAll = 0;

        void clear() { *this = {}; }
    };

    CheckLimits();

    //! \a own: the networks of this machine's interfaces.
    static Keys keysOf(const Request &request, const QList<Io::InterfaceNetwork> &own);
    //! Whether all limits have room for \a keys behind \a ahead.
    bool hasRoom(const Keys &keys, Time now, const Ahead &ahead);
    void count(const Keys &keys, Time now);
    //! Takes \a keys, which got no room, into \a ahead.
    void queue(const Keys &keys, Time now, Ahead &ahead);
    Novelty noveltyOf(const Keys &keys, Time now);
    //! What it remembers, in entries; for tests.
    size_t size() const;

private:
    bool hasOwnRoom(const Keys &keys, Time now, const Ahead &ahead);

    RateWindow<PeerId> m_byAsker;
    RateWindow<PeerAddress> m_byEndpoint;
    RateWindow<QByteArray> m_byPlace; //!< addresses, groups and networks: their keys differ in size
    RateWindow<int> m_inAll;
};

} // namespace Qp2p::Peering
