// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "linkhalf.h"

#include <shared/engine/enginesettings.h>

namespace Qp2p::Test {

using namespace Qp2p::Engine;

namespace {

constexpr qint64 ControlStream = 0;
//! Shorter than any idle time-out of the real ones.
constexpr ngtcp2_duration KeepAlive = 5 * Seconds;
constexpr ngtcp2_duration Patience = 10 * Seconds;

} // namespace

LinkHalf::LinkHalf(const SocketAddress &local, const SocketAddress &remote, int identityNumber,
                   const Hello &hello, ngtcp2_tstamp now)
    : m_socket(std::make_unique<UdpSocket>(local, remote))
    , m_remote(remote)
{
    makePeer(Side::Dialler, m_socket->local(), identityNumber, hello, now);
}

LinkHalf::LinkHalf(UdpSocket &listener, const SocketAddress &remote, int identityNumber,
                   const Hello &hello, ngtcp2_tstamp now)
    : m_listener(&listener)
    , m_remote(remote)
{
    makePeer(Side::Acceptor, listener.local(), identityNumber, hello, now);
}

void LinkHalf::makePeer(Side side, const SocketAddress &local, int identityNumber, Hello hello,
                        ngtcp2_tstamp now)
{
    hello.observed = m_remote;
    const Identity identity = testIdentity(identityNumber);
    RawPeer::Options options;
    options.tls.side = side;
    options.tls.chain = identity.certificates();
    options.tls.keyDer = identity.privateKeyDer();
    options.hello = encode(hello);
    static quint64 count = 0;
    options.seed = now + ++count; // connection IDs that no earlier run has used
    options.handshakeTimeout = Patience;
    m_peer = std::make_unique<RawPeer>(local, m_remote, options, now);
    m_peer->remembersFrames = false;
}

void LinkHalf::send(const QByteArray &controlMessage)
{
    m_peer->send(ControlStream, controlMessage);
}

void LinkHalf::receive(ngtcp2_tstamp now)
{
    constexpr int AtOnce = 64;
    for (int i = 0; i < AtOnce && m_socket; ++i) {
        const auto datagram = m_socket->receive();
        if (!datagram)
            return;
        receive(*datagram, now);
    }
}

void LinkHalf::receive(const QByteArray &datagram, ngtcp2_tstamp now)
{
    m_peer->receive({m_remote, m_peer->address, datagram}, now);
}

void LinkHalf::advance(ngtcp2_tstamp now)
{
    if (m_peer->isAlive() && m_peer->deadline() <= now)
        m_peer->expire(now);
    if (m_peer->isConfirmed() && !std::exchange(m_keepsAlive, true))
        ngtcp2_conn_set_keep_alive_timeout(m_peer->connection(), KeepAlive);
    if (m_unsent.empty()) {
        for (Datagram &datagram : m_peer->write(now))
            m_unsent.push_back(std::move(datagram.data));
    }
    while (!m_unsent.empty()
           && (m_socket ? m_socket->send(m_unsent.front())
                        : m_listener->sendTo(m_remote, m_unsent.front())))
        m_unsent.pop_front();
}

std::optional<ControlMessage> LinkHalf::next()
{
    const QByteArray stream = m_peer->received(ControlStream);
    std::span<const quint8> bytes(reinterpret_cast<const quint8 *>(stream.constData()) + m_read,
                                  size_t(stream.size() - m_read));
    const auto message = m_reader.next(bytes);
    m_read = stream.size() - qsizetype(bytes.size());
    if (message && message->kind == Hello::Kind)
        m_hello = *Hello::decode(message->map);
    return message;
}

} // namespace Qp2p::Test
