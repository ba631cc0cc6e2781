// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A workspace as the window has one, with a profile of its own, on real sockets.
#pragma once

#include <models/workspace.h>

#include <QTemporaryDir>
#include <QTest>

namespace Qp2p::Test {

using namespace Qp2p::Gui;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

inline const QHostAddress Loopback(QHostAddress::LocalHost);

//! A workspace with a profile of its own, at 127.0.0.1.
class Desk
{
public:
    explicit Desk(const std::function<void(Settings &)> &choose = {})
    {
        auto profile = Profile::open(folder.filePath(u"profile"_s));
        Q_ASSERT(profile.isOk());
        profile.value()->settings().setListenAddress(Loopback.toString());
        if (choose)
            choose(profile.value()->settings());
        workspace = std::make_unique<Workspace>(std::move(profile).value());
        QObject::connect(workspace.get(), &Workspace::problem, workspace.get(),
                         [this](const Error &error) { problems.append(error); });
        workspace->setWatched(true);
    }

    NetworkHost &host() { return workspace->host(); }
    const NetworkStatus &now() { return host().lastSnapshot().status; }
    //! Asks for figures until \a condition holds.
    bool until(const std::function<bool()> &condition, std::chrono::milliseconds limit = 30s)
    {
        return QTest::qWaitFor(
            [&] {
                host().refresh();
                return condition();
            },
            int(limit.count()));
    }
    bool joinFirst()
    {
        workspace->join({});
        return until([&] { return now().state == Network::State::Joined && now().localPort != 0; });
    }
    PeerAddress contact() { return PeerAddress(Loopback, now().localPort); }
    bool join(Desk &other)
    {
        workspace->join({other.contact()});
        return until([&] {
            other.host().refresh();
            return now().peers() == 1 && other.now().peers() == 1;
        });
    }
    const ConnectionSnapshot *firstOpen()
    {
        for (int row = 0; row < workspace->connections().rowCount(); ++row) {
            const ConnectionSnapshot *connection = workspace->connections().at(row);
            if (connection->state == ConnectionSnapshot::State::Open)
                return connection;
        }
        return nullptr;
    }

    QTemporaryDir folder;
    QList<Error> problems;
    std::unique_ptr<Workspace> workspace;
};

} // namespace Qp2p::Test
