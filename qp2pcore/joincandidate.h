// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A peer through which a network might be joined, and how far that has come.
#pragma once

#include <qp2pcore/peeraddress.h>
#include <qp2pcore/qp2pcore_export.h>
#include <qp2pcore/result.h>

#include <QList>
#include <QMetaType>
#include <QObject>

namespace Qp2p {

struct QP2PCORE_EXPORT JoinCandidate
{
    Q_GADGET

public:
    enum class Source {
        Contact, //!< from the user or the configuration
        Cache,
        Anchor, //!< in the cache, and one of the two nodes longest linked
    };
    Q_ENUM(Source)
    enum class State {
        Waiting, //!< its turn has not come
        Dialling,
        Linking, //!< it has answered; the link is being made
        Joined,
        Failed, //!< see error
        Dropped, //!< another one was faster
    };
    Q_ENUM(State)

    Source source = Source::Contact;
    State state = State::Waiting;
    QList<PeerAddress> addresses; //!< of a contact the one that was given, perhaps a host name
    Error error;
};

} // namespace Qp2p

Q_DECLARE_METATYPE(Qp2p::JoinCandidate)
