// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Attackers who make a victim hold what they send, and an honest peer of another network.
#pragma once

#include <shared/engine/attack.h>
#include <shared/engine/enginesettings.h>
#include <shared/engine/quicpackets.h>

namespace Qp2p::Test {

using namespace Qp2p::Engine;

constexpr qint64 KiB = 1024;
constexpr qint64 MiB = 1024 * KiB;
constexpr quint16 Attackers = 24;
constexpr qint64 Budget = 40 * MiB;
constexpr qint64 LargestMessage = 4 * MiB;

enum class From { OneAddress, ManyAddresses };
enum class How { UnfinishedMessages, OneByteGaps, ManyStreams };

inline SocketAddress attackersAddress(From from, quint16 index)
{
    if (from == From::OneAddress)
        return SocketAddress::fromIpv4({99, 1, 0, 1}, quint16(10'000 + index));
    return SocketAddress::fromIpv4({99, quint8(index), 0, 1}, 10'000); // an IPv4 /16 each
}

inline Settings smallSettings(qint64 inboxLimit = LargestMessage)
{
    Settings settings = victimSettings();
    settings.receiveBudget = Budget;
    MessageOptions options = makeMessageOptions();
    options.maxMessageSize = LargestMessage;
    options.inboxLimit = inboxLimit;
    settings.protocols = protocolsWith(options);
    return settings;
}

//! A victim, its attackers, and an honest peer of another network.
struct Siege
{
    explicit Siege(From where, const Settings &settings = smallSettings())
        : from(where)
        , victim(makeAcceptor(publicAddress(1), settings))
        , honest(publicAddress(2), makeSettings(2))
    {
        wire.connect(*victim);
        wire.connect(honest);
    }

    bool open()
    {
        for (quint16 i = 0; i < Attackers; ++i) {
            RawPeer::Options options;
            options.seed = 1000u + i;
            peers.push_back(std::make_unique<RawPeer>(attackersAddress(from, i), victim->address,
                                                      options, wire.now));
            peers.back()->remembersFrames = false;
            wire.connect(*peers.back());
            if (!wire.runUntil([&] { return peers.back()->isOpen(); }))
                return false;
        }
        honestSession = dial(honest, victim->address, wire.now);
        return wire.runUntil([&] { return honest.count<Events::Opened>() == 1; });
    }

    void attack(How how)
    {
        for (const auto &peer : peers) {
            if (how == How::UnfinishedMessages) {
                static const QByteArray block(250 * KiB,
                                              'x'); // one for all, so that they cost nothing here
                for (int i = 0; i < 80; ++i)
                    peer->send(
                        peer->sendOnNewStream(wireHeader(0, 0, quint32(LargestMessage)), Fin::No),
                        block);
            } else if (how == How::ManyStreams) {
                while (
                    peer->sendOnNewStream(wireHeader(0, 0, quint32(LargestMessage)) + "x", Fin::No)
                    >= 0) {
                }
            } else {
                for (int i = 0; i < 60; ++i) {
                    const qint64 stream = peer->sendOnNewStream(
                        wireHeader(0, 0, quint32(LargestMessage)), Fin::No);
                    QByteArray frames;
                    for (quint64 offset = 20; offset < 1700; offset += 2) {
                        frames += Frame::stream(quint64(stream), offset, "x");
                        if (frames.size() > RawPeer::FrameCapacity - 20)
                            peer->sendFrames(std::exchange(frames, {}));
                    }
                    peer->sendFrames(frames);
                }
            }
        }
    }

    //! \brief Runs on, with an honest kibibyte a second of each attacker, so that none seems to sleep.
    bool runUntil(const std::function<bool()> &condition, int seconds)
    {
        for (int i = 0; i < seconds; ++i) {
            for (const auto &peer : peers) {
                if (peer->isAlive())
                    peer->sendOnNewStream(toWire(Message(QByteArray(KiB, 'k'))));
            }
            if (wire.runUntil(
                    [&] {
                        most = std::max(most, victim->router->stats().receiveBudgetUsed);
                        return condition();
                    },
                    Seconds))
                return true;
        }
        return false;
    }

    size_t alive() const
    {
        return size_t(std::count_if(peers.cbegin(), peers.cend(),
                                    [](const auto &peer) { return peer->isAlive(); }));
    }

    const From from;
    VirtualWire wire;
    std::unique_ptr<RouterParty> victim;
    std::vector<std::unique_ptr<RawPeer>> peers;
    RouterParty honest;
    SessionId honestSession = 0;
    qint64 most = 0; //!< of the budget that was used at a time
};

} // namespace Qp2p::Test
