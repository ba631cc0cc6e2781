// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// By when the replies to our requests must be here.
#pragma once

#include <ngtcp2/ngtcp2.h>

#include <QtGlobal>

#include <map>
#include <optional>
#include <set>

namespace Qp2p::Engine {

//! \brief Deadlines by the id of the request; one without a deadline is not in it.
class RequestDeadlines
{
public:
    bool isEmpty() const { return m_byTime.empty(); }
    //! UINT64_MAX: there is none.
    ngtcp2_tstamp next() const { return m_byTime.empty() ? UINT64_MAX : m_byTime.begin()->first; }

    void add(quint64 requestId, ngtcp2_tstamp deadline)
    {
        m_byTime.emplace(deadline, requestId);
        m_byId.emplace(requestId, deadline);
    }
    void remove(quint64 requestId)
    {
        const auto found = m_byId.find(requestId);
        if (found == m_byId.end())
            return;
        m_byTime.erase({found->second, requestId});
        m_byId.erase(found);
    }
    //! A request whose reply is overdue; each is returned once.
    std::optional<quint64> takeExpired(ngtcp2_tstamp now)
    {
        if (next() > now)
            return std::nullopt;
        const quint64 id = m_byTime.begin()->second;
        remove(id);
        return id;
    }
    void clear()
    {
        m_byTime.clear();
        m_byId.clear();
    }

private:
    std::set<std::pair<ngtcp2_tstamp, quint64>> m_byTime;
    std::map<quint64, ngtcp2_tstamp> m_byId;
};

} // namespace Qp2p::Engine
