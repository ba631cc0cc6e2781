// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// An authority of a test, and the chains that it makes.
#pragma once

#include <shared/engine/certificates.h>

#include <qp2pcore/certificates/truststore.h>

#include <QList>

#include <memory>

namespace Qp2p::Test {

//! The wall clock of tests: 2026-06-01 00:00:00 UTC.
inline constexpr std::time_t TestDate = 1'780'272'000;
inline constexpr std::time_t Day = 86'400;

//! \brief A chain with the key of its leaf.
struct TestChain
{
    QList<QByteArray> ders; //!< leaf first
    Key key;
};

//! \brief What an authority's own certificate says, if nothing else is asked for.
CertificateRequest authorityRequest(const QByteArray &name);
//! \brief What the certificate of a peer says that every mode accepts: for the DNS names
//! peer.example and friends, and the address 192.0.2.1; valid from a day before TestDate for a year.
CertificateRequest peerRequest();

class TestAuthority
{
public:
    explicit TestAuthority(const QByteArray &name = "Test authority",
                           KeyKind kind = KeyKind::Ed25519);
    TestAuthority(const CertificateRequest &request, const Key &key);
    //! One that \a parent has signed.
    TestAuthority(const CertificateRequest &request, const TestAuthority &parent);

    TestChain issue(const CertificateRequest &request = peerRequest(),
                    KeyKind kind = KeyKind::Ed25519) const;
    TestChain issue(const CertificateRequest &request, const Key &key) const;

    std::shared_ptr<const Engine::TrustStore> trust() const;
    const Certificate &certificate() const { return m_certificate; }
    const Key &key() const { return m_key; }

private:
    Key m_key;
    Certificate m_certificate;
    QList<QByteArray> m_above; // authorities between this one and the root, this one first
};

} // namespace Qp2p::Test
