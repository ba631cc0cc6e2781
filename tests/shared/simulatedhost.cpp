// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Binds sockets and chooses source addresses by the rules of a real machine.

#include <shared/simulatedhost.h>

#include <algorithm>

namespace Qp2p::Test {

using Engine::SocketAddress;

SocketAddress withoutPort(SocketAddress address)
{
    address.setPort(0);
    return address;
}

bool Binding::covers(const SocketAddress &local) const
{
    if (!address.isNull())
        return withoutPort(address) == withoutPort(local);
    return local.isIpv4() ? ipv4 : ipv6;
}

bool Binding::overlaps(const Binding &other) const
{
    if (port != other.port)
        return false;
    if (!address.isNull() && !other.address.isNull())
        return withoutPort(address) == withoutPort(other.address);
    return (ipv4 && other.ipv4) || (ipv6 && other.ipv6);
}

void SimulatedSocket::notifyReadable()
{
    isMarkedReadable = false;
    if (!channel || received.empty())
        return;
    const auto handler = channel->onReadable; // a copy: it may destroy the channel
    if (handler)
        handler();
}

void SimulatedSocket::notifyWritable()
{
    if (!channel || !std::exchange(isWaitingToWrite, false))
        return;
    const auto handler = channel->onWritable;
    if (handler)
        handler();
}

SimulatedHost::SimulatedHost(quint32 hostIndex, const QList<SocketAddress> &addresses)
    : index(hostIndex)
{
    setAddresses(addresses);
}

void SimulatedHost::setAddresses(const QList<SocketAddress> &addresses)
{
    m_addresses = addresses;
    networks.clear();
    for (const SocketAddress &address : addresses)
        networks.append({Io::toHostAddress(address), address.isIpv4() ? 24 : 64});
    const SocketAddress loopback4 = SocketAddress::fromIpv4({127, 0, 0, 1}, 0);
    const SocketAddress loopback6 = SocketAddress::fromIpv6(
        {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 0);
    if (hasIpv4() && !m_addresses.contains(loopback4))
        m_addresses.append(loopback4);
    if (hasIpv6() && !m_addresses.contains(loopback6))
        m_addresses.append(loopback6);
}

bool SimulatedHost::owns(const SocketAddress &address) const
{
    return m_addresses.contains(withoutPort(address));
}

SocketAddress SimulatedHost::sourceFor(const Binding &binding, const SocketAddress &wanted,
                                       const SocketAddress &remote) const
{
    const auto usable = [&](const SocketAddress &address) {
        return address.isIpv4() == remote.isIpv4()
            && binding.covers(address)
            // Nothing leaves the machine from its loopback address.
            && (!address.isLoopback() || owns(remote));
    };
    SocketAddress source;
    if (!wanted.isNull() && !wanted.isUnspecified()) {
        if (owns(wanted) && usable(wanted))
            source = wanted;
    } else if (owns(remote) && usable(remote)) {
        source = remote;
    } else {
        const auto found = std::find_if(m_addresses.cbegin(), m_addresses.cend(), usable);
        if (found != m_addresses.cend())
            source = *found;
    }
    if (!source.isNull())
        source.setPort(binding.port);
    return source;
}

Result<std::shared_ptr<SimulatedSocket>> SimulatedHost::bind(const QHostAddress &address,
                                                             quint16 port)
{
    Binding binding;
    binding.port = port;
    if (address == QHostAddress(QHostAddress::Any)) {
        binding.ipv4 = hasIpv4();
        binding.ipv6 = hasIpv6();
    } else if (address == QHostAddress(QHostAddress::AnyIPv4)) {
        binding.ipv4 = hasIpv4();
    } else if (address == QHostAddress(QHostAddress::AnyIPv6)) {
        binding.ipv6 = hasIpv6();
    } else {
        binding.address = Io::toSocketAddress(address, 0);
        if (owns(binding.address)) {
            binding.ipv4 = binding.address.isIpv4();
            binding.ipv6 = binding.address.isIpv6();
        }
    }
    if (!binding.ipv4 && !binding.ipv6)
        return Error(ErrorCode::AddressNotAvailable,
                     QStringLiteral("%1 is no address of this simulated host. Give it one in "
                                    "Simulation::host().")
                         .arg(address.toString()));

    if (port == 0) {
        constexpr int ephemeralPorts = 65'536 - 49'152;
        for (int tried = 0; tried < ephemeralPorts; ++tried) {
            binding.port = m_nextEphemeral;
            m_nextEphemeral = m_nextEphemeral == 65'535 ? 49'152 : quint16(m_nextEphemeral + 1);
            if (isFree(binding))
                break;
        }
    }
    if (!isFree(binding))
        return Error(ErrorCode::AddressInUse,
                     QStringLiteral("Port %1 of %2 is in use on this simulated host. Take another, "
                                    "or close the channel that has it.")
                         .arg(binding.port)
                         .arg(address.toString()));

    const auto socket = std::make_shared<SimulatedSocket>();
    socket->binding = binding;
    m_sockets[binding.port].append(socket);
    return socket;
}

void SimulatedHost::unbind(const SimulatedSocket &socket)
{
    const auto sockets = m_sockets.find(socket.binding.port);
    sockets->removeIf([&](const auto &other) { return other.get() == &socket; });
    if (sockets->isEmpty())
        m_sockets.erase(sockets);
}

std::shared_ptr<SimulatedSocket> SimulatedHost::socketAt(const SocketAddress &local) const
{
    const auto sockets = m_sockets.constFind(local.port());
    if (sockets == m_sockets.cend() || !owns(local))
        return {};
    for (const auto &socket : *sockets) {
        if (socket->binding.covers(local))
            return socket;
    }
    return {};
}

bool SimulatedHost::hasIpv4() const
{
    return std::any_of(m_addresses.cbegin(), m_addresses.cend(),
                       [](const SocketAddress &address) { return address.isIpv4(); });
}

bool SimulatedHost::hasIpv6() const
{
    return std::any_of(m_addresses.cbegin(), m_addresses.cend(),
                       [](const SocketAddress &address) { return address.isIpv6(); });
}

bool SimulatedHost::isFree(const Binding &binding) const
{
    const auto sockets = m_sockets.constFind(binding.port);
    return sockets == m_sockets.cend()
        || std::none_of(sockets->cbegin(), sockets->cend(),
                        [&](const auto &socket) { return socket->binding.overlaps(binding); });
}

} // namespace Qp2p::Test
