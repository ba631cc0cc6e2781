// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/certificates/certificatetext.h>

#include <qp2pcore/certificates/gnutlshandles.h>

#include <gnutls/x509-ext.h>

#include <algorithm>

namespace Qp2p::Engine {

namespace {

constexpr qsizetype MaxText = 200;
constexpr char SubjectAlternativeName[] = "2.5.29.17";

using NamesHandle = Handle<gnutls_subject_alt_names_t, gnutls_subject_alt_names_deinit>;

QString shortened(const OwnedDatum &name)
{
    const QString text = QString::fromUtf8(name.view());
    return text.size() <= MaxText ? text : text.left(MaxText) + QStringLiteral("…");
}

//! How many elements the outermost DER sequence of \a extension has, without trusting a length of it;
//! more than \a limit are not counted.
unsigned countElements(QByteArrayView extension, unsigned limit)
{
    const auto header =
        [&](qsizetype at) -> std::pair<qsizetype, qsizetype> { // its size, and of its content
        if (at + 2 > extension.size())
            return {0, 0};
        const auto first = quint8(extension[at + 1]);
        if (first < 0x80)
            return {2, first};
        const qsizetype bytes = first & 0x7f;
        if (bytes == 0 || bytes > 2 || at + 2 + bytes > extension.size())
            return {0, 0};
        qsizetype length = 0;
        for (qsizetype i = 0; i < bytes; ++i)
            length = length * 256 + quint8(extension[at + 2 + i]);
        return {2 + bytes, length};
    };
    unsigned count = 0;
    qsizetype at = header(0).first;
    while (at > 0 && at < extension.size() && count <= limit) {
        const auto [size, length] = header(at);
        if (size == 0)
            break;
        at += size + length;
        ++count;
    }
    return count;
}

bool isWildcardMatch(const QByteArray &pattern, const QByteArray &name)
{
    if (!pattern.startsWith("*.") || pattern.count('.') < 2)
        return false;
    const qsizetype dot = name.indexOf('.');
    return dot > 0 && name.mid(dot) == pattern.mid(1);
}

} // namespace

QString subjectText(gnutls_x509_crt_t certificate)
{
    OwnedDatum name;
    return gnutls_x509_crt_get_dn3(certificate, name.out(), 0) < 0 ? QString() : shortened(name);
}

QString issuerText(gnutls_x509_crt_t certificate)
{
    OwnedDatum name;
    return gnutls_x509_crt_get_issuer_dn3(certificate, name.out(), 0) < 0 ? QString()
                                                                          : shortened(name);
}

AlternativeNames alternativeNames(gnutls_x509_crt_t certificate)
{
    AlternativeNames found;
    OwnedDatum extension;
    unsigned critical = 0;
    const int rv = gnutls_x509_crt_get_extension_by_oid2(certificate, SubjectAlternativeName, 0,
                                                         extension.out(), &critical);
    if (rv == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
        return found;
    const auto names = makeHandle<NamesHandle>(gnutls_subject_alt_names_init);
    if (rv < 0 || !names
        || countElements(extension.view(), AlternativeNames::MaxCount) > AlternativeNames::MaxCount
        || gnutls_x509_ext_import_subject_alt_names(extension.get(), names.get(), 0) < 0) {
        found.readable = false;
        return found;
    }
    for (unsigned i = 0; i < AlternativeNames::MaxCount; ++i) {
        unsigned type = 0;
        gnutls_datum_t name{nullptr, 0};
        if (gnutls_subject_alt_names_get(names.get(), i, &type, &name, nullptr) < 0)
            break;
        const QByteArray bytes(reinterpret_cast<const char *>(name.data), qsizetype(name.size));
        if (type == GNUTLS_SAN_DNSNAME)
            found.dnsNames.append(bytes);
        else if (type == GNUTLS_SAN_IPADDRESS)
            found.ipAddresses.append(bytes);
    }
    return found;
}

QByteArray findName(const QList<QByteArray> &names, const QByteArray &name, Wildcards wildcards)
{
    const QByteArray wanted = name.toLower();
    const auto found = std::find_if(names.begin(), names.end(), [&](const QByteArray &candidate) {
        const QByteArray its = candidate.toLower();
        return its == wanted || (wildcards == Wildcards::Accepted && isWildcardMatch(its, wanted));
    });
    return found == names.end() || wanted.isEmpty() ? QByteArray() : *found;
}

} // namespace Qp2p::Engine
