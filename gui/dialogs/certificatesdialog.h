// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Which peers may connect, and the identity of this machine.
#pragma once

#include <models/workspace.h>

#include <QDialog>

class QPushButton;

namespace Qp2p::Gui {

class IdentityWidget;
class MessageStrip;
class ModeWidget;

class CertificatesDialog : public QDialog
{
    Q_OBJECT

public:
    explicit CertificatesDialog(Workspace &workspace, QWidget *parent = nullptr);

    ModeWidget &mode() const { return *m_mode; }
    IdentityWidget &identity() const { return *m_identity; }
    MessageStrip &strip() const { return *m_strip; }

private:
    void update();
    void apply();

    Workspace &m_workspace;
    MessageStrip *m_strip;
    ModeWidget *m_mode;
    IdentityWidget *m_identity;
    QPushButton *m_apply;
};

} // namespace Qp2p::Gui
