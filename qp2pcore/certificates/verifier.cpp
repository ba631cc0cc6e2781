// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/certificates/verifier.h>

#include <qp2pcore/certificates/authoritypath.h>
#include <qp2pcore/certificates/certificates.h>
#include <qp2pcore/certificates/certificatetext.h>
#include <qp2pcore/certificates/knowncertificates.h>

#include <gnutls/x509.h>

#include <vector>

namespace Qp2p::Engine {

namespace {

//! Before anything is parsed: parsers and verifiers of certificates have been levers before.
Result<void> checkSizes(const QList<QByteArray> &chain)
{
    if (chain.isEmpty())
        return Error(ErrorCode::CertificateMissing,
                     QStringLiteral("The peer presented no certificate. Every QP2P peer has one: "
                                    "check what program answers there."));
    if (chain.size() > MaxChainLength)
        return Error(ErrorCode::CertificateChainTooLong,
                     QStringLiteral("The peer's certificate chain has %1 certificates; at most %2 "
                                    "are accepted. The peer must present a shorter one.")
                         .arg(chain.size())
                         .arg(MaxChainLength));
    qsizetype total = 0;
    for (const QByteArray &certificate : chain) {
        total += certificate.size();
        if (certificate.size() > MaxCertificateBytes || total > MaxChainBytes)
            return Error(
                ErrorCode::CertificateChainTooLarge,
                QStringLiteral(
                    "The peer's certificate chain is too large: at most %1 bytes a certificate and "
                    "%2 in all are accepted. The peer needs smaller certificates.")
                    .arg(MaxCertificateBytes)
                    .arg(MaxChainBytes));
    }
    return {};
}

//! What every mode asks of the certificate that the handshake uses, and the id of its key.
Result<PeerId> checkLeaf(gnutls_x509_crt_t leaf)
{
    // Extensions, and with them the purpose of a certificate, came with version 3.
    if (const int version = gnutls_x509_crt_get_version(leaf); version != 3)
        return Error(ErrorCode::CertificateMalformed,
                     QStringLiteral("The peer's certificate is X.509 version %1; version 3 is "
                                    "needed. It must be issued again.")
                         .arg(version));
    const Result<PeerId> id = acceptedPeerId(leaf);
    if (!id)
        return id;
    if (const Result<void> signature = checkSignatureStrength(leaf); !signature)
        return signature.error();
    return id;
}

//! The leaf \a der after those checks, with bytes that others who know it share. \a leaf: parsed where it has to be.
Result<KnownCertificates::Known> knownLeaf(const QByteArray &der, const PeerCheck &check,
                                           CertificateHandle &leaf)
{
    std::optional<KnownCertificates::Known> known;
    if (check.known)
        known = check.known->find(der);
    if (known && check.policy.mode() == CertificateMode::EncryptOnly)
        return *known;
    Result<CertificateHandle> imported = importCertificate(der);
    if (!imported)
        return imported.error();
    leaf = std::move(imported).value();
    if (known)
        return *known;
    const Result<PeerId> id = checkLeaf(leaf.get());
    if (!id)
        return id.error();
    if (check.known)
        check.known->add(der, *id);
    return KnownCertificates::Known{*id, {der}};
}

Error withoutName(const QString &wanted)
{
    return Error(
        ErrorCode::CertificateWithoutName,
        QStringLiteral("The peer's certificate has no name where names belong (the "
                       "subjectAltName), and \"%1\" is asked for. A common name counts for "
                       "nothing: the peer needs a certificate with the name in it.")
            .arg(wanted));
}

Error wrongName(const QString &wanted, const QList<QByteArray> &names)
{
    QStringList found;
    for (const QByteArray &name : names.mid(0, 5)) // enough to see what it is for
        found.append(QString::fromUtf8(name));
    return Error(
        ErrorCode::CertificateWrongName,
        QStringLiteral("The peer's certificate is for %1, and \"%2\" is asked for. Check the "
                       "name, or that the peer uses the right certificate.")
            .arg(found.isEmpty() ? QStringLiteral("other kinds of names")
                                 : QStringLiteral("\"%1\"").arg(found.join(u"\", \"")),
                 wanted));
}

//! \brief The name that satisfies the check, empty where none is asked for.
Result<QString> checkName(gnutls_x509_crt_t leaf, const PeerCheck &check)
{
    const CertificatePolicy &policy = check.policy;
    QStringList wanted; // one of them will do
    Wildcards wildcards = Wildcards::Refused;
    bool byAddress = false;
    if (policy.mode() == CertificateMode::PrivateAuthority) {
        if (!policy.name().isEmpty())
            wanted = {policy.name()};
    } else if (check.side == Side::Acceptor) {
        wanted = policy.diallerNames();
    } else {
        wanted = {check.dialled.text};
        wildcards = Wildcards::Accepted;
        byAddress = !check.dialled.ipAddress.isEmpty();
    }
    if (wanted.isEmpty())
        return QString();

    const QString shown = wanted.join(u"\", \"");
    const AlternativeNames names = alternativeNames(leaf);
    if (!names.readable)
        return Error(ErrorCode::CertificateMalformed,
                     QStringLiteral("The names in the peer's certificate cannot be read, or are "
                                    "too many. It must be issued again."));
    if (names.dnsNames.isEmpty() && names.ipAddresses.isEmpty())
        return withoutName(shown);
    if (byAddress) {
        if (names.ipAddresses.contains(check.dialled.ipAddress))
            return check.dialled.text;
        return wrongName(shown, names.dnsNames);
    }
    for (const QString &name : wanted) {
        const QByteArray host = wildcards == Wildcards::Accepted ? check.dialled.hostName
                                                                 : name.toUtf8();
        if (const QByteArray found = findName(names.dnsNames, host, wildcards); !found.isEmpty())
            return QString::fromUtf8(found);
    }
    return wrongName(shown, names.dnsNames);
}

} // namespace

Result<Acceptance> verifyPeer(const QList<QByteArray> &chain, const PeerCheck &check)
{
    if (const Result<void> sizes = checkSizes(chain); !sizes)
        return sizes.error();
    CertificateHandle leaf;
    const auto known = knownLeaf(chain.first(), check, leaf);
    if (!known)
        return known.error();
    const PeerId &id = known->peerId;
    if (!check.expected.isNull() && id != check.expected)
        return Error(ErrorCode::PeerIdMismatch,
                     QStringLiteral("The peer has the id %1, and %2 was expected. Either the "
                                    "address belongs to someone else now, or the peer has a new "
                                    "key: ask its owner before you accept it.")
                         .arg(id.toString(), check.expected.toString()));

    Acceptance acceptance;
    acceptance.mode = check.policy.mode();
    acceptance.peerId = id;
    acceptance.path = known->chain;
    if (acceptance.mode == CertificateMode::EncryptOnly)
        return acceptance;

    auto path = pathToAuthority(chain, leaf, check.authorities, check.now);
    if (!path)
        return path.error();
    acceptance.path = path->certificates;
    acceptance.validUntil = path->validUntil;
    if (check.expected.isNull()) {
        const Result<QString> name = checkName(leaf.get(), check);
        if (!name)
            return name.error();
        acceptance.matchedName = *name;
    }
    return acceptance;
}

quint8 alertFor(ErrorCode code)
{
    enum : quint8 {
        BadCertificate = 42,
        UnsupportedCertificate = 43,
        CertificateExpired = 45,
        CertificateUnknown = 46,
        UnknownCa = 48,
        AccessDenied = 49,
        InsufficientSecurity = 71,
        CertificateRequired = 116
    };
    switch (code) {
    case ErrorCode::CertificateMissing:
        return CertificateRequired;
    case ErrorCode::CertificateExpired:
    case ErrorCode::CertificateNotYetValid: // "has expired or is not currently valid"
        return CertificateExpired;
    case ErrorCode::CertificateUnknownAuthority:
    case ErrorCode::CertificateSelfSigned:
        return UnknownCa;
    case ErrorCode::CertificateWrongPurpose:
        return UnsupportedCertificate;
    case ErrorCode::CertificateWeakKey:
    case ErrorCode::CertificateWeakSignature:
        return InsufficientSecurity;
    case ErrorCode::CertificateWrongName:
    case ErrorCode::CertificateWithoutName:
    case ErrorCode::PeerIdMismatch:
        return CertificateUnknown;
    case ErrorCode::Blocked:
    case ErrorCode::OwnAddress:
        return AccessDenied;
    default:
        return BadCertificate;
    }
}

} // namespace Qp2p::Engine
