// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/authority.h>

#include <qp2pcore/certificates/certificatemaker.h>
#include <qp2pcore/certificates/certificates.h>
#include <qp2pcore/certificates/dialledname.h>
#include <qp2pcore/certificates/identitydata.h>
#include <qp2pcore/certificates/identitypem.h>
#include <qp2pcore/storage/privatefile.h>

#include <QCoreApplication>
#include <QHostAddress>

#include <algorithm>
#include <array>

namespace Qp2p {

namespace {

struct AuthorityText
{
    Q_DECLARE_TR_FUNCTIONS(Qp2p::Authority)
};

using std::chrono::days;

constexpr qint64 SecondsPerDay = 86'400;
constexpr qint64 AuthorityDays = 20 * 365;

Error invalid(const QString &message)
{
    return Error(ErrorCode::InvalidArgument, message);
}

Result<void> checkAuthorityName(const QString &name)
{
    // A common name has at most 64 characters (RFC 5280 appendix A.1), a label of a DNS name 63.
    constexpr qsizetype MaxName = 64;
    constexpr qsizetype MaxLabel = 63;
    const bool isPlain = std::all_of(name.begin(), name.end(), [](QChar c) {
        return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9')
            || c == u'-' || c == u'.' || c == u'_';
    });
    const QStringList labels = name.split(u'.');
    const bool hasOddLabel = std::any_of(labels.begin(), labels.end(), [](const QString &label) {
        return label.isEmpty() || label.size() > MaxLabel;
    });
    if (isPlain && !hasOddLabel && name.size() <= MaxName)
        return {};
    return invalid(AuthorityText::tr(
                       "\"%1\" cannot be a name in a certificate. Use letters from a to z, digits, "
                       "hyphens, dots between them and underscores, 64 at most.")
                       .arg(name.left(MaxName)));
}

Result<void> addName(const QString &name, Engine::CertificateContents &contents)
{
    // QHostAddress also reads "2024" and "10.1", which are good names, as addresses.
    const bool isFullAddress = name.contains(u':') || name.count(u'.') == 3;
    if (const QHostAddress address(name); isFullAddress && !address.isNull()) {
        contents.ipAddresses.append(dialledName(PeerAddress(address, 1)).ipAddress);
        return {};
    }
    if (const Result<void> checked = checkAuthorityName(name); !checked)
        return checked;
    if (!contents.dnsNames.contains(name.toUtf8()))
        contents.dnsNames.append(name.toUtf8());
    return {};
}

Result<Engine::CertificateContents> contentsFor(const Authority &authority,
                                                const Authority::Terms &terms)
{
    if (authority.isNull())
        return Error(ErrorCode::WrongState,
                     AuthorityText::tr("There is no authority. Create or load one."));
    Engine::CertificateContents contents;
    contents.commonName = terms.peerName.toUtf8();
    if (const Result<void> name = checkAuthorityName(terms.peerName); !name)
        return name.error();
    for (const QString &name : QStringList{authority.name(), terms.peerName} + terms.furtherNames) {
        if (const Result<void> added = addName(name, contents); !added)
            return added.error();
    }
    if (terms.validity < days(1))
        return invalid(AuthorityText::tr("A certificate must be valid for a day at least."));
    const qint64 now = terms.now.toSecsSinceEpoch();
    const qint64 end = authority.validUntil().toSecsSinceEpoch();
    if (now >= end)
        return Error(
            ErrorCode::WrongState,
            AuthorityText::tr("The authority \"%1\" expired on %2. Make a new one and give its "
                              "certificate to all peers.")
                .arg(authority.name(), authority.validUntil().toString(Qt::ISODate)));
    contents.validFrom = now - SecondsPerDay; // the clocks of peers differ
    contents.validUntil = terms.validity.count() >= (end - now) / SecondsPerDay
        ? end
        : now + qint64(terms.validity.count()) * SecondsPerDay;
    return contents;
}

} // namespace

Authority::Authority() = default;
Authority::Authority(const Authority &) = default;
Authority::Authority(Authority &&) noexcept = default;
Authority &Authority::operator=(const Authority &) = default;
Authority &Authority::operator=(Authority &&) noexcept = default;
Authority::~Authority() = default;

Authority::Authority(IdentityData *data)
    : d(data)
{
}

Result<Authority> Authority::create(const QString &name, const QDateTime &now)
{
    if (const Result<void> checked = checkAuthorityName(name); !checked)
        return checked.error();
    const Result<Engine::X509KeyHandle> key = Engine::makeKey();
    if (!key)
        return key.error();
    Engine::CertificateContents contents;
    contents.kind = Engine::CertificateContents::Kind::Authority;
    contents.commonName = name.toUtf8();
    contents.validFrom = now.toSecsSinceEpoch() - SecondsPerDay;
    contents.validUntil = now.toSecsSinceEpoch() + AuthorityDays * SecondsPerDay;
    const Result<QByteArray> certificate = Engine::makeSelfSigned(key->get(), contents);
    if (!certificate)
        return certificate.error();
    auto data = Engine::checkIdentity(key->get(), {*certificate},
                                      AuthorityText::tr("The new authority"),
                                      Engine::IdentityUse::Authority);
    if (!data)
        return data.error();
    return Authority(data.value().release());
}

Result<Authority> Authority::load(const QString &fileName, const QByteArray &passphrase,
                                  KeyFileAccess access)
{
    Result<QByteArray> pem = readPrivateFile(fileName, access);
    if (!pem)
        return pem.error();
    auto data = Engine::readIdentity(*pem, passphrase, u'"' + fileName + u'"',
                                     Engine::IdentityUse::Authority);
    QByteArray &text = pem.value();
    gnutls_memset(text.data(), 0, static_cast<size_t>(text.size()));
    if (!data)
        return data.error();
    return Authority(data.value().release());
}

Result<void> Authority::save(const QString &fileName, const QByteArray &passphrase) const
{
    if (isNull())
        return invalid(
            AuthorityText::tr("There is no authority to save. Create or load one first."));
    const Result<Engine::OwnedDatum> key = Engine::keyToPem(d->keyDer.view(), passphrase);
    if (!key)
        return key.error();
    return createPrivateFile(fileName, key->view(), certificatePem());
}

bool Authority::isNull() const
{
    return !d;
}

QString Authority::name() const
{
    if (isNull())
        return {};
    const auto certificate = Engine::importCertificate(d->chain.first());
    std::array<char, 256> name{};
    size_t size = name.size();
    if (!certificate
        || gnutls_x509_crt_get_dn_by_oid(certificate->get(), GNUTLS_OID_X520_COMMON_NAME, 0, 0,
                                         name.data(), &size)
            < 0)
        return {};
    return QString::fromUtf8(name.data(), qsizetype(size));
}

QDateTime Authority::validUntil() const
{
    if (isNull())
        return {};
    const auto certificate = Engine::importCertificate(d->chain.first());
    if (!certificate)
        return {};
    return QDateTime::fromSecsSinceEpoch(gnutls_x509_crt_get_expiration_time(certificate->get()),
                                         Qt::UTC);
}

QByteArray Authority::certificatePem() const
{
    return isNull() ? QByteArray() : Engine::chainToPem({d->chain.first()});
}

Result<Identity> Authority::issue(const Terms &terms) const
{
    const Result<Identity> made = Identity::generate();
    if (!made)
        return made;
    const Result<QByteArray> certificate = issueFor(made->certificatePem(), terms);
    if (!certificate)
        return certificate.error();
    return made->withCertificates(*certificate);
}

Result<QByteArray> Authority::issueFor(const QByteArray &certificatePem, const Terms &terms) const
{
    const Result<Engine::CertificateContents> contents = contentsFor(*this, terms);
    if (!contents)
        return contents.error();
    const Result<QList<QByteArray>> theirs = Engine::readCertificates(
        certificatePem, AuthorityText::tr("The certificate"));
    if (!theirs)
        return theirs.error();
    const auto peer = Engine::importCertificate(theirs->first());
    const auto own = Engine::importCertificate(d->chain.first());
    if (!peer)
        return peer.error();
    if (!own)
        return own.error();
    const auto publicKey = Engine::makeHandle<Engine::PublicKeyHandle>(gnutls_pubkey_init);
    const auto key = Engine::makeHandle<Engine::X509KeyHandle>(gnutls_x509_privkey_init);
    if (!publicKey || !key || gnutls_pubkey_import_x509(publicKey.get(), peer->get(), 0) < 0
        || gnutls_x509_privkey_import2(key.get(), d->keyDer.get(), GNUTLS_X509_FMT_DER, nullptr, 0)
            < 0)
        return Error(ErrorCode::InvalidPem,
                     AuthorityText::tr(
                         "The key in the certificate cannot be read. It must be issued again."));
    if (const Result<QString> kind = Engine::describeKey(publicKey.get()); !kind)
        return kind.error();
    const Result<QByteArray> certificate = Engine::makeSigned(publicKey.get(), *contents,
                                                              own->get(), key.get());
    if (!certificate)
        return certificate.error();
    if (certificate->size() > Engine::MaxCertificateBytes)
        return invalid(AuthorityText::tr(
                           "With so many names the certificate has %1 bytes, and no peer accepts "
                           "more than %2. Leave some out.")
                           .arg(QString::number(certificate->size()),
                                QString::number(Engine::MaxCertificateBytes)));
    return Engine::chainToPem({*certificate});
}

} // namespace Qp2p
