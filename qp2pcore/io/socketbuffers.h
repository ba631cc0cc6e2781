// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How large the buffers of a socket become.
#pragma once

#include <QtGlobal>

namespace Qp2p::Io {

#ifdef Q_OS_LINUX
//! \brief Asks for SocketBufferSize in each direction for the descriptor \a socket.
//!
//! With CAP_NET_ADMIN it gets that whatever net.core.rmem_max and wmem_max are, else at most as much as those.
void setSocketBuffers(int socket);
#endif

} // namespace Qp2p::Io
