// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Files with keys, which only their owner can read, from the moment they are made.
#pragma once

#include <qp2pcore/localfile.h>
#include <qp2pcore/result.h>

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

namespace Qp2p {

//! A key with a long chain has less than a tenth of it.
inline constexpr qsizetype MaxPrivateFileBytes = qsizetype(64) * 1024;

//! \brief What readKeyFile() does; the caller wipes the content.
Result<QByteArray> readPrivateFile(const QString &fileName, KeyFileAccess access);

//! \brief \a secret and then \a rest in a new file. What Identity::save() says of files holds.
Result<void> createPrivateFile(const QString &fileName, QByteArrayView secret, QByteArrayView rest);

} // namespace Qp2p
