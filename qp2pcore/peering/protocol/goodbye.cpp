// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/protocol/goodbye.h>

#include <qp2pcore/engine/messages/controlmap.h>

#include <algorithm>

namespace Qp2p::Peering {

namespace {

enum GoodbyeKey : quint64 { KeyCode = 1, KeyReason = 2 };

// A larger one makes ngtcp2 abort when the connection is closed with it.
constexpr quint64 MaxCode = (quint64(1) << 62) - 1;

} // namespace

Result<Goodbye> Goodbye::decode(const QByteArray &map)
{
    Engine::ControlMapParser parser(map);
    parser.parseKind(Kind);
    Goodbye goodbye;
    parser.parsePairs([&](quint64 key) {
        switch (key) {
        case KeyCode:
            goodbye.code = parser.readNumber(0, MaxCode, "code");
            return true;
        case KeyReason:
            goodbye.reason = parser.readText("reason");
            return true;
        default:
            return false;
        }
    });
    parser.require(KeyCode, "code");
    return parser.finish(goodbye);
}

QByteArray encode(const Goodbye &goodbye)
{
    Engine::ControlMapWriter writer(Goodbye::Kind, 2);
    writer.appendNumber(KeyCode, std::min(goodbye.code, MaxCode));
    writer.appendText(KeyReason, goodbye.reason);
    return writer.finish();
}

} // namespace Qp2p::Peering
