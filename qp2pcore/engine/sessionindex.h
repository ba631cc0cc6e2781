// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Which session a packet belongs to: by connection ID, or by the token of a stateless reset.
#pragma once

#include <qp2pcore/engine/limits.h>
#include <qp2pcore/engine/session.h>

#include <QByteArray>
#include <QHash>

#include <cstring>

namespace Qp2p::Engine {

//! \brief The indexes of a router's sessions. Knows sessions by address only; owns none.
class SessionIndex
{
public:
    //! By one of our own connection IDs; null where \a size is not theirs.
    Session *find(const quint8 *id, size_t size) const
    {
        return size == Limits::ConnectionIdSize ? m_byId.value(keyOf(id)) : nullptr;
    }
    //! By the connection ID that its dialler chose at first.
    Session *findInitial(const quint8 *id, size_t size) const
    {
        return m_byInitialId.value(bytesOf(id, size));
    }
    //! By the reset token at the end of \a data, at least as long as one.
    Session *findByResetToken(const quint8 *data, size_t size) const
    {
        constexpr size_t TokenSize = NGTCP2_STATELESS_RESET_TOKENLEN;
        return m_byResetToken.value(bytesOf(data + size - TokenSize, TokenSize));
    }

    void add(const ngtcp2_cid &id, Session &session) { m_byId.insert(keyOf(id.data), &session); }
    void remove(const ngtcp2_cid &id) { m_byId.remove(keyOf(id.data)); }
    void add(const ResetToken &token, Session &session)
    {
        m_byResetToken.insert(bytesOf(token), &session);
    }
    void remove(const ResetToken &token) { m_byResetToken.remove(bytesOf(token)); }
    void addInitial(const QByteArray &id, Session &session) { m_byInitialId.insert(id, &session); }
    void removeInitial(const QByteArray &id) { m_byInitialId.remove(id); }
    //! Forgets all that leads to \a session but its initial ID.
    void removeAll(const Session &session)
    {
        for (const ngtcp2_cid &id : session.connectionIds())
            remove(id);
        for (const ResetToken &token : session.resetTokens())
            remove(token);
    }

private:
    static quint64 keyOf(const quint8 *id)
    {
        quint64 key = 0;
        static_assert(sizeof(key) == Limits::ConnectionIdSize);
        std::memcpy(&key, id, sizeof(key));
        return key;
    }
    //! Points to \a data.
    static QByteArray bytesOf(const quint8 *data, size_t size)
    {
        return QByteArray::fromRawData(reinterpret_cast<const char *>(data), qsizetype(size));
    }
    static QByteArray bytesOf(const ResetToken &token)
    {
        return QByteArray(reinterpret_cast<const char *>(token.data()), qsizetype(token.size()));
    }

    QHash<quint64, Session *> m_byId; // 8 random bytes
    QHash<QByteArray, Session *> m_byInitialId; // chosen by diallers, so hashed with a secret seed
    QHash<QByteArray, Session *> m_byResetToken;
};

} // namespace Qp2p::Engine
