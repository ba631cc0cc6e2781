// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How much leaves because of one answer before anything has come back.
#pragma once

#include <qp2pcore/engine/limits.h>
#include <qp2pcore/peering/access.h>

namespace Qp2p::Peering {

//! \brief Shared by all that one answer advertises, and by the dials to it. Counts bytes of UDP payload.
class DialBudget
{
public:
    //! An answer of 1.2 kB must not be worth much more than it costs: five addresses that stay silent.
    static constexpr quint64 MaxUnansweredBytes = 20'000;
    static constexpr quint64 BytesPerAddress = Access::MaxUnanswered
        * Engine::Limits::MinInitialDatagram;

    bool hasRoom() const
    {
        return m_unanswered + m_reserved + BytesPerAddress <= MaxUnansweredBytes;
    }
    //! A dial to one address begins.
    void reserve() { m_reserved += BytesPerAddress; }
    //! It has ended, and \a bytes have left for it.
    void unanswered(quint64 bytes)
    {
        m_reserved -= BytesPerAddress;
        m_unanswered += bytes;
    }
    //! Something came back: who answers has shown that the answer is about hosts that want to be dialled.
    void answered()
    {
        m_reserved -= BytesPerAddress;
        m_unanswered = 0;
    }

private:
    quint64 m_reserved = 0; //!< by dials under way
    quint64 m_unanswered = 0;
};

} // namespace Qp2p::Peering
