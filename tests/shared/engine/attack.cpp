// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <shared/engine/attack.h>

#include <shared/engine/enginesettings.h>

#include <qp2pcore/engine/messages/wiremessage.h>

#include <QtEndian>

namespace Qp2p::Test {

using namespace Qp2p::Engine;

Settings victimSettings()
{
    Settings settings = makeSettings(1);
    settings.retryMode = EndpointConfig::RetryMode::Never;
    // Adversaries do not keep their connections alive.
    settings.idleTimeout = 30 * Seconds;
    settings.keepAliveMilliseconds = 10'000;
    return settings;
}

QByteArray toWire(const Message &message)
{
    const auto head = encodeHeader(message);
    return QByteArray(reinterpret_cast<const char *>(head.data()), qsizetype(head.size()))
        + message.header() + message.destination() + message.payload();
}

QByteArray wireHeader(quint32 header, quint32 destination, quint32 payload, quint16 version)
{
    QByteArray bytes(qsizetype(wireHeaderSize), '\0');
    qToBigEndian(version, bytes.data());
    qToBigEndian(header, bytes.data() + 2);
    qToBigEndian(destination, bytes.data() + 6);
    qToBigEndian(payload, bytes.data() + 10);
    return bytes;
}

Attack::Attack(const RawPeer::Options &options, const Settings &settings,
               const Session::DialOptions &dialOptions)
    : victim(makeAcceptor(publicAddress(1), settings))
    , peer(publicAddress(2), publicAddress(1), options)
{
    wire.connect(*victim);
    wire.connect(peer);
    if (options.tls.side == Side::Acceptor)
        dial(*victim, peer.address, wire.now, dialOptions);
}

bool Attack::open()
{
    return wire.runUntil([&] { return peer.isOpen() && victim->count<Events::Opened>() == 1; });
}

bool Attack::runUntilClosed(ngtcp2_duration limit)
{
    return wire.runUntil([&] { return victim->count<Events::Closed>() == 1; }, limit)
        && wire.runUntil([&] { return !peer.isAlive(); }, Seconds);
}

void Attack::settle()
{
    wire.runUntil([&] { return !peer.isAlive() || (!peer.hasFrames() && !peer.hasUnsent()); });
    wire.runFor(20 * Milliseconds);
}

bool Attack::stillDelivers()
{
    const size_t before = victim->count<Events::MessageArrived>();
    const QByteArray payload = "good " + QByteArray::number(qulonglong(before));
    if (peer.sendOnNewStream(toWire(Message(payload))) < 0)
        return false;
    return wire.runUntil([&] { return victim->count<Events::MessageArrived>() == before + 1; },
                         Seconds)
        && victim->last<Events::MessageArrived>()->message.payload() == payload && isVictimOpen();
}

bool servesOthers(VirtualWire &wire, RouterParty &victim)
{
    RouterParty other(publicAddress(500), makeSettings(50), wire.now);
    wire.connect(other);
    const size_t before = victim.count<Events::MessageArrived>();
    const SessionId id = dial(other, victim.address, wire.now);
    bool served = wire.runUntil([&] { return other.count<Events::Opened>() == 1; });
    if (served) {
        other.send(id, Message("from another"));
        served = wire.runUntil([&] { return victim.count<Events::MessageArrived>() == before + 1; });
    }
    wire.disconnect(other);
    return served;
}

} // namespace Qp2p::Test
