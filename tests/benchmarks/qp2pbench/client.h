// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The side that dials, does a work and measures it.
#pragma once

#include "options.h"

#include <qp2pcore/endpoint.h>

#include <functional>
#include <memory>

//! \brief What all works share: the endpoint, dialling, and how it ends.
class Client
{
public:
    static std::unique_ptr<Client> create(const Options &options);
    explicit Client(const Options &options);
    virtual ~Client() = default;
    Q_DISABLE_COPY_MOVE(Client)

    int exec();

protected:
    //! Called once, in the event loop.
    virtual void start() = 0;

    const Options &options() const { return m_options; }
    Qp2p::Endpoint *endpoint() { return &m_endpoint; }
    //! Calls \a whenOpen with each connection that could be opened; any other ends the program.
    void dial(std::function<void(Qp2p::Connection *)> whenOpen);
    //! Parts with the server properly, then ends the program.
    void finish();
    void fail(const QString &why);

private:
    const Options m_options;
    Qp2p::Endpoint m_endpoint;
};
