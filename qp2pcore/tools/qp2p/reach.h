// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How send, request, ping and perf reach their peer: by a dial, as a member of its network, or through a node.
#pragma once

#include "nodelink.h"

#include <qp2pcore/peeraddress.h>

#include <QList>
#include <QString>

#include <optional>

class CommandLine;

//! \brief What the words of a command line come to.
//!
//! | PEER                  | options                | way                                                 |
//! |-----------------------|------------------------|-----------------------------------------------------|
//! | id, beginning or name | none                   | through the running node that has it                |
//! | an address            | none                   | through the running node if it is its peer, else by |
//! |                       |                        | a dial                                              |
//! | an address            | --network              | as a client of its network; by a dial where it      |
//! |                       |                        | belongs to none                                     |
//! | any                   | --contact [--network]  | as a client, joined through the contact             |
struct Reach
{
    enum class Way { Dial, Join, Node };
    enum class Nodes { Used, Unused };

    Way way = Way::Dial;
    Qp2p::PeerAddress address; //!< null where there is a word
    QString word; //!< a peer id, the beginning of one, or a name
    QList<Qp2p::PeerAddress> contacts;
    Qp2p::Result<QString> socket = QString(); //!< of the node, where that is the way

    //! Adds --contact, and --socket where \a nodes are used.
    static void addTo(CommandLine &line, Nodes nodes);
    //! What can never work is a problem of \a line.
    static Reach from(CommandLine &line, Nodes nodes);

    static QString help();
};
