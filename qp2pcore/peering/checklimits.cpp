// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/checklimits.h>

#include <qp2pcore/io/datagramchannel.h>

#include <algorithm>

namespace Qp2p::Peering {

namespace {

constexpr quint64 Minute = 60'000'000'000; // nanoseconds

QByteArray prefixOf(const Engine::SocketAddress &address, qsizetype size)
{
    return QByteArray(reinterpret_cast<const char *>(address.addressBytes()), size);
}

QByteArray addressKey(const Engine::SocketAddress &address)
{
    return prefixOf(address, address.isIpv4() ? 4 : 7); // a /56 is what a household gets
}

QByteArray groupKey(const Engine::SocketAddress &address)
{
    return prefixOf(address, address.isIpv4() ? 3 : 6);
}

//! \brief Empty unless \a address can only be of somebody near: loopback, link-local, or private (RFC 1918,
//! RFC 4193) in the network of one of \a own. How long the prefix of that is nobody says; /16 and /48 are
//! what is mostly taken. Behind a provider's NAT (RFC 6598) strangers share the network, so it is none.
QByteArray ownNetworkKey(const Engine::SocketAddress &address, const QList<QHostAddress> &own)
{
    if (!address.isLocalScope())
        return {};
    if (address.isLoopback())
        return QByteArrayLiteral("loopback");
    const quint8 *bytes = address.addressBytes();
    const QByteArray network = prefixOf(address, address.isIpv4() ? 2 : 6);
    const bool isLinkLocal = address.isIpv4() ? bytes[0] == 169 : bytes[0] == 0xfe;
    const bool isShared = address.isIpv4() && bytes[0] == 100;
    const bool isOurs = isLinkLocal
        || (!isShared && std::any_of(own.cbegin(), own.cend(), [&](const QHostAddress &one) {
                            const Engine::SocketAddress ours = Io::toSocketAddress(one, 0);
                            return ours.isIpv4() == address.isIpv4() && !ours.isNull()
                                && prefixOf(ours, network.size()) == network;
                        }));
    return isOurs ? "network " + network : QByteArray();
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

CheckLimits::Keys CheckLimits::keysOf(const Request &request, const QList<QHostAddress> &own)
{
    Keys keys{request.asker, PeerAddress(request.target, request.port), {}, {}, {}};
    for (const QHostAddress &place : {request.askerAddress, request.target}) {
        const Engine::SocketAddress address = Io::toSocketAddress(place, 0);
        if (const QByteArray network = ownNetworkKey(address, own); !network.isEmpty()) {
            addOnce(keys.ownNetworks, network);
        } else {
            addOnce(keys.addresses, addressKey(address));
            addOnce(keys.groups, groupKey(address));
        }
    }
    return keys;
}

bool CheckLimits::isNew(const Keys &keys, quint64 now)
{
    return !keys.groups.isEmpty() && m_byPlace.countOf(keys.groups.first(), now) == 0;
}

//! All but the limit for all together.
bool CheckLimits::hasOwnRoom(const Keys &keys, quint64 now, const Ahead &ahead)
{
    const auto hasRoom = [&](const QByteArray &key, int limit) {
        return m_byPlace.countOf(key, now) + ahead.places.value(key) < limit;
    };
    return m_byAsker.countOf(keys.asker, now) < PerAsker
        && m_byEndpoint.countOf(keys.endpoint, now) < PerEndpoint
        && std::all_of(keys.addresses.cbegin(), keys.addresses.cend(),
                       [&](const QByteArray &key) { return hasRoom(key, PerAddress); })
        && std::all_of(keys.groups.cbegin(), keys.groups.cend(),
                       [&](const QByteArray &key) { return hasRoom(key, PerGroup); })
        && std::all_of(keys.ownNetworks.cbegin(), keys.ownNetworks.cend(),
                       [&](const QByteArray &key) { return hasRoom(key, PerOwnNetwork); });
}

bool CheckLimits::hasRoom(const Keys &keys, quint64 now, const Ahead &ahead)
{
    if (!hasOwnRoom(keys, now, ahead))
        return false;
    if (keys.groups.isEmpty())
        return true;
    const int used = m_inAll.countOf(0, now);
    return isNew(keys, now) ? used + int(ahead.newGroups.size()) < InAll
                            : used + ahead.inAll < InAll - KeptForNewGroups;
}

void CheckLimits::count(const Keys &keys, quint64 now)
{
    if (!keys.groups.isEmpty())
        m_inAll.count(0, now);
    m_byAsker.count(keys.asker, now);
    m_byEndpoint.count(keys.endpoint, now);
    for (const QList<QByteArray> &places : {keys.addresses, keys.groups, keys.ownNetworks}) {
        for (const QByteArray &place : places)
            m_byPlace.count(place, now);
    }
}

void CheckLimits::queue(const Keys &keys, quint64 now, Ahead &ahead)
{
    // Who has used up its own share keeps no place in the queue of all.
    if (hasOwnRoom(keys, now, ahead) && !keys.groups.isEmpty()) {
        ++ahead.inAll;
        if (isNew(keys, now))
            ahead.newGroups.insert(keys.groups.first());
    }
    for (const QList<QByteArray> &places : {keys.addresses, keys.groups, keys.ownNetworks}) {
        for (const QByteArray &place : places)
            ++ahead.places[place];
    }
}

size_t CheckLimits::size() const
{
    return m_byAsker.size() + m_byEndpoint.size() + m_byPlace.size() + m_inAll.size();
}

} // namespace Qp2p::Peering
