// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Writes the qlog of connections into files, one each.
#pragma once

#include <qp2pcore/engine/settings.h>

#include <QString>

#include <functional>

namespace Qp2p::Io {

//! \brief Makes a file \c <connection-id>.sqlog in \a directory for each connection. Where that
//! fails, a warning says why and the connection goes without.
//! Empty for an empty \a directory.
Engine::QlogFactory qlogFactory(const QString &directory);

} // namespace Qp2p::Io
