// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/certificates/identitypem.h>

#include <qp2pcore/certificates/certificates.h>
#include <qp2pcore/certificates/pem.h>

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <array>

namespace Qp2p::Engine {

namespace {

struct PemText
{
    Q_DECLARE_TR_FUNCTIONS(Qp2p::Identity)
};

// Hashes for one try of a passphrase: 600,000 are common, ten million take some ten seconds.
constexpr unsigned MaxIterations = 10'000'000;

Result<X509KeyHandle> readKey(const PemBlock &block, const QByteArray &passphrase,
                              const QString &source);
Result<QByteArray> readCertificate(const PemBlock &block, int number, const QString &source);
Result<void> checkChain(const QList<QByteArray> &chain, const PeerId &keyId, const QString &source,
                        IdentityUse use);
Result<void> checkLeaf(gnutls_x509_crt_t leaf, const QString &source, IdentityUse use);

//! GnuTLS takes a passphrase as a C string: of one with a zero byte in it, the beginning would do.
bool isCutByGnutls(const QByteArray &passphrase)
{
    return passphrase.contains('\0');
}

Error invalidPem(const QString &message)
{
    return Error(ErrorCode::InvalidPem, message);
}

bool isKey(const PemBlock &block)
{
    return block.label.endsWith("PRIVATE KEY");
}

bool isCertificate(const PemBlock &block)
{
    return block.label == "CERTIFICATE";
}

//! What openssl ecparam writes in front of a key; the key names its curve itself.
bool isIgnored(const PemBlock &block)
{
    return block.label == "EC PARAMETERS";
}

QString labelText(const PemBlock &block)
{
    constexpr qsizetype MaxShown = 40;
    return QString::fromLatin1(block.label.first(std::min(block.label.size(), MaxShown)));
}

QString whatIsNeeded()
{
    return PemText::tr(
               "It needs one PRIVATE KEY and one to %1 CERTIFICATE blocks, the certificate of "
               "the key first.")
        .arg(MaxChainLength);
}

Result<void> checkBlocks(const std::vector<PemBlock> &blocks, const QString &source)
{
    if (blocks.empty())
        return invalidPem(PemText::tr("%1 holds no PEM.").arg(source) + u' ' + whatIsNeeded());
    const auto stranger = std::find_if(blocks.begin(), blocks.end(), [](const PemBlock &block) {
        return !isKey(block) && !isCertificate(block) && !isIgnored(block);
    });
    if (stranger != blocks.end())
        return invalidPem(PemText::tr("%1 holds a block \"%2\", which is no part of an identity.")
                              .arg(source, labelText(*stranger))
                          + u' ' + whatIsNeeded());
    const auto keys = std::count_if(blocks.begin(), blocks.end(), isKey);
    const auto certificates = std::count_if(blocks.begin(), blocks.end(), isCertificate);
    if (keys != 1 || certificates < 1 || certificates > MaxChainLength)
        return invalidPem(PemText::tr("In %1, private keys: %2, certificates: %3.")
                              .arg(source, QString::number(keys), QString::number(certificates))
                          + u' ' + whatIsNeeded());
    return {};
}

} // namespace

Result<std::unique_ptr<IdentityData>> readIdentity(QByteArrayView pem, const QByteArray &passphrase,
                                                   const QString &source, IdentityUse use)
{
    if (pem.size() > MaxPemBytes)
        return invalidPem(
            PemText::tr("%1 has %2 bytes; an identity has at most %3.")
                .arg(source, QString::number(pem.size()), QString::number(MaxPemBytes)));
    if (pem.trimmed().isEmpty())
        return invalidPem(PemText::tr("%1 is empty.").arg(source) + u' ' + whatIsNeeded());
    const auto blocks = dividePem(pem);
    if (!blocks)
        return invalidPem(
            PemText::tr("%1 is damaged: a block has no end. Copy it again.").arg(source));
    if (const Result<void> checked = checkBlocks(*blocks, source); !checked)
        return checked.error();

    const Result<X509KeyHandle> key = readKey(*std::find_if(blocks->begin(), blocks->end(), isKey),
                                              passphrase, source);
    if (!key)
        return key.error();
    QList<QByteArray> chain;
    for (const PemBlock &block : *blocks) {
        if (!isCertificate(block))
            continue;
        const Result<QByteArray> der = readCertificate(block, static_cast<int>(chain.size()) + 1,
                                                       source);
        if (!der)
            return der.error();
        chain.append(*der);
    }
    return checkIdentity(key->get(), chain, source, use);
}

Result<QList<QByteArray>> readCertificates(QByteArrayView pem, const QString &source)
{
    const auto blocks = pem.size() <= MaxPemBytes ? dividePem(pem) : std::nullopt;
    const bool onlyCertificates = blocks && !blocks->empty()
        && blocks->size() <= size_t(MaxChainLength)
        && std::all_of(blocks->begin(), blocks->end(), isCertificate);
    if (!onlyCertificates)
        return invalidPem(
            PemText::tr("%1 must have one to %2 CERTIFICATE blocks and nothing else. Give "
                        "what \"qp2p identity export\" or an authority wrote.")
                .arg(source, QString::number(MaxChainLength)));
    QList<QByteArray> chain;
    for (const PemBlock &block : *blocks) {
        const Result<QByteArray> der = readCertificate(block, int(chain.size()) + 1, source);
        if (!der)
            return der.error();
        chain.append(*der);
    }
    return chain;
}

Result<std::unique_ptr<IdentityData>> checkIdentity(gnutls_x509_privkey_t key,
                                                    const QList<QByteArray> &chain,
                                                    const QString &source, IdentityUse use)
{
    const auto abstractKey = makeHandle<PrivateKeyHandle>(gnutls_privkey_init);
    const auto publicKey = makeHandle<PublicKeyHandle>(gnutls_pubkey_init);
    auto data = std::make_unique<IdentityData>();
    if (!abstractKey || !publicKey || gnutls_privkey_import_x509(abstractKey.get(), key, 0) < 0
        || gnutls_pubkey_import_privkey(publicKey.get(), abstractKey.get(), 0, 0) < 0
        || gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_DER, nullptr, GNUTLS_PKCS_PLAIN,
                                             data->keyDer.out())
            < 0)
        return invalidPem(
            PemText::tr("The private key in %1 is damaged. Copy it again.").arg(source));
    const Result<QString> description = describeKey(publicKey.get());
    if (!description)
        return Error(description.error().code, source + u": " + description.error().message);
    data->keyDescription = *description;
    data->peerId = peerIdOfKey(publicKey.get());

    if (const Result<void> checked = checkChain(chain, data->peerId, source, use); !checked)
        return checked.error();
    data->chain = chain;
    return data;
}

Result<OwnedDatum> keyToPem(QByteArrayView der, const QByteArray &passphrase)
{
    const auto key = makeHandle<X509KeyHandle>(gnutls_x509_privkey_init);
    const gnutls_datum_t datum = borrowedDatum(der);
    const bool encrypt = !passphrase.isEmpty();
    OwnedDatum pem;
    if (!key || isCutByGnutls(passphrase)
        || gnutls_x509_privkey_import2(key.get(), &datum, GNUTLS_X509_FMT_DER, nullptr,
                                       GNUTLS_PKCS_PLAIN)
            < 0
        || gnutls_x509_privkey_export2_pkcs8(
               key.get(), GNUTLS_X509_FMT_PEM, encrypt ? passphrase.constData() : nullptr,
               encrypt ? GNUTLS_PKCS_PBES2_AES_256 : GNUTLS_PKCS_PLAIN, pem.out())
            < 0)
        return Error(
            ErrorCode::InvalidArgument,
            PemText::tr("The passphrase cannot be used. Choose one of printable characters in "
                        "UTF-8."));
    return pem;
}

QByteArray chainToPem(const QList<QByteArray> &chain)
{
    constexpr qsizetype LineSize = 64; // RFC 7468 section 2
    QByteArray pem;
    for (const QByteArray &der : chain) {
        const QByteArray text = der.toBase64();
        pem += "-----BEGIN CERTIFICATE-----\n";
        for (qsizetype i = 0; i < text.size(); i += LineSize)
            pem += QByteArrayView(text).sliced(i, std::min(LineSize, text.size() - i)).toByteArray()
                + '\n';
        pem += "-----END CERTIFICATE-----\n";
    }
    return pem;
}

namespace {

//! Whether \a der is one ASN.1 SEQUENCE from its first to its last byte: damage to PEM text rarely
//! leaves it so, hence what cannot be read inside is a type that GnuTLS does not know.
bool isWholeSequence(QByteArrayView der)
{
    constexpr quint8 SequenceTag = 0x30;
    if (der.size() < 2 || static_cast<quint8>(der[0]) != SequenceTag)
        return false;
    const quint8 first = static_cast<quint8>(der[1]);
    if (first < 0x80)
        return der.size() == 2 + first;
    const qsizetype lengthBytes = first & 0x7f;
    if (lengthBytes < 1 || lengthBytes > 3 || der.size() < 2 + lengthBytes)
        return false;
    qsizetype length = 0;
    for (qsizetype i = 0; i < lengthBytes; ++i)
        length = length << 8 | static_cast<quint8>(der[2 + i]);
    return der.size() == 2 + lengthBytes + length;
}

Error unreadableKey(const PemBlock &block, const QString &source)
{
    OwnedDatum der;
    const gnutls_datum_t text = borrowedDatum(block.text);
    const QByteArray label = block.label.toByteArray();
    if (gnutls_pem_base64_decode2(label.constData(), &text, der.out()) < 0
        || !isWholeSequence(der.view()))
        return invalidPem(
            PemText::tr("The private key in %1 is damaged. Copy it again.").arg(source));
    return Error(
        ErrorCode::UnsupportedKey,
        PemText::tr("The private key in %1 (%2) is of an unsupported type, or damaged. Use %3.")
            .arg(source, labelText(block), acceptedKeys()));
}

//! Where the key is encrypted as PKCS#8, whether it can be decrypted at all.
Result<void> checkEncryption(const PemBlock &block, const QString &source)
{
    const gnutls_datum_t text = borrowedDatum(block.text);
    std::array<unsigned char, 256> salt{};
    unsigned saltSize = salt.size();
    unsigned schema = 0;
    unsigned cipher = 0;
    unsigned iterations = 0;
    char *oid = nullptr;
    const int rv = gnutls_pkcs8_info(&text, GNUTLS_X509_FMT_PEM, &schema, &cipher, salt.data(),
                                     &saltSize, &iterations, &oid);
    gnutls_free(oid);
    if (rv < 0 && unreadableKey(block, source).code == ErrorCode::InvalidPem)
        return unreadableKey(block, source);
    if (rv < 0 || iterations > MaxIterations)
        return Error(
            ErrorCode::UnsupportedKey,
            PemText::tr("The private key in %1 is encrypted in an unsupported way. Encrypt it "
                        "again with: openssl pkcs8 -topk8 -v2 aes-256-cbc")
                .arg(source));
    return {};
}

Result<X509KeyHandle> readKey(const PemBlock &block, const QByteArray &passphrase,
                              const QString &source)
{
    const bool isEncryptedPkcs8 = block.label == "ENCRYPTED PRIVATE KEY";
    // OpenSSL's older form, RFC 1421 section 4.6.1.1.
    const bool isEncrypted = isEncryptedPkcs8 || block.text.contains("Proc-Type: 4,ENCRYPTED");
    if (isEncryptedPkcs8) {
        if (const Result<void> checked = checkEncryption(block, source); !checked)
            return checked.error();
    }
    if (isEncrypted && passphrase.isEmpty())
        return Error(
            ErrorCode::WrongPassphrase,
            PemText::tr("The private key in %1 is encrypted. Give its passphrase.").arg(source));

    auto key = makeHandle<X509KeyHandle>(gnutls_x509_privkey_init);
    const gnutls_datum_t text = borrowedDatum(block.text);
    const int rv = key && !(isEncrypted && isCutByGnutls(passphrase))
        ? gnutls_x509_privkey_import2(key.get(), &text, GNUTLS_X509_FMT_PEM,
                                      isEncrypted ? passphrase.constData() : nullptr, 0)
        : GNUTLS_E_DECRYPTION_FAILED;
    // Whatever GnuTLS calls it: once in 256 times the padding of a wrong passphrase looks right, and
    // what comes out is a damaged key.
    if (rv < 0 && isEncrypted)
        return Error(
            ErrorCode::WrongPassphrase,
            PemText::tr("The passphrase does not open the private key in %1. Check it, and "
                        "whether it belongs to this file.")
                .arg(source));
    if (rv < 0)
        return unreadableKey(block, source);
    // A key whose parts contradict each other would sign what no peer accepts, or give itself away.
    if (gnutls_x509_privkey_verify_params(key.get()) < 0)
        return invalidPem(
            PemText::tr("The private key in %1 is damaged. Copy it again.").arg(source));
    return key;
}

Result<QByteArray> readCertificate(const PemBlock &block, int number, const QString &source)
{
    OwnedDatum der;
    const gnutls_datum_t text = borrowedDatum(block.text);
    if (gnutls_pem_base64_decode2("CERTIFICATE", &text, der.out()) < 0)
        return invalidPem(PemText::tr("Certificate %1 in %2 is damaged. Copy it again.")
                              .arg(QString::number(number), source));
    return der.toByteArray();
}

//! Whether every certificate can be used and the first is the one of the key \a keyId.
Result<void> checkChain(const QList<QByteArray> &chain, const PeerId &keyId, const QString &source,
                        IdentityUse use)
{
    qsizetype bytes = 0;
    qsizetype position = -1; // of the key's certificate
    for (qsizetype i = 0; i < chain.size(); ++i) {
        bytes += chain[i].size();
        const Result<CertificateHandle> certificate = importCertificate(chain[i]);
        const Result<PeerId> id = certificate ? peerIdOfCertificate(certificate->get())
                                              : Result<PeerId>(certificate.error());
        if (!id)
            return invalidPem(PemText::tr("Certificate %1 in %2 cannot be used.")
                                  .arg(QString::number(i + 1), source)
                              + u' ' + id.error().message);
        if (*id == keyId && position < 0)
            position = i;
    }
    if (bytes > MaxChainBytes)
        return invalidPem(
            PemText::tr("The certificates in %1 have %2 bytes; at most %3 are accepted.")
                .arg(source, QString::number(bytes), QString::number(MaxChainBytes)));
    if (position < 0)
        return Error(
            ErrorCode::KeyMismatch,
            PemText::tr("None of the certificates in %1 belongs to its private key. Put the "
                        "key and its own certificate together.")
                .arg(source));
    if (position > 0)
        return Error(
            ErrorCode::KeyMismatch,
            PemText::tr("The first certificate in %1 does not belong to its private key, but "
                        "certificate %2 does. Put that one first.")
                .arg(source, QString::number(position + 1)));
    return checkLeaf(importCertificate(chain.constFirst())->get(), source, use);
}

//! What would make every handshake fail later, with a less useful message.
Result<void> checkLeaf(gnutls_x509_crt_t leaf, const QString &source, IdentityUse use)
{
    const int version = gnutls_x509_crt_get_version(leaf);
    if (version != 3)
        return invalidPem(
            PemText::tr("The first certificate in %1 is X.509 version %2. Have one of "
                        "version 3 issued; peers refuse others.")
                .arg(source, QString::number(version)));
    const bool isAuthority = gnutls_x509_crt_get_ca_status(leaf, nullptr) > 0;
    if (!isAuthority && use == IdentityUse::Authority)
        return invalidPem(PemText::tr("The certificate in %1 is that of a peer, which may not sign "
                                      "others. Name the file of an authority.")
                              .arg(source));
    unsigned usage = 0;
    const unsigned needed = use == IdentityUse::Peer ? GNUTLS_KEY_DIGITAL_SIGNATURE
                                                     : GNUTLS_KEY_KEY_CERT_SIGN;
    // What openssl signs itself is an authority too, but one whose key may be used for anything.
    if (gnutls_x509_crt_get_key_usage(leaf, &usage, nullptr) >= 0 && (usage & needed) == 0)
        return invalidPem(
            isAuthority && use == IdentityUse::Peer
                ? PemText::tr(
                      "The certificate in %1 is that of an authority, whose key must not be in use "
                      "on a network. Have it issue a certificate for this peer.")
                      .arg(source)
                : PemText::tr(
                      "The first certificate in %1 does not allow its key to sign (the key usage "
                      "is another). Have one that does issued.")
                      .arg(source));
    const int signature = gnutls_x509_crt_get_signature_algorithm(leaf);
    const auto algorithm = static_cast<gnutls_sign_algorithm_t>(signature);
    if (signature < 0 || !gnutls_sign_is_secure2(algorithm, GNUTLS_SIGN_FLAG_SECURE_FOR_CERTS)) {
        const char *name = signature < 0 ? nullptr : gnutls_sign_get_name(algorithm);
        return invalidPem(
            PemText::tr("The first certificate in %1 has a weak signature (%2), which "
                        "peers refuse. Have it issued again with SHA-256.")
                .arg(source, QString::fromLatin1(name ? name : "?")));
    }
    return {};
}

} // namespace

} // namespace Qp2p::Engine
