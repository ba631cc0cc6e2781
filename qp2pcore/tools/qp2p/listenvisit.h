// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// One connection to a listening qp2p: prints what comes through it and answers requests.
#pragma once

#include "output.h"

#include <qp2pcore/connection.h>

#include <QElapsedTimer>
#include <QList>
#include <QObject>

#include <limits>

struct ListenOptions
{
    enum class Answers { Echo, Reject };
    enum class Messages { Print, CountOnly };

    Answers answers = Answers::Reject;
    Messages messages = Messages::Print;
    qint64 payloadLimit = std::numeric_limits<qint64>::max(); //!< bytes, for JSON
};

//! \brief Lives as long as its connection, which is its parent.
class ListenVisit : public QObject
{
    Q_OBJECT

public:
    //! \a output outlives it.
    ListenVisit(Qp2p::Connection *connection, const ListenOptions &options, Output *output);

    void printOpened() const;
    void printClosed(const Qp2p::Error &reason) const;

private:
    void messageReceived(const Qp2p::Message &message);
    void requestReceived(const Qp2p::Request &request);
    void count(const Qp2p::Message &message);
    //! For JSON, empty otherwise.
    QJsonObject fieldsOf(const Qp2p::Message &message) const;
    QString name() const;

    Qp2p::Connection *const m_connection;
    const ListenOptions m_options;
    Output *const m_output;
    qint64 m_messages = 0;
    qint64 m_requests = 0;
    qint64 m_bytes = 0;
    QElapsedTimer m_sinceFirst;
    qint64 m_nanosecondsToLast = 0;
};
