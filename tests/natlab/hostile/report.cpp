// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "report.h"

#include <QJsonDocument>

#include <array>
#include <chrono>
#include <cstdio>

#include <arpa/inet.h>

namespace Qp2p::Test {

using Engine::SocketAddress;

void report(const QString &event, QJsonObject fields)
{
    fields.insert(QStringLiteral("event"), event);
    const QByteArray line = QJsonDocument(fields).toJson(QJsonDocument::Compact) + '\n';
    std::fwrite(line.constData(), 1, size_t(line.size()), stdout);
    std::fflush(stdout);
}

QString hostOf(const SocketAddress &address)
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(address.isIpv4() ? AF_INET : AF_INET6, address.addressBytes(), text.data(),
              text.size());
    return QString::fromLatin1(text.data());
}

QString textOf(const SocketAddress &address)
{
    const QString host = hostOf(address);
    return (address.isIpv4() ? host : u'[' + host + u']') + u':' + QString::number(address.port());
}

ngtcp2_tstamp clockNow()
{
    return ngtcp2_tstamp(std::chrono::duration_cast<std::chrono::nanoseconds>(
                             std::chrono::steady_clock::now().time_since_epoch())
                             .count());
}

} // namespace Qp2p::Test
