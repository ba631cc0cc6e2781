// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// When it pays to poll for the next datagram instead of sleeping until it comes.
#pragma once

#include <QtGlobal>

#include <algorithm>

namespace Qp2p::Io {

//! \brief Counts the occasions to poll, and lets fewer and fewer pass while polling finds nothing.
//!
//! To wake a sleeping thread takes 20 to 50 us, longer than a peer on the same machine or in the same
//! rack needs to answer; polling for that long meets its answer. A peer that is farther away costs one
//! empty poll in 1,024 occasions, once that is found out.
class PollBackoff
{
public:
    //! Asked once for each occasion.
    bool isDue()
    {
        if (m_skip == 0)
            return true;
        --m_skip;
        return false;
    }
    void found()
    {
        m_empty = 0;
        m_skip = 0;
    }
    void foundNothing()
    {
        m_empty = std::min(m_empty + 1, MaxEmpty);
        m_skip = m_empty <= Patience ? 0 : (1 << (m_empty - Patience)) - 1;
    }

private:
    static constexpr int Patience = 3; // the peer may have been asleep itself
    static constexpr int MaxEmpty = Patience + 10;
    int m_empty = 0; // in a row
    int m_skip = 0; // occasions to come
};

} // namespace Qp2p::Io
