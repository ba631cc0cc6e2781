// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/checkdialler.h>

#include <qp2pcore/peering/access.h>
#include <qp2pcore/peering/whenfinished.h>
#include <qp2pcore/support/logging.h>

#include <chrono>

namespace Qp2p::Peering {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds DialLimit = 5s;

CheckDialler::Result resultOf(const Error &error)
{
    switch (error.code) {
    case ErrorCode::AddressInUse:
    case ErrorCode::AddressNotAvailable:
    case ErrorCode::PermissionDenied:
    case ErrorCode::NetworkUnavailable:
    case ErrorCode::SocketFailed:
    case ErrorCode::ConnectionRefused:
    case ErrorCode::Cancelled:
    case ErrorCode::InvalidArgument:
    case ErrorCode::Unsupported:
        return CheckDialler::Result::NotTried;
    default:
        return CheckDialler::Result::Failed;
    }
}

} // namespace

CheckDialler::CheckDialler(Endpoint &endpoint, const EndpointConfig &config,
                           std::shared_ptr<const Membership> membership, QObject *parent)
    : QObject(parent)
    , m_endpoint(endpoint)
    , m_config(config)
    , m_membership(std::move(membership))
{
}

void CheckDialler::dial(const PeerAddress &target, const QByteArray &nonce, quint64 paid,
                        const Done &done)
{
    auto *fresh = Access::newEndpoint(m_config, Access::environment(m_endpoint), this);
    Access::join(*fresh, m_membership, nullptr);
    QHostAddress local = m_endpoint.localAddress();
    if (local.isNull() || Io::toSocketAddress(local, 0).isUnspecified())
        local = QHostAddress(QHostAddress::Any);
    if (const Qp2p::Result<void> bound = Access::bind(*fresh, local); !bound) {
        delete fresh;
        // Whatever it is, nothing was dialled; and what our files are called is of no concern to peers.
        qCWarning(lcNetwork).noquote() << "no dial for a check:" << bound.error().message;
        QMetaObject::invokeMethod(
            this,
            [done] { done(Result::NotTried, QStringLiteral("trouble of the node that dials")); },
            Qt::QueuedConnection);
        return;
    }
    whenFinished(Access::dialBack(*fresh, target, nonce, DialLimit, paid), this,
                 [fresh, done](const Qp2p::Result<void> &result) {
                     fresh->deleteLater();
                     if (result)
                         done(Result::Arrived, {});
                     else
                         done(resultOf(result.error()), result.error().message);
                 });
}

} // namespace Qp2p::Peering
