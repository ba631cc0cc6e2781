// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Where a peer can be dialled: an IP address or host name, a port, and perhaps the peer id to expect there.
#pragma once

#include <qp2pcore/peerid.h>
#include <qp2pcore/qp2pcore_export.h>
#include <qp2pcore/result.h>

#include <QHostAddress>
#include <QMetaType>
#include <QString>

namespace Qp2p {

//! \brief A contact: `host:port`, `1.2.3.4:port`, `[v6]:port`, each also as `peerid@…`.
class QP2PCORE_EXPORT PeerAddress
{
public:
    PeerAddress() = default;
    PeerAddress(const QHostAddress &address, quint16 port, const PeerId &peerId = {});
    PeerAddress(const QString &host, quint16 port, const PeerId &peerId = {});

    //! \brief Parses one of the forms above. Scope ids (`[fe80::1%eth0]:1`) are kept, and link-local
    //! addresses need one; whether this machine has such an interface is looked at when it is dialled.
    //! Errors: InvalidArgument, with what is wrong and an example of what is right.
    static Result<PeerAddress> fromString(QStringView text);

    bool isNull() const { return m_port == 0 || (m_host.isEmpty() && m_address.isNull()); }

    //! True where there is a name that has to be looked up before dialling.
    bool isHostName() const { return m_address.isNull() && !m_host.isEmpty(); }

    //! \brief True for a link-local IPv6 address (fe80::/10) without a scope id. It is another machine on each
    //! link (RFC 4007), so it cannot be dialled.
    bool lacksScope() const;

    //! The IP address, null for a host name. Never an IPv4-mapped IPv6 address.
    QHostAddress address() const { return m_address; }
    //! The host name, or the text of the address.
    QString host() const;
    quint16 port() const { return m_port; }
    //! The peer that is expected there; null where any peer may answer.
    PeerId peerId() const { return m_peerId; }

    //! `peerid@host:port`, or `host:port` without an expected peer.
    QString toString() const;
    //! `host:port` alone.
    QString endpointString() const;

    friend bool operator==(const PeerAddress &, const PeerAddress &) = default;
    QP2PCORE_EXPORT friend size_t qHash(const PeerAddress &address, size_t seed);

private:
    QHostAddress m_address;
    QString m_host;
    quint16 m_port = 0;
    PeerId m_peerId;
};

QP2PCORE_EXPORT QDebug operator<<(QDebug debug, const PeerAddress &address);

} // namespace Qp2p

Q_DECLARE_METATYPE(Qp2p::PeerAddress)
