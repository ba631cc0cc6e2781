// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A remembered node has another key: what was expected, what came, and the question what to do.
#pragma once

#include <models/workspace.h>

#include <QDialog>

namespace Qp2p::Gui {

//! \brief The dial was refused already. "No" is the default and changes nothing; "Yes" pins the new key
//! and dials again.
class KeyChangedQuestion : public QDialog
{
    Q_OBJECT

public:
    KeyChangedQuestion(Workspace &workspace, const BootstrapCache::Entry &known, const Error &error,
                       QWidget *parent = nullptr);

    //! The peer id of the new key; null where the error did not bring a certificate.
    static PeerId newPeerId(const Error &error);
};

} // namespace Qp2p::Gui
