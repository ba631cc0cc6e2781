// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/statelessanswers.h>

#include <qp2pcore/engine/limits.h>

#include <gnutls/crypto.h>
#include <ngtcp2/ngtcp2_crypto.h>

#include <algorithm>
#include <array>

namespace Qp2p::Engine {

namespace {

constexpr size_t MacSize = 32; // SHA-256

//! RFC 9000 section 10.3.2: the same again after a restart, so that peers learn immediately that their
//! connections are gone. With the port, so that of two endpoints with one identity none can be made
//! to reset the connections of the other (section 21.11).
MacHandle resetMacOf(const Settings &settings)
{
    QByteArray key = settings.identity.privateKeyDer();
    const QByteArray what = "qp2p stateless reset " + QByteArray::number(settings.localPort);
    std::array<quint8, MacSize> secret;
    if (gnutls_hmac_fast(GNUTLS_MAC_SHA256, key.constData(), size_t(key.size()), what.constData(),
                         size_t(what.size()), secret.data())
        != 0)
        settings.random(secret);
    gnutls_memset(key.data(), 0, size_t(key.size()));
    gnutls_hmac_hd_t mac = nullptr;
    if (gnutls_hmac_init(&mac, GNUTLS_MAC_SHA256, secret.data(), secret.size()) < 0)
        mac = nullptr;
    gnutls_memset(secret.data(), 0, secret.size());
    return MacHandle(mac);
}

//! What a packet is written into.
quint8 *bytesOf(QByteArray &datagram)
{
    return reinterpret_cast<quint8 *>(datagram.data());
}

} // namespace

StatelessAnswers::StatelessAnswers(const Settings &settings, EndpointStats &stats)
    : m_random(settings.random)
    , m_stats(stats)
    , m_resetMac(resetMacOf(settings))
    , m_budget(Limits::StatelessAnswersPerSecond, Limits::StatelessAnswersPerSecond)
    , m_retryBudget(Limits::RetriesPerSecond, Limits::RetriesPerSecond / 10)
{
}

void StatelessAnswers::sendVersionNegotiation(const ngtcp2_version_cid &ids, size_t size,
                                              const Way &way, ngtcp2_tstamp now)
{
    // RFC 9000 section 5.2.2: a datagram too small for an Initial is not answered.
    if (size < Limits::MinInitialDatagram || !m_budget.take(now)) {
        ++m_stats.droppedUnknown;
        return;
    }
    const uint32_t versions[] = {NGTCP2_PROTO_VER_V1};
    quint8 unused = 0;
    m_random({&unused, 1});
    QByteArray datagram(qsizetype(size), Qt::Uninitialized);
    const ngtcp2_ssize written = ngtcp2_pkt_write_version_negotiation(
        bytesOf(datagram), size, unused, ids.scid, ids.scidlen, ids.dcid, ids.dcidlen, versions,
        std::size(versions));
    if (written <= 0)
        return;
    datagram.truncate(written);
    if (queue(datagram, size, way))
        ++m_stats.versionNegotiationsSent;
}

void StatelessAnswers::sendRetry(const ngtcp2_pkt_hd &initial, size_t size, RetryTokens &tokens,
                                 const Way &way, ngtcp2_tstamp now)
{
    if (!m_retryBudget.take(now)) {
        ++m_stats.droppedOverload;
        return;
    }
    ngtcp2_cid retryId;
    retryId.datalen = Limits::ConnectionIdSize;
    m_random({retryId.data, retryId.datalen});
    const QByteArray token = tokens.make(initial.version, way.remote, retryId, initial.dcid, now);
    QByteArray datagram(qsizetype(Limits::MinInitialDatagram), Qt::Uninitialized);
    const ngtcp2_ssize written = ngtcp2_crypto_write_retry(
        bytesOf(datagram), size_t(datagram.size()), initial.version, &initial.scid, &retryId,
        &initial.dcid, reinterpret_cast<const quint8 *>(token.constData()), size_t(token.size()));
    if (token.isEmpty() || written <= 0)
        return;
    datagram.truncate(written);
    if (queue(datagram, size, way))
        ++m_stats.retriesSent;
}

void StatelessAnswers::sendRefusal(const ngtcp2_pkt_hd &initial, size_t size, quint64 code,
                                   const Way &way, ngtcp2_tstamp now)
{
    if (!m_budget.take(now))
        return;
    QByteArray datagram(qsizetype(Limits::MinInitialDatagram), Qt::Uninitialized);
    const ngtcp2_ssize written = ngtcp2_crypto_write_connection_close(
        bytesOf(datagram), size_t(datagram.size()), initial.version, &initial.scid, &initial.dcid,
        code, nullptr, 0);
    if (written <= 0)
        return;
    datagram.truncate(written);
    queue(datagram, size, way);
}

void StatelessAnswers::sendReset(const quint8 *data, size_t size, const Way &way, ngtcp2_tstamp now)
{
    if (size < Limits::MinResetTrigger || !m_budget.take(now)) {
        ++m_stats.droppedUnknown;
        return;
    }
    ngtcp2_cid id;
    ngtcp2_cid_init(&id, data + 1, Limits::ConnectionIdSize);
    const ResetToken token = resetToken(id);
    // Of two lengths, and shorter than what it answers, so that two endpoints cannot reset each other endlessly.
    constexpr size_t LongestReset = 43;
    const size_t resetSize = size > LongestReset ? LongestReset : Limits::MinShortHeaderDatagram;
    const size_t randomSize = resetSize - token.size();
    std::array<quint8, LongestReset> noise;
    m_random({noise.data(), randomSize});
    QByteArray datagram(qsizetype(size - 1), Qt::Uninitialized);
    const ngtcp2_ssize written = ngtcp2_pkt_write_stateless_reset(
        bytesOf(datagram), size_t(datagram.size()), token.data(), noise.data(), randomSize);
    if (written <= 0)
        return;
    datagram.truncate(written);
    if (queue(datagram, size, way))
        ++m_stats.statelessResetsSent;
}

ResetToken StatelessAnswers::resetToken(const ngtcp2_cid &id) const
{
    // One of the two ways that RFC 9000 names; the other, HKDF, takes ten times as long, and a handshake needs
    // fifteen tokens.
    ResetToken token;
    std::array<quint8, MacSize> digest;
    if (m_resetMac && gnutls_hmac(m_resetMac.get(), id.data, id.datalen) == 0) {
        gnutls_hmac_output(m_resetMac.get(), digest.data());
        std::copy_n(digest.begin(), token.size(), token.begin());
    } else {
        m_random(token); // of no use, but not to be guessed
    }
    return token;
}

bool StatelessAnswers::write(const DatagramSink &sink)
{
    while (!m_waiting.empty()) {
        const Answer next = std::move(m_waiting.front());
        m_waiting.pop_front();
        const auto size = size_t(next.datagram.size());
        if (!sink(reinterpret_cast<const quint8 *>(next.datagram.constData()), size, size, next.way,
                  0))
            return false;
    }
    return true;
}

bool StatelessAnswers::queue(QByteArray datagram, size_t triggerSize, const Way &way)
{
    if (size_t(datagram.size()) > triggerSize)
        return false;
    if (m_waiting.size() >= Limits::AnswersWaiting) {
        ++m_stats.droppedOverload;
        return false;
    }
    datagram.squeeze();
    m_waiting.push_back({std::move(datagram), way});
    return true;
}

} // namespace Qp2p::Engine
