// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The one way in which text of a peer may reach a terminal, a log or a window.
#pragma once

#include <qp2pcore/qp2pcore_export.h>

#include <QByteArrayView>
#include <QString>
#include <QStringView>

namespace Qp2p {

//! Characters of text() that safeText() shows before it cuts: enough for a line of a log.
inline constexpr int SafeTextLength = 512;

//! \brief Whether \a codePoint shows as itself and does nothing else to a terminal or a line of text.
//!
//! False for control characters (C0, DEL, C1), format characters (bidirectional controls, zero-width
//! joiners, tags), line and paragraph separators, surrogates, private-use and unassigned code points.
QP2PCORE_EXPORT bool isSafeToShow(char32_t codePoint);

//! \brief \a text on one line in which every character shows as itself.
//!
//! What isSafeToShow() denies is written `\n`, `\r`, `\t`, `\u001b` or `\U000e0001`; a backslash is
//! doubled, so that no peer can write an escape of ours. More than four combining marks in a row, and
//! one without a character to stand on, are written in the same way: they would draw over other lines.
//!
//! At most \a maxLength UTF-16 units of it are shown, then `… (1234 bytes)` with the size of all of it in
//! UTF-8; an escape or a surrogate pair is never cut in two. The result is plain text: a widget that
//! guesses the format (Qt::AutoText) must still be set to it.
QP2PCORE_EXPORT QString safeText(QStringView text, int maxLength = SafeTextLength);

//! \brief The same for bytes that are meant to be UTF-8; each byte that is not becomes `\xNN`.
QP2PCORE_EXPORT QString safeText(QByteArrayView utf8, int maxLength = SafeTextLength);

} // namespace Qp2p
