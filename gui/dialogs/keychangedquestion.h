// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A known node has another key: which was known, which came from where, and what each answer does.
#pragma once

#include <models/workspace.h>

#include <QDialog>

namespace Qp2p::Gui {

//! \brief The new key was refused already. "No" is the default; closing leaves the question open.
class KeyChangedQuestion : public QDialog
{
    Q_OBJECT

public:
    KeyChangedQuestion(Workspace &workspace, const BootstrapCache::Entry &known, const Error &error,
                       QWidget *parent = nullptr);

    //! One line for the message strip.
    static QString summary(const PeerId &known, const PeerId &newId);
    //! The peer id of the new key; null where the error did not bring a certificate.
    static PeerId newPeerId(const Error &error);
};

} // namespace Qp2p::Gui
