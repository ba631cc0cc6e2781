// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A passphrase comes from a file: the command line and the environment are seen by other users.
#pragma once

#include <qp2pcore/localfile.h>
#include <qp2pcore/result.h>

#include <QByteArray>
#include <QString>

//! \brief The first line of \a fileName, without its end.
//!
//! The same rules as for key files. Errors: those of readKeyFile().
Qp2p::Result<QByteArray> readPassphrase(const QString &fileName, Qp2p::KeyFileAccess access);
