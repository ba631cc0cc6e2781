// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How errors are shown to programs, scripts and logs.
#include <qp2pcore/result.h>

#include <QMetaEnum>

namespace Qp2p {

QString errorCodeName(ErrorCode code)
{
    const char *name = QMetaEnum::fromType<ErrorCode>().valueToKey(static_cast<int>(code));
    // A number that no name belongs to comes from a newer library than the caller was built with.
    return name ? QString::fromLatin1(name)
                : QStringLiteral("ErrorCode(%1)").arg(static_cast<int>(code));
}

QDebug operator<<(QDebug debug, const Error &error)
{
    const QDebugStateSaver saver(debug);
    debug.nospace().noquote() << "Error(" << errorCodeName(error.code);
    // Quoted, for messages may hold text of the peer: QDebug then escapes what a terminal would obey.
    debug.quote();
    if (!error.message.isEmpty())
        debug << ", " << error.message;
    if (error.closeCode != 0)
        debug << ", close code " << error.closeCode;
    if (!error.closeReason.isEmpty())
        debug << ", reason " << error.closeReason;
    debug << ')';
    return debug;
}

} // namespace Qp2p

// Were it in one object with those of the QObjects, each program that names an error code would link all of them.
#include "moc_result.cpp"
