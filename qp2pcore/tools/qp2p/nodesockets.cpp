// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "nodesockets.h"

#include "socketfile.h"

#include <QDir>

using namespace Qt::StringLiterals;

NodeSockets nodeSockets()
{
    NodeSockets sockets;
    const QStringList folders = SocketFile::knownFolders();
    for (const QString &name : folders) {
        const QDir folder(name);
        const QStringList files = folder.entryList({u"node-*.sock"_s}, QDir::System | QDir::Files);
        for (const QString &file : files) {
            const QString path = folder.filePath(file);
            const SocketFile::State state = SocketFile::stateOf(path);
            if (state == SocketFile::State::Live)
                sockets.paths.append(path);
            else if (state == SocketFile::State::Dead && SocketFile::removeDead(path))
                sockets.removed.append(path);
        }
    }
    return sockets;
}
