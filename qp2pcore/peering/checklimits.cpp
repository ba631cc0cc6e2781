// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/checklimits.h>

#include <qp2pcore/engine/addressprefix.h>
#include <qp2pcore/io/datagramchannel.h>
#include <qp2pcore/peering/addressscope.h>

#include <algorithm>

namespace Qp2p::Peering {

namespace {

constexpr std::chrono::minutes Minute(1);

// Their sizes differ within each family, so no two keys are equal.
constexpr Engine::PrefixLength Address{32, 56}; // a /56 is what a household gets
constexpr Engine::PrefixLength Group{24, 48};
constexpr Engine::PrefixLength Network{16, 32};

//! \brief Empty unless \a address can only be of somebody near: loopback, link-local, or private (RFC 1918,
//! RFC 4193) in a network of \a own. Behind a provider's NAT (RFC 6598) strangers share the network, so it
//! is none.
QByteArray ownNetworkKey(const QHostAddress &address, const QList<Io::InterfaceNetwork> &own)
{
    switch (scopeOf(address)) {
    case AddressScope::Loopback:
        return QByteArrayLiteral("loopback");
    case AddressScope::LinkLocal:
        return QByteArrayLiteral("link-local");
    case AddressScope::Private:
        if (!isShared(address)) {
            if (const auto network = networkOf(address, own))
                return "network " + network->address.toString().toLatin1() + '/'
                    + QByteArray::number(network->prefixLength);
        }
        return {};
    case AddressScope::Unusable:
    case AddressScope::Public:
        return {};
    }
    return {};
}

void addOnce(QList<QByteArray> &keys, const QByteArray &key)
{
    if (!keys.contains(key))
        keys.append(key);
}

} // namespace

CheckLimits::CheckLimits()
    : m_byAsker(Minute)
    , m_byEndpoint(Minute)
    , m_byPlace(Minute)
    , m_inAll(Minute)
{
}

CheckLimits::Keys CheckLimits::keysOf(const Request &request, const QList<Io::InterfaceNetwork> &own)
{
    Keys keys{request.asker, PeerAddress(request.target, request.port), {}, {}, {}, {}};
    for (const QHostAddress &place : {request.askerAddress, request.target}) {
        if (const QByteArray network = ownNetworkKey(place, own); !network.isEmpty()) {
            addOnce(keys.ownNetworks, network);
        } else {
            const Engine::SocketAddress address = Io::toSocketAddress(place, 0);
            addOnce(keys.addresses, addressPrefix(address, Address));
            addOnce(keys.groups, addressPrefix(address, Group));
            addOnce(keys.networks, addressPrefix(address, Network));
        }
    }
    return keys;
}

CheckLimits::Novelty CheckLimits::noveltyOf(const Keys &keys, Time now)
{
    if (keys.groups.isEmpty() || m_byPlace.countOf(keys.groups.first(), now) > 0)
        return Novelty::None;
    return m_byPlace.countOf(keys.networks.first(), now) > 0 ? Novelty::NewGroup
                                                             : Novelty::NewNetwork;
}

//! All but the limit for all together.
bool CheckLimits::hasOwnRoom(const Keys &keys, Time now, const Ahead &ahead)
{
    const auto haveRoom = [&](const QList<QByteArray> &places, int limit) {
        return std::all_of(places.cbegin(), places.cend(), [&](const QByteArray &key) {
            return m_byPlace.countOf(key, now) + ahead.places.value(key) < limit;
        });
    };
    return m_byAsker.countOf(keys.asker, now) < PerAsker
        && m_byEndpoint.countOf(keys.endpoint, now) < PerEndpoint
        && haveRoom(keys.addresses, PerAddress) && haveRoom(keys.groups, PerGroup)
        && haveRoom(keys.networks, PerNetwork) && haveRoom(keys.ownNetworks, PerOwnNetwork);
}

bool CheckLimits::hasRoom(const Keys &keys, Time now, const Ahead &ahead)
{
    if (!hasOwnRoom(keys, now, ahead))
        return false;
    if (keys.groups.isEmpty())
        return true;
    const int used = m_inAll.countOf(0, now);
    switch (noveltyOf(keys, now)) {
    case Novelty::NewNetwork:
        return used + int(ahead.newNetworks.size()) < InAll;
    case Novelty::NewGroup:
        return used + int(ahead.newGroups.size()) < InAll - KeptForNewNetworks;
    case Novelty::None:
        break;
    }
    return used + ahead.inAll < InAll - KeptForNewGroups;
}

void CheckLimits::count(const Keys &keys, Time now)
{
    if (!keys.groups.isEmpty())
        m_inAll.count(0, now);
    m_byAsker.count(keys.asker, now);
    m_byEndpoint.count(keys.endpoint, now);
    for (const QList<QByteArray> &places :
         {keys.addresses, keys.groups, keys.networks, keys.ownNetworks}) {
        for (const QByteArray &place : places)
            m_byPlace.count(place, now);
    }
}

void CheckLimits::queue(const Keys &keys, Time now, Ahead &ahead)
{
    // Who has used up its own share keeps no place in the queue of all.
    if (hasOwnRoom(keys, now, ahead) && !keys.groups.isEmpty()) {
        ++ahead.inAll;
        const Novelty novelty = noveltyOf(keys, now);
        if (novelty == Novelty::NewNetwork)
            ahead.newNetworks.insert(keys.networks.first());
        if (novelty != Novelty::None)
            ahead.newGroups.insert(keys.groups.first());
    }
    for (const QList<QByteArray> &places :
         {keys.addresses, keys.groups, keys.networks, keys.ownNetworks}) {
        for (const QByteArray &place : places)
            ++ahead.places[place];
    }
}

size_t CheckLimits::size() const
{
    return m_byAsker.size() + m_byEndpoint.size() + m_byPlace.size() + m_inAll.size();
}

} // namespace Qp2p::Peering
