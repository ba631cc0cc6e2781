// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A running qp2p node, which reports its events as JSON.
#pragma once

#include "toolprocess.h"

namespace ToolTest {

using namespace Qt::StringLiterals;

class Node : public Program
{
public:
    explicit Node(const QStringList &options = {}, const QString &address = u"127.0.0.1"_s)
        : Program(QStringList{u"node"_s, u"--json"_s, u"--address"_s, address} + socketOf(options)
                  + identityOf(options) + options)
    {
        if (!options.contains(u"--client"_s))
            waitForEvent("listening");
    }
    QString address() const { return event(u"listening").value(u"address"_s).toString(); }
    QString peerId() const { return event(u"listening").value(u"peerId"_s).toString(); }

private:
    static QStringList socketOf(const QStringList &options)
    {
        return options.contains(u"--socket"_s) ? QStringList()
                                               : QStringList{u"--socket"_s, u"none"_s};
    }
    //! Several run at a time, as the same user.
    static QStringList identityOf(const QStringList &options)
    {
        const bool hasOne = options.contains(u"--identity"_s) || options.contains(u"--profile"_s);
        return hasOne ? QStringList() : QStringList{u"--ephemeral"_s};
    }
};

} // namespace ToolTest
