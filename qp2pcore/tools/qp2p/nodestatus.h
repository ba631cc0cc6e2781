// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What is worth knowing of a running node, for JSON and for people.
#pragma once

#include <qp2pcore/network.h>
#include <qp2pcore/networkstatus.h>

#include <QJsonObject>
#include <QStringList>

//! \brief Everything worth knowing of \a network, for JSON.
QJsonObject statusOf(const Qp2p::Network &network);
//! One peer of it, with its counters.
//! Of peerFields(): where the peer is, or who forwards to it; for people.
QString placeOf(const QJsonObject &peer);
//! How packets travel: its kind, and who forwards them.
QJsonObject pathFields(const Qp2p::ConnectionPath &path);
QJsonObject peerFields(const Qp2p::Peer &peer);
//! The same for people.
QStringList statusLines(const QJsonObject &status);
//! A peer as peerFields() gives it, in one line.
QString peerLine(const QJsonObject &peer);

QJsonObject reachabilityFields(const Qp2p::Reachability &reachability);
//! With the address at which others see this node.
QJsonObject familyFields(const Qp2p::NetworkStatus::Family &family);
//! \brief ", according to one node only, …" where a single one says what these fields say, which may be
//! wrong; else empty.
QString loneWitnessWords(const QJsonObject &reachability);
//! "not reachable", as people read it.
QString reachabilityWords(const QJsonObject &reachability);
QString roleName(Qp2p::Peer::Role role);
QString linkName(Qp2p::Peer::Link link);
