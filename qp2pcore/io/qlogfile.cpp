// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/io/qlogfile.h>

#include <qp2pcore/support/logging.h>

#include <QDir>
#include <QFile>

#include <memory>

namespace Qp2p::Io {

Engine::QlogFactory qlogFactory(const QString &directory)
{
    if (directory.isEmpty())
        return {};
    return [directory](QByteArrayView originalConnectionId) -> Engine::QlogSink {
        const QString name = QString::fromLatin1(originalConnectionId.toByteArray().toHex())
            + QStringLiteral(".sqlog");
        // In one process both ends of a connection may write: the second gets a number.
        const QDir folder(directory);
        auto file = std::make_shared<QFile>(folder.filePath(name));
        for (int i = 2; !file->open(QIODevice::WriteOnly | QIODevice::NewOnly); ++i) {
            if (!file->exists() || i > 9) {
                qCWarning(lcIo).noquote() << QStringLiteral("Cannot write the qlog %1: %2. Check "
                                                            "the folder and the free disk space.")
                                                 .arg(file->fileName(), file->errorString());
                return {};
            }
            file->setFileName(
                folder.filePath(QStringLiteral("%1.%2.sqlog").arg(name.chopped(6)).arg(i)));
        }
        return {[file](QByteArrayView data) { file->write(data.data(), data.size()); },
                file->fileName()};
    };
}

} // namespace Qp2p::Io
