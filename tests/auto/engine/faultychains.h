// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A certificate chain for each fault that an authority's mode refuses.
#pragma once

#include <shared/engine/testauthority.h>

#include <gnutls/gnutls.h>

#include <memory>

namespace Qp2p::Test {

enum class Fault {
    None,
    Expired,
    NotYetValid,
    AuthorityExpired,
    WrongAuthority,
    WrongName,
    CommonNameOnly,
    NoName,
    SelfSigned,
    WrongPurpose,
    SignedByAPeer,
    WeakSignature,
    WeakKey,
    Forged,
    NoCertificate,
    OtherPeer,
    ChainTooLong,
};

inline const TestAuthority &authority()
{
    static const TestAuthority authority("The right authority", KeyKind::Rsa2048);
    return authority;
}

inline TestChain chainWith(Fault fault)
{
    CertificateRequest request = peerRequest();
    switch (fault) {
    case Fault::None:
    case Fault::NoCertificate:
    case Fault::OtherPeer:
    case Fault::AuthorityExpired: // see trustFor()
        break;
    case Fault::Expired:
        request.notAfter = TestDate - 1;
        break;
    case Fault::NotYetValid:
        request.notBefore = TestDate + 1;
        break;
    case Fault::WrongAuthority:
        return TestAuthority("Another authority").issue(request);
    case Fault::WrongName:
        request.dnsNames = {"other.example", "enemies"};
        request.ipAddresses = {};
        break;
    case Fault::CommonNameOnly:
        request.commonName = "peer.example";
        request.dnsNames = {};
        request.ipAddresses = {};
        break;
    case Fault::NoName:
        request.dnsNames = {};
        request.ipAddresses = {};
        break;
    case Fault::SelfSigned: {
        const Key key = Key::generate(KeyKind::Ed25519);
        return {{makeCertificate(key, request).der}, key};
    }
    case Fault::WrongPurpose:
        request.purposes = {"1.3.6.1.5.5.7.3.4"}; // mail
        break;
    case Fault::SignedByAPeer: {
        const TestChain peer = authority().issue(request);
        const Key key = Key::generate(KeyKind::Ed25519);
        request.commonName = "a peer of a peer";
        const Certificate issuer{peer.ders.first(), {}};
        return {{makeCertificate(key, request, issuer, peer.key).der, peer.ders.first()}, key};
    }
    case Fault::WeakSignature:
        request.digest = GNUTLS_DIG_SHA1;
        break;
    case Fault::WeakKey:
        return authority().issue(request, KeyKind::Rsa1024);
    case Fault::Forged: {
        TestChain chain = authority().issue(request);
        QByteArray &leaf = chain.ders.first();
        leaf[leaf.size() - 1] = char(leaf[leaf.size() - 1] ^ 1); // a bit of the signature
        return chain;
    }
    case Fault::ChainTooLong: {
        TestAuthority last = authority();
        for (int i = 0; i < 4; ++i)
            last = TestAuthority(authorityRequest("below " + QByteArray::number(i)), last);
        return last.issue(request);
    }
    }
    return authority().issue(request);
}

inline std::shared_ptr<const Engine::TrustStore> trustFor(Fault fault)
{
    if (fault != Fault::AuthorityExpired)
        return authority().trust();
    // The same key and name, so that its signatures are right.
    CertificateRequest request = authorityRequest("The right authority");
    request.notAfter = TestDate - 1;
    return TestAuthority(request, authority().key()).trust();
}

} // namespace Qp2p::Test

Q_DECLARE_METATYPE(Qp2p::Test::Fault)
