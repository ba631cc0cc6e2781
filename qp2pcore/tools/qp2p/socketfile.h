// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Where the control sockets of nodes are, and what in their place may be replaced: only a dead socket of ours.
#pragma once

#include <qp2pcore/result.h>

#include <QString>
#include <QStringList>

namespace SocketFile {

enum class State {
    Absent,
    Live, //!< a program listens
    Dead, //!< a socket of this user at which no program listens
    Foreign, //!< anything else: a document, a folder, a symbolic link, another user's socket
};

//! \brief \a path from the current folder. Errors: InvalidArgument where no socket can have such a name.
Qp2p::Result<QString> absolutePath(const QString &path);

//! What is at \a path, an absolute one. Nothing is changed.
State stateOf(const QString &path);

//! \brief A listening socket at \a path with access for this user only; its file descriptor.
//!
//! A dead socket of this user is replaced. Everything else stays as it is. Errors: AddressInUse (a program
//! listens there), SocketFailed (all others); the message names the path and what is there.
Qp2p::Result<int> listenAt(const QString &path);

//! \brief Removes \a path where it is a dead socket of this user; whether it did.
bool removeDead(const QString &path);

//! Identifies a file, so that only the own one is removed in the end.
struct Id
{
    quint64 device = 0;
    quint64 inode = 0;
    friend bool operator==(const Id &, const Id &) = default;
};
Id idOf(const QString &path);

//! \brief The folder for sockets of this user's nodes, made where it is missing. Errors: SocketFailed.
Qp2p::Result<QString> defaultFolder();

//! \brief All folders in which a node of this user may have made its socket: a login session has another one
//! than cron or su. Only those that belong to this user and no other user can write to.
QStringList knownFolders();

} // namespace SocketFile
