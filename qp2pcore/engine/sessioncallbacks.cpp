// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/sessioncallbacks.h>

#include <qp2pcore/engine/limits.h>
#include <qp2pcore/engine/session.h>

#include <ngtcp2/ngtcp2_crypto.h>

#include <cstring>
#include <new>
#include <tuple>

namespace Qp2p::Engine {

namespace {
enum TlsAlert : quint8 { UnexpectedMessage = 10, MissingExtension = 109 };
} // namespace

//! \brief A callback whose failed allocation ends this connection and nothing else: no exception may
//! pass through ngtcp2. \a fromEnd: where among the last arguments the session stands.
template<auto callback, size_t fromEnd = 1>
struct Guarded;

struct SessionCallbacks
{
    static int outOfMemory(void *user) { return of(user).outOfMemory(); }
    static Session &of(void *userData) { return *static_cast<Session *>(userData); }
    static Stream *stream(void *streamData) { return static_cast<Stream *>(streamData); }

    static int receiveCrypto(ngtcp2_conn *conn, ngtcp2_encryption_level level, uint64_t offset,
                             const uint8_t *data, size_t size, void *user)
    {
        Session &session = of(user);
        session.m_cryptoBytes += size;
        if (session.m_cryptoBytes > Limits::CryptoBytes) {
            session.m_cause = Error(ErrorCode::ProtocolViolation,
                                    QStringLiteral("The peer's TLS handshake has no end."));
            session.m_ccerr.emplace();
            ngtcp2_ccerr_set_transport_error(&*session.m_ccerr, NGTCP2_CRYPTO_BUFFER_EXCEEDED,
                                             nullptr, 0);
            return NGTCP2_ERR_CALLBACK_FAILURE;
        }
        if (session.m_tlsDone) {
            const bool mayBeTicket = session.m_side == Side::Dialler
                && level == NGTCP2_ENCRYPTION_LEVEL_1RTT;
            if (mayBeTicket && session.m_postHandshake.skipTickets({data, size}))
                return 0;
            return session.tlsViolation(
                UnexpectedMessage,
                Error(ErrorCode::ProtocolViolation,
                      QStringLiteral("The peer went on with its TLS handshake after the end.")));
        }
        return ngtcp2_crypto_recv_crypto_data_cb(conn, level, offset, data, size, user);
    }

    static int receivingKeyInstalled(ngtcp2_conn *, ngtcp2_encryption_level level, void *user)
    {
        // The last one comes with the peer's Finished. ngtcp2 itself counts the handshake as done only
        // at the end of the packet, and more of TLS may follow in that.
        if (level == NGTCP2_ENCRYPTION_LEVEL_1RTT)
            of(user).m_tlsDone = true;
        return 0;
    }

    static int sendingKeyInstalled(ngtcp2_conn *conn, ngtcp2_encryption_level level, void *user)
    {
        // RFC 9001 section 8.2: without the extension there is no QUIC. GnuTLS asks for none that is
        // missing, and ngtcp2 1.22 would write a 1-RTT packet next and abort the process.
        if (level != NGTCP2_ENCRYPTION_LEVEL_1RTT || ngtcp2_conn_get_remote_transport_params(conn))
            return 0;
        return of(user).tlsViolation(
            MissingExtension,
            Error(ErrorCode::HandshakeFailed,
                  QStringLiteral("The peer sent no QUIC transport parameters.")));
    }

    static int handshakeCompleted(ngtcp2_conn *, void *user)
    {
        return of(user).handshakeCompleted();
    }

    static int handshakeConfirmed(ngtcp2_conn *, void *user)
    {
        of(user).m_confirmed = true;
        return 0;
    }

    static int streamOpened(ngtcp2_conn *conn, int64_t streamId, void *user)
    {
        Session &session = of(user);
        if (streamId == 0 && session.m_protocol == Protocol::Qp2p1) {
            // the dialler's first bi-directional stream: control
            session.m_control.id = 0;
            return 0;
        }
        Stream &stream = session.m_streams.add();
        stream.id = streamId;
        session.m_inbox.opened(stream, session.m_now);
        ngtcp2_conn_set_stream_user_data(conn, streamId, &stream);
        return 0;
    }

    static int streamData(ngtcp2_conn *, uint32_t flags, int64_t streamId, uint64_t,
                          const uint8_t *data, size_t size, void *user, void *streamUser)
    {
        return of(user).streamData(stream(streamUser), streamId, data, size,
                                   flags & NGTCP2_STREAM_DATA_FLAG_FIN ? Fin::Yes : Fin::No);
    }

    static int dataAcknowledged(ngtcp2_conn *, int64_t streamId, uint64_t, uint64_t size,
                                void *user, void *streamUser)
    {
        Session &session = of(user);
        session.dataAcknowledged();
        if (streamId == session.m_control.id)
            session.m_control.acknowledged(qint64(size));
        else if (streamUser)
            session.m_outbox.acknowledged(*stream(streamUser), qint64(size), session.m_now);
        return 0;
    }

    static int streamClosed(ngtcp2_conn *, uint32_t flags, int64_t streamId, uint64_t code,
                            void *user, void *streamUser)
    {
        of(user).streamClosed(stream(streamUser), streamId,
                              flags & NGTCP2_STREAM_CLOSE_FLAG_APP_ERROR_CODE_SET
                                  ? std::optional<quint64>(code)
                                  : std::nullopt);
        return 0;
    }

    static int streamReset(ngtcp2_conn *, int64_t streamId, uint64_t, uint64_t code, void *user,
                           void *streamUser)
    {
        Session &session = of(user);
        if (streamId == session.m_control.id)
            return session.controlViolation(QStringLiteral("The control stream was reset."));
        if (streamUser)
            session.m_inbox.reset(*stream(streamUser), code, session.m_now);
        return 0;
    }

    static int streamCredit(ngtcp2_conn *, int64_t streamId, uint64_t, void *user, void *streamUser)
    {
        Session &session = of(user);
        if (streamId == session.m_control.id)
            session.m_control.setBlocked(false);
        else if (streamUser)
            session.m_outbox.creditGranted(*stream(streamUser));
        return 0;
    }

    static int statelessReset(ngtcp2_conn *, const ngtcp2_pkt_stateless_reset *, void *user)
    {
        of(user).m_resetReceived = true;
        return 0;
    }

    static int newConnectionId(ngtcp2_conn *, ngtcp2_cid *cid, uint8_t *token, size_t size,
                               void *user)
    {
        Session &session = of(user);
        *cid = session.newConnectionId(size);
        const ResetToken resetToken = session.m_host.resetTokenFor(*cid);
        std::memcpy(token, resetToken.data(), resetToken.size());
        session.m_connectionIds.push_back(*cid);
        session.m_host.connectionIdAdded(session, *cid);
        return 0;
    }

    static int connectionIdRemoved(ngtcp2_conn *, const ngtcp2_cid *cid, void *user)
    {
        Session &session = of(user);
        std::erase_if(session.m_connectionIds,
                      [&](const ngtcp2_cid &id) { return ngtcp2_cid_eq(&id, cid) != 0; });
        session.m_host.connectionIdRemoved(session, *cid);
        return 0;
    }

    static int peerConnectionIdStatus(ngtcp2_conn *, ngtcp2_connection_id_status_type type,
                                      uint64_t, const ngtcp2_cid *, const uint8_t *token,
                                      void *user)
    {
        if (!token)
            return 0;
        Session &session = of(user);
        ResetToken resetToken;
        std::memcpy(resetToken.data(), token, resetToken.size());
        if (type == NGTCP2_CONNECTION_ID_STATUS_TYPE_ACTIVATE) {
            session.m_resetTokens.push_back(resetToken);
            session.m_host.resetTokenAdded(session, resetToken);
        } else {
            std::erase(session.m_resetTokens, resetToken);
            session.m_host.resetTokenRemoved(session, resetToken);
        }
        return 0;
    }

    static void random(uint8_t *dest, size_t size, const ngtcp2_rand_ctx *context)
    {
        // The random source travels in the context; see Session::start().
        const auto *source = static_cast<const RandomSource *>(context->native_handle);
        (*source)({dest, size});
    }

    static ngtcp2_callbacks table();
};

template<typename... Arguments, int (*callback)(Arguments...), size_t fromEnd>
struct Guarded<callback, fromEnd>
{
    static int call(Arguments... arguments)
    {
        try {
            return callback(arguments...);
        } catch (const std::bad_alloc &) {
            constexpr size_t Position = sizeof...(Arguments) - fromEnd;
            return SessionCallbacks::outOfMemory(std::get<Position>(std::tie(arguments...)));
        }
    }
};

ngtcp2_callbacks SessionCallbacks::table()
{
    ngtcp2_callbacks callbacks{};
    callbacks.client_initial = ngtcp2_crypto_client_initial_cb;
    callbacks.recv_client_initial = ngtcp2_crypto_recv_client_initial_cb;
    callbacks.recv_crypto_data = Guarded<receiveCrypto>::call;
    callbacks.encrypt = ngtcp2_crypto_encrypt_cb;
    callbacks.decrypt = ngtcp2_crypto_decrypt_cb;
    callbacks.hp_mask = ngtcp2_crypto_hp_mask_cb;
    callbacks.recv_retry = ngtcp2_crypto_recv_retry_cb;
    callbacks.update_key = ngtcp2_crypto_update_key_cb;
    callbacks.delete_crypto_aead_ctx = ngtcp2_crypto_delete_crypto_aead_ctx_cb;
    callbacks.delete_crypto_cipher_ctx = ngtcp2_crypto_delete_crypto_cipher_ctx_cb;
    callbacks.get_path_challenge_data = ngtcp2_crypto_get_path_challenge_data_cb;
    callbacks.version_negotiation = ngtcp2_crypto_version_negotiation_cb;
    callbacks.rand = random;
    callbacks.recv_rx_key = receivingKeyInstalled;
    callbacks.recv_tx_key = Guarded<sendingKeyInstalled>::call;
    callbacks.handshake_completed = Guarded<handshakeCompleted>::call;
    callbacks.handshake_confirmed = handshakeConfirmed;
    callbacks.stream_open = Guarded<streamOpened>::call;
    callbacks.recv_stream_data = Guarded<streamData, 2>::call;
    callbacks.acked_stream_data_offset = Guarded<dataAcknowledged, 2>::call;
    callbacks.stream_close = Guarded<streamClosed, 2>::call;
    callbacks.stream_reset = Guarded<streamReset, 2>::call;
    callbacks.extend_max_stream_data = Guarded<streamCredit, 2>::call;
    callbacks.recv_stateless_reset = statelessReset;
    callbacks.get_new_connection_id = Guarded<newConnectionId>::call;
    callbacks.remove_connection_id = Guarded<connectionIdRemoved>::call;
    callbacks.dcid_status = Guarded<peerConnectionIdStatus>::call;
    return callbacks;
}

const ngtcp2_callbacks &sessionCallbacks()
{
    static const ngtcp2_callbacks callbacks = SessionCallbacks::table();
    return callbacks;
}

} // namespace Qp2p::Engine
