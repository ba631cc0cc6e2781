// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <shared/gui/rows.h>

#include <QCryptographicHash>

namespace Qp2p::Test {

using namespace std::chrono_literals;

PeerId peerIdOf(quint64 number)
{
    return PeerId::fromBytes(
        QCryptographicHash::hash(QByteArray::number(number), QCryptographicHash::Sha256));
}

Gui::ConnectionSnapshot connectionRow(quint64 id, const QString &name)
{
    auto facts = std::make_shared<Gui::ConnectionFacts>();
    facts->id = id;
    facts->peerId = peerIdOf(id);
    facts->name = name.isNull() ? QStringLiteral("peer %1").arg(id) : name;
    facts->direction = id % 2 ? Connection::Direction::Outgoing : Connection::Direction::Incoming;
    facts->openedAt = QDateTime(QDate(2026, 1, 1), QTime(12, 0), Qt::UTC);
    Gui::ConnectionSnapshot row;
    row.facts = facts;
    row.state = Gui::ConnectionSnapshot::State::Open;
    row.address = PeerAddress(QHostAddress(quint32(0x0a000000) + quint32(id)),
                              quint16(10'000 + id % 50'000));
    row.role = id % 3 ? Peer::Role::Node : Peer::Role::Client;
    row.link = Peer::Link::Unidirectional;
    row.stats.bytesSent = id * 1000;
    row.stats.bytesReceived = id * 10;
    row.stats.smoothedRtt = std::chrono::milliseconds(id % 200);
    row.stats.age = std::chrono::seconds(id);
    row.sendRate = double(id);
    return row;
}

QList<Gui::ConnectionSnapshot> connectionRows(quint64 first, int count)
{
    QList<Gui::ConnectionSnapshot> rows;
    for (int i = 0; i < count; ++i)
        rows.append(connectionRow(first + quint64(i)));
    return rows;
}

} // namespace Qp2p::Test
