// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The command line of "qp2p node": which node it is to be.
#pragma once

#include "commandline.h"
#include "nodeprofile.h"

#include <qp2pcore/networkconfig.h>
#include <qp2pcore/peeraddress.h>
#include <qp2pcore/result.h>

#include <QHostAddress>
#include <QList>
#include <QString>

#include <memory>

struct NodeOptions
{
    CommonOptions common;
    Qp2p::NetworkConfig network; //!< but for its endpoint's settings
    QList<Qp2p::PeerAddress> contacts;
    QList<Qp2p::PeerId> connect; //!< to be linked to by their ids
    QString contactsFile; //!< with further ones; read again on SIGHUP
    QString identityFile; //!< its own or that of a profile; empty: an ephemeral one; read again on SIGHUP
    QString socket; //!< of the control server; empty: one of its own
    bool hasSocket = true;
    bool echo = false;
    QHostAddress listenAddress; //!< as it was given
};

//! What its help says of the command.
CommandLine::Help nodeHelp();
CommandLine::OptionGroups nodeOptionGroups();
//! The options that only this command has.
void addNodeOptions(CommandLine &line);
//! \brief What \a line, which is parsed, asks for; with what is wrong for CommandLine::problem().
NodeOptions nodeOptions(CommandLine &line);

//! \brief The identity of a profile where \a line names no file with one; null where it asks for an ephemeral one.
//! Errors: those of NodeProfile::open().
Qp2p::Result<std::unique_ptr<NodeProfile>> openNodeProfile(const CommandLine &line,
                                                           const CommonOptions &common);
//! \brief Reads the identity that the node has a file of; a null one where it has none.
//! Errors: those of loadIdentity().
Qp2p::Result<Qp2p::Identity> identityAgain(const NodeOptions &options);
//! \brief The contacts that were given and those in the file, each once. Errors: those of readContacts().
Qp2p::Result<QList<Qp2p::PeerAddress>> allContacts(const NodeOptions &options);
