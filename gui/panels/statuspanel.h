// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The status bar: this machine in the network, in words.
#pragma once

#include <models/statuswords.h>
#include <models/workspace.h>

#include <QStatusBar>

class QLabel;
class QToolButton;

namespace Qp2p::Gui {

class StatusPanel : public QStatusBar
{
    Q_OBJECT

public:
    explicit StatusPanel(Workspace &workspace, QWidget *parent = nullptr);

    const StatusWords &words() const { return m_words; }

private:
    void refresh();
    void explain();

    Workspace &m_workspace;
    StatusWords m_words;
    QLabel *m_network;
    QLabel *m_listening;
    QLabel *m_observed;
    QToolButton *m_reachability;
};

} // namespace Qp2p::Gui
