// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The dials of checks: each from a socket that has never sent anything to any peer.
#pragma once

#include <qp2pcore/endpoint.h>
#include <qp2pcore/endpoint/membership.h>

#include <QByteArray>
#include <QObject>

#include <functional>
#include <memory>

namespace Qp2p::Peering {

//! \brief Dials peers back, to carry a number there. What it costs is the caller's concern.
class CheckDialler : public QObject
{
    Q_OBJECT

public:
    enum class Result {
        Arrived,
        Failed, //!< on the way or there
        NotTried, //!< troubles of our own, or a peer that has no room: says nothing about whether it can be reached
    };
    //! \a reason: empty where it has arrived.
    using Done = std::function<void(Result result, const QString &reason)>;

    //! \a endpoint: whose local address its sockets have.
    CheckDialler(Endpoint &endpoint, const EndpointConfig &config,
                 std::shared_ptr<const Membership> membership, QObject *parent = nullptr);

    //! For dials from now on.
    void setConfig(const EndpointConfig &config) { m_config = config; }

    //! \brief Carries \a nonce to \a target with at most \a paid bytes unanswered. \a done is called later, once,
    //! from the event loop.
    void dial(const PeerAddress &target, const QByteArray &nonce, quint64 paid, const Done &done);

private:
    Endpoint &m_endpoint;
    EndpointConfig m_config;
    const std::shared_ptr<const Membership> m_membership;
};

} // namespace Qp2p::Peering
