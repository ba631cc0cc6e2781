// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What the codes of RFC 9000, of TLS and of our own protocol mean, as errors for people.
#pragma once

#include <qp2pcore/result.h>

#include <ngtcp2/ngtcp2.h>

namespace Qp2p::Engine {

//! \brief Why a connection ended that the peer closed with \a ccerr.
Error causeOfPeerClose(const ngtcp2_ccerr &ccerr);

//! \brief Why a connection ended that we had to close because ngtcp2 returned \a liberr.
//! \a alert is the TLS alert that goes with NGTCP2_ERR_CRYPTO.
Error causeOfLibraryError(int liberr, quint8 alert);

//! \brief Why a dial ended to a port where nothing receives (ICMP).
Error causeOfUnreachable();

//! \brief Why the peer does not want an outgoing message, by the code of its STOP_SENDING or
//! RESET_STREAM.
Error causeOfStreamCode(quint64 code, ErrorCode otherwise);

} // namespace Qp2p::Engine
