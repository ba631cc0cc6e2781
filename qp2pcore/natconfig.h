// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How a member reaches others, and is reached, where routers and firewalls stand between them.
#pragma once

#include <qp2pcore/qp2pcore_export.h>
#include <qp2pcore/result.h>

#include <QSharedDataPointer>

namespace Qp2p {

class NatConfigData;

//! \brief The settings of a network that concern members who cannot be dialled. A value, implicitly shared.
class QP2PCORE_EXPORT NatConfig
{
public:
    NatConfig();
    NatConfig(const NatConfig &);
    NatConfig(NatConfig &&) noexcept;
    NatConfig &operator=(const NatConfig &);
    NatConfig &operator=(NatConfig &&) noexcept;
    ~NatConfig();

    //! \brief Connections of this member over a node that forwards for it and the other side.
    enum class RelayedConnections {
        Allowed, //!< the default: it may call, and be called
        OwnOnly, //!< it may call, and takes no call
        Off,
    };
    RelayedConnections relayedConnections() const;
    void setRelayedConnections(RelayedConnections policy);

    //! \brief Whether this member, while it is a node, forwards between two members that are both linked to it.
    //!
    //! What it forwards is encrypted from end to end. It sees who talks to whom, how much and when.
    enum class RelayForOthers {
        Off,
        Members, //!< the default
    };
    RelayForOthers relayForOthers() const;
    void setRelayForOthers(RelayForOthers policy);

    //! What is forwarded for others at most, bytes a second of both directions together; 1 MiB by default.
    qint64 relayRate() const;
    //! Of each connection; 128 KiB by default.
    qint64 relayRatePerConnection() const;
    void setRelayRate(qint64 inAll, qint64 perConnection);

    //! \brief InvalidArgument with the first setting that cannot work, and what would.
    Result<void> validate() const;

private:
    QSharedDataPointer<NatConfigData> d;
};

} // namespace Qp2p
