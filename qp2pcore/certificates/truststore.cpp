// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/certificates/truststore.h>

#include <qp2pcore/certificates/certificatetext.h>
#include <qp2pcore/certificates/gnutlshandles.h>

#include <QCoreApplication>

#include <vector>

namespace Qp2p::Engine {

namespace {

struct TrustStoreText
{
    Q_DECLARE_TR_FUNCTIONS(Qp2p::TrustStore)
};

//! All certificates of one PEM text; GnuTLS allocates the array and each of them.
Result<std::vector<CertificateHandle>> readCertificates(const PemSource &source)
{
    gnutls_x509_crt_t *raw = nullptr;
    unsigned count = 0;
    const gnutls_datum_t datum = borrowedDatum(source.pem);
    const int rv = gnutls_x509_crt_list_import2(&raw, &count, &datum, GNUTLS_X509_FMT_PEM, 0);
    if (rv == GNUTLS_E_NO_CERTIFICATE_FOUND)
        return Error(
            ErrorCode::NoAuthorities,
            TrustStoreText::tr("%1 has no certificate. Name a PEM file with the certificates of "
                               "authorities.")
                .arg(source.origin));
    if (rv < 0)
        return Error(
            ErrorCode::InvalidPem,
            TrustStoreText::tr("A certificate in %1 cannot be read (%2). Name a PEM file with the "
                               "certificates of authorities.")
                .arg(source.origin, QString::fromUtf8(gnutls_strerror(rv))));
    std::vector<CertificateHandle> certificates;
    for (unsigned i = 0; i < count; ++i)
        certificates.emplace_back(raw[i]);
    gnutls_free(raw);
    return certificates;
}

} // namespace

Result<std::shared_ptr<const TrustStore>> TrustStore::fromPem(const QList<PemSource> &sources)
{
    std::shared_ptr<TrustStore> store(new TrustStore);
    if (gnutls_x509_trust_list_init(&store->m_list, 0) < 0)
        return Error(
            ErrorCode::Unsupported,
            TrustStoreText::tr("GnuTLS has no memory for authorities. Close other programs."));
    for (const PemSource &source : sources) {
        auto certificates = readCertificates(source);
        if (!certificates)
            return certificates.error();
        for (CertificateHandle &certificate : certificates.value()) {
            if (gnutls_x509_crt_get_ca_status(certificate.get(), nullptr) <= 0)
                return Error(ErrorCode::NotAnAuthority,
                             TrustStoreText::tr(
                                 "%1 has a certificate that is no authority's (%2): it may not "
                                 "sign others. Name the certificate of the authority that has "
                                 "signed it.")
                                 .arg(source.origin, subjectText(certificate.get())));
            gnutls_x509_crt_t raw = certificate.get();
            const int added = gnutls_x509_trust_list_add_cas(store->m_list, &raw, 1,
                                                             GNUTLS_TL_NO_DUPLICATES);
            if (added > 0) // owned by the list now
                static_cast<void>(certificate.release());
            store->m_size += added > 0 ? 1 : 0;
        }
    }
    if (store->m_size == 0)
        return Error(ErrorCode::NoAuthorities,
                     TrustStoreText::tr(
                         "No authority is given, so no peer could be accepted. Name a PEM file "
                         "with at least one."));
    return std::shared_ptr<const TrustStore>(std::move(store));
}

Result<std::shared_ptr<const TrustStore>> TrustStore::system()
{
    std::shared_ptr<TrustStore> store(new TrustStore);
    if (gnutls_x509_trust_list_init(&store->m_list, 0) < 0)
        return Error(
            ErrorCode::Unsupported,
            TrustStoreText::tr("GnuTLS has no memory for authorities. Close other programs."));
    store->m_size = gnutls_x509_trust_list_add_system_trust(store->m_list, 0, 0);
    if (store->m_size <= 0)
        return Error(
            ErrorCode::NoAuthorities,
            TrustStoreText::tr("This system has no trust store with authorities. Install one (on "
                               "Debian the package ca-certificates), or name a bundle."));
    return std::shared_ptr<const TrustStore>(std::move(store));
}

TrustStore::~TrustStore()
{
    if (m_list)
        gnutls_x509_trust_list_deinit(m_list, 1);
}

} // namespace Qp2p::Engine
