// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a network knows of itself at one moment: the one source of what programs show of it.
#pragma once

#include <qp2pcore/certificatepolicy.h>
#include <qp2pcore/connectionstats.h>
#include <qp2pcore/joincandidate.h>
#include <qp2pcore/network.h>
#include <qp2pcore/peer.h>
#include <qp2pcore/peeraddress.h>
#include <qp2pcore/peerid.h>
#include <qp2pcore/qp2pcore_export.h>
#include <qp2pcore/reachability.h>
#include <qp2pcore/result.h>

#include <QAbstractSocket>
#include <QDateTime>
#include <QHostAddress>
#include <QList>
#include <QMetaType>
#include <QString>

#include <chrono>
#include <optional>

namespace Qp2p {

//! \brief A snapshot of a Network, made by Network::status(). A plain value: it may go to another thread, and
//! does not change when the network does.
struct QP2PCORE_EXPORT NetworkStatus
{
    //! What other nodes have found out about this member in one address family.
    struct Family
    {
        Reachability reachability;
        int quorum =
            0; //!< nodes that have to agree before it is Reachable: 2, or 3 where so many can check
        PeerAddress
            observedAddress; //!< where a quorum of nodes sees this member; null where none agrees
        quint16 externalPort = 0; //!< NetworkConfig::externalPort(); 0: the port that is listened on
        //! The port at which peers in other networks are asked to dial; 0 while not listening.
        quint16 advertisedPort = 0;
    };

    Network::State state = Network::State::Idle;
    QString networkName; //!< EndpointConfig::networkName(); empty: none is set
    CertificateMode certificateMode = CertificateMode::EncryptOnly;
    PeerId peerId; //!< this member's own
    Peer::Role role = Peer::Role::Unknown; //!< now: a node that is not reachable is a client
    Peer::Role configuredRole = Peer::Role::Unknown;

    bool isListening = false;
    bool isDualStack = false; //!< it listens on every address, IPv4 and IPv6, with one socket
    QHostAddress localAddress; //!< the socket's, as the system reports it; null before there is one
    quint16 localPort = 0; //!< 0 before there is a socket
    quint16 configuredPort = 0; //!< NetworkConfig::listenPort(); 0: a free one at each start
    Family ipv4;
    Family ipv6;

    int nodes = 0; //!< peers with a link that are nodes
    int clients = 0; //!< peers with a link that are clients
    qsizetype cachedNodes = 0; //!< entries of the bootstrap cache
    QString cacheFile; //!< empty: the cache is kept in memory

    QList<PeerAddress> contacts;
    QList<JoinCandidate> joinCandidates; //!< of the latest attempt to join, in the order of dialling
    int failedAttempts = 0; //!< to join, in a row
    //! From this moment until the next attempt begins by itself; none where none is planned.
    std::optional<std::chrono::milliseconds> nextAttempt;
    //! \brief The latest that Network::errorOccurred() has reported or that kept join() from succeeding.
    //! It stays until the next one.
    Error lastError;
    QDateTime lastErrorTime; //!< UTC; null where there was none

    EndpointStats statistics;

    int peers() const { return nodes + clients; }
    //! \a protocol: IPv4Protocol or IPv6Protocol.
    const Family &family(QAbstractSocket::NetworkLayerProtocol protocol) const
    {
        return protocol == QAbstractSocket::IPv6Protocol ? ipv6 : ipv4;
    }
};

} // namespace Qp2p

Q_DECLARE_METATYPE(Qp2p::NetworkStatus)
