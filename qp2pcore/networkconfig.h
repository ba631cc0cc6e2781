// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a network is configured with before it joins.
#pragma once

#include <qp2pcore/endpointconfig.h>
#include <qp2pcore/localfile.h>
#include <qp2pcore/natconfig.h>
#include <qp2pcore/peer.h>
#include <qp2pcore/qp2pcore_export.h>
#include <qp2pcore/result.h>

#include <QAbstractSocket>
#include <QHostAddress>
#include <QSharedDataPointer>
#include <QString>

namespace Qp2p {

class NetworkConfigData;

//! \brief The settings of a Network. A value, implicitly shared; a network keeps its own copy.
class QP2PCORE_EXPORT NetworkConfig
{
public:
    NetworkConfig();
    NetworkConfig(const NetworkConfig &);
    NetworkConfig(NetworkConfig &&) noexcept;
    NetworkConfig &operator=(const NetworkConfig &);
    NetworkConfig &operator=(NetworkConfig &&) noexcept;
    ~NetworkConfig();

    //! Identity, certificate policy, network name, limits.
    EndpointConfig endpoint() const;
    void setEndpoint(const EndpointConfig &config);

    //! Node (the default) listens and takes part as a node where others can dial it, and as a client
    //! where they cannot. Client never listens.
    Peer::Role role() const;
    void setRole(Peer::Role role);

    //! Where a node listens; every address and a free port by default.
    QHostAddress listenAddress() const;
    quint16 listenPort() const;
    void setListen(const QHostAddress &address, quint16 port);

    //! \brief The port at which peers reach a node, for \a family, where a router forwards another one to
    //! listenPort(): 22000 outside to 12000 inside. 0 (the default): they are the same.
    //!
    //! Peers dial it at the address where they see this node, and check it as any other. A peer on loopback or
    //! in one network with an interface of this machine gets listenPort(). AnyIPProtocol sets both families.
    quint16 externalPort(QAbstractSocket::NetworkLayerProtocol family) const;
    void setExternalPort(QAbstractSocket::NetworkLayerProtocol family, quint16 port);

    //! The bootstrap cache's file; empty (the default) keeps it in memory.
    QString cacheFile() const;
    void setCacheFile(const QString &fileName);

    //! Where blocked peers and addresses are kept; empty (the default) keeps them in memory.
    QString blockListFile() const;
    void setBlockListFile(const QString &fileName);

    //! What is done with a cacheFile() or blockListFile() that is something else; SetAside by default.
    ForeignFile foreignFiles() const;
    void setForeignFiles(ForeignFile policy);

    //! \brief What is done with a peer that claims to be a node and cannot be dialled.
    enum class UnreachableNodes {
        AcceptAsClients, //!< the default
        Refuse, //!< the connection ends, and the peer gets the reason
    };
    UnreachableNodes unreachableNodes() const;
    void setUnreachableNodes(UnreachableNodes policy);

    //! \brief What is done with a peer that has the address of a cached node, and another key than that
    //! node had. A dial that expects the old key fails in either case.
    enum class ChangedKeys {
        Accept, //!< the default: the peer is a new one
        Refuse, //!< before there is a link, whichever side dialled: Network::peerKeyChanged() reports it
    };
    ChangedKeys changedKeys() const;
    void setChangedKeys(ChangedKeys policy);

    int wantedLinks() const; //!< to nodes that this side has chosen; 8, at most 64
    void setWantedLinks(int count);

    //! Whether a failed join, and the loss of all peers, is followed by further attempts, ever more
    //! rarely (0.5 s to 5 minutes apart, at random). True by default.
    bool automaticRejoin() const;
    void setAutomaticRejoin(bool rejoin);

    //! How members that cannot be dialled are reached.
    NatConfig nat() const;
    void setNat(const NatConfig &config);

    //! \brief InvalidArgument with the first setting that cannot work, and what would.
    Result<void> validate() const;

private:
    QSharedDataPointer<NetworkConfigData> d;
};

} // namespace Qp2p
