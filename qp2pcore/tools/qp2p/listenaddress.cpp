// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "listenaddress.h"

#include "numbers.h"
#include "output.h"

#include <qp2pcore/version.h>

#include <QCoreApplication>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

struct ListenAddressText
{
    Q_DECLARE_TR_FUNCTIONS(ListenAddress)
};

} // namespace

void addListenOptions(CommandLine &line)
{
    line.addOption(u"address"_s,
                   ListenAddressText::tr(
                       "The address of this machine to listen on. Default: any, which is all "
                       "of them, IPv4 and IPv6."),
                   u"A"_s, u"any"_s);
    line.addOption(u"port"_s,
                   ListenAddressText::tr("UDP port. Default: 0, which takes a free one."), u"P"_s,
                   u"0"_s);
}

//! Without brackets or with them, as IPv6 addresses are written elsewhere.
ListenAddress listenAddress(CommandLine &line)
{
    ListenAddress result;
    result.port = static_cast<quint16>(line.amount(u"port"_s, 0, 65535));
    QString text = line.value(u"address"_s);
    if (text == u"any") {
        result.address = QHostAddress(QHostAddress::Any);
        return result;
    }
    if (text.startsWith(u'[') && text.endsWith(u']'))
        text = text.sliced(1, text.size() - 2);
    if (!result.address.setAddress(text))
        line.addProblem(
            ListenAddressText::tr("--address: \"%1\" is not an IP address. Write for example "
                                  "127.0.0.1, ::1, 0.0.0.0, or any for all of them.")
                .arg(text));
    return result;
}

void warnOfSmallSocketBuffers()
{
    if (const Result<void> buffers = checkSocketBuffers(); !buffers)
        printProblem(buffers.error().message);
}

void addExternalPortOption(CommandLine &line)
{
    line.addOption(
        u"external-port"_s,
        ListenAddressText::tr("The port at which peers reach this node, where a router forwards it "
                              "to another one: PORT, or ipv4:PORT and ipv6:PORT. Default: the port "
                              "that it listens on."),
        u"PORT"_s);
}

void setExternalPorts(CommandLine &line, NetworkConfig &config)
{
    using Family = QAbstractSocket::NetworkLayerProtocol;
    static constexpr std::pair<QLatin1StringView, Family> families[] = {
        {QLatin1StringView("ipv4:"), QAbstractSocket::IPv4Protocol},
        {QLatin1StringView("ipv6:"), QAbstractSocket::IPv6Protocol},
    };
    const QStringList values = line.values(u"external-port"_s);
    for (const QString &value : values) {
        Family family = QAbstractSocket::AnyIPProtocol;
        QStringView number = value;
        for (const auto &[prefix, its] : families) {
            if (number.startsWith(prefix)) {
                number = number.sliced(prefix.size());
                family = its;
            }
        }
        const Result<qint64> port = parseAmount(number, 1, 65535);
        if (!port)
            line.addProblem(ListenAddressText::tr(
                                "--external-port: \"%1\" is not a port. Write for example 22000, "
                                "ipv4:22000 or ipv6:22000.")
                                .arg(value));
        else
            config.setExternalPort(family, quint16(*port));
    }
    if (!values.isEmpty() && config.role() == Peer::Role::Client)
        line.addProblem(
            ListenAddressText::tr("--external-port is for nodes, and --client never listens. Leave "
                                  "one of them out."));
}

QJsonObject listeningFields(const Endpoint &endpoint)
{
    const QHostAddress local = endpoint.localAddress();
    // Not through PeerAddress: "every address" is none that can be dialled.
    const QString host = local.protocol() == QAbstractSocket::IPv6Protocol
        ? QString(u'[' + local.toString() + u']')
        : local.toString();
    return {
        {u"address"_s, QString(host + u':' + QString::number(endpoint.localPort()))},
        {u"port"_s, endpoint.localPort()},
        {u"peerId"_s, endpoint.peerId().toString()},
    };
}

QString listeningText(const Endpoint &endpoint, const QHostAddress &asked)
{
    const bool dualStack = asked.protocol() == QAbstractSocket::AnyIPProtocol
        && endpoint.localAddress().protocol() == QAbstractSocket::IPv6Protocol;
    const QString where = dualStack
        ? ListenAddressText::tr("port %1 of every address, IPv4 and IPv6").arg(endpoint.localPort())
        : listeningFields(endpoint).value(u"address"_s).toString();
    return ListenAddressText::tr("Listening on %1").arg(where);
}
