// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What ngtcp2 calls of a RawPeer; for rawpeer.cpp only. Here packets are changed before they are encrypted.
#pragma once

#include <shared/engine/quicpackets.h>
#include <shared/engine/rawpeer.h>

#include <ngtcp2/ngtcp2_crypto.h>

namespace Qp2p::Test {

namespace RawPeerParts {

// What the carrier stream says: a packet with it exists only to be replaced.
inline constexpr char CarrierBytes[] = "\xc4\x17\xe9\x3d";
inline constexpr size_t CarrierSize = sizeof(CarrierBytes) - 1;

// ngtcp2's crypto callbacks carry no user data, and a test has one thread.
inline RawPeer *current = nullptr;

inline ngtcp2_cid cidOf(const Engine::RandomSource &random, size_t size)
{
    ngtcp2_cid id;
    id.datalen = size;
    random({id.data, size});
    return id;
}

} // namespace RawPeerParts

struct RawPeer::Callbacks
{
    static RawPeer &of(void *user) { return *static_cast<RawPeer *>(user); }

    static RawPeer::PacketKind kindOf(quint8 first)
    {
        if ((first & 0x80) == 0)
            return PacketKind::OneRtt;
        return (first & 0x30) == 0 ? PacketKind::Initial : PacketKind::Handshake;
    }

    static int encrypt(uint8_t *dest, const ngtcp2_crypto_aead *aead,
                       const ngtcp2_crypto_aead_ctx *context, const uint8_t *plaintext, size_t size,
                       const uint8_t *nonce, size_t nonceSize, const uint8_t *aad, size_t aadSize)
    {
        QByteArray frames(reinterpret_cast<const char *>(plaintext), qsizetype(size));
        QByteArray header(reinterpret_cast<const char *>(aad), qsizetype(aadSize));
        maskXor = 0;
        if (RawPeer *const current = RawPeerParts::current) {
            const PacketKind kind = kindOf(aad[0]);
            const bool carrier = kind == PacketKind::OneRtt
                && frames.contains(QByteArrayView(RawPeerParts::CarrierBytes,
                                                  qsizetype(RawPeerParts::CarrierSize)));
            if (carrier) {
                // A carrier that ngtcp2 sends again says nothing, and so does one that the congestion
                // window has made too short.
                Packet packet;
                if (!current->m_packets.empty()
                    && current->m_packets.front().frames.size() < frames.size()) {
                    packet = std::move(current->m_packets.front());
                    current->m_packets.pop_front();
                }
                // Ack-eliciting in any case, or ngtcp2 would think that it was lost.
                packet.frames += Frame::Ping;
                Q_ASSERT(packet.frames.size() <= frames.size());
                frames = packet.frames.leftJustified(frames.size(), '\0');
                maskXor = packet.headerBits;
                header[0] = char(header[0] ^ packet.headerBits);
            } else if (current->mutate) {
                current->mutate(kind, {reinterpret_cast<quint8 *>(frames.data()), size});
            }
        }
        return ngtcp2_crypto_encrypt_cb(
            dest, aead, context, reinterpret_cast<const quint8 *>(frames.constData()), size, nonce,
            nonceSize, reinterpret_cast<const quint8 *>(header.constData()), aadSize);
    }

    static int decrypt(uint8_t *dest, const ngtcp2_crypto_aead *aead,
                       const ngtcp2_crypto_aead_ctx *context, const uint8_t *ciphertext,
                       size_t size, const uint8_t *nonce, size_t nonceSize, const uint8_t *aad,
                       size_t aadSize)
    {
        RawPeer *const current = RawPeerParts::current;
        const int rv = ngtcp2_crypto_decrypt_cb(dest, aead, context, ciphertext, size, nonce,
                                                nonceSize, aad, aadSize);
        if (rv == 0 && current && kindOf(aad[0]) == PacketKind::OneRtt && size > 16) {
            if (current->remembersFrames)
                current->m_plaintexts.emplace_back(reinterpret_cast<const char *>(dest),
                                                   qsizetype(size - 16));
            if (current->mutateReceived)
                current->mutateReceived({dest, size - 16});
        }
        return rv;
    }

    static int mask(uint8_t *dest, const ngtcp2_crypto_cipher *hp,
                    const ngtcp2_crypto_cipher_ctx *context, const uint8_t *sample)
    {
        const int rv = ngtcp2_crypto_hp_mask_cb(dest, hp, context, sample);
        dest[0] ^= std::exchange(maskXor, 0);
        return rv;
    }

    static int handshakeCompleted(ngtcp2_conn *, void *user)
    {
        of(user).m_handshakeDone = true;
        // The acceptor's side needs no confirmation (RFC 9001 section 4.1.2).
        if (of(user).m_options.tls.side == Engine::Side::Acceptor)
            of(user).m_confirmed = true;
        if (!of(user).m_options.tls.ticketKey.isEmpty())
            gnutls_session_ticket_send(of(user).m_tls.get(), 1, 0);
        return 0;
    }

    static int handshakeConfirmed(ngtcp2_conn *, void *user)
    {
        of(user).m_confirmed = true;
        return 0;
    }

    static int streamOpened(ngtcp2_conn *, int64_t stream, void *user)
    {
        RawPeer &peer = of(user);
        if (stream == 0 && !peer.m_options.hello.isEmpty())
            peer.send(0, peer.m_options.hello);
        return 0;
    }

    static int streamData(ngtcp2_conn *conn, uint32_t, int64_t stream, uint64_t,
                          const uint8_t *data, size_t size, void *user, void *)
    {
        of(user).m_received[stream].append(reinterpret_cast<const char *>(data), qsizetype(size));
        if (!of(user).grantsCredit)
            return 0;
        ngtcp2_conn_extend_max_stream_offset(conn, stream, size);
        ngtcp2_conn_extend_max_offset(conn, size);
        return 0;
    }

    static int streamClosed(ngtcp2_conn *, uint32_t, int64_t stream, uint64_t, void *user, void *)
    {
        of(user).m_outgoing.erase(stream);
        return 0;
    }

    static int newConnectionId(ngtcp2_conn *, ngtcp2_cid *id, uint8_t *token, size_t size,
                               void *user)
    {
        *id = RawPeerParts::cidOf(of(user).m_random, size);
        of(user).m_random({token, NGTCP2_STATELESS_RESET_TOKENLEN});
        return 0;
    }

    static int statelessReset(ngtcp2_conn *, const ngtcp2_pkt_stateless_reset *, void *user)
    {
        of(user).m_reset = true;
        return 0;
    }

    static void random(uint8_t *dest, size_t size, const ngtcp2_rand_ctx *context)
    {
        (*static_cast<const Engine::RandomSource *>(context->native_handle))({dest, size});
    }

    static ngtcp2_callbacks table()
    {
        ngtcp2_callbacks callbacks{};
        callbacks.client_initial = ngtcp2_crypto_client_initial_cb;
        callbacks.recv_client_initial = ngtcp2_crypto_recv_client_initial_cb;
        callbacks.recv_crypto_data = ngtcp2_crypto_recv_crypto_data_cb;
        callbacks.encrypt = encrypt;
        callbacks.decrypt = decrypt;
        callbacks.hp_mask = mask;
        callbacks.recv_retry = ngtcp2_crypto_recv_retry_cb;
        callbacks.update_key = ngtcp2_crypto_update_key_cb;
        callbacks.delete_crypto_aead_ctx = ngtcp2_crypto_delete_crypto_aead_ctx_cb;
        callbacks.delete_crypto_cipher_ctx = ngtcp2_crypto_delete_crypto_cipher_ctx_cb;
        callbacks.get_path_challenge_data = ngtcp2_crypto_get_path_challenge_data_cb;
        callbacks.version_negotiation = ngtcp2_crypto_version_negotiation_cb;
        callbacks.rand = random;
        callbacks.handshake_completed = handshakeCompleted;
        callbacks.handshake_confirmed = handshakeConfirmed;
        callbacks.stream_open = streamOpened;
        callbacks.recv_stream_data = streamData;
        callbacks.stream_close = streamClosed;
        callbacks.get_new_connection_id = newConnectionId;
        callbacks.recv_stateless_reset = statelessReset;
        return callbacks;
    }

    static inline quint8 maskXor = 0; // for the packet that was just encrypted
};

} // namespace Qp2p::Test
