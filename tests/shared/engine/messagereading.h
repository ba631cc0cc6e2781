// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What tests of Engine::MessageReader share.
#pragma once

#include <qp2pcore/engine/messages/wiremessage.h>

namespace Qp2p::Test {

inline Engine::MessageReader::Status append(Engine::MessageReader &reader, const QByteArray &bytes,
                                            Engine::Fin fin)
{
    return reader.append(reinterpret_cast<const quint8 *>(bytes.constData()), size_t(bytes.size()),
                         fin);
}

//! What is kept costs little more than what has come.
inline bool keepsTheMemoryRule(const Engine::MessageReader &reader)
{
    return reader.allocatedBytes() <= reader.bytesReceived() + 64 * 1024
        && reader.bufferedBytes() <= reader.allocatedBytes();
}

} // namespace Qp2p::Test
