// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <shared/natprobe.h>

#include <QFile>
#include <QStringList>
#include <QtEndian>

#include <algorithm>
#include <array>
#include <cstring>

namespace Qp2p::Test {

using Engine::SocketAddress;

namespace {

// Kind, number, and of a request the end, of an answer IPv4 address and port.
constexpr qsizetype probeRequestSize = 7;
constexpr qsizetype probeAnswerSize = 11;
constexpr char requestKind = 'R';
constexpr char answerKind = 'A';
constexpr ServerEnd firstEnd{0, 0};
constexpr ServerEnd otherAddressEnd{1, 0};
constexpr ServerEnd otherPortEnd{0, 1};
constexpr ServerEnd otherEnd{1, 1};

QString mappingOf(const SocketAddress &local, const QList<SocketAddress> &seen)
{
    if (seen.at(0) == local && seen.at(1) == local && seen.at(2) == local)
        return QStringLiteral("none");
    if (seen.at(0) == seen.at(1) && seen.at(1) == seen.at(2))
        return QStringLiteral("endpoint");
    return seen.at(1) == seen.at(2) ? QStringLiteral("address")
                                    : QStringLiteral("address-and-port");
}

QString portsOf(const SocketAddress &local, const QList<SocketAddress> &seen)
{
    const int port = seen.at(0).port();
    if (std::all_of(seen.begin(), seen.end(),
                    [&](const SocketAddress &one) { return one.port() == local.port(); }))
        return QStringLiteral("preserved");
    const bool isSequence = seen.at(1).port() == port + 1 && seen.at(2).port() == port + 2;
    return isSequence ? QStringLiteral("sequential") : QStringLiteral("other");
}

QString hairpinOf(ProbeNetwork &network)
{
    const int target = network.openSocket();
    const int sender = network.openSocket();
    const auto targetSeen = network.ask(target, firstEnd, firstEnd);
    const auto senderSeen = network.ask(sender, firstEnd, firstEnd);
    if (!targetSeen || !senderSeen)
        return QStringLiteral("?");
    const auto source = network.reach(sender, *targetSeen, target);
    if (!source)
        return QStringLiteral("no");
    return source == senderSeen ? QStringLiteral("yes") : QStringLiteral("other-source");
}

} // namespace

QString NatObservation::text() const
{
    return QStringList{mapping, filtering, ports, unsolicited, hairpin}.join(u' ');
}

NatObservation observeNat(ProbeNetwork &network)
{
    const QString none = QStringLiteral("-");
    NatObservation found{QStringLiteral("blocked"), none, none, none, none};
    const int socket = network.openSocket();
    QList<SocketAddress> seen;
    for (const ServerEnd end : {firstEnd, otherAddressEnd, otherEnd}) {
        const auto address = network.ask(socket, end, end);
        if (!address)
            return found;
        seen.append(*address);
    }
    const SocketAddress local = network.localAddress(socket);
    found.mapping = mappingOf(local, seen);
    found.ports = portsOf(local, seen);

    // A fresh socket, which has sent to the first end only.
    const int filtered = network.openSocket();
    const auto before = network.ask(filtered, firstEnd, firstEnd);
    if (network.ask(filtered, firstEnd, otherEnd))
        found.filtering = QStringLiteral("endpoint");
    else if (network.ask(filtered, firstEnd, otherPortEnd))
        found.filtering = QStringLiteral("address");
    else
        found.filtering = QStringLiteral("address-and-port");

    // What was not let in came from another end before anything was sent there: see what that has done.
    const auto after = network.ask(filtered, otherEnd, otherEnd);
    if (found.mapping == u"none" || found.mapping == u"endpoint")
        found.unsolicited = after && after == before ? QStringLiteral("harmless")
                                                     : QStringLiteral("spoils");
    found.hairpin = hairpinOf(network);
    return found;
}

QList<ExpectedNat> readNatTable(const QString &file)
{
    QFile table(file);
    if (!table.open(QIODevice::ReadOnly | QIODevice::Text))
        return {};
    QList<ExpectedNat> result;
    const QStringList lines = QString::fromUtf8(table.readAll()).split(u'\n');
    for (const QString &line : lines) {
        if (line.startsWith(u'#') || line.isEmpty())
            continue;
        const QStringList words = line.simplified().split(u' ');
        if (words.size() != 6)
            return {};
        result.append(
            {words.at(0), {words.at(1), words.at(2), words.at(3), words.at(4), words.at(5)}});
    }
    return result;
}

QByteArray probeRequest(quint32 number, ServerEnd from)
{
    QByteArray data(probeRequestSize, requestKind);
    qToBigEndian(number, data.data() + 1);
    data[5] = char(from.address);
    data[6] = char(from.port);
    return data;
}

std::optional<ProbeAnswer> answerProbe(std::span<const quint8> data, const SocketAddress &source)
{
    if (data.size() != size_t(probeRequestSize) || data[0] != requestKind || data[5] > 1
        || data[6] > 1 || !source.isIpv4())
        return {};
    ProbeAnswer result{{data[5], data[6]}, QByteArray(probeAnswerSize, answerKind)};
    std::memcpy(result.data.data() + 1, &data[1], 4);
    std::memcpy(result.data.data() + 5, source.addressBytes(), 4);
    qToBigEndian(source.port(), result.data.data() + 9);
    return result;
}

std::optional<SocketAddress> seenAddress(std::span<const quint8> data, quint32 number)
{
    if (data.size() != size_t(probeAnswerSize) || data[0] != answerKind
        || qFromBigEndian<quint32>(&data[1]) != number)
        return {};
    return SocketAddress::fromIpv4({data[5], data[6], data[7], data[8]},
                                   qFromBigEndian<quint16>(&data[9]));
}

} // namespace Qp2p::Test
