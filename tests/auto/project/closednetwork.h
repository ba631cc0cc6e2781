// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The files of a network of a private authority: the authority "friends" and the peers anna and ben.
#pragma once

#include "toolprocess.h"

#include <QTemporaryDir>

namespace ToolTest {

using namespace Qt::StringLiterals;

class ClosedNetwork
{
public:
    //! Makes the files. What the program said where that failed, else nothing.
    QByteArray create() const
    {
        Run run = runTool({u"authority"_s, u"new"_s, u"friends"_s, u"--file"_s,
                           path(u"friends.key"_s), u"--out"_s, path(u"friends.crt"_s)});
        for (const QString &peer : {u"anna"_s, u"ben"_s}) {
            if (run.exitCode != Done)
                break;
            run = runTool({u"authority"_s, u"issue"_s, u"friends"_s, u"--file"_s,
                           path(u"friends.key"_s), u"--for"_s, peer, u"--also"_s, u"127.0.0.1"_s,
                           u"--out"_s, path(peer + u".pem")});
        }
        return run.exitCode == Done ? QByteArray() : "it failed: " + run.err;
    }
    //! The options of a program that is \a peer.
    QStringList member(const QString &peer) const
    {
        return {u"--mode"_s, u"private-authority"_s, u"--authority"_s, path(u"friends.crt"_s),
                u"--name"_s, u"friends"_s,           u"--identity"_s,  path(peer + u".pem")};
    }
    QString path(const QString &name) const { return m_folder.filePath(name); }

private:
    const QTemporaryDir m_folder;
};

} // namespace ToolTest
