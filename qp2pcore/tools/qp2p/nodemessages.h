// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Messages and requests that a running node sends for a command.
#pragma once

#include "commonoptions.h"
#include "reach.h"

#include <qp2pcore/message.h>
#include <qp2pcore/result.h>

#include <QByteArray>
#include <QJsonObject>

#include <chrono>

struct NodeReply
{
    QJsonObject peer; //!< its id, and its name where it has one
    Qp2p::Message message;
    std::chrono::nanoseconds time{0}; //!< as the node measured it
};

//! \brief A request with \a payload to the peer of \a reach. Errors: those of ControlClient::ask(), and of
//! Peer::request() in the node.
Qp2p::Result<NodeReply> requestThroughNode(const CommonOptions &options, const Reach &reach,
                                           const QByteArray &payload);

//! \brief \a count messages to the peer of \a reach, to all peers where it has no word; the exit code.
int sendThroughNode(const CommonOptions &options, const Reach &reach, const QByteArray &payload,
                    qint64 count);
