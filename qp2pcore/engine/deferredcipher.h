// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Ciphers of the next key phase: keys only, until a packet needs them.
#pragma once

#include <ngtcp2/ngtcp2.h>

namespace Qp2p::Engine::DeferredCipher {

//! \brief Callbacks for ngtcp2, in place of those of its GnuTLS glue.
//!
//! ngtcp2 has the keys of the next phase made as soon as those of the present one are in use (RFC 9001 section 6.3).
//! Two ciphers of GnuTLS take 1.5 KiB, and most connections end without a key update. So of these only the keys are
//! kept, and each becomes a cipher with its first packet.
int updateKey(ngtcp2_conn *conn, uint8_t *rxSecret, uint8_t *txSecret, ngtcp2_crypto_aead_ctx *rx,
              uint8_t *rxIv, ngtcp2_crypto_aead_ctx *tx, uint8_t *txIv,
              const uint8_t *currentRxSecret, const uint8_t *currentTxSecret, size_t secretSize,
              void *user);
int encrypt(uint8_t *dest, const ngtcp2_crypto_aead *aead, const ngtcp2_crypto_aead_ctx *context,
            const uint8_t *plaintext, size_t plaintextSize, const uint8_t *nonce, size_t nonceSize,
            const uint8_t *associated, size_t associatedSize);
int decrypt(uint8_t *dest, const ngtcp2_crypto_aead *aead, const ngtcp2_crypto_aead_ctx *context,
            const uint8_t *ciphertext, size_t ciphertextSize, const uint8_t *nonce,
            size_t nonceSize, const uint8_t *associated, size_t associatedSize);
void deleteContext(ngtcp2_conn *conn, ngtcp2_crypto_aead_ctx *context, void *user);

} // namespace Qp2p::Engine::DeferredCipher
