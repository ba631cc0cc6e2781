// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/clienthellos.h>

#include <gnutls/gnutls.h>

#include <utility>

namespace Qp2p::Engine {

namespace {

struct Found
{
    size_t extensions = 0;
    bool isSingle = true; // all of them offer one identity
};

//! RFC 8446 section 4.2.11: a length of two bytes, and identities with a length of two bytes and an age of four.
bool hasOneIdentity(std::span<const quint8> extension)
{
    constexpr size_t LengthSize = 2;
    constexpr size_t AgeSize = 4;
    const auto lengthAt = [&](size_t offset) {
        return size_t(extension[offset]) << 8 | extension[offset + 1];
    };
    return extension.size() >= 2 * LengthSize
        && lengthAt(0) == LengthSize + lengthAt(LengthSize) + AgeSize;
}

int lookAtExtension(void *found, unsigned type, const unsigned char *data, unsigned size)
{
    constexpr unsigned PreSharedKey = 41;
    if (type == PreSharedKey) {
        auto &counted = *static_cast<Found *>(found);
        ++counted.extensions;
        counted.isSingle = counted.isSingle && hasOneIdentity({data, size});
    }
    return 0;
}

} // namespace

ClientHellos::Offer ClientHellos::take(std::span<const quint8> hello)
{
    const gnutls_datum_t datum{const_cast<unsigned char *>(hello.data()), unsigned(hello.size())};
    Found found;
    const int rv = gnutls_ext_raw_parse(&found, lookAtExtension, &datum,
                                        GNUTLS_EXT_RAW_FLAG_TLS_CLIENT_HELLO);
    // What this cannot read the handshake should not either; one without extensions ends there by itself.
    if (rv < 0 && rv != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
        return Offer::Refused;
    m_hasOffered = m_hasOffered || found.extensions > 0;
    const bool isFirst = std::exchange(m_isFirst, false);
    if (!m_hasOffered)
        return Offer::Accepted;
    return isFirst && found.extensions == 1 && found.isSingle ? Offer::Accepted : Offer::Refused;
}

} // namespace Qp2p::Engine
