// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/addressvalidation.h>

#include <qp2pcore/engine/limits.h>

#include <ngtcp2/ngtcp2_crypto.h>

namespace Qp2p::Engine {

AddressValidation::AddressValidation(const Settings &settings, StatelessAnswers &answers,
                                     EndpointStats &stats, ngtcp2_tstamp now)
    : m_retryMode(settings.retryMode)
    , m_answers(answers)
    , m_stats(stats)
    , m_wallClock(settings.wallClock)
    , m_retryTokens(settings.random, now)
{
    if (m_retryMode != EndpointConfig::RetryMode::Never)
        m_addressTokens.emplace(settings.random, tokenTime(now));
}

bool AddressValidation::check(const ngtcp2_pkt_hd &initial, size_t size, const Way &way,
                              int halfOpen, Session::AcceptOptions &options, ngtcp2_tstamp now)
{
    // The relaying node has validated the address, and of the peer there is none that a token could be about.
    if (way.kind == Way::Kind::Leg)
        return true;
    const quint8 kind = initial.tokenlen > 0 ? initial.token[0] : 0;
    if (kind == NGTCP2_CRYPTO_TOKEN_MAGIC_RETRY2)
        return checkRetryToken(initial, size, way, options, now);
    // RFC 9000 section 8.1.3: one that is not valid is as good as none.
    if (kind == NGTCP2_CRYPTO_TOKEN_MAGIC_REGULAR && useAddressToken(initial, way, now)) {
        options.token = QByteArrayView(initial.token, qsizetype(initial.tokenlen)).toByteArray();
        return true;
    }
    const bool wantsRetry = m_retryMode == EndpointConfig::RetryMode::Always
        || (m_retryMode == EndpointConfig::RetryMode::UnderLoad
            && halfOpen >= Limits::HalfOpenBeforeRetry);
    if (wantsRetry)
        m_answers.sendRetry(initial, size, m_retryTokens, way, now);
    return !wantsRetry;
}

bool AddressValidation::checkRetryToken(const ngtcp2_pkt_hd &initial, size_t size, const Way &way,
                                        Session::AcceptOptions &options, ngtcp2_tstamp now)
{
    const QByteArrayView token(initial.token, qsizetype(initial.tokenlen));
    const RetryTokens::Checked checked = m_retryTokens.check(token, initial.version, way.remote,
                                                             initial.dcid, now);
    if (checked.result != RetryTokens::CheckResult::Valid) {
        ++m_stats.tokensRejected;
        // The packet is not authenticated yet, and a bit may have flipped on the way: an answer
        // to an unreadable token would end an honest dial that only has to send again.
        if (checked.result == RetryTokens::CheckResult::Stale)
            m_answers.sendRefusal(initial, size, NGTCP2_INVALID_TOKEN, way, now);
        return false;
    }
    options.originalId = checked.originalId;
    options.token = token.toByteArray();
    return true;
}

bool AddressValidation::useAddressToken(const ngtcp2_pkt_hd &initial, const Way &way,
                                        ngtcp2_tstamp now)
{
    if (!m_addressTokens)
        return false; // none was ever made
    const QByteArrayView token(initial.token, qsizetype(initial.tokenlen));
    const bool isUsable = m_addressTokens->use(token, way.remote, tokenTime(now));
    ++(isUsable ? m_stats.tokensAccepted : m_stats.tokensRejected);
    return isUsable;
}

QByteArray AddressValidation::makeAddressToken(const SocketAddress &remote, ngtcp2_tstamp now)
{
    return m_addressTokens ? m_addressTokens->make(remote, tokenTime(now)) : QByteArray();
}

//! A monotonic clock may stand still while the machine is suspended, and the token of yesterday would be from today.
ngtcp2_tstamp AddressValidation::tokenTime(ngtcp2_tstamp now) const
{
    return m_wallClock ? ngtcp2_tstamp(m_wallClock()) * NGTCP2_SECONDS : now;
}

} // namespace Qp2p::Engine
