// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Contacts from a command line and from a file.
#pragma once

#include <qp2pcore/peeraddress.h>
#include <qp2pcore/result.h>

#include <QList>
#include <QStringList>

//! \brief One contact a line; empty lines and what follows a '#' are left out. At most 10,000.
//! Errors: FileNotFound, FileUnreadable, InvalidArgument with the number of the line.
Qp2p::Result<QList<Qp2p::PeerAddress>> readContacts(const QString &fileName);

//! \brief Errors: InvalidArgument.
Qp2p::Result<QList<Qp2p::PeerAddress>> parseContacts(const QStringList &texts);
