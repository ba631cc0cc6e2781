// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Why no candidate could be joined, counted.
#pragma once

#include <qp2pcore/joincandidate.h>

#include <QList>

#include <utility>

namespace Qp2p::Gui {

//! \brief Why the candidates of an attempt to join failed, counted.
struct JoinFailures
{
    int unanswered = 0;
    QList<std::pair<ErrorCode, int>> refused; //!< by which rule, here or there, and how many

    static JoinFailures of(const QList<JoinCandidate> &candidates);
};

} // namespace Qp2p::Gui
