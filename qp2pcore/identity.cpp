// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Who we are, as a value.
#include <qp2pcore/identity.h>

#include <qp2pcore/certificates/certificatemaker.h>
#include <qp2pcore/certificates/identitydata.h>
#include <qp2pcore/certificates/identitypem.h>
#include <qp2pcore/safetext.h>
#include <qp2pcore/storage/folders.h>
#include <qp2pcore/storage/privatefile.h>

#include <QCoreApplication>

#include <algorithm>

namespace Qp2p {

namespace {

struct IdentityText
{
    Q_DECLARE_TR_FUNCTIONS(Qp2p::Identity)
};

} // namespace

Identity::Identity() = default;
Identity::Identity(const Identity &) = default;
Identity::Identity(Identity &&) noexcept = default;
Identity &Identity::operator=(const Identity &) = default;
Identity &Identity::operator=(Identity &&) noexcept = default;
Identity::~Identity() = default;

Identity::Identity(IdentityData *data)
    : d(data)
{
}

Result<Identity> Identity::generate()
{
    const Result<Engine::X509KeyHandle> key = Engine::makeKey();
    if (!key)
        return key.error();
    // The name says nothing about the machine or its user: the certificate goes to every peer. From
    // the beginning of time, so that a peer whose clock is wrong has nothing to object to.
    Engine::CertificateContents contents;
    contents.commonName = "qp2p";
    contents.dnsNames = {"qp2p"};
    const Result<QByteArray> certificate = Engine::makeSelfSigned(key->get(), contents);
    if (!certificate)
        return certificate.error();
    auto data = Engine::checkIdentity(key->get(), {*certificate},
                                      IdentityText::tr("The new identity"));
    if (!data)
        return data.error();
    return Identity(data.value().release());
}

Result<Identity> Identity::fromPem(const QByteArray &pem, const QByteArray &passphrase,
                                   const QString &origin)
{
    auto data = Engine::readIdentity(
        pem, passphrase,
        origin.isEmpty() ? IdentityText::tr("The PEM text") : QString(u'"' + origin + u'"'));
    if (!data)
        return data.error();
    return Identity(data.value().release());
}

Result<Identity> Identity::load(const QString &fileName, const QByteArray &passphrase,
                                KeyFileAccess access)
{
    Result<QByteArray> pem = readPrivateFile(fileName, access);
    if (!pem && pem.error().code == ErrorCode::FileNotFound)
        return Error(
            ErrorCode::FileNotFound,
            IdentityText::tr("There is no identity file \"%1\". Generate an identity, or name "
                             "another file.")
                .arg(fileName));
    if (!pem)
        return pem.error();
    Result<Identity> identity = fromPem(*pem, passphrase, fileName);
    QByteArray &text = pem.value();
    gnutls_memset(text.data(), 0, static_cast<size_t>(text.size()));
    return identity;
}

Result<void> Identity::save(const QString &fileName, const QByteArray &passphrase) const
{
    if (isNull())
        return Error(ErrorCode::InvalidArgument,
                     IdentityText::tr("There is no identity to save. Generate or load one first."));
    const Result<Engine::OwnedDatum> key = Engine::keyToPem(d->keyDer.view(), passphrase);
    if (!key)
        return key.error();
    return createPrivateFile(fileName, key->view(), certificatePem());
}

Result<Identity> Identity::loadOrGenerate(const QString &fileName, const QByteArray &passphrase,
                                          KeyFileAccess access)
{
    Result<Identity> loaded = load(fileName, passphrase, access);
    if (loaded || loaded.error().code != ErrorCode::FileNotFound)
        return loaded;

    const QString folder = folderName(fileName);
    if (!makePrivateFolder(folder))
        return Error(ErrorCode::FileWriteFailed,
                     IdentityText::tr(
                         "The folder \"%1\" for a new identity cannot be made. Make it, or name "
                         "another.")
                         .arg(folder));
    Result<Identity> generated = generate();
    if (!generated)
        return generated;
    const Result<void> saved = generated->save(fileName, passphrase);
    if (saved)
        return generated;
    // Another process was faster, and its file is complete: it is the identity of both.
    if (saved.error().code == ErrorCode::FileExists)
        return load(fileName, passphrase, access);
    return saved.error();
}

Result<Identity> Identity::withCertificates(const QByteArray &pem) const
{
    if (isNull())
        return Error(ErrorCode::WrongState,
                     IdentityText::tr("There is no identity. Generate or load one."));
    const QString source = IdentityText::tr("The PEM text");
    const Result<QList<QByteArray>> chain = Engine::readCertificates(pem, source);
    if (!chain)
        return chain.error();
    const auto key = Engine::makeHandle<Engine::X509KeyHandle>(gnutls_x509_privkey_init);
    if (!key
        || gnutls_x509_privkey_import2(key.get(), d->keyDer.get(), GNUTLS_X509_FMT_DER, nullptr, 0)
            < 0)
        return Error(
            ErrorCode::Unsupported,
            IdentityText::tr("GnuTLS could not read the key again. Generate or load another."));
    auto data = Engine::checkIdentity(key.get(), *chain, source);
    if (!data)
        return data.error();
    return Identity(data.value().release());
}

Result<Identity> Identity::withDisplayName(const QString &displayName) const
{
    if (isNull())
        return Error(ErrorCode::WrongState,
                     IdentityText::tr("There is no identity. Generate or load one."));
    const QList<uint> characters = displayName.toUcs4();
    if (characters.isEmpty() || characters.size() > MaxDisplayName
        || displayName.trimmed() != displayName
        || !std::all_of(characters.cbegin(), characters.cend(),
                        [](uint character) { return isSafeToShow(character); }))
        return Error(
            ErrorCode::InvalidArgument,
            IdentityText::tr("A display name has 1 to %1 visible characters, and no space at "
                             "its beginning or end.")
                .arg(MaxDisplayName));
    const auto key = Engine::makeHandle<Engine::X509KeyHandle>(gnutls_x509_privkey_init);
    if (!key
        || gnutls_x509_privkey_import2(key.get(), d->keyDer.get(), GNUTLS_X509_FMT_DER, nullptr, 0)
            < 0)
        return Error(
            ErrorCode::Unsupported,
            IdentityText::tr("GnuTLS could not read the key again. Generate or load another."));
    // No subjectAltName: those are for names that can be checked.
    Engine::CertificateContents contents;
    contents.commonName = displayName.toUtf8();
    const Result<QByteArray> certificate = Engine::makeSelfSigned(key.get(), contents);
    if (!certificate)
        return certificate.error();
    auto data = Engine::checkIdentity(key.get(), {*certificate},
                                      IdentityText::tr("The new certificate"));
    if (!data)
        return data.error();
    return Identity(data.value().release());
}

bool Identity::isNull() const
{
    return !d;
}

PeerId Identity::peerId() const
{
    return d ? d->peerId : PeerId();
}

QList<QByteArray> Identity::certificates() const
{
    return d ? d->chain : QList<QByteArray>();
}

QByteArray Identity::certificatePem() const
{
    return Engine::chainToPem(certificates());
}

QByteArray Identity::privateKeyDer() const
{
    return d ? d->keyDer.toByteArray() : QByteArray();
}

QString Identity::keyDescription() const
{
    return d ? d->keyDescription : QString();
}

} // namespace Qp2p
