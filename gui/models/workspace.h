// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// One profile, its network and its tables: all of the app that is no widget.
#pragma once

#include <models/cachemodel.h>
#include <models/candidatemodel.h>
#include <models/connectionmodel.h>
#include <models/logmodel.h>
#include <models/messagemodel.h>
#include <models/networkhost.h>
#include <models/profile.h>

#include <QObject>
#include <QTimer>

#include <memory>

namespace Qp2p::Gui {

//! \brief Feeds the tables from the network. Outlives every window, so that a window can be made anew.
class Workspace : public QObject
{
    Q_OBJECT

public:
    explicit Workspace(std::unique_ptr<Profile> profile, QObject *parent = nullptr);
    ~Workspace() override;

    Profile &profile() const { return *m_profile; }
    Settings &settings() const { return m_profile->settings(); }
    NetworkHost &host() { return m_host; }
    ConnectionModel &connections() { return m_connections; }
    CacheModel &cache() { return m_cache; }
    CandidateModel &candidates() { return m_candidates; }
    MessageModel &messages() { return m_messages; }
    LogModel &log() { return m_log; }

    //! \brief Joins through \a contacts, which are kept for the next start, and the bootstrap cache. Where
    //! a network is joined already, the contacts are dialled besides.
    void join(const QList<PeerAddress> &contacts);
    //! As the last time; errors come as problem().
    void rejoin();
    void leave();
    //! \brief Makes what was changed in the settings or the identity true for the network, which is left
    //! and joined again where it runs.
    void applyNetworkSettings();
    QList<PeerAddress> keptContacts() const;

    //! Whether somebody looks: nothing is read from the network otherwise.
    void setWatched(bool watched);

    //! \brief Sends \a message to \a peer. \a name is shown beside it.
    void send(const PeerId &peer, const QString &name, const Message &message,
              MessageRecord::Kind kind);
    //! Answers the request in \a requestId.
    void reply(const MessageRecord &request, const Message &message);

Q_SIGNALS:
    //! For the message strip: what happened, and what to do.
    void problem(const Qp2p::Error &error);
    void done(const QString &what);
    //! The tables are up to date.
    void refreshed();

private:
    void connectHost();
    void start(const QList<PeerAddress> &contacts);
    void applyWindowSettings();
    void refresh();

    std::unique_ptr<Profile> m_profile;
    LogSink m_sink;
    LogModel m_log;
    NetworkHost m_host;
    ConnectionModel m_connections;
    CacheModel m_cache;
    CandidateModel m_candidates;
    MessageModel m_messages;
    QTimer m_refreshTimer;
    bool m_writesQlog = false;
};

} // namespace Qp2p::Gui
