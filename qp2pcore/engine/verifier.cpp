// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/verifier.h>

#include <qp2pcore/engine/certificates.h>

#include <gnutls/x509.h>

namespace Qp2p::Engine {

namespace {

Error rejected(const QString &rule)
{
    return Error(ErrorCode::CertificateRejected, rule);
}

//! Before anything is parsed: parsers and verifiers of certificates have been levers before.
Result<void> checkSizes(const QList<QByteArray> &chain)
{
    if (chain.isEmpty())
        return rejected(QStringLiteral("The peer presented no certificate. Every QP2P peer has "
                                       "one: check what program answers there."));
    if (chain.size() > MaxChainLength)
        return rejected(QStringLiteral("The peer's certificate chain has %1 certificates; at most "
                                       "%2 are accepted.")
                            .arg(chain.size())
                            .arg(MaxChainLength));
    qsizetype total = 0;
    for (const QByteArray &certificate : chain) {
        total += certificate.size();
        if (certificate.size() > MaxCertificateBytes || total > MaxChainBytes)
            return rejected(QStringLiteral("The peer's certificate chain is too large: at most %1 "
                                           "bytes a certificate and %2 in all are accepted.")
                                .arg(MaxCertificateBytes)
                                .arg(MaxChainBytes));
    }
    return {};
}

//! What every mode asks of the certificate that the handshake uses.
Result<void> checkLeaf(gnutls_x509_crt_t leaf)
{
    // Extensions, and with them the purpose of a certificate, came with version 3.
    if (const int version = gnutls_x509_crt_get_version(leaf); version != 3)
        return rejected(QStringLiteral("The peer's certificate is X.509 version %1; version 3 is "
                                       "needed.")
                            .arg(version));
    gnutls_pubkey_t rawKey = nullptr;
    if (gnutls_pubkey_init(&rawKey) < 0)
        return rejected(QStringLiteral("GnuTLS has no memory for the peer's key."));
    const PublicKeyHandle key(rawKey);
    if (gnutls_pubkey_import_x509(rawKey, leaf, 0) < 0)
        return rejected(QStringLiteral("The key in the peer's certificate cannot be read."));
    if (const Result<QString> kind = describeKey(rawKey); !kind)
        return rejected(
            QStringLiteral("The peer's key is not accepted. %1").arg(kind.error().message));
    const int algorithm = gnutls_x509_crt_get_signature_algorithm(leaf);
    const auto signature = static_cast<gnutls_sign_algorithm_t>(algorithm);
    if (algorithm < 0 || !gnutls_sign_is_secure2(signature, GNUTLS_SIGN_FLAG_SECURE_FOR_CERTS)) {
        const char *name = algorithm < 0 ? nullptr : gnutls_sign_get_name(signature);
        return rejected(QStringLiteral("The peer's certificate has a weak signature (%1).")
                            .arg(name ? QString::fromLatin1(name) : QStringLiteral("unknown")));
    }
    return {};
}

} // namespace

Result<PeerId> judgePeer(const QList<QByteArray> &chain, const CertificatePolicy &policy,
                         const PeerId &expected)
{
    Q_UNUSED(policy) // EncryptOnly is the only mode so far, and asks for no authority
    if (const Result<void> sizes = checkSizes(chain); !sizes)
        return sizes.error();
    const Result<CertificateHandle> leaf = importCertificate(chain.first());
    if (!leaf)
        return leaf.error();
    if (const Result<void> accepted = checkLeaf(leaf->get()); !accepted)
        return accepted.error();
    Result<PeerId> id = peerIdOfCertificate(leaf->get());
    if (id && !expected.isNull() && *id != expected)
        return Error(ErrorCode::PeerIdMismatch,
                     QStringLiteral("The peer has the id %1, and %2 was expected. Either the "
                                    "address belongs to someone else now, or the peer has a new "
                                    "key: ask its owner before you accept it.")
                         .arg(id->toString(), expected.toString()));
    return id;
}

} // namespace Qp2p::Engine
