// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/certificateinfo.h>

#include <qp2pcore/certificates/certificates.h>
#include <qp2pcore/certificates/certificatetext.h>

#include <QCryptographicHash>
#include <QHostAddress>
#include <QtEndian>

#include <array>
#include <cstring>

namespace Qp2p {

namespace {

QDateTime utc(std::time_t seconds)
{
    return QDateTime::fromSecsSinceEpoch(seconds, Qt::UTC);
}

QString addressText(const QByteArray &bytes)
{
    if (bytes.size() == 4)
        return QHostAddress(qFromBigEndian<quint32>(bytes.constData())).toString();
    if (bytes.size() == 16)
        return QHostAddress(reinterpret_cast<const quint8 *>(bytes.constData())).toString();
    return QString::fromLatin1(bytes.toHex());
}

QString keyText(gnutls_pubkey_t key)
{
    if (const Result<QString> kind = Engine::describeKey(key))
        return *kind;
    unsigned bits = 0;
    const int algorithm = gnutls_pubkey_get_pk_algorithm(key, &bits);
    const char *name = gnutls_pk_algorithm_get_name(static_cast<gnutls_pk_algorithm_t>(algorithm));
    return QStringLiteral("%1 %2").arg(QString::fromLatin1(name ? name : "?")).arg(bits);
}

} // namespace

QString CertificateInfo::fingerprintText() const
{
    return QString::fromLatin1(fingerprint.toHex(':').toUpper());
}

Result<CertificateInfo> CertificateInfo::fromDer(QByteArrayView der)
{
    const auto imported = Engine::importCertificate(der);
    if (!imported)
        return imported.error();
    gnutls_x509_crt_t certificate = imported->get();
    CertificateInfo info;
    info.subject = Engine::subjectText(certificate);
    info.issuer = Engine::issuerText(certificate);
    const Engine::AlternativeNames names = Engine::alternativeNames(certificate);
    for (const QByteArray &name : names.dnsNames)
        info.names.append(QString::fromUtf8(name));
    for (const QByteArray &address : names.ipAddresses)
        info.names.append(addressText(address));
    info.validFrom = utc(gnutls_x509_crt_get_activation_time(certificate));
    info.validUntil = utc(gnutls_x509_crt_get_expiration_time(certificate));
    const auto key = Engine::makeHandle<Engine::PublicKeyHandle>(gnutls_pubkey_init);
    if (key && gnutls_pubkey_import_x509(key.get(), certificate, 0) >= 0) {
        info.key = keyText(key.get());
        info.peerId = Engine::peerIdOfKey(key.get());
    }
    const int algorithm = gnutls_x509_crt_get_signature_algorithm(certificate);
    const char *name = gnutls_sign_get_name(static_cast<gnutls_sign_algorithm_t>(algorithm));
    info.signature = QString::fromLatin1(name ? name : "?");
    std::array<char, 64> serial{};
    size_t size = serial.size();
    if (gnutls_x509_crt_get_serial(certificate, serial.data(), &size) >= 0)
        info.serialNumber = QByteArray(serial.data(), qsizetype(size));
    info.fingerprint = QCryptographicHash::hash(der, QCryptographicHash::Sha256);
    info.isAuthority = gnutls_x509_crt_get_ca_status(certificate, nullptr) > 0;
    info.isSelfSigned = gnutls_x509_crt_check_issuer(certificate, certificate) != 0;
    return info;
}

} // namespace Qp2p
