// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a running node tells the user that runs it, over a local socket.
#pragma once

#include <qp2pcore/network.h>
#include <qp2pcore/result.h>

#include <QJsonObject>
#include <QLocalServer>
#include <QObject>
#include <QStringList>

//! \brief Everything worth knowing of \a network, for JSON.
QJsonObject statusOf(const Qp2p::Network &network);
//! The same for people.
QStringList statusLines(const QJsonObject &status);

QJsonObject reachabilityFields(const Qp2p::Reachability &reachability);
//! \brief ", according to one node only, …" where a single one says what these fields say, which may be
//! wrong; else empty.
QString loneWitnessWords(const QJsonObject &reachability);
QString roleName(Qp2p::Peer::Role role);
QString linkName(Qp2p::Peer::Link link);

//! \brief Answers each connection with the status, one JSON object, and ends it.
//!
//! Only the user that runs the node, and root, can connect.
class StatusServer : public QObject
{
    Q_OBJECT

public:
    explicit StatusServer(const Qp2p::Network &network, QObject *parent = nullptr);

    //! \brief Errors: SocketFailed. \a path empty: a name of its own in folder().
    Qp2p::Result<void> listen(const QString &path);
    QString path() const { return m_server.fullServerName(); }

    //! Where the sockets of this user's nodes are, unless they were told another place.
    static QString folder();

private:
    void answer();

    const Qp2p::Network &m_network;
    QLocalServer m_server;
};
