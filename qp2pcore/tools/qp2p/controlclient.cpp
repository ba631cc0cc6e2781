// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "controlclient.h"

#include "controlprotocol.h"
#include "socketfile.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QJsonDocument>
#include <QLocalSocket>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

struct ControlClientText
{
    Q_DECLARE_TR_FUNCTIONS(ControlClient)
};

Error noAnswer(const QString &path, const QString &reason)
{
    return Error(ErrorCode::SocketFailed,
                 ControlClientText::tr("No node answers at \"%1\": %2.").arg(path, reason));
}

ErrorCode codeNamed(const QString &name)
{
    for (int code = 0;; ++code) {
        const QString known = errorCodeName(ErrorCode(code));
        if (known == name)
            return ErrorCode(code);
        if (known.isEmpty() || code > 1000)
            return ErrorCode::SocketFailed;
    }
}

Result<QJsonObject> read(const QString &path, const QByteArray &bytes)
{
    const QJsonObject answer = QJsonDocument::fromJson(bytes).object();
    const QString versionKey = QString::fromLatin1(ControlProtocol::VersionKey);
    const QJsonObject problem = answer.value(u"error"_s).toObject();
    if (!problem.isEmpty()) {
        Error error(codeNamed(problem.value(u"code"_s).toString()),
                    problem.value(u"message"_s).toString());
        error.closeCode = quint64(problem.value(u"closeCode"_s).toInteger());
        error.closeReason = problem.value(u"closeReason"_s).toString();
        return error;
    }
    if (bytes.isEmpty())
        return noAnswer(path, ControlClientText::tr("it closed the connection"));
    if (answer.value(versionKey).toInt() != ControlProtocol::Version)
        return Error(
            ErrorCode::Unsupported,
            ControlClientText::tr("What listens at \"%1\" speaks another version of the control "
                                  "protocol. Use the \"qp2p\" that the node was started with.")
                .arg(path));
    return answer.value(u"result"_s).toObject();
}

} // namespace

namespace ControlClient {

Result<QJsonObject> ask(const QString &path, const QString &name, const QJsonObject &arguments,
                        std::chrono::milliseconds patience)
{
    const Result<QString> absolute = SocketFile::absolutePath(path);
    if (!absolute)
        return absolute.error();
    QDeadlineTimer deadline(patience);
    const auto left = [&deadline] { return int(deadline.remainingTime()); };
    QLocalSocket socket;
    socket.connectToServer(*absolute);
    if (!socket.waitForConnected(left()))
        return noAnswer(*absolute,
                        socket.error() == QLocalSocket::ServerNotFoundError
                            ? ControlClientText::tr("there is no such socket")
                            : socket.error() == QLocalSocket::ConnectionRefusedError
                            ? ControlClientText::tr("no program listens there")
                            : ControlClientText::tr("it cannot be opened"));
    const QJsonObject request{
        {QString::fromLatin1(ControlProtocol::VersionKey), ControlProtocol::Version},
        {u"request"_s, name},
        {u"arguments"_s, arguments},
    };
    socket.write(QJsonDocument(request).toJson(QJsonDocument::Compact) + '\n');
    QByteArray bytes;
    while (!bytes.endsWith('\n') && bytes.size() <= ControlProtocol::MaxLine) {
        if (socket.bytesToWrite() > 0 && !socket.waitForBytesWritten(left())
            && deadline.hasExpired())
            return noAnswer(*absolute, ControlClientText::tr("it does not read the request"));
        if (socket.bytesAvailable() == 0 && !socket.waitForReadyRead(left())) {
            if (deadline.hasExpired())
                return noAnswer(*absolute, ControlClientText::tr("it is stopped, or too busy"));
            break;
        }
        bytes += socket.readAll();
    }
    bytes += socket.readAll();
    if (bytes.size() > ControlProtocol::MaxLine)
        return noAnswer(*absolute, ControlClientText::tr("its answer has no end"));
    return read(*absolute, bytes);
}

} // namespace ControlClient
