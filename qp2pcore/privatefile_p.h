// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Files with keys, which nobody but their owner may ever read, not even for a moment.
#pragma once

#include <qp2pcore/result.h>

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

namespace Qp2p {

//! \brief The content, at most 64 KiB; the caller wipes it. What Identity::load() says of files holds.
Result<QByteArray> readPrivateFile(const QString &fileName);

//! \brief \a secret and then \a rest in a new file. What Identity::save() says of files holds.
Result<void> createPrivateFile(const QString &fileName, QByteArrayView secret, QByteArrayView rest);

//! Makes what was created or replaced in \a folder outlast a power cut.
bool syncFolder(const QString &folder);

//! \brief The folder \a path and all above it, where they are missing, with mode 0700.
bool makePrivateFolder(const QString &path);

} // namespace Qp2p
