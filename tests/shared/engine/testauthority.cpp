// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <shared/engine/testauthority.h>

namespace Qp2p::Test {

CertificateRequest authorityRequest(const QByteArray &name)
{
    CertificateRequest request;
    request.commonName = name;
    request.isAuthority = true;
    request.keyUsage = 0x0004 | 0x0002; // keyCertSign, cRLSign
    request.purposes = {};
    request.notBefore = TestDate - 30 * Day;
    request.notAfter = TestDate + 3650 * Day;
    return request;
}

CertificateRequest peerRequest()
{
    CertificateRequest request;
    request.commonName = "a peer";
    request.dnsNames = {"peer.example", "friends"};
    request.ipAddresses = {QByteArray::fromHex("c0000201")};
    request.notBefore = TestDate - Day;
    request.notAfter = TestDate + 365 * Day;
    return request;
}

TestAuthority::TestAuthority(const QByteArray &name, KeyKind kind)
    : TestAuthority(authorityRequest(name), Key::generate(kind))
{
}

TestAuthority::TestAuthority(const CertificateRequest &request, const Key &key)
    : m_key(key)
    , m_certificate(makeCertificate(m_key, request))
{
}

TestAuthority::TestAuthority(const CertificateRequest &request, const TestAuthority &parent)
    : m_key(Key::generate(KeyKind::Ed25519))
    , m_certificate(makeCertificate(m_key, request, parent.m_certificate, parent.m_key))
    , m_above({m_certificate.der})
{
    m_above += parent.m_above;
}

TestChain TestAuthority::issue(const CertificateRequest &request, KeyKind kind) const
{
    return issue(request, Key::generate(kind));
}

TestChain TestAuthority::issue(const CertificateRequest &request, const Key &key) const
{
    QList<QByteArray> ders{makeCertificate(key, request, m_certificate, m_key).der};
    ders += m_above;
    return {ders, key};
}

std::shared_ptr<const Engine::TrustStore> TestAuthority::trust() const
{
    const auto store = Engine::TrustStore::fromPem({{QStringLiteral("a test"), m_certificate.pem}});
    if (!store)
        qFatal("no trust store: %s", qPrintable(store.error().message));
    return *store;
}

} // namespace Qp2p::Test
