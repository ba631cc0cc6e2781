// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "certificatefields.h"

#include <qp2pcore/safetext.h>

#include <QCoreApplication>
#include <QJsonArray>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

struct Text
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
        text += Text::tr(", by %1").arg(authority->subject);
    if (!acceptance.matchedName.isEmpty())
        text += Text::tr(", for the name %1").arg(acceptance.matchedName);
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
    const QString until = info.hasNoExpiry() ? Text::tr("without end") : date(info.validUntil);
    QStringList lines{
        Text::tr("Subject:     %1").arg(safeText(info.subject)),
        info.isSelfSigned ? Text::tr("Issuer:      itself")
                          : Text::tr("Issuer:      %1").arg(safeText(info.issuer)),
        Text::tr("Names:       %1")
            .arg(info.names.isEmpty() ? Text::tr("none") : safeText(info.names.join(u", "_s))),
        Text::tr("Valid:       %1 to %2").arg(date(info.validFrom), until),
        Text::tr("Key:         %1, signed with %2").arg(info.key, info.signature),
        Text::tr("Fingerprint: %1").arg(info.fingerprintText()),
        Text::tr("Peer id:     %1").arg(info.peerId.toString()),
    };
    if (info.isAuthority)
        lines.append(Text::tr("Use:         an authority, which may sign others"));
    return lines;
}
