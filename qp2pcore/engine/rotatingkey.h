// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A random key that is replaced from time to time, and never leaves the process.
#pragma once

#include <qp2pcore/engine/settings.h>

#include <array>
#include <optional>

namespace Qp2p::Engine {

//! \brief The key that seals tokens now, and the one before it, which still opens them.
//!
//! What a key has sealed can be opened for at least its lifetime, and for at most two where tokens are made all the
//! time.
class RotatingKey
{
public:
    using Key = std::array<quint8, 32>;

    RotatingKey(const RandomSource &random, ngtcp2_duration lifetime, ngtcp2_tstamp now)
        : m_random(random)
        , m_lifetime(lifetime)
        , m_current(newKey())
        , m_since(now)
    {
    }

    //! \brief Before every use. A clock that goes back to before the key was made voids both keys.
    void rotate(ngtcp2_tstamp now)
    {
        const ngtcp2_duration age = now - m_since;
        if (age < m_lifetime)
            return;
        // A key that was not used for two periods has no token left that could still be valid.
        m_previous = age < 2 * m_lifetime ? std::optional(m_current) : std::nullopt;
        m_current = newKey();
        m_since = now;
    }
    const Key &current() const { return m_current; }
    const std::optional<Key> &previous() const { return m_previous; }

private:
    Key newKey() const
    {
        Key key;
        m_random(key);
        return key;
    }

    RandomSource m_random;
    ngtcp2_duration m_lifetime;
    Key m_current;
    std::optional<Key> m_previous;
    ngtcp2_tstamp m_since;
};

} // namespace Qp2p::Engine
