// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Makes the key and the certificate of a new identity.
#pragma once

#include <qp2pcore/engine/gnutlshandles.h>
#include <qp2pcore/result.h>

namespace Qp2p::Engine {

struct SelfSigned
{
    X509KeyHandle key;
    CertificateHandle certificate;
};

//! \brief An Ed25519 key and its certificate, as Identity::generate() promises.
//! Errors: Unsupported, where GnuTLS cannot (FIPS mode, no memory, no random numbers).
Result<SelfSigned> makeSelfSigned();

} // namespace Qp2p::Engine
