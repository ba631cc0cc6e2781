// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/messages/connectionwindow.h>

#include <algorithm>
#include <utility>

namespace Qp2p::Engine {

//! A peer that uses up half of its window within two round trips may be held up by it: it is doubled, as
//! ngtcp2 would.
void ConnectionWindow::tune(ngtcp2_tstamp now)
{
    m_grantedSinceTuning = 0;
    const ngtcp2_tstamp before = std::exchange(m_tunedAt, now);
    if (m_size >= m_most || before == 0 || now - before >= 2 * m_connection.smoothedRtt())
        return;
    const qint64 more = m_connection.receiveAccount().growWindow(std::min(m_size, m_most - m_size));
    m_size += more;
    m_connection.extendWindow(quint64(more));
}

} // namespace Qp2p::Engine
