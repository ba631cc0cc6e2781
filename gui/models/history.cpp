// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <models/history.h>

namespace Qp2p::Gui {

void History::add(const Sample &sample)
{
    m_fine.push_back(sample);
    if (m_fine.size() > Fine)
        m_fine.pop_front();

    m_sum.rtt += sample.rtt;
    m_sum.congestionWindow += sample.congestionWindow;
    m_sum.sendRate += sample.sendRate;
    m_sum.receiveRate += sample.receiveRate;
    if (++m_count < Step)
        return;
    constexpr auto count = float(Step);
    m_coarse.push_back({sample.at, m_sum.rtt / count, m_sum.congestionWindow / count,
                        m_sum.sendRate / count, m_sum.receiveRate / count});
    if (m_coarse.size() > Coarse)
        m_coarse.pop_front();
    m_sum = {};
    m_count = 0;
}

QList<Sample> History::samples() const
{
    QList<Sample> all;
    all.reserve(qsizetype(m_coarse.size() + m_fine.size()));
    const double fineBegins = m_fine.empty() ? 0 : m_fine.front().at;
    for (const Sample &sample : m_coarse) {
        if (sample.at < fineBegins)
            all.append(sample);
    }
    for (const Sample &sample : m_fine)
        all.append(sample);
    return all;
}

} // namespace Qp2p::Gui
