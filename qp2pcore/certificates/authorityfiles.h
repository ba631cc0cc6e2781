// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Reads the authorities that a policy names from their files.
#pragma once

#include <qp2pcore/certificatepolicy.h>
#include <qp2pcore/certificates/truststore.h>

#include <memory>

namespace Qp2p {

//! \brief The authorities of \a policy; null for EncryptOnly.
//!
//! Errors: FileNotFound, FileUnreadable (also what is no regular file, or above 4 MiB) and those of
//! TrustStore, each with the file's name.
Result<std::shared_ptr<const Engine::TrustStore>> loadAuthorities(const CertificatePolicy &policy);

} // namespace Qp2p
