// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/connectionids.h>

#include <qp2pcore/engine/session.h>

#include <cstring>

namespace Qp2p::Engine {

namespace {

ResetToken tokenOf(const quint8 *bytes)
{
    ResetToken token;
    std::memcpy(token.data(), bytes, token.size());
    return token;
}

} // namespace

ngtcp2_cid ConnectionIds::makeId(size_t size) const
{
    ngtcp2_cid id;
    id.datalen = size;
    m_host.settings().random({id.data, size});
    return id;
}

void ConnectionIds::add(const ngtcp2_cid &id)
{
    m_ids.push_back(id);
    m_host.connectionIdAdded(m_session, id);
}

void ConnectionIds::remove(const ngtcp2_cid &id)
{
    std::erase_if(m_ids, [&id](const ngtcp2_cid &other) { return ngtcp2_cid_eq(&other, &id) != 0; });
    m_host.connectionIdRemoved(m_session, id);
}

void ConnectionIds::addToken(const quint8 *token)
{
    m_tokens.push_back(tokenOf(token));
    m_host.resetTokenAdded(m_session, m_tokens.back());
}

void ConnectionIds::removeToken(const quint8 *token)
{
    const ResetToken removed = tokenOf(token);
    std::erase(m_tokens, removed);
    m_host.resetTokenRemoved(m_session, removed);
}

} // namespace Qp2p::Engine
