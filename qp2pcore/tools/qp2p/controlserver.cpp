// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "controlserver.h"

#include "output.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonDocument>
#include <QSocketNotifier>

#ifdef Q_OS_UNIX
#include <cerrno>
#include <sys/socket.h>
#include <unistd.h>
#endif

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

struct ControlServerText
{
    Q_DECLARE_TR_FUNCTIONS(ControlServer)
};

// Where the process has no file descriptor left, another one may close one soon.
constexpr std::chrono::seconds RetryTime{1};

QString versionKey()
{
    return QString::fromLatin1(ControlProtocol::VersionKey);
}

//! The socket's mode keeps others away; this holds where another program has changed it.
bool isAllowed([[maybe_unused]] int descriptor)
{
#ifdef Q_OS_LINUX
    ucred peer{};
    socklen_t size = sizeof(peer);
    return getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0
        && (peer.uid == geteuid() || peer.uid == 0);
#else
    return true;
#endif
}

} // namespace

// ---- one client

ControlCall::ControlCall(QLocalSocket *socket, QObject *parent)
    : QObject(parent)
    , m_socket(socket)
{
    socket->setParent(this);
    // Beyond it nothing is read from the client, which then has to wait.
    socket->setReadBufferSize(qint64(1024) * 1024);
    m_deadline.setSingleShot(true);
    connect(&m_deadline, &QTimer::timeout, this, [this] {
        if (m_state == State::Answering)
            fail(Error(
                ErrorCode::RequestTimeout,
                ControlServerText::tr("The node did not finish this in the time that it had.")));
        else
            end();
    });
    connect(socket, &QLocalSocket::readyRead, this, &ControlCall::read);
    connect(socket, &QLocalSocket::disconnected, this, &ControlCall::end);
    m_deadline.start(ControlProtocol::TransferTime);
}

void ControlCall::read()
{
    if (m_state != State::Reading) {
        m_socket->readAll(); // one request a connection
        return;
    }
    m_bytes += m_socket->readAll();
    const qsizetype lineEnd = m_bytes.indexOf('\n');
    if (lineEnd < 0 && m_bytes.size() <= ControlProtocol::MaxLine)
        return;
    m_state = State::Answering;
    const QByteArray line = m_bytes.left(std::max(lineEnd, qsizetype(0)));
    m_bytes.clear();
    m_bytes.squeeze();
    const QJsonObject request = QJsonDocument::fromJson(line).object();
    m_name = request.value(u"request"_s).toString();
    m_arguments = request.value(u"arguments"_s).toObject();
    if (lineEnd < 0) {
        fail(Error(
            ErrorCode::MessageTooLarge,
            ControlServerText::tr("A request has at most %1 bytes.").arg(ControlProtocol::MaxLine)));
    } else if (request.value(versionKey()).toInt() != ControlProtocol::Version) {
        fail(Error(ErrorCode::Unsupported,
                   ControlServerText::tr(
                       "This node speaks version %1 of the control protocol. Use the \"qp2p\" "
                       "that it was started with.")
                       .arg(ControlProtocol::Version)));
    } else {
        m_deadline.start(ControlProtocol::AnswerTime);
        Q_EMIT received();
    }
}

void ControlCall::answer(const QJsonObject &result)
{
    write({{versionKey(), ControlProtocol::Version}, {u"result"_s, result}});
}

void ControlCall::fail(const Error &error)
{
    write({{versionKey(), ControlProtocol::Version}, {u"error"_s, errorFields(error)}});
}

void ControlCall::write(const QJsonObject &answer)
{
    if (m_state != State::Answering)
        return;
    m_state = State::Writing;
    m_deadline.start(ControlProtocol::TransferTime);
    m_socket->write(QJsonDocument(answer).toJson(QJsonDocument::Compact) + '\n');
    m_socket->disconnectFromServer(); // once all is written
}

void ControlCall::end()
{
    const State before = std::exchange(m_state, State::Ended);
    if (before == State::Ended)
        return;
    m_deadline.stop();
    if (before == State::Answering)
        Q_EMIT cancelled();
    m_socket->abort();
    deleteLater();
}

// ---- all of them

ControlServer::ControlServer(Handler handler, QObject *parent)
    : QObject(parent)
    , m_handler(std::move(handler))
{
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, [this] {
        if (m_notifier)
            m_notifier->setEnabled(m_clients < ControlProtocol::MaxClients);
    });
}

ControlServer::~ControlServer()
{
#ifdef Q_OS_UNIX
    if (m_listening < 0)
        return;
    ::close(m_listening);
    if (SocketFile::idOf(m_path) == m_id) // and not what another program has put there since
        ::unlink(QFile::encodeName(m_path).constData());
#endif
}

Result<void> ControlServer::listen(const QString &path)
{
    QString name = path;
    if (name.isEmpty()) {
        const Result<QString> folder = SocketFile::defaultFolder();
        if (!folder)
            return folder.error();
        name = *folder + u"/node-%1.sock"_s.arg(QCoreApplication::applicationPid());
    }
    const Result<QString> absolute = SocketFile::absolutePath(name);
    if (!absolute)
        return absolute.error();
    const Result<int> listening = SocketFile::listenAt(*absolute);
    if (!listening)
        return listening.error();
    m_path = *absolute;
    m_id = SocketFile::idOf(m_path);
    m_listening = *listening;
    m_notifier = new QSocketNotifier(m_listening, QSocketNotifier::Read, this);
    connect(m_notifier, &QSocketNotifier::activated, this, &ControlServer::accept);
    return {};
}

void ControlServer::accept()
{
#ifdef Q_OS_UNIX
    const int descriptor = ::accept(m_listening, nullptr, nullptr);
    if (descriptor >= 0) {
        take(descriptor);
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        m_notifier->setEnabled(false);
        m_retry.start(RetryTime);
    }
#endif
}

void ControlServer::take(int descriptor)
{
    auto *socket = new QLocalSocket;
    if (!isAllowed(descriptor) || !socket->setSocketDescriptor(descriptor)) {
        delete socket;
#ifdef Q_OS_UNIX
        ::close(descriptor);
#endif
        return;
    }
    auto *call = new ControlCall(socket, this);
    ++m_clients;
    m_notifier->setEnabled(m_clients < ControlProtocol::MaxClients);
    connect(call, &QObject::destroyed, this, [this] {
        --m_clients;
        if (m_notifier && !m_retry.isActive())
            m_notifier->setEnabled(true);
    });
    connect(call, &ControlCall::received, this, [this, call] { m_handler(call); });
    call->read();
}
