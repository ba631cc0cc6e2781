// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a label of any window may do with its text.
#pragma once

#include <QLabel>
#include <QTest>
#include <QWidget>

namespace Qp2p::Test {

//! No label guesses whether its text is markup.
inline void checkLabels(const QWidget *window)
{
    const QList<QLabel *> labels = window->findChildren<QLabel *>();
    for (const QLabel *label : labels) {
        const bool isOurs = label->objectName() != u"qt_msgboxex_icon_label"
            && !label->objectName().startsWith(u"qt_") && label->pixmap(Qt::ReturnByValue).isNull();
        if (isOurs && !label->text().isEmpty())
            QVERIFY2(label->textFormat() == Qt::PlainText, qPrintable(label->text().left(60)));
    }
}

} // namespace Qp2p::Test
