// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Which peers are accepted by their certificate.
#pragma once

#include <qp2pcore/qp2pcore_export.h>

#include <QMetaType>
#include <QtGlobal>

namespace Qp2p {

//! \brief The rule by which a peer's certificate is judged, the same for dialling and being dialled.
class CertificatePolicy
{
public:
    enum class Mode {
        //! Possession of the key is proven; key and signature strength, sizes and X.509 v3 are
        //! checked; no authority, name or date is asked. The peer id says who it is.
        EncryptOnly,
    };

    static CertificatePolicy encryptOnly() { return CertificatePolicy(Mode::EncryptOnly); }

    Mode mode() const { return m_mode; }

    friend bool operator==(const CertificatePolicy &, const CertificatePolicy &) = default;

private:
    explicit CertificatePolicy(Mode mode)
        : m_mode(mode)
    {
    }
    Mode m_mode;
};

} // namespace Qp2p
