// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Why a connection must end, found where it cannot be ended: inside a callback, or by its protocol.
#pragma once

#include <qp2pcore/result.h>

#include <ngtcp2/ngtcp2.h>

#include <QByteArray>

#include <memory>

namespace Qp2p::Engine {

//! \brief What the peer is sent, and what this side reports, once the call under way has returned. The latest
//! call counts.
class PendingClose
{
public:
    void setApplicationError(quint64 code, const QByteArray &reason, const Error &cause)
    {
        set(reason, cause);
        ngtcp2_ccerr_set_application_error(&m_close->ccerr, code, reasonBytes(), reasonSize());
    }
    void setTransportError(quint64 code, const Error &cause)
    {
        set({}, cause);
        ngtcp2_ccerr_set_transport_error(&m_close->ccerr, code, nullptr, 0);
    }
    void setTlsAlert(quint8 alert, const QByteArray &reason, const Error &cause)
    {
        set(reason, cause);
        ngtcp2_ccerr_set_tls_alert(&m_close->ccerr, alert, reasonBytes(), reasonSize());
    }

    bool isSet() const { return m_close != nullptr; }
    //! No error where it is not set.
    Error cause() const { return m_close ? m_close->cause : Error(); }
    //! Part of this object; null where it is not set.
    const ngtcp2_ccerr *ccerr() const { return m_close ? &m_close->ccerr : nullptr; }

private:
    void set(const QByteArray &reason, const Error &cause)
    {
        m_close = std::make_unique<Close>(Close{cause, reason, {}});
    }
    const quint8 *reasonBytes() const
    {
        const QByteArray &reason = m_close->reason;
        return reason.isEmpty() ? nullptr : reinterpret_cast<const quint8 *>(reason.constData());
    }
    size_t reasonSize() const { return size_t(m_close->reason.size()); }

    struct Close
    {
        Error cause;
        QByteArray reason;
        ngtcp2_ccerr ccerr;
    };
    std::unique_ptr<Close> m_close; // most connections never need it
};

} // namespace Qp2p::Engine
