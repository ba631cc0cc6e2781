// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What all commands that use the network have in common: an endpoint, an output, and one clean end.
#pragma once

#include "commonoptions.h"
#include "exitcode.h"
#include "output.h"

#include <qp2pcore/endpoint.h>
#include <qp2pcore/peeraddress.h>

#include <QObject>
#include <QPointer>
#include <QTimer>

#include <memory>

//! \brief One command on its way from start() to finish().
class Command : public QObject
{
    Q_OBJECT

public:
    //! \brief Runs it in the event loop of the application; its exit code.
    int run();

protected:
    explicit Command(const CommonOptions &options);

    //! Before there is an endpoint or an event loop, e.g. to read files.
    virtual Qp2p::Result<void> prepare() { return {}; }
    virtual void start() = 0;
    //! Ctrl-C and the like. By default the command failed.
    virtual void interrupted();
    //! The time given with --timeout is over, counted from limitTime(). By default it failed.
    virtual void timedOut();

    //! \brief Closes the endpoint, which tells the peers, and ends with \a code. Only the first call
    //! counts.
    void finish(ExitCode code);
    //! \brief Reports \a error and finishes.
    void fail(const Qp2p::Error &error);
    bool isFinishing() const { return m_finishing; }

    //! Starts the time given with --timeout, if any.
    void limitTime();

    const CommonOptions &options() const { return m_options; }
    Output *output() { return &m_output; }
    Qp2p::Endpoint *endpoint() { return m_endpoint.get(); }

private:
    void quit();

    const CommonOptions m_options;
    Output m_output;
    std::unique_ptr<Qp2p::Endpoint> m_endpoint;
    QTimer m_timeLimit;
    QTimer m_closingLimit;
    ExitCode m_exitCode = ExitFailed;
    bool m_finishing = false;
};

//! \brief A command that dials one peer and ends with the connection.
class DialCommand : public Command
{
    Q_OBJECT

protected:
    DialCommand(const CommonOptions &options, const Qp2p::PeerAddress &peer);

    void start() override;
    //! The connection is open.
    virtual void opened() = 0;

    const Qp2p::PeerAddress &peer() const { return m_peer; }
    Qp2p::Connection *connection() const { return m_connection; }
    //! From now on the end of the connection is nothing special.
    void letGo() { m_connection.clear(); }

private:
    void dialled(const Qp2p::Result<QPointer<Qp2p::Connection>> &result);

    const Qp2p::PeerAddress m_peer;
    QPointer<Qp2p::Connection> m_connection;
    bool m_dialling = false;
};

//! \a connection for JSON: its number, peer id and address.
QJsonObject messageOrigin(const Qp2p::Connection &connection);
//! The same with all that is told when it opens.
QJsonObject connectionFields(const Qp2p::Connection &connection);
