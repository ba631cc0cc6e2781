// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Every limit of NAT traversal in one place, each with its reason.
#pragma once

#include <QtGlobal>

#include <chrono>
#include <cstddef>

namespace Qp2p::Nat::Limits {

using namespace std::chrono_literals;

//! Legs through this node. Each takes some hundred bytes; what they carry is bounded by the rates.
inline constexpr int Legs = 256;
//! Of one member, as the one that asked for it and as the one that was called. A member that many want to reach has
//! more of the second kind.
inline constexpr int LegsOfCaller = 16;
inline constexpr int LegsOfCallee = 32;
//! Members that have asked for legs, from one public IPv4 address or IPv6 /56: a home or office has a few, and who
//! makes up peer ids has no more.
inline constexpr int CallersOfAddress = 8;

//! Requests for legs, of one member and of all. Refused ones count as well.
inline constexpr auto LegRequestPeriod = 1min;
inline constexpr int LegRequestsOfCaller = 10;
inline constexpr int LegRequests = 120;

//! A leg that carries nothing for that long ends. Its ends keep a leg that they want with a probe every 25 s.
inline constexpr auto LegIdleTime = 120s;

//! Bytes a second, both directions together: of a leg, and of all. Enough for messages and for calls; a direct path
//! is for the rest.
inline constexpr qint64 LegRate = 128 * 1024;
inline constexpr qint64 RelayRate = 1024 * 1024;
//! Bytes that may pass at once, however small the rate: a first congestion window, and any datagram.
inline constexpr qint64 LegBurst = 128 * 1024;
//! Below this part of a bucket, senders that understand ECN (RFC 3168) are asked to slow down.
inline constexpr int MarkBelowFraction = 4;

//! Draws of a random id before a request is refused. With a working generator even a second one is never needed.
inline constexpr int IdDraws = 8;

//! UDP_SEGMENT: at most 64 datagrams and 65,487 bytes in one system call (Linux).
inline constexpr size_t RunDatagrams = 64;
inline constexpr size_t RunBytes = 65'487;

} // namespace Qp2p::Nat::Limits
