// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The judgement of checkRuntime() apart from the libraries that happen to be loaded, for its test.
#pragma once

#include <qp2pcore/result.h>

#include <QStringView>

namespace Qp2p {

//! \a ngtcp2 and \a gnutls are versions as these libraries write them, e.g. "1.22.1".
Result<void> checkRuntimeVersions(QStringView ngtcp2, QStringView gnutls);

} // namespace Qp2p
