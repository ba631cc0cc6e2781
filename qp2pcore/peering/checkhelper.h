// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Dials peers of other nodes on their request, so that these can check whom we have not been in touch with.
#pragma once

#include <qp2pcore/endpoint/membership.h>
#include <qp2pcore/peering/checkdialler.h>
#include <qp2pcore/peering/checklimits.h>
#include <qp2pcore/peering/checksurroundings.h>

#include <memory>

namespace Qp2p::Peering {

//! \brief The helper of Checker: what it does for other nodes, within the limits of all checks.
class CheckHelper
{
public:
    //! \a limits and \a ahead: those of the checks of our own.
    CheckHelper(std::shared_ptr<Io::Environment> environment,
                std::shared_ptr<const Membership> membership, const CheckSurroundings &surroundings,
                CheckLimits &limits, const CheckLimits::Ahead &ahead, CheckDialler &dialler);

    //! \brief \a asker wants a peer dialled, and gets the answer. \a paidBefore: bytes of the payment directly
    //! before it.
    void help(Connection *asker, const DialBackRequest &request, quint64 paidBefore);

private:
    QString refusal(const Connection &asker, const DialBackRequest &request,
                    const QHostAddress &target) const;
    bool takeRoom(const CheckLimits::Request &request);

    const std::shared_ptr<Io::Environment> m_environment;
    const std::shared_ptr<const Membership> m_membership;
    const CheckSurroundings &m_surroundings;
    CheckLimits &m_limits;
    const CheckLimits::Ahead &m_ahead;
    CheckDialler &m_dialler;
};

} // namespace Qp2p::Peering
