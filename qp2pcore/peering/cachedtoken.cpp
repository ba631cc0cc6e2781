// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/cachedtoken.h>

#include <qp2pcore/engine/limits.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Qp2p::Peering {

CachedToken CachedToken::fromRecord(const QJsonObject &record)
{
    const QByteArray text = record.value("token"_L1).toString().toLatin1();
    const QHostAddress address(record.value("tokenFrom"_L1).toString());
    const qint64 time = record.value("tokenTime"_L1).toInteger(-1);
    const auto bytes = QByteArray::fromBase64Encoding(text, QByteArray::AbortOnBase64DecodingErrors);
    if (!bytes || bytes.decoded.isEmpty()
        || bytes.decoded.size() > Engine::Limits::AddressTokenBytes || time < 0)
        return {};
    return {address, {bytes.decoded, std::chrono::sys_seconds(std::chrono::seconds(time))}};
}

void CachedToken::writeTo(QJsonObject &record) const
{
    if (token.bytes.isEmpty())
        return;
    record.insert(u"token"_s, QString::fromLatin1(token.bytes.toBase64()));
    record.insert(u"tokenFrom"_s, address.toString());
    record.insert(u"tokenTime"_s, qint64(token.receivedAt.time_since_epoch().count()));
}

bool CachedToken::isUsableFor(const CachedNode &node, qint64 now) const
{
    return token.isUsable(std::chrono::sys_seconds(std::chrono::seconds(now / 1000)))
        && hasAddress(node, address);
}

bool hasAddress(const CachedNode &node, const QHostAddress &address)
{
    return std::any_of(node.addresses.cbegin(), node.addresses.cend(),
                       [&](const PeerAddress &known) { return known.address() == address; });
}

} // namespace Qp2p::Peering
