// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The last hour of one connection in a bounded number of samples.
#pragma once

#include <models/snapshot.h>

#include <deque>

namespace Qp2p::Gui {

//! \brief Every second of the last two minutes, and every tenth second of the last hour: about 11 KiB, so
//! that 2,000 connections fit into memory.
class History
{
public:
    static constexpr size_t Fine = 120;
    static constexpr size_t Coarse = 360;
    static constexpr int Step = 10; //!< fine samples in a coarse one

    //! One a second.
    void add(const Sample &sample);
    //! Coarse samples first, each time once, oldest first.
    QList<Sample> samples() const;

private:
    std::deque<Sample> m_fine;
    std::deque<Sample> m_coarse;
    Sample m_sum;
    int m_count = 0;
};

} // namespace Qp2p::Gui
