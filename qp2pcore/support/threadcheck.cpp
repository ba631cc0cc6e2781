// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/support/threadcheck.h>

#include <QString>

namespace Qp2p {

void warnOfOtherThread(const char *className, const char *function)
{
    QString noun; // of Qp2p::BootstrapCache: bootstrap cache
    for (const QChar character :
         QString::fromLatin1(className).mid(qsizetype(sizeof("Qp2p::")) - 1)) {
        if (character.isUpper() && !noun.isEmpty())
            noun += QLatin1Char(' ');
        noun += character.toLower();
    }
    qWarning("%s::%s: called in another thread than the %s's; use QMetaObject::invokeMethod()",
             className, function, qPrintable(noun));
}

} // namespace Qp2p
