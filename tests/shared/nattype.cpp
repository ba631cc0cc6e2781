// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <shared/nattype.h>

#include <algorithm>

namespace Qp2p::Test {

namespace {

// What "masquerade" of Linux does, and what a carrier does by RFC 6888: a block of ports, and no filter.
constexpr RouterProfile masquerade = {};
constexpr RouterProfile carrierBlock = {NatMapping::EndpointIndependent,
                                        NatFiltering::EndpointIndependent,
                                        PortAllocation::Preserving, PortBlock{20'000, 28'191}};

constexpr RouterProfile answering()
{
    RouterProfile profile = masquerade;
    profile.unsolicited = NatUnsolicited::Answer;
    return profile;
}

constexpr RouterProfile blocking()
{
    RouterProfile profile = masquerade;
    profile.udp = UdpPolicy::Block;
    return profile;
}

} // namespace

const QList<NatTypeProfile> &natTypes()
{
    using enum NatMapping;
    using Filter = NatFiltering;
    using Ports = PortAllocation;
    constexpr Filter strict = Filter::AddressAndPortDependent;
    // clang-format off
    static const QList<NatTypeProfile> types{
        {NatType::None, "none", {}},
        {NatType::Firewall, "fw", RouterProfile{NatMapping::None, strict}},
        {NatType::FullCone, "fullcone", RouterProfile{EndpointIndependent, Filter::EndpointIndependent}},
        {NatType::AddressFilter, "addr", RouterProfile{EndpointIndependent, Filter::AddressDependent}},
        {NatType::PortFilter, "port", masquerade},
        {NatType::PortFilterAnswering, "port+reject", answering()},
        {NatType::CarrierFullCone, "cgn_eif", masquerade, carrierBlock},
        {NatType::CarrierPortFilter, "cgn_port", masquerade, masquerade},
        {NatType::SymmetricByAddress, "symaddr", RouterProfile{AddressDependent, strict, Ports::Random, {40'000, 48'191}}},
        {NatType::SymmetricSequential, "symseq", RouterProfile{AddressAndPortDependent, strict, Ports::Sequential, {40'000, 41'999}}},
        {NatType::SymmetricRandom, "sym", RouterProfile{AddressAndPortDependent, strict, Ports::Random}},
        {NatType::UdpBlocked, "udpblock", blocking()},
    };
    // clang-format on
    return types;
}

const NatTypeProfile &natType(NatType type)
{
    const NatTypeProfile &profile = natTypes().at(qsizetype(type));
    Q_ASSERT(profile.type == type);
    return profile;
}

std::optional<NatType> natTypeNamed(QLatin1String name)
{
    const auto found = std::find_if(
        natTypes().cbegin(), natTypes().cend(),
        [name](const NatTypeProfile &type) { return QLatin1String(type.name) == name; });
    if (found == natTypes().cend())
        return {};
    return found->type;
}

} // namespace Qp2p::Test
