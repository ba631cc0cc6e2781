// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "certificatefields.h"

#include <qp2pcore/safetext.h>

#include <QCoreApplication>
#include <QJsonArray>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

struct CertificateFieldsText
{
    Q_DECLARE_TR_FUNCTIONS(CertificateFields)
};

QString date(const QDateTime &time)
{
    return time.toString(Qt::ISODate);
}

} // namespace

QString modeName(CertificateMode mode)
{
    switch (mode) {
    case CertificateMode::AgreedAuthority:
        return u"agreed-authority"_s;
    case CertificateMode::PrivateAuthority:
        return u"private-authority"_s;
    case CertificateMode::EncryptOnly:
        break;
    }
    return u"encrypt-only"_s;
}

QString acceptanceText(const Acceptance &acceptance)
{
    QString text = modeName(acceptance.mode);
    if (const auto authority = CertificateInfo::fromDer(acceptance.authority()))
        text += CertificateFieldsText::tr(", by %1").arg(authority->subject);
    if (!acceptance.matchedName.isEmpty())
        text += CertificateFieldsText::tr(", for the name %1").arg(acceptance.matchedName);
    return text;
}

QJsonObject certificateFields(const CertificateInfo &info)
{
    return {
        {u"subject"_s, info.subject},
        {u"issuer"_s, info.issuer},
        {u"names"_s, QJsonArray::fromStringList(info.names)},
        {u"validFrom"_s, date(info.validFrom)},
        {u"validUntil"_s, date(info.validUntil)},
        {u"key"_s, info.key},
        {u"signature"_s, info.signature},
        {u"serialNumber"_s, QString::fromLatin1(info.serialNumber.toHex())},
        {u"fingerprint"_s, info.fingerprintText()},
        {u"peerId"_s, info.peerId.toString()},
        {u"authority"_s, info.isAuthority},
        {u"selfSigned"_s, info.isSelfSigned},
    };
}

QStringList certificateLines(const CertificateInfo &info)
{
    const QString until = info.hasNoExpiry() ? CertificateFieldsText::tr("without end")
                                             : date(info.validUntil);
    QStringList lines{
        CertificateFieldsText::tr("Subject:     %1").arg(safeText(info.subject)),
        info.isSelfSigned ? CertificateFieldsText::tr("Issuer:      itself")
                          : CertificateFieldsText::tr("Issuer:      %1").arg(safeText(info.issuer)),
        CertificateFieldsText::tr("Names:       %1")
            .arg(info.names.isEmpty() ? CertificateFieldsText::tr("none")
                                      : safeText(info.names.join(u", "_s))),
        CertificateFieldsText::tr("Valid:       %1 to %2").arg(date(info.validFrom), until),
        CertificateFieldsText::tr("Key:         %1, signed with %2").arg(info.key, info.signature),
        CertificateFieldsText::tr("Fingerprint: %1").arg(info.fingerprintText()),
        CertificateFieldsText::tr("Peer id:     %1").arg(info.peerId.toString()),
    };
    if (info.isAuthority)
        lines.append(CertificateFieldsText::tr("Use:         an authority, which may sign others"));
    return lines;
}
