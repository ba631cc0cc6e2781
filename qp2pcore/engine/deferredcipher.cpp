// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/deferredcipher.h>

#include <ngtcp2/ngtcp2_crypto.h>

#include <QtGlobal>

#include <gnutls/crypto.h>

#include <array>
#include <cstring>
#include <new>

namespace Qp2p::Engine::DeferredCipher {

namespace {

//! What a context of ours points to. Those of the glue point to a handle of GnuTLS, which is at an even address; the
//! lowest bit tells them apart.
class Deferred
{
public:
    static constexpr size_t MaxKeySize = 32;

    explicit Deferred(const uint8_t *key) { std::memcpy(m_key.data(), key, m_key.size()); }
    ~Deferred()
    {
        gnutls_memset(m_key.data(), 0, m_key.size());
        ngtcp2_crypto_aead_ctx_free(&m_context);
    }
    Q_DISABLE_COPY_MOVE(Deferred)

    static bool is(const ngtcp2_crypto_aead_ctx *context)
    {
        return (reinterpret_cast<quintptr>(context->native_handle) & Mark) != 0;
    }
    static Deferred *of(const ngtcp2_crypto_aead_ctx *context)
    {
        return reinterpret_cast<Deferred *>(reinterpret_cast<quintptr>(context->native_handle)
                                            - Mark);
    }
    void *marked() { return reinterpret_cast<void *>(reinterpret_cast<quintptr>(this) + Mark); }

    using Init = int (*)(ngtcp2_crypto_aead_ctx *, const ngtcp2_crypto_aead *, const uint8_t *,
                         size_t);
    //! Null where there is no memory.
    const ngtcp2_crypto_aead_ctx *context(Init init, const ngtcp2_crypto_aead *aead,
                                          size_t nonceSize)
    {
        if (m_context.native_handle)
            return &m_context;
        const int rv = init(&m_context, aead, m_key.data(), nonceSize);
        gnutls_memset(m_key.data(), 0, m_key.size());
        return rv == 0 ? &m_context : nullptr;
    }

private:
    static constexpr quintptr Mark = 1;

    ngtcp2_crypto_aead_ctx m_context{};
    std::array<uint8_t, MaxKeySize> m_key; // wiped once the cipher is there
};

//! Its handle, made by the glue, gives way to \a key.
bool defer(ngtcp2_crypto_aead_ctx *context, const uint8_t *key)
{
    auto *const deferred = new (std::nothrow) Deferred(key);
    if (!deferred)
        return false;
    ngtcp2_crypto_aead_ctx_free(context);
    context->native_handle = deferred->marked();
    return true;
}

} // namespace

int updateKey(ngtcp2_conn *conn, uint8_t *rxSecret, uint8_t *txSecret, ngtcp2_crypto_aead_ctx *rx,
              uint8_t *rxIv, ngtcp2_crypto_aead_ctx *tx, uint8_t *txIv,
              const uint8_t *currentRxSecret, const uint8_t *currentTxSecret, size_t secretSize,
              void *)
{
    // The glue writes as many bytes as the cipher's key has, at most 32.
    std::array<uint8_t, 2 * Deferred::MaxKeySize> keys{};
    uint8_t *const rxKey = keys.data();
    uint8_t *const txKey = keys.data() + Deferred::MaxKeySize;
    const int rv = ngtcp2_crypto_update_key(conn, rxSecret, txSecret, rx, rxKey, rxIv, tx, txKey,
                                            txIv, currentRxSecret, currentTxSecret, secretSize);
    // Where there is no memory for one the cipher that is there already stays in use.
    if (rv == 0 && defer(rx, rxKey))
        defer(tx, txKey);
    gnutls_memset(keys.data(), 0, keys.size());
    return rv == 0 ? 0 : NGTCP2_ERR_CALLBACK_FAILURE;
}

int encrypt(uint8_t *dest, const ngtcp2_crypto_aead *aead, const ngtcp2_crypto_aead_ctx *context,
            const uint8_t *plaintext, size_t plaintextSize, const uint8_t *nonce, size_t nonceSize,
            const uint8_t *associated, size_t associatedSize)
{
    if (Deferred::is(context)) {
        context = Deferred::of(context)->context(ngtcp2_crypto_aead_ctx_encrypt_init, aead,
                                                 nonceSize);
        if (!context)
            return NGTCP2_ERR_CALLBACK_FAILURE;
    }
    return ngtcp2_crypto_encrypt_cb(dest, aead, context, plaintext, plaintextSize, nonce, nonceSize,
                                    associated, associatedSize);
}

int decrypt(uint8_t *dest, const ngtcp2_crypto_aead *aead, const ngtcp2_crypto_aead_ctx *context,
            const uint8_t *ciphertext, size_t ciphertextSize, const uint8_t *nonce,
            size_t nonceSize, const uint8_t *associated, size_t associatedSize)
{
    if (Deferred::is(context)) {
        context = Deferred::of(context)->context(ngtcp2_crypto_aead_ctx_decrypt_init, aead,
                                                 nonceSize);
        if (!context)
            return NGTCP2_ERR_CALLBACK_FAILURE;
    }
    return ngtcp2_crypto_decrypt_cb(dest, aead, context, ciphertext, ciphertextSize, nonce,
                                    nonceSize, associated, associatedSize);
}

void deleteContext(ngtcp2_conn *conn, ngtcp2_crypto_aead_ctx *context, void *user)
{
    if (!Deferred::is(context)) {
        ngtcp2_crypto_delete_crypto_aead_ctx_cb(conn, context, user);
        return;
    }
    delete Deferred::of(context);
    context->native_handle = nullptr;
}

} // namespace Qp2p::Engine::DeferredCipher
