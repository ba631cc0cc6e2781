// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The twelve kinds of access to the internet that tests put members behind, by name.
#pragma once

#include <shared/routerprofile.h>

#include <QLatin1String>
#include <QList>

#include <optional>

namespace Qp2p::Test {

//! \brief How a host is connected; each but the first is a Linux router whose rules natlab/natrules.sh has, too.
enum class NatType {
    None,
    Firewall,
    FullCone,
    AddressFilter,
    PortFilter,
    PortFilterAnswering,
    CarrierFullCone,
    CarrierPortFilter,
    SymmetricByAddress,
    SymmetricSequential,
    SymmetricRandom,
    UdpBlocked,
};

struct NatTypeProfile
{
    NatType type;
    const char *name; //!< as in natlab/nattypes.txt
    std::optional<RouterProfile> router; //!< the one at the host; nothing: it has a public address
    std::optional<RouterProfile> carrier = {}; //!< a second one, before that
};

//! All twelve, in the order of NatType.
const QList<NatTypeProfile> &natTypes();
const NatTypeProfile &natType(NatType type);
//! The type with \a name; nothing where there is none.
std::optional<NatType> natTypeNamed(QLatin1String name);

} // namespace Qp2p::Test
