// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Who the peer of a connection is: whom this side expects, and what the handshake has proven.
#pragma once

#include <qp2pcore/acceptance.h>
#include <qp2pcore/certificates/verifier.h>
#include <qp2pcore/peerid.h>
#include <qp2pcore/result.h>

#include <QByteArray>
#include <QList>

namespace Qp2p::Engine {

struct Settings;
class SocketAddress;
class StreamProtocolFactory;

class PeerVerification
{
public:
    //! \a peer: null for anyone. \a name: what was dialled.
    void expect(const PeerId &peer, const DialledName &name)
    {
        m_expected = peer;
        m_dialled = name;
    }
    const DialledName &dialledName() const { return m_dialled; }

    //! \brief Verifies \a chain (DER, leaf first), and asks \a protocol whether the peer at \a remote is wanted.
    //! Returns why it is refused, or no error.
    Error verify(const QList<QByteArray> &chain, const Settings &settings, KnownCertificates &known,
                 Side side, const StreamProtocolFactory *protocol, const SocketAddress &remote);

    //! \brief Verifies the chain again that was accepted, by what \a settings say now. Returns why it is refused, or
    //! no error, also where nothing is proven.
    Error verifyAgain(const Settings &settings, KnownCertificates &known, Side side);
    //! Of the authorities that it was verified by: see Settings.
    quint32 authoritiesVersion() const { return m_authoritiesVersion; }

    //! Null where nothing is proven.
    const Acceptance &acceptance() const { return m_acceptance; }
    //! Those of a peer that was accepted.
    const QList<QByteArray> &certificates() const { return m_certificates; }

private:
    Result<Acceptance> check(const QList<QByteArray> &chain, const Settings &settings,
                             KnownCertificates &known, Side side);

    PeerId m_expected;
    DialledName m_dialled;
    Acceptance m_acceptance;
    QList<QByteArray> m_certificates;
    quint32 m_authoritiesVersion = 0;
};

} // namespace Qp2p::Engine
