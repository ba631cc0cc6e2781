// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The program of the README, as somebody builds it who has only the installed library.
#include <qp2pcore/endpoint.h>

#include <QCoreApplication>

#include <cstdio>

using namespace Qp2p;

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    Endpoint polo;
    Endpoint marco;
    QObject::connect(&polo, &Endpoint::connectionOpened, [](Connection *peer) {
        QObject::connect(peer, &Connection::requestReceived, [](const Request &request) {
            request.reply(Message(request.message().payload() + ", polo"));
        });
    });
    if (const auto listening = polo.listen(); !listening)
        qFatal("%s", qPrintable(listening.error().message));

    marco.connectTo(PeerAddress(QHostAddress(QHostAddress::LocalHost), polo.localPort()))
        .then(&app, [&app](const Result<QPointer<Connection>> &dialled) {
            if (!dialled)
                qFatal("%s", qPrintable(dialled.error().message));
            Connection *connection = dialled.value(); // null where it is closed again already
            if (!connection)
                qFatal("The connection was lost.");
            connection->request(Message("marco")).then(&app, [](const Result<Message> &reply) {
                std::puts(reply ? reply->payload().constData() : qPrintable(reply.error().message));
                QCoreApplication::exit(reply ? 0 : 1);
            });
        });
    return app.exec();
}
