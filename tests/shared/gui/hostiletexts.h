// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a peer might call itself.
#pragma once

#include <QStringList>

namespace Qp2p::Test {

//! Markup, controls, escapes, marks that lie, and far too much of it.
QStringList hostileTexts();

//! Whether \a text can go into any widget: one line, no control or format characters, at most \a longest.
bool isHarmless(const QString &text, qsizetype longest);

} // namespace Qp2p::Test
