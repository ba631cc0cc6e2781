// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/certificates/authorityfiles.h>

#include <qp2pcore/localfile.h>
#include <qp2pcore/storage/filenames.h>

#include <QCoreApplication>

namespace Qp2p {

namespace {

struct AuthorityFilesText
{
    Q_DECLARE_TR_FUNCTIONS(Qp2p::AuthorityFiles)
};

//! The bundle of all public authorities has a quarter of a MiB.
constexpr qint64 MaxBytes = qint64(4) * 1024 * 1024;

Result<QByteArray> readFile(const QString &fileName)
{
    Result<QByteArray> content = readLocalFile(fileName, MaxBytes);
    if (content)
        return content;
    return Error(content.error().code,
                 content.error().message + u' '
                     + AuthorityFilesText::tr("It should be a PEM file with authorities."));
}

} // namespace

Result<std::shared_ptr<const Engine::TrustStore>> loadAuthorities(const CertificatePolicy &policy)
{
    if (policy.mode() == CertificateMode::EncryptOnly)
        return std::shared_ptr<const Engine::TrustStore>();
    const QStringList files = policy.authorityFiles();
    if (policy.mode() == CertificateMode::AgreedAuthority && files.isEmpty())
        return Engine::TrustStore::system();
    QList<Engine::PemSource> sources;
    for (const QString &file : files) {
        const Result<QByteArray> pem = readFile(file);
        if (!pem)
            return pem.error();
        sources.append({quoted(file), *pem});
    }
    return Engine::TrustStore::fromPem(sources);
}

} // namespace Qp2p
