// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What is known of this member, in words.
#pragma once

#include <qp2pcore/networkstatus.h>

#include <QString>

namespace Qp2p::Gui {

//! \brief Sentences for the status bar. What they hold of peers is safe text.
struct StatusWords
{
    QString network; //!< "Joined: 5 peers"
    QString joining; //!< why no peer could be joined, a line for each rule; else empty
    QString listening; //!< where this member listens
    QString observed; //!< at which address others see it
    QString reachability; //!< whether others can connect to it, in a few words
    QString explanation; //!< why, and what can be done; plain text
    bool isWell = false; //!< nothing to be done

    static StatusWords of(const NetworkStatus &status);
};

} // namespace Qp2p::Gui
