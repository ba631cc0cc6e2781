// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Verifies the certificate chain that a peer presents, by the endpoint's policy.
#pragma once

#include <qp2pcore/acceptance.h>
#include <qp2pcore/certificatepolicy.h>
#include <qp2pcore/certificates/side.h>
#include <qp2pcore/certificates/truststore.h>
#include <qp2pcore/peerid.h>
#include <qp2pcore/result.h>

#include <QByteArray>
#include <QList>

namespace Qp2p::Engine {

class KnownCertificates;

//! \brief What this side has dialled; empty when it was dialled.
struct DialledName
{
    QByteArray hostName; //!< ASCII (RFC 5890 A-labels); or else
    QByteArray ipAddress; //!< 4 or 16 bytes
    QString text; //!< for messages
};

//! \brief What a chain is verified by.
struct PeerCheck
{
    const CertificatePolicy &policy;
    const TrustStore *authorities = nullptr; //!< not for EncryptOnly; null there refuses every peer
    Side side; //!< our own
    DialledName dialled = {};
    PeerId expected = {}; //!< null: anyone
    qint64 now = 0; //!< seconds since 1970-01-01 UTC
    KnownCertificates *known = nullptr; //!< where to look, and to remember; null: nowhere
};

//! \brief Decides about \a chain (DER, leaf first), of which the TLS handshake proves that the peer
//! holds the leaf's key. Sizes are checked before anything is parsed.
//!
//! Returns what accepted the peer, or why it is refused: one of the Certificate… errors, each a rule of
//! its own, or PeerIdMismatch where another key than the expected one answered.
Result<Acceptance> verifyPeer(const QList<QByteArray> &chain, const PeerCheck &check);

//! \brief The TLS alert (RFC 8446 section 6.2) for a peer that was refused for \a code.
quint8 alertFor(ErrorCode code);

} // namespace Qp2p::Engine
