// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/certificatepolicy.h>

#include <QCoreApplication>
#include <QSharedData>

#include <algorithm>

namespace Qp2p {

class CertificatePolicyData : public QSharedData
{
public:
    CertificateMode mode = CertificateMode::EncryptOnly;
    QStringList authorityFiles;
    QString name;
    QStringList diallerNames;
};

namespace {

struct CertificatePolicyText
{
    Q_DECLARE_TR_FUNCTIONS(Qp2p::CertificatePolicy)
};

constexpr qsizetype MaxNameBytes = 253; // RFC 1035, as text

//! What can stand in a certificate as a DNS name.
Result<void> checkPeerName(const QString &name)
{
    const bool isPlain = std::all_of(name.begin(), name.end(), [](QChar c) {
        return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9')
            || c == u'-' || c == u'.' || c == u'_';
    });
    if (!name.isEmpty() && isPlain && name.size() <= MaxNameBytes)
        return {};
    return Error(ErrorCode::InvalidArgument,
                 CertificatePolicyText::tr(
                     "\"%1\" cannot be the name in a certificate. Use letters from a to z, digits, "
                     "hyphens, dots and underscores, 253 of them at most.")
                     .arg(name.left(MaxNameBytes)));
}

} // namespace

CertificatePolicy::CertificatePolicy()
    : d(new CertificatePolicyData)
{
}

CertificatePolicy::CertificatePolicy(const CertificatePolicy &) = default;
CertificatePolicy::CertificatePolicy(CertificatePolicy &&) noexcept = default;
CertificatePolicy &CertificatePolicy::operator=(const CertificatePolicy &) = default;
CertificatePolicy &CertificatePolicy::operator=(CertificatePolicy &&) noexcept = default;
CertificatePolicy::~CertificatePolicy() = default;

CertificatePolicy CertificatePolicy::encryptOnly()
{
    return {};
}

CertificatePolicy CertificatePolicy::agreedAuthority(const QStringList &bundleFiles)
{
    CertificatePolicy policy;
    policy.d->mode = CertificateMode::AgreedAuthority;
    policy.d->authorityFiles = bundleFiles;
    return policy;
}

CertificatePolicy CertificatePolicy::privateAuthority(const QStringList &authorityFiles,
                                                      const QString &name)
{
    CertificatePolicy policy;
    policy.d->mode = CertificateMode::PrivateAuthority;
    policy.d->authorityFiles = authorityFiles;
    policy.d->name = name;
    return policy;
}

CertificateMode CertificatePolicy::mode() const
{
    return d->mode;
}

QStringList CertificatePolicy::authorityFiles() const
{
    return d->authorityFiles;
}

QString CertificatePolicy::name() const
{
    return d->name;
}

QStringList CertificatePolicy::diallerNames() const
{
    return d->diallerNames;
}

void CertificatePolicy::setDiallerNames(const QStringList &names)
{
    d->diallerNames = names;
}

Result<void> CertificatePolicy::validate() const
{
    if (d->mode == CertificateMode::PrivateAuthority && d->authorityFiles.isEmpty())
        return Error(ErrorCode::InvalidArgument,
                     CertificatePolicyText::tr(
                         "A private authority is asked for, and none is given. Name the PEM "
                         "file with its certificate."));
    if (!d->name.isEmpty()) {
        if (const Result<void> name = checkPeerName(d->name); !name)
            return name;
    }
    if (!d->diallerNames.isEmpty() && d->mode != CertificateMode::AgreedAuthority)
        return Error(ErrorCode::InvalidArgument,
                     CertificatePolicyText::tr(
                         "Names of diallers can be asked for in the mode AgreedAuthority "
                         "only."));
    for (const QString &name : d->diallerNames) {
        if (const Result<void> checked = checkPeerName(name); !checked)
            return checked;
    }
    return {};
}

bool operator==(const CertificatePolicy &a, const CertificatePolicy &b)
{
    return a.d->mode == b.d->mode && a.d->authorityFiles == b.d->authorityFiles
        && a.d->name == b.d->name && a.d->diallerNames == b.d->diallerNames;
}

} // namespace Qp2p
