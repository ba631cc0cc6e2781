// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What both ends of a control socket agree on; see doc/control.md.
#pragma once

#include <QByteArray>
#include <QString>

#include <chrono>

namespace ControlProtocol {

inline constexpr int Version = 1;
inline constexpr auto VersionKey = "qp2p-control";

//! Of a request and of an answer: the largest message of a network, 16 MiB, in base64, and what is around it.
inline constexpr qint64 MaxLine = qint64(24) * 1024 * 1024;

//! Enough for people and their scripts; together they hold less memory than the node's peers may.
inline constexpr int MaxClients = 8;

//! For a whole request to arrive, and for a written answer to be read: both ends are on this machine.
inline constexpr std::chrono::seconds TransferTime{5};

//! Until there is an answer, where the request does not say how long it may take.
inline constexpr std::chrono::seconds AnswerTime{30};

//! Of payloads, in both directions.
inline QString base64(const QByteArray &bytes)
{
    return QString::fromLatin1(bytes.toBase64());
}

} // namespace ControlProtocol
