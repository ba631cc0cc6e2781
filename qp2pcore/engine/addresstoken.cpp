// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/addresstoken.h>

#include <qp2pcore/engine/limits.h>

#include <ngtcp2/ngtcp2_crypto.h>

#include <cstring>

namespace Qp2p::Engine {

namespace {

constexpr ngtcp2_duration Lifetime = std::chrono::nanoseconds(Limits::AddressTokenLifetime).count();

size_t randomSeed(const RandomSource &random)
{
    std::array<quint8, sizeof(size_t)> bytes;
    random(bytes);
    size_t seed;
    std::memcpy(&seed, bytes.data(), bytes.size());
    return seed;
}

} // namespace

AddressTokens::AddressTokens(const RandomSource &random, ngtcp2_tstamp now)
    : m_key(random, Lifetime, now)
    , m_hashSeed(randomSeed(random))
{
}

QByteArray AddressTokens::make(const SocketAddress &remote, ngtcp2_tstamp now)
{
    m_key.rotate(now);
    QByteArray token(NGTCP2_CRYPTO_MAX_REGULAR_TOKENLEN, Qt::Uninitialized);
    const ngtcp2_ssize size = ngtcp2_crypto_generate_regular_token(
        reinterpret_cast<quint8 *>(token.data()), m_key.current().data(), m_key.current().size(),
        remote.sockaddr(), remote.sockaddrSize(), now);
    if (size < 0)
        return {};
    token.truncate(size);
    return token;
}

bool AddressTokens::use(QByteArrayView token, const SocketAddress &remote, ngtcp2_tstamp now)
{
    return isValid(token, remote, now) && markUsed(token);
}

bool AddressTokens::isValid(QByteArrayView token, const SocketAddress &remote, ngtcp2_tstamp now)
{
    if (size_t(token.size()) != NGTCP2_CRYPTO_MAX_REGULAR_TOKENLEN)
        return false; // not of ours: spares two attempts to open it
    m_key.rotate(now);
    const auto opensWith = [&](const RotatingKey::Key &key) {
        return ngtcp2_crypto_verify_regular_token(
                   reinterpret_cast<const quint8 *>(token.data()), size_t(token.size()), key.data(),
                   key.size(), remote.sockaddr(), remote.sockaddrSize(), Lifetime, now)
            == 0;
    };
    return opensWith(m_key.current()) || (m_key.previous() && opensWith(*m_key.previous()));
}

//! No peer can make two tokens of one hash: they are ours, and so is the seed. By accident it costs a Retry.
bool AddressTokens::markUsed(QByteArrayView token)
{
    const size_t hash = qHash(token, m_hashSeed);
    if (!m_used.insert(hash).second)
        return false;
    m_usedInOrder.push_back(hash);
    if (m_usedInOrder.size() > Limits::UsedTokensRemembered) {
        m_used.erase(m_usedInOrder.front());
        m_usedInOrder.pop_front();
    }
    return true;
}

} // namespace Qp2p::Engine
