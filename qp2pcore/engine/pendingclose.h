// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Why a connection must end, found where it cannot be ended: inside a callback, or by its protocol.
#pragma once

#include <qp2pcore/result.h>

#include <ngtcp2/ngtcp2.h>

#include <QByteArray>

#include <optional>

namespace Qp2p::Engine {

//! \brief What the peer is sent, and what this side reports, once the call under way has returned. The latest
//! call counts.
class PendingClose
{
public:
    void setApplicationError(quint64 code, const QByteArray &reason, const Error &cause)
    {
        set(reason, cause);
        ngtcp2_ccerr_set_application_error(&*m_ccerr, code, reasonBytes(), reasonSize());
    }
    void setTransportError(quint64 code, const Error &cause)
    {
        set({}, cause);
        ngtcp2_ccerr_set_transport_error(&*m_ccerr, code, nullptr, 0);
    }
    void setTlsAlert(quint8 alert, const QByteArray &reason, const Error &cause)
    {
        set(reason, cause);
        ngtcp2_ccerr_set_tls_alert(&*m_ccerr, alert, reasonBytes(), reasonSize());
    }

    bool isSet() const { return m_ccerr.has_value(); }
    const Error &cause() const { return m_cause; }
    //! Points into this object.
    const std::optional<ngtcp2_ccerr> &ccerr() const { return m_ccerr; }

private:
    void set(const QByteArray &reason, const Error &cause)
    {
        m_cause = cause;
        m_reason = reason;
        m_ccerr.emplace();
    }
    const quint8 *reasonBytes() const
    {
        return m_reason.isEmpty() ? nullptr
                                  : reinterpret_cast<const quint8 *>(m_reason.constData());
    }
    size_t reasonSize() const { return size_t(m_reason.size()); }

    Error m_cause;
    QByteArray m_reason;
    std::optional<ngtcp2_ccerr> m_ccerr;
};

} // namespace Qp2p::Engine
