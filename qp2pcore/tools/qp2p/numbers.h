// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Numbers as people write them on a command line, and as they read them in a result.
#pragma once

#include <qp2pcore/result.h>

#include <QString>
#include <QStringView>

#include <chrono>

//! \brief A whole number with an optional suffix: k, M, G (powers of 1000) or Ki, Mi, Gi (of 1024).
//! Errors: InvalidArgument, also outside \a min to \a max.
Qp2p::Result<qint64> parseAmount(QStringView text, qint64 min, qint64 max);

//! \brief Seconds, decimals allowed, above zero and at most a day. Errors: InvalidArgument.
Qp2p::Result<std::chrono::milliseconds> parseSeconds(QStringView text);

//! "1 B", "1.5 kB", "10.0 MB": powers of 1000.
QString formatBytes(qint64 bytes);

//! "0.123 ms"
QString formatMilliseconds(std::chrono::nanoseconds time);

//! \brief \a one or \a many with \a count in the place of %1. The program has no catalogue that would know
//! the plural for %n.
QString counted(qint64 count, const QString &one, const QString &many);

double toSeconds(std::chrono::nanoseconds time);
