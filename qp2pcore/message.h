// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The value that peers exchange: header, destination and payload bytes.
#pragma once

#include <qp2pcore/qp2pcore_export.h>

#include <QByteArray>
#include <QMetaType>

#include <utility>

namespace Qp2p {

//! \brief One message: three byte strings that the library carries and never looks into.
//!
//! Only the payload is mandatory: at least one byte, as in qp2p 0.36. The three parts together
//! are limited by EndpointConfig::maxMessageSize() (16 MiB by default). Implicitly shared.
class Message
{
public:
    Message() = default;
    explicit Message(QByteArray payload)
        : m_payload(std::move(payload))
    {
    }
    Message(QByteArray header, QByteArray destination, QByteArray payload)
        : m_header(std::move(header))
        , m_destination(std::move(destination))
        , m_payload(std::move(payload))
    {
    }

    const QByteArray &header() const { return m_header; }
    const QByteArray &destination() const { return m_destination; }
    const QByteArray &payload() const { return m_payload; }

    void setHeader(const QByteArray &header) { m_header = header; }
    void setDestination(const QByteArray &destination) { m_destination = destination; }
    void setPayload(const QByteArray &payload) { m_payload = payload; }

    //! Bytes of the three parts together.
    qint64 size() const { return m_header.size() + m_destination.size() + m_payload.size(); }

    friend bool operator==(const Message &, const Message &) = default;

private:
    QByteArray m_header;
    QByteArray m_destination;
    QByteArray m_payload;
};

} // namespace Qp2p

Q_DECLARE_METATYPE(Qp2p::Message)
