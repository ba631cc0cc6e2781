// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The other end of a control socket: asks a running node one thing and waits for its answer.
#pragma once

#include <qp2pcore/result.h>

#include <QJsonObject>
#include <QString>

#include <chrono>

namespace ControlClient {

//! \brief Sends the request \a name with \a arguments to the node at \a path.
//!
//! Waits at most \a patience for the answer: what the request may take, and a little more for a busy node.
//! Errors: InvalidArgument (no name of a socket), FileNotFound (nothing is there), SocketFailed (no node
//! listens, or it does not answer), Unsupported (another version), and whatever the node answers.
Qp2p::Result<QJsonObject> ask(const QString &path, const QString &name,
                              const QJsonObject &arguments = {},
                              std::chrono::milliseconds patience = std::chrono::seconds(5));

} // namespace ControlClient
