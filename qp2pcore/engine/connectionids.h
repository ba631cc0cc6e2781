// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The connection IDs and stateless reset tokens by which datagrams find their session.
#pragma once

#include <ngtcp2/ngtcp2.h>

#include <QtGlobal>

#include <array>
#include <vector>

namespace Qp2p::Engine {

class Session;
class SessionHost;
using ResetToken = std::array<quint8, NGTCP2_STATELESS_RESET_TOKENLEN>;

//! \brief Those of one session; the host learns of each change.
class ConnectionIds
{
public:
    ConnectionIds(SessionHost &host, Session &session)
        : m_host(host)
        , m_session(session)
    {
    }

    //! \brief A random one of \a size bytes, not added.
    ngtcp2_cid makeId(size_t size) const;
    void add(const ngtcp2_cid &id);
    void remove(const ngtcp2_cid &id);
    //! The peer's, of NGTCP2_STATELESS_RESET_TOKENLEN bytes (RFC 9000 section 10.3).
    void addToken(const quint8 *token);
    void removeToken(const quint8 *token);

    const std::vector<ngtcp2_cid> &ids() const { return m_ids; }
    const std::vector<ResetToken> &tokens() const { return m_tokens; }

private:
    SessionHost &m_host;
    Session &m_session;
    std::vector<ngtcp2_cid> m_ids;
    std::vector<ResetToken> m_tokens;
};

} // namespace Qp2p::Engine
