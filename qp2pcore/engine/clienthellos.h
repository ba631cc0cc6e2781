// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What the ClientHellos of one handshake offer to resume.
#pragma once

#include <QtGlobal>

#include <span>

namespace Qp2p::Engine {

//! \brief Keeps an acceptor's view of a resumption simple: one ClientHello that offers one ticket, or none.
//!
//! GnuTLS 3.7 unpacks the certificates of every ticket that it can decrypt, also of one that it then does not use, and
//! remembers after a HelloRetryRequest that the first ClientHello was resumed. Where both can happen in one handshake,
//! the certificates that it names may be those of another peer, whose ticket was seen on the wire.
class ClientHellos
{
public:
    enum class Offer { Accepted, Refused };

    //! \brief Looks at the next \a hello, without the header of its message. Refuses more than one ticket, and any
    //! ticket in a handshake that takes more than one ClientHello.
    Offer take(std::span<const quint8> hello);

private:
    bool m_isFirst = true;
    bool m_hasOffered = false;
};

} // namespace Qp2p::Engine
