// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A chat in a closed network: only whom the private authority has given a certificate may take part.
//
//   qp2p authority new friends
//   qp2p authority issue friends --for anna        (and so on for the others)
//   closedchat --authority friends.crt.pem --name friends --identity anna.pem [--port P] [ADDRESS…]
//
// Lines from standard input go to everybody who is connected.
#include <qp2pcore/certificateinfo.h>
#include <qp2pcore/endpoint.h>
#include <qp2pcore/safetext.h>

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QSocketNotifier>

#include <cstdio>
#include <unistd.h>

using namespace Qp2p;

namespace {

void print(const QString &line)
{
    std::puts(line.toUtf8().constData());
    std::fflush(stdout);
}

//! The first name in the certificate that is not the network's. The authority has signed it, but other
//! people's text is escaped before a terminal sees it.
QString nameOf(const Connection *peer, const QString &network)
{
    QStringList names;
    if (const auto info = CertificateInfo::fromDer(peer->peerCertificates().value(0)))
        names = info->names;
    names.removeAll(network);
    return safeText(names.value(0, QStringLiteral("somebody")));
}

class Chat : public QObject
{
public:
    Chat(const EndpointConfig &config, quint16 port)
        : m_endpoint(config)
        , m_input(STDIN_FILENO, QSocketNotifier::Read)
    {
        connect(&m_endpoint, &Endpoint::connectionOpened, this, &Chat::joined);
        connect(&m_endpoint, &Endpoint::connectionClosed, this, [this](const Connection *peer) {
            print(QStringLiteral("* %1 has left").arg(nameOf(peer, network())));
        });
        connect(&m_endpoint, &Endpoint::handshakeFailed, this,
                [](const PeerAddress &peer, const Error &reason) {
                    print(QStringLiteral("* refused %1: %2")
                              .arg(peer.endpointString(), safeText(reason.message)));
                });
        connect(&m_input, &QSocketNotifier::activated, this, &Chat::readInput);
        if (const auto listening = m_endpoint.listen(QHostAddress(QHostAddress::Any), port);
            !listening)
            qFatal("%s", qPrintable(listening.error().message));
        print(QStringLiteral("* listening on port %1").arg(m_endpoint.localPort()));
    }

    void dial(const PeerAddress &address)
    {
        m_endpoint.connectTo(address).then(this, [](const Result<QPointer<Connection>> &dialled) {
            if (!dialled)
                print(QStringLiteral("* %1").arg(safeText(dialled.error().message)));
        });
    }

private:
    QString network() const { return m_endpoint.config().certificatePolicy().name(); }

    void joined(Connection *peer)
    {
        const QString name = nameOf(peer, network());
        print(QStringLiteral("* %1 has joined").arg(name));
        connect(peer, &Connection::messageReceived, this, [name](const Message &message) {
            print(QStringLiteral("%1: %2").arg(name, safeText(message.payload())));
        });
    }

    void readInput()
    {
        QByteArray bytes(4096, Qt::Uninitialized);
        const auto count = ::read(STDIN_FILENO, bytes.data(), size_t(bytes.size()));
        if (count <= 0) { // the end of the input is the end of the chat
            m_input.setEnabled(false);
            connect(&m_endpoint, &Endpoint::stateChanged, this, [](Endpoint::State state) {
                if (state == Endpoint::State::Closed)
                    QCoreApplication::quit();
            });
            m_endpoint.close();
            return;
        }
        m_line += bytes.left(count);
        for (qsizetype end = m_line.indexOf('\n'); end >= 0; end = m_line.indexOf('\n')) {
            const QByteArray line = m_line.left(end);
            m_line.remove(0, end + 1);
            for (Connection *peer : m_endpoint.connections()) {
                if (!line.isEmpty())
                    peer->send(Message(line));
            }
        }
    }

    Endpoint m_endpoint;
    QSocketNotifier m_input;
    QByteArray m_line;
};

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addOptions(
        {{QStringLiteral("authority"), QStringLiteral("PEM file."), QStringLiteral("FILE")},
         {QStringLiteral("name"), QStringLiteral("The network."), QStringLiteral("NAME")},
         {QStringLiteral("identity"), QStringLiteral("PEM file."), QStringLiteral("FILE")},
         {QStringLiteral("port"), QStringLiteral("UDP port."), QStringLiteral("P"),
          QStringLiteral("0")}});
    parser.process(application);

    const auto identity = Identity::load(parser.value(QStringLiteral("identity")));
    if (!identity)
        qFatal("%s", qPrintable(identity.error().message));
    EndpointConfig config;
    config.setIdentity(*identity);
    config.setCertificatePolicy(CertificatePolicy::privateAuthority(
        parser.values(QStringLiteral("authority")), parser.value(QStringLiteral("name"))));
    Chat chat(config, parser.value(QStringLiteral("port")).toUShort());
    for (const QString &text : parser.positionalArguments()) {
        const auto address = PeerAddress::fromString(text);
        if (!address)
            qFatal("%s", qPrintable(address.error().message));
        chat.dial(*address);
    }
    return QCoreApplication::exec();
}
