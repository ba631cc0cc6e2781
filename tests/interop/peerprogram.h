// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A peer in another language, as a process that says JSON lines; and our own peer that echoes.
#pragma once

#include <shared/endpointpair.h>

#include <qp2pcore/endpoint.h>

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>

namespace Qp2p::Test {

inline constexpr std::chrono::seconds InteropPatience{90}; // only used up where something is broken

//! \brief Runs \a command with the settings of the user's own home, which say where packages come from.
//! Null where it succeeded, else its last words.
inline QString preparationProblem(const QString &program, const QStringList &words,
                                  const QString &folder, const QProcessEnvironment &more = {})
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(more);
    if (const QString home = qEnvironmentVariable("QP2P_USER_HOME"); !home.isEmpty())
        environment.insert(QStringLiteral("HOME"), home);
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(folder);
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, words);
    constexpr int Longest = 500'000;
    const bool done = process.waitForFinished(Longest) && process.exitCode() == 0
        && process.exitStatus() == QProcess::NormalExit;
    constexpr qsizetype LastWords = 600;
    return done ? QString()
                : QStringLiteral("It could not be prepared: ")
            + QString::fromUtf8(process.readAll().right(LastWords));
}

class PeerProgram
{
public:
    PeerProgram(const QString &program, const QStringList &words)
    {
        QObject::connect(&m_process, &QProcess::readyReadStandardOutput, &m_process,
                         [this] { m_out += m_process.readAllStandardOutput(); });
        m_process.start(program, words);
    }
    ~PeerProgram()
    {
        m_process.closeWriteChannel();
        constexpr int Longest = 10'000;
        if (!m_process.waitForFinished(Longest))
            m_process.kill();
        m_process.waitForFinished();
    }
    Q_DISABLE_COPY_MOVE(PeerProgram)

    PeerAddress address()
    {
        const QString text =
            line(QStringLiteral("listening")).value(QStringLiteral("listening")).toString();
        const Result<PeerAddress> parsed = PeerAddress::fromString(text);
        return parsed ? *parsed : PeerAddress();
    }
    //! Waits for a line with \a key, or whose event it is.
    QJsonObject line(const QString &key)
    {
        QJsonObject found;
        waitUntil(
            [&] {
                for (const QByteArray &text : m_out.split('\n')) {
                    const QJsonObject object = QJsonDocument::fromJson(text).object();
                    if (object.contains(key)
                        || object.value(QStringLiteral("event")).toString() == key)
                        found = object;
                }
                return !found.isEmpty() || m_process.state() == QProcess::NotRunning;
            },
            InteropPatience);
        return found;
    }
    //! Its exit code once it has ended by itself.
    int ended()
    {
        waitUntil([&] { return m_process.state() == QProcess::NotRunning; }, InteropPatience);
        return m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
    }
    QByteArray problems() { return m_process.readAllStandardError(); }
    void closeInput() { m_process.closeWriteChannel(); }

private:
    QProcess m_process;
    QByteArray m_out;
};

//! \brief Our peer that sends everything back the way it came.
class EchoPeer
{
public:
    explicit EchoPeer(const EndpointConfig &config)
        : endpoint(config)
        , log(&endpoint)
    {
        QObject::connect(
            &endpoint, &Endpoint::connectionOpened, &endpoint, [this](Connection *peer) {
                protocols.append(peer->protocol());
                peerIds.append(peer->peerId());
                agents.append(peer->peerAgent());
                QObject::connect(peer, &Connection::messageReceived, peer,
                                 [peer](const Message &message) { peer->send(message); });
                QObject::connect(peer, &Connection::requestReceived, peer,
                                 [](const Request &request) { request.reply(request.message()); });
            });
        QObject::connect(
            &endpoint, &Endpoint::handshakeFailed, &endpoint,
            [this](const PeerAddress &, const Error &reason) { failed.append(reason); });
        const Result<void> listening = endpoint.listen(QHostAddress(QHostAddress::LocalHost));
        if (!listening)
            qFatal("%s", qPrintable(listening.error().message));
    }
    QString address() const { return QStringLiteral("127.0.0.1:%1").arg(endpoint.localPort()); }

    Endpoint endpoint;
    EndpointLog log;
    QList<Protocol> protocols;
    QList<PeerId> peerIds;
    QStringList agents;
    QList<Error> failed;
};

} // namespace Qp2p::Test
