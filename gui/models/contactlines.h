// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A pasted list of contacts: what can be dialled of it, and what is wrong with the rest.
#pragma once

#include <models/snapshot.h>

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
    QList<Problem> problems; //!< the first MostProblems
    qsizetype wrongLines = 0; //!< all of them

    static constexpr qsizetype MostContacts = 1000; //!< more are no list of contacts, but a scan
    static constexpr qsizetype MostProblems = 20;

    //! \brief One contact a line; \c # begins a comment, empty lines count for nothing.
    static ContactLines parse(QStringView text);
};

//! \brief How others can join through this member: "PEERID@ADDRESS:PORT", which parse() reads. Its public
//! address where peers agree on one, else one in the local network; empty where it does not listen.
QString ownContactLine(const NetworkSnapshot &snapshot, const PeerId &peerId);

} // namespace Qp2p::Gui
