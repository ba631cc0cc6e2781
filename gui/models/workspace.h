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

//! \brief Feeds the tables from the network. Outlives every window, so that a window can be recreated.
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
    //! \brief Applies changed settings or a changed identity: a network that runs is left and joined
    //! again.
    void applyNetworkSettings();
    QList<PeerAddress> keptContacts() const;

    //! A node came with another key than it had, and was refused.
    struct KeyQuestion
    {
        BootstrapCache::Entry
            known; //!< its first address is where the new key came from, as far as known
        Error error;
        PeerId newId; //!< null where the certificate could not be read
    };
    enum class KeyAnswer {
        Trust, //!< the new key takes the old one's place, and is dialled
        Refuse, //!< it stays refused at this node's addresses, without another question
        Block, //!< it is refused wherever it comes from
    };
    //! Those that wait for an answer, oldest first.
    const QList<KeyQuestion> &keyQuestions() const { return m_keyQuestions; }
    //! \brief Ends the question. Refuse and Block are kept in the profile.
    void answerKeyQuestion(const PeerId &known, const PeerId &newId, KeyAnswer answer);
    //! \brief "PEERID@ADDRESS:PORT", which others can join through; empty where no address is known.
    QString contactLine();

    static constexpr qsizetype MaxKeyQuestions = 20; //!< open ones: a hostile peer has many keys

    //! Whether a window shows it: nothing is read from the network otherwise.
    void setWatched(bool watched);

    //! \brief Sends \a message to \a peer. \a name is shown beside it.
    void send(const PeerId &peer, const QString &name, const Message &message,
              MessageRecord::Kind kind);
    //! Answers the request in \a requestId.
    void reply(const MessageRecord &request, const Message &message);

Q_SIGNALS:
    //! For the message strip: what happened, and what to do.
    void problem(const Qp2p::Error &error);
    //! What problem() reported is over.
    void problemSolved(const Qp2p::Error &error);
    void keyQuestionAsked(const Qp2p::PeerId &known, const Qp2p::PeerId &newId);
    void keyQuestionAnswered(const Qp2p::PeerId &known, const Qp2p::PeerId &newId);
    void done(const QString &what);
    //! The tables are up to date.
    void refreshed();

private:
    void connectHost();
    void start(const QList<PeerAddress> &contacts);
    void applyWindowSettings();
    void refresh();
    void askAboutKey(const BootstrapCache::Entry &known, const Error &error);
    //! What a problem is about: the next of the same replaces it, and it leaves when that works.
    enum class Topic { Start, Join, Dial, Settings };
    void report(Topic topic, const Error &error, const QString &detail = {});
    void solve(Topic topic, const QString &detail = {});
    Error joinProblem(const Error &error) const;

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
    QList<KeyQuestion> m_keyQuestions;
    QHash<std::pair<int, QString>, Error> m_problems;
};

} // namespace Qp2p::Gui
