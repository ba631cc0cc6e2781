// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Labels and questions that show what peers say as it is, never as markup.
#pragma once

#include <QLabel>
#include <QMessageBox>

#include <functional>

namespace Qp2p::Gui {

//! A label of plain text.
QLabel *plainLabel(const QString &text, QWidget *parent = nullptr);
//! The same, over several lines.
QLabel *wrappedLabel(const QString &text, QWidget *parent = nullptr);

//! \brief Asks, and calls \a yes where the answer is \a yesText. "No" is the default. Does not wait.
QMessageBox *ask(QWidget *parent, const QString &title, const QString &question,
                 const QString &consequence, const QString &yesText, std::function<void()> yes);

} // namespace Qp2p::Gui
