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

    //! \brief Closes the endpoint, which notifies the peers, and ends with \a code. Only the first call
    //! counts.
    void finish(ExitCode code);
    //! \brief Reports \a error and finishes.
    void fail(const Qp2p::Error &error);
    bool isFinishing() const { return m_finishing; }

    //! Starts the time given with --timeout, if any.
    void limitTime();

    const CommonOptions &options() const { return m_options; }
    Output *output() { return &m_output; }
    Qp2p::Endpoint *endpoint() { return m_endpoint; }

    //! \brief The endpoint of the command with the settings \a config; by default one of its own.
    virtual Qp2p::Endpoint *makeEndpoint(const Qp2p::EndpointConfig &config);
    //! Begins to close it.
    virtual void closeEndpoint();
    //! An endpoint of its own takes the place of the one that there was.
    void replaceEndpoint();

private:
    void quit();
    void use(Qp2p::Endpoint *endpoint);

    const CommonOptions m_options;
    Output m_output;
    Qp2p::EndpointConfig m_config;
    std::unique_ptr<Qp2p::Endpoint> m_own;
    QPointer<Qp2p::Endpoint> m_endpoint;
    QTimer m_timeLimit;
    QTimer m_closingLimit;
    ExitCode m_exitCode = ExitFailed;
    bool m_finishing = false;
};

//! \a connection for JSON: its number, peer id and address.
QJsonObject messageOrigin(const Qp2p::Connection &connection);
//! The same with all that is printed when it opens.
QJsonObject connectionFields(const Qp2p::Connection &connection);
