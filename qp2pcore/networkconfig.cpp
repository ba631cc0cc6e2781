// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/networkconfig.h>

#include <qp2pcore/peering/addressscope.h>
#include <qp2pcore/peering/claimedports.h>

#include <algorithm>

namespace Qp2p {

class NetworkConfigData : public QSharedData
{
public:
    EndpointConfig endpoint;
    Peer::Role role = Peer::Role::Node;
    QHostAddress listenAddress = QHostAddress(QHostAddress::Any);
    quint16 listenPort = 0;
    Peering::ClaimedPorts ports;
    QString cacheFile;
    QString blockListFile;
    ForeignFile foreignFiles = ForeignFile::SetAside;
    NetworkConfig::UnreachableNodes unreachableNodes =
        NetworkConfig::UnreachableNodes::AcceptAsClients;
    NetworkConfig::ChangedKeys changedKeys = NetworkConfig::ChangedKeys::Accept;
    int wantedLinks = 8;
    bool automaticRejoin = true;
    NatConfig nat;
};

NetworkConfig::NetworkConfig()
    : d(new NetworkConfigData)
{
}
NetworkConfig::NetworkConfig(const NetworkConfig &) = default;
NetworkConfig::NetworkConfig(NetworkConfig &&) noexcept = default;
NetworkConfig &NetworkConfig::operator=(const NetworkConfig &) = default;
NetworkConfig &NetworkConfig::operator=(NetworkConfig &&) noexcept = default;
NetworkConfig::~NetworkConfig() = default;

EndpointConfig NetworkConfig::endpoint() const
{
    return d->endpoint;
}

void NetworkConfig::setEndpoint(const EndpointConfig &config)
{
    d->endpoint = config;
}

Peer::Role NetworkConfig::role() const
{
    return d->role;
}

void NetworkConfig::setRole(Peer::Role role)
{
    d->role = role;
}

QHostAddress NetworkConfig::listenAddress() const
{
    return d->listenAddress;
}

quint16 NetworkConfig::listenPort() const
{
    return d->listenPort;
}

void NetworkConfig::setListen(const QHostAddress &address, quint16 port)
{
    d->listenAddress = address;
    d->listenPort = port;
}

quint16 NetworkConfig::externalPort(QAbstractSocket::NetworkLayerProtocol family) const
{
    return d->ports.externalPort(family);
}

void NetworkConfig::setExternalPort(QAbstractSocket::NetworkLayerProtocol family, quint16 port)
{
    d->ports.setExternalPort(family, port);
}

QString NetworkConfig::cacheFile() const
{
    return d->cacheFile;
}

void NetworkConfig::setCacheFile(const QString &fileName)
{
    d->cacheFile = fileName;
}

QString NetworkConfig::blockListFile() const
{
    return d->blockListFile;
}

void NetworkConfig::setBlockListFile(const QString &fileName)
{
    d->blockListFile = fileName;
}

ForeignFile NetworkConfig::foreignFiles() const
{
    return d->foreignFiles;
}

void NetworkConfig::setForeignFiles(ForeignFile policy)
{
    d->foreignFiles = policy;
}

NetworkConfig::UnreachableNodes NetworkConfig::unreachableNodes() const
{
    return d->unreachableNodes;
}

void NetworkConfig::setUnreachableNodes(UnreachableNodes policy)
{
    d->unreachableNodes = policy;
}

NetworkConfig::ChangedKeys NetworkConfig::changedKeys() const
{
    return d->changedKeys;
}

void NetworkConfig::setChangedKeys(ChangedKeys policy)
{
    d->changedKeys = policy;
}

int NetworkConfig::wantedLinks() const
{
    return d->wantedLinks;
}

void NetworkConfig::setWantedLinks(int count)
{
    d->wantedLinks = count;
}

bool NetworkConfig::automaticRejoin() const
{
    return d->automaticRejoin;
}

void NetworkConfig::setAutomaticRejoin(bool rejoin)
{
    d->automaticRejoin = rejoin;
}

NatConfig NetworkConfig::nat() const
{
    return d->nat;
}

void NetworkConfig::setNat(const NatConfig &config)
{
    d->nat = config;
}

Result<void> NetworkConfig::validate() const
{
    const auto invalid = [](const QString &message) {
        return Error(ErrorCode::InvalidArgument, message);
    };
    if (d->endpoint.legacyPeers() == EndpointConfig::LegacyPeers::Accepted)
        return invalid(QStringLiteral("Legacy peers cannot be members of a network: they prove no "
                                      "identity. Use an Endpoint for them."));
    if (d->role == Peer::Role::Unknown)
        return invalid(QStringLiteral("A member is a node or a client: set one of these roles."));
    const auto isTooLow = [](quint16 port) {
        return port != 0 && port < Peering::FirstAdvertisedPort;
    };
    for (const auto family : {QAbstractSocket::IPv4Protocol, QAbstractSocket::IPv6Protocol}) {
        const quint16 external = d->ports.externalPort(family);
        if (d->role == Peer::Role::Node && external == 0 && isTooLow(d->listenPort))
            return invalid(QStringLiteral("Peers dial no port below %1, so a node cannot listen on "
                                          "port %2. Use a port from %1 on, or 0 for a free one.")
                               .arg(Peering::FirstAdvertisedPort)
                               .arg(d->listenPort));
        if (d->role == Peer::Role::Node && isTooLow(external))
            return invalid(
                QStringLiteral("Peers dial no port below %1, so %2 cannot be the external "
                               "port. Forward a port from %1 on.")
                    .arg(Peering::FirstAdvertisedPort)
                    .arg(external));
    }
    constexpr int MaxLinks = 64;
    if (d->wantedLinks < 1 || d->wantedLinks > MaxLinks)
        return invalid(QStringLiteral("%1 links cannot be kept; 1 to %2 can.")
                           .arg(d->wantedLinks)
                           .arg(MaxLinks));
    if (const Result<void> valid = d->nat.validate(); !valid)
        return valid;
    return d->endpoint.validate();
}

} // namespace Qp2p
