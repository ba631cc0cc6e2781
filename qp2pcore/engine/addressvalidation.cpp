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
    , m_tokens(settings.random, now)
{
}

bool AddressValidation::check(const ngtcp2_pkt_hd &initial, size_t size, const Way &way,
                              int halfOpen, Session::AcceptOptions &options, ngtcp2_tstamp now)
{
    if (initial.tokenlen > 0 && initial.token[0] == NGTCP2_CRYPTO_TOKEN_MAGIC_RETRY2) {
        const QByteArrayView token(initial.token, qsizetype(initial.tokenlen));
        const RetryTokens::Checked checked = m_tokens.check(token, initial.version, way.remote,
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
    const bool wantsRetry = m_retryMode == EndpointConfig::RetryMode::Always
        || (m_retryMode == EndpointConfig::RetryMode::UnderLoad
            && halfOpen >= Limits::HalfOpenBeforeRetry);
    if (wantsRetry)
        m_answers.sendRetry(initial, size, m_tokens, way, now);
    return !wantsRetry;
}

} // namespace Qp2p::Engine
