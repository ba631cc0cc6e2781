// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <desktop/singleinstance.h>

#include <QCryptographicHash>
#include <QFileInfo>
#include <QLocalSocket>
#include <QStandardPaths>

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 MaxWish = 64; //!< bytes
constexpr int AnswerLimit = 2000; //!< milliseconds
const QByteArray Wish = "raise\n";
const QByteArray Answer = "ok\n";

QString socketName(const QString &profileDirectory)
{
    const QString canonical = QFileInfo(profileDirectory).canonicalFilePath();
    const QByteArray hash =
        QCryptographicHash::hash(canonical.toUtf8(), QCryptographicHash::Sha256).toHex().left(16);
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation);
    return folder + u"/qp2p-desktop-"_s + QString::fromLatin1(hash);
}

} // namespace

SingleInstance::SingleInstance(const QString &profileDirectory, QObject *parent)
    : QObject(parent)
    , m_name(socketName(profileDirectory))
    , m_server(this)
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    m_server.setMaxPendingConnections(4);
    connect(&m_server, &QLocalServer::newConnection, this, &SingleInstance::answer);
}

bool SingleInstance::raiseOther(const QString &profileDirectory)
{
    QLocalSocket socket; // before the event loop: waiting blocks nothing
    socket.connectToServer(socketName(profileDirectory));
    if (!socket.waitForConnected(AnswerLimit))
        return false;
    socket.write(Wish);
    socket.flush();
    while (socket.bytesAvailable() < Answer.size()) {
        if (!socket.waitForReadyRead(AnswerLimit))
            return false;
    }
    return socket.readAll() == Answer;
}

bool SingleInstance::listen()
{
    QLocalServer::removeServer(m_name);
    return m_server.listen(m_name);
}

void SingleInstance::answer()
{
    while (QLocalSocket *socket = m_server.nextPendingConnection()) {
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        const auto read = [this, socket] {
            if (socket->bytesAvailable() > MaxWish) {
                socket->abort();
            } else if (socket->canReadLine()) {
                if (socket->readLine() == Wish) {
                    socket->write(Answer);
                    Q_EMIT raiseWanted();
                }
                socket->disconnectFromServer();
            }
        };
        connect(socket, &QLocalSocket::readyRead, this, read);
        read();
    }
}

} // namespace Qp2p::Gui
