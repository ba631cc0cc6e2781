// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Settings, identities and addresses for tests of the engine, the same again for the same seed.
#pragma once

#include <shared/seededrandom.h>

#include <qp2pcore/engine/messages/messagefactory.h>
#include <qp2pcore/engine/settings.h>

namespace Qp2p::Test {

//! \brief Bytes from a generator of its own, seeded with \a seed.
Engine::RandomSource seededRandomSource(quint64 seed);
QByteArray randomBytes(SeededRandom &random, qsizetype size);

//! \brief The \a number-th identity of this process: generated once, since keys are not of interest.
Identity testIdentity(int number);

//! \brief The defaults, with testIdentity(number), a random source seeded with it, and messages as
//! makeMessageOptions() has them.
Engine::Settings makeSettings(int number);
//! \brief The defaults, with an agent.
Engine::MessageOptions makeMessageOptions();
//! \brief For Settings::protocols: what is \a spoken, with \a options.
std::vector<std::shared_ptr<const Engine::StreamProtocolFactory>> protocolsWith(
    const Engine::MessageOptions &options, const std::vector<Protocol> &spoken = {Protocol::Qp2p1});

//! \brief 198.18.x.y from the range for benchmarks (RFC 2544): public for every limit of ours.
Engine::SocketAddress publicAddress(quint16 host, quint16 port = 4433);
//! \brief 10.0.x.y, an address of local scope.
Engine::SocketAddress privateAddress(quint16 host, quint16 port = 4433);
//! \brief 2001:db8::<subnet in the upper 64 bits>:<host>, public.
Engine::SocketAddress publicIpv6(quint32 prefix, quint16 subnet, quint16 host, quint16 port = 4433);

} // namespace Qp2p::Test
