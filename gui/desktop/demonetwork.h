// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A small network on this machine to look at.
#pragma once

#include <models/profile.h>

#include <QList>
#include <QThread>

#include <memory>

namespace Qp2p::Gui {

class DemoMembers;

//! \brief Five nodes and two clients with a private authority, in a thread of their own, that write to each
//! other. Nothing leaves this machine: they listen on loopback addresses.
class DemoNetwork
{
public:
    //! \brief Begins it, and makes \a profile a member: its identity, its rule and its contact.
    //! Errors: those of Authority, Identity and Network.
    static Result<std::unique_ptr<DemoNetwork>> start(Profile &profile);
    ~DemoNetwork();

    //! So that reachability can be checked from another address than that of the asking peer.
    static QHostAddress addressOf(int member);

private:
    DemoNetwork();

    QThread m_thread;
    DemoMembers *m_members = nullptr; //!< lives in the thread
};

} // namespace Qp2p::Gui
