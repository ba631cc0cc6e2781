// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/authorityfiles_p.h>

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

namespace Qp2p {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Qp2p::AuthorityFiles)
};

//! The bundle of all public authorities has a quarter of a MiB.
constexpr qint64 MaxBytes = qint64(4) * 1024 * 1024;

QString quoted(const QString &fileName)
{
    return u'"' + fileName + u'"';
}

Result<QByteArray> readFile(const QString &fileName)
{
    const QFileInfo info(fileName);
    if (fileName.contains(QChar::Null) || !info.exists())
        return Error(
            ErrorCode::FileNotFound,
            Text::tr("There is no file %1 with authorities. Check its name.").arg(quoted(fileName)));
    // /dev/zero never ends, and a FIFO waits for a writer.
    if (!info.isFile())
        return Error(ErrorCode::FileUnreadable,
                     Text::tr("%1 is not a regular file. Name a PEM file with authorities.")
                         .arg(quoted(fileName)));
    QFile file(fileName);
    if (!file.open(QFile::ReadOnly | QFile::Unbuffered))
        return Error(ErrorCode::FileUnreadable,
                     Text::tr("The file %1 with authorities cannot be read: %2.")
                         .arg(quoted(fileName), file.errorString()));
    const QByteArray content = file.read(MaxBytes + 1);
    if (file.error() != QFile::NoError)
        return Error(ErrorCode::FileUnreadable,
                     Text::tr("The file %1 with authorities cannot be read: %2.")
                         .arg(quoted(fileName), file.errorString()));
    if (content.size() > MaxBytes)
        return Error(ErrorCode::FileUnreadable,
                     Text::tr("The file %1 has more than 4 MiB: too much for authorities. Check "
                              "that it is the right file.")
                         .arg(quoted(fileName)));
    return content;
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
