// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/retrytoken.h>

#include <qp2pcore/engine/limits.h>

#include <ngtcp2/ngtcp2_crypto.h>

namespace Qp2p::Engine {

namespace {
constexpr ngtcp2_duration Lifetime = std::chrono::nanoseconds(Limits::TokenLifetime).count();
constexpr ngtcp2_duration KeyLifetime = std::chrono::nanoseconds(Limits::TokenKeyLifetime).count();
} // namespace

RetryTokens::RetryTokens(const RandomSource &random, ngtcp2_tstamp now)
    : m_key(random, KeyLifetime, now)
{
}

QByteArray RetryTokens::make(quint32 version, const SocketAddress &remote,
                             const ngtcp2_cid &retryId, const ngtcp2_cid &originalId,
                             ngtcp2_tstamp now)
{
    m_key.rotate(now);
    QByteArray token(NGTCP2_CRYPTO_MAX_RETRY_TOKENLEN2, Qt::Uninitialized);
    const ngtcp2_ssize size = ngtcp2_crypto_generate_retry_token2(
        reinterpret_cast<quint8 *>(token.data()), m_key.current().data(), m_key.current().size(),
        version, remote.sockaddr(), remote.sockaddrSize(), &retryId, &originalId, now);
    if (size < 0)
        return {};
    token.truncate(size);
    return token;
}

RetryTokens::Checked RetryTokens::check(QByteArrayView token, quint32 version,
                                        const SocketAddress &remote, const ngtcp2_cid &retryId,
                                        ngtcp2_tstamp now)
{
    m_key.rotate(now);
    const auto checkWith = [&](const RotatingKey::Key &key) {
        Checked checked;
        const int rv = ngtcp2_crypto_verify_retry_token2(
            &checked.originalId, reinterpret_cast<const quint8 *>(token.data()),
            static_cast<size_t>(token.size()), key.data(), key.size(), version, remote.sockaddr(),
            remote.sockaddrSize(), &retryId, Lifetime, now);
        if (rv == 0)
            checked.result = CheckResult::Valid;
        else if (rv == NGTCP2_CRYPTO_ERR_VERIFY_TOKEN)
            checked.result = CheckResult::Stale;
        return checked;
    };
    const Checked checked = checkWith(m_key.current());
    return checked.result == CheckResult::Unreadable && m_key.previous()
        ? checkWith(*m_key.previous())
        : checked;
}

} // namespace Qp2p::Engine
