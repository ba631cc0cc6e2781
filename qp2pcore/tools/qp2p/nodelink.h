// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Chooses the running node that a command talks to.
#pragma once

#include "controlclient.h"

#include <qp2pcore/result.h>

#include <QString>

#include <optional>

class CommandLine;

namespace NodeLink {

//! Adds the option --socket.
void addTo(CommandLine &line);

//! \brief The socket given with --socket, else that of the only running node; where there are several, the
//! only one that has the peer \a peer. Errors: FileNotFound (no node runs), InvalidArgument (which one?).
Qp2p::Result<QString> find(const CommandLine &line, const QString &peer);

struct NodePeer
{
    QString socket;
    QString peerId;
};

//! \brief The running node that has a peer at \a address ("192.0.2.1:12000"), if there is one; only that of
//! --socket where it is given.
std::optional<NodePeer> findByAddress(const CommandLine &line, const QString &address);

} // namespace NodeLink
