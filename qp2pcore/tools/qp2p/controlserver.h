// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The node's end of a control socket: one request and one answer a connection, each a line of JSON.
#pragma once

#include "controlprotocol.h"
#include "socketfile.h"

#include <qp2pcore/result.h>

#include <QJsonObject>
#include <QLocalSocket>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <functional>

class QSocketNotifier;

//! \brief One client: what it asks for, and the one chance to answer.
//!
//! Deleted when the answer is written, the client is gone or its time is over: hold it in a QPointer.
class ControlCall : public QObject
{
    Q_OBJECT

public:
    const QString &name() const { return m_name; }
    const QJsonObject &arguments() const { return m_arguments; }

    //! How long the answer may take from now on; 30 s where this is not called.
    void limitTime(std::chrono::milliseconds time) { m_deadline.start(time); }
    void answer(const QJsonObject &result);
    void fail(const Qp2p::Error &error);

Q_SIGNALS:
    //! The complete request is here.
    void received();
    //! The client is gone, or its time is over, before there was an answer.
    void cancelled();

private:
    friend class ControlServer;
    ControlCall(QLocalSocket *socket, QObject *parent);

    void read();
    void write(const QJsonObject &answer);
    void end();

    enum class State { Reading, Answering, Writing, Ended };

    QLocalSocket *const m_socket;
    QTimer m_deadline;
    QByteArray m_bytes;
    QString m_name;
    QJsonObject m_arguments;
    State m_state = State::Reading;
};

//! \brief Listens at a local socket for the user that runs this program, and for root.
//!
//! At most ControlProtocol::MaxClients at a time; the others wait. None of them can make this program wait.
class ControlServer : public QObject
{
    Q_OBJECT

public:
    using Handler = std::function<void(ControlCall *)>;

    //! \a handler answers each call, now or later.
    explicit ControlServer(Handler handler, QObject *parent = nullptr);
    ~ControlServer() override;

    //! \brief \a path empty: a name of its own in SocketFile::defaultFolder(). Errors: those of SocketFile.
    Qp2p::Result<void> listen(const QString &path);
    const QString &path() const { return m_path; }

private:
    void accept();
    void take(int descriptor);

    const Handler m_handler;
    QString m_path;
    SocketFile::Id m_id;
    int m_listening = -1;
    int m_clients = 0;
    QSocketNotifier *m_notifier = nullptr;
    QTimer m_retry;
};
