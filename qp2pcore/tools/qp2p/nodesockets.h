// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Finds the running nodes of this user.
#pragma once

#include <qp2pcore/result.h>

#include <QString>
#include <QStringList>

struct NodeSockets
{
    QStringList paths; //!< at which programs listen; whether they answer is another question
    QStringList removed; //!< of nodes that are gone
};

//! \brief Those in SocketFile::knownFolders(). Removes the dead ones.
NodeSockets nodeSockets();
