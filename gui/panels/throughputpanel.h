// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Rates and totals of all connections together.
#pragma once

#include <models/workspace.h>

#include <QWidget>

class QComboBox;
class QLabel;

namespace Qp2p::Gui {

class Plot;

class ThroughputPanel : public QWidget
{
    Q_OBJECT

public:
    explicit ThroughputPanel(Workspace &workspace, QWidget *parent = nullptr);

private:
    void refresh();
    void showDetails(const ConnectionDetails &details);

    Workspace &m_workspace;
    QComboBox *m_span;
    QLabel *m_totals;
    Plot *m_plot;
};

} // namespace Qp2p::Gui
