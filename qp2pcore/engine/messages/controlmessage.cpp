// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/messages/controlmessage.h>

#include <qp2pcore/engine/messages/controlmap.h>

#include <QtEndian>

#include <algorithm>
#include <utility>

namespace Qp2p::Engine {

Result<void> checkControlMap(const QByteArray &map)
{
    ControlMapParser parser(map);
    parser.parseKind();
    parser.parsePairs([](quint64) { return false; });
    parser.finish();
    return parser.failed() ? parser.error() : Result<void>();
}

std::optional<ControlMessage> ControlReader::next(std::span<const quint8> &bytes)
{
    const auto takeUpTo = [&](qsizetype size) {
        const auto taken = std::min(bytes.size(), size_t(size - m_buffer.size()));
        m_buffer.append(reinterpret_cast<const char *>(bytes.data()), qsizetype(taken));
        bytes = bytes.subspan(taken);
        return m_buffer.size() == size;
    };

    if (m_error.isError())
        return {};
    if (m_buffer.size() < controlPrefixSize && !takeUpTo(controlPrefixSize))
        return {};
    const quint16 size = qFromBigEndian<quint16>(m_buffer.constData());
    if (size == 0 || size > maxControlMessageSize) {
        m_error = Error(ErrorCode::ProtocolViolation,
                        QStringLiteral("A control message of the peer has a length of %1 bytes; "
                                       "1 to %2 are allowed.")
                            .arg(size)
                            .arg(maxControlMessageSize));
        m_buffer = {};
        return {};
    }
    m_buffer.reserve(controlPrefixSize + size);
    if (!takeUpTo(controlPrefixSize + size))
        return {};

    const QByteArray map = std::exchange(m_buffer, {}).sliced(controlPrefixSize);
    ControlMapParser parser(map);
    const std::optional<quint64> kind = parser.parseKind();
    if (!kind) {
        m_error = parser.error();
        return {};
    }
    return ControlMessage{*kind, map};
}

} // namespace Qp2p::Engine
