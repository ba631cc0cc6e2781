// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A pasted list of contacts: what can be dialled of it, and what is wrong with the rest.
#pragma once

#include <qp2pcore/networkstatus.h>
#include <qp2pcore/peeraddress.h>

#include <QList>
#include <QString>

namespace Qp2p::Gui {

struct ContactLines
{
    struct Problem
    {
        int line = 0; //!< from 1
        QString message;
    };

    QList<PeerAddress> contacts; //!< each once, in their order
    QList<Problem> problems; //!< the first MaxProblems
    qsizetype wrongLines = 0; //!< all of them

    static constexpr qsizetype MaxContacts = 1000; //!< more are no list of contacts, but a scan
    static constexpr qsizetype MaxProblems = 20;

    //! \brief One contact a line; \c # begins a comment, empty lines count for nothing.
    static ContactLines parse(QStringView text);
};

//! \brief How others can join through this member: "PEERID@ADDRESS:PORT", which parse() reads. Its public
//! address where peers agree on one, else one in the local network; empty where it does not listen.
QString ownContactLine(const NetworkStatus &status);

} // namespace Qp2p::Gui
