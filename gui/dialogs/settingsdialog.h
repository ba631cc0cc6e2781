// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Everything that can be chosen, each with its consequence.
#pragma once

#include <models/workspace.h>

#include <QDialog>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QSpinBox;

namespace Qp2p::Gui {

//! \brief Settings of the window take effect immediately, those of the network together with one join.
class SettingsDialog : public QDialog
{
    Q_OBJECT

public:
    explicit SettingsDialog(Workspace &workspace, QWidget *parent = nullptr);

Q_SIGNALS:
    void certificatesWanted();

private:
    QComboBox *makeAddressBox();
    QWidget *makeNetworkPage();
    QWidget *makeLimitsPage();
    QWidget *makeWindowPage();
    void read();
    void apply();
    void update();
    QSpinBox *externalPortBox();

    Workspace &m_workspace;
    QComboBox *m_role;
    QComboBox *m_address;
    QComboBox *m_families;
    QSpinBox *m_port;
    QSpinBox *m_externalIPv4;
    QSpinBox *m_externalIPv6;
    QLineEdit *m_networkName;
    QComboBox *m_retry;
    QSpinBox *m_links;
    QSpinBox *m_connections;
    QSpinBox *m_message;
    QCheckBox *m_refuse;
    QCheckBox *m_joinsAtStart;
    QComboBox *m_language;
    QComboBox *m_appearance;
    QComboBox *m_rates;
    QComboBox *m_prefixes;
    QSpinBox *m_refresh;
    QCheckBox *m_tray;
    QCheckBox *m_qlog;
    QLabel *m_problem;
    QPushButton *m_ok;
};

} // namespace Qp2p::Gui
