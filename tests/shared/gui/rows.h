// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Rows for the table of connections, made up.
#pragma once

#include <models/snapshot.h>

namespace Qp2p::Test {

//! Connection \a id, with figures that follow from it.
Gui::ConnectionSnapshot connectionRow(quint64 id, const QString &name = {});
QList<Gui::ConnectionSnapshot> connectionRows(quint64 first, int count);
PeerId peerIdOf(quint64 number);

} // namespace Qp2p::Test
