// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The options --address and --port of commands that listen, and how they say where they do.
#pragma once

#include "commandline.h"

#include <qp2pcore/endpoint.h>
#include <qp2pcore/networkconfig.h>

#include <QHostAddress>
#include <QJsonObject>

void addListenOptions(CommandLine &line);

struct ListenAddress
{
    QHostAddress address;
    quint16 port = 0;
};
//! With what is wrong for CommandLine::problem().
ListenAddress listenAddress(CommandLine &line);

//! Where the system's limits make this program slower than it could be.
void warnOfSmallSocketBuffers();

//! The option --external-port of a node.
void addExternalPortOption(CommandLine &line);
//! With what is wrong for CommandLine::problem().
void setExternalPorts(CommandLine &line, Qp2p::NetworkConfig &config);

//! Where \a endpoint listens, for JSON: address, port, peerId.
QJsonObject listeningFields(const Qp2p::Endpoint &endpoint);
//! The same for people; \a asked is what was asked for.
QString listeningText(const Qp2p::Endpoint &endpoint, const QHostAddress &asked);
