// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/sessioncallbacks.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/engine/deferredcipher.h>
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
    static Session &of(void *userData) { return *static_cast<Session *>(userData); }
    //! Streams begin after the handshake, so there is one.
    static StreamProtocol &protocol(void *user) { return *of(user).m_protocol; }
    static ProtocolStream *stream(void *streamData)
    {
        return static_cast<ProtocolStream *>(streamData);
    }
    static int outOfMemory(void *user)
    {
        of(user).m_pendingClose.setApplicationError(
            CloseCode::MemoryLimit, {},
            Error(ErrorCode::ResourceLimit,
                  QStringLiteral("There is not enough memory for what the peer sends.")));
        return NGTCP2_ERR_CALLBACK_FAILURE;
    }
    static int tlsViolation(Session &session, quint8 alert, const Error &cause)
    {
        session.m_pendingClose.setTlsAlert(alert, {}, cause);
        return NGTCP2_ERR_CALLBACK_FAILURE;
    }
    //! What a callback returns in which the protocol may have asked for the end, and after which nothing more
    //! of the packet is to be read.
    static int result(void *user)
    {
        return of(user).m_pendingClose.isSet() ? NGTCP2_ERR_CALLBACK_FAILURE : 0;
    }

    static int receiveCrypto(ngtcp2_conn *conn, ngtcp2_encryption_level level, uint64_t offset,
                             const uint8_t *data, size_t size, void *user)
    {
        Session &session = of(user);
        const bool mayBeTicket = session.m_side == Side::Dialler
            && level == NGTCP2_ENCRYPTION_LEVEL_1RTT;
        switch (session.m_cryptoInput.take(
            {data, size},
            mayBeTicket ? CryptoInput::Tickets::Skipped : CryptoInput::Tickets::Refused)) {
        case CryptoInput::Action::Read:
            break;
        case CryptoInput::Action::Skip:
            session.readSessionTicket();
            return 0;
        case CryptoInput::Action::RefuseLength:
            session.m_pendingClose.setTransportError(
                NGTCP2_CRYPTO_BUFFER_EXCEEDED,
                Error(ErrorCode::ProtocolViolation,
                      QStringLiteral("The peer's TLS handshake is longer than any that is legal. "
                                     "Check what program runs there.")));
            return NGTCP2_ERR_CALLBACK_FAILURE;
        case CryptoInput::Action::RefuseMessage:
            return tlsViolation(
                session, UnexpectedMessage,
                Error(ErrorCode::ProtocolViolation,
                      QStringLiteral(
                          "The peer continued its TLS handshake after the end, which RFC 9001 does "
                          "not allow. The peer's program has a fault: report it to its makers.")));
        }
        return ngtcp2_crypto_recv_crypto_data_cb(conn, level, offset, data, size, user);
    }

    static int receivingKeyInstalled(ngtcp2_conn *, ngtcp2_encryption_level level, void *user)
    {
        // The last one comes with the peer's Finished. ngtcp2 itself counts the handshake as done only
        // at the end of the packet, and more of TLS may follow in that.
        if (level == NGTCP2_ENCRYPTION_LEVEL_1RTT)
            of(user).m_cryptoInput.setFinished();
        return 0;
    }

    static int sendingKeyInstalled(ngtcp2_conn *conn, ngtcp2_encryption_level level, void *user)
    {
        // RFC 9001 section 8.2: without the extension there is no QUIC. GnuTLS asks for none that is
        // missing, and ngtcp2 1.22 would write a 1-RTT packet next and abort the process.
        if (level != NGTCP2_ENCRYPTION_LEVEL_1RTT || ngtcp2_conn_get_remote_transport_params(conn))
            return 0;
        return tlsViolation(
            of(user), MissingExtension,
            Error(ErrorCode::HandshakeFailed,
                  QStringLiteral(
                      "The peer sent no QUIC transport parameters, which RFC 9001 requires. The "
                      "peer's program has a fault: report it to its makers.")));
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

    static int streamOpened(ngtcp2_conn *, int64_t streamId, void *user)
    {
        protocol(user).streamOpened(streamId);
        return result(user);
    }

    static int streamData(ngtcp2_conn *, uint32_t flags, int64_t streamId, uint64_t,
                          const uint8_t *data, size_t size, void *user, void *streamUser)
    {
        protocol(user).streamData(streamId, stream(streamUser), {data, size},
                                  flags & NGTCP2_STREAM_DATA_FLAG_FIN ? Fin::Yes : Fin::No);
        return result(user);
    }

    static int dataAcknowledged(ngtcp2_conn *conn, int64_t streamId, uint64_t, uint64_t size,
                                void *user, void *streamUser)
    {
        Session &session = of(user);
        session.m_packetSizing.acknowledged(conn, session.m_now);
        protocol(user).streamAcknowledged(streamId, stream(streamUser), size);
        return 0; // a close is due after the packet
    }

    static int streamClosed(ngtcp2_conn *, uint32_t flags, int64_t streamId, uint64_t code,
                            void *user, void *streamUser)
    {
        protocol(user).streamClosed(streamId, stream(streamUser),
                                    flags & NGTCP2_STREAM_CLOSE_FLAG_APP_ERROR_CODE_SET
                                        ? std::optional<quint64>(code)
                                        : std::nullopt);
        return 0; // as above
    }

    static int streamReset(ngtcp2_conn *, int64_t streamId, uint64_t, uint64_t code, void *user,
                           void *streamUser)
    {
        protocol(user).streamReset(streamId, stream(streamUser), code);
        return result(user);
    }

    static int streamCredit(ngtcp2_conn *, int64_t streamId, uint64_t, void *user, void *streamUser)
    {
        protocol(user).streamCreditGranted(streamId, stream(streamUser));
        return result(user);
    }

    template<StreamKind kind>
    static int streamsGranted(ngtcp2_conn *, uint64_t, void *user)
    {
        if (of(user).m_protocol) // the first ones come with the handshake
            protocol(user).streamsGranted(kind);
        return result(user);
    }

    static int datagramReceived(ngtcp2_conn *, uint32_t, const uint8_t *data, size_t size,
                                void *user)
    {
        protocol(user).datagramReceived({data, size});
        return result(user);
    }

    static int statelessReset(ngtcp2_conn *, const ngtcp2_pkt_stateless_reset *, void *user)
    {
        of(user).m_resetReceived = true;
        return 0;
    }

    //! ngtcp2 has forgotten that the peer once answered from there. The path that is not the current one is the one to fall
    //! back to.
    static int pathValidationBegun(ngtcp2_conn *conn, uint32_t, const ngtcp2_path *path,
                                   const ngtcp2_path *, void *user)
    {
        const Path tested = Path::fromNgtcp2(*path);
        if (tested.remote == Path::fromNgtcp2(*ngtcp2_conn_get_path(conn)).remote)
            of(user).m_provenAddresses.revoke(of(user).m_paths.wayOf(tested).remote);
        return 0;
    }

    static int pathValidated(ngtcp2_conn *, uint32_t, const ngtcp2_path *path, const ngtcp2_path *,
                             ngtcp2_path_validation_result result, void *user)
    {
        if (result == NGTCP2_PATH_VALIDATION_RESULT_SUCCESS)
            of(user).m_provenAddresses.prove(of(user).m_paths.wayOf(Path::fromNgtcp2(*path)).remote);
        return 0;
    }

    static int newConnectionId(ngtcp2_conn *, ngtcp2_cid *cid, uint8_t *token, size_t size,
                               void *user)
    {
        Session &session = of(user);
        *cid = session.m_ids.makeId(size);
        const ResetToken resetToken = session.m_host.resetTokenFor(*cid);
        std::memcpy(token, resetToken.data(), resetToken.size());
        session.m_ids.add(*cid);
        return 0;
    }

    static int connectionIdRemoved(ngtcp2_conn *, const ngtcp2_cid *cid, void *user)
    {
        of(user).m_ids.remove(*cid);
        return 0;
    }

    static int peerConnectionIdStatus(ngtcp2_conn *, ngtcp2_connection_id_status_type type,
                                      uint64_t, const ngtcp2_cid *, const uint8_t *token,
                                      void *user)
    {
        if (token && type == NGTCP2_CONNECTION_ID_STATUS_TYPE_ACTIVATE)
            of(user).m_ids.addToken(token);
        else if (token)
            of(user).m_ids.removeToken(token);
        return 0;
    }

    static int addressTokenReceived(ngtcp2_conn *, const uint8_t *token, size_t size, void *user)
    {
        of(user).addressTokenReceived({token, qsizetype(size)});
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
    callbacks.encrypt = DeferredCipher::encrypt;
    callbacks.decrypt = DeferredCipher::decrypt;
    callbacks.hp_mask = ngtcp2_crypto_hp_mask_cb;
    callbacks.recv_retry = ngtcp2_crypto_recv_retry_cb;
    callbacks.update_key = DeferredCipher::updateKey;
    callbacks.delete_crypto_aead_ctx = DeferredCipher::deleteContext;
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
    callbacks.extend_max_local_streams_bidi =
        Guarded<streamsGranted<StreamKind::Bidirectional>>::call;
    callbacks.extend_max_local_streams_uni =
        Guarded<streamsGranted<StreamKind::Unidirectional>>::call;
    callbacks.recv_datagram = Guarded<datagramReceived>::call;
    callbacks.recv_stateless_reset = statelessReset;
    callbacks.begin_path_validation = pathValidationBegun;
    callbacks.path_validation = pathValidated;
    callbacks.get_new_connection_id = Guarded<newConnectionId>::call;
    callbacks.remove_connection_id = Guarded<connectionIdRemoved>::call;
    callbacks.recv_new_token = Guarded<addressTokenReceived>::call;
    callbacks.dcid_status = Guarded<peerConnectionIdStatus>::call;
    return callbacks;
}

const ngtcp2_callbacks &sessionCallbacks()
{
    static const ngtcp2_callbacks callbacks = SessionCallbacks::table();
    return callbacks;
}

} // namespace Qp2p::Engine
