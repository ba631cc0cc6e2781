// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The application error codes that the library itself puts on the wire.
#pragma once

#include <qp2pcore/engine/limits.h>

namespace Qp2p::Engine {

//! \brief Codes of CONNECTION_CLOSE (application), RESET_STREAM and STOP_SENDING. Programs have all
//! codes below 2^60; these lie above.
namespace CloseCode {
inline constexpr quint64 None = 0;
inline constexpr quint64 WrongNetwork = Limits::FirstReservedCloseCode + 1;
inline constexpr quint64 ControlViolation = Limits::FirstReservedCloseCode + 2;
inline constexpr quint64 HelloTimeout = Limits::FirstReservedCloseCode + 3;
inline constexpr quint64 Misbehaviour = Limits::FirstReservedCloseCode + 4;
inline constexpr quint64 LostRace = Limits::FirstReservedCloseCode
    + 5; //!< never seen by a greeted peer
inline constexpr quint64 Arrived = Limits::FirstReservedCloseCode + 6; //!< of a dial that checks us
inline constexpr quint64 Leaving = Limits::FirstReservedCloseCode
    + 7; //!< the peer leaves the network
inline constexpr quint64 NotReachable = Limits::FirstReservedCloseCode + 8; //!< refused as a node
inline constexpr quint64 LinkTimeout = Limits::FirstReservedCloseCode + 9; //!< a half is missing
inline constexpr quint64 Replaced = Limits::FirstReservedCloseCode + 10; //!< by a newer connection
inline constexpr quint64 WrongDirection = Limits::FirstReservedCloseCode
    + 11; //!< a message on the other side's half
inline constexpr quint64 NotAMember = Limits::FirstReservedCloseCode + 12; //!< no network is here
inline constexpr quint64 LinkLost = Limits::FirstReservedCloseCode + 13; //!< the other half is gone
inline constexpr quint64 Blocked = Limits::FirstReservedCloseCode + 14;
inline constexpr quint64 MessageInvalid = Limits::FirstReservedCloseCode + 16;
inline constexpr quint64 MessageTooLarge = Limits::FirstReservedCloseCode + 17;
inline constexpr quint64 MessageTimeout = Limits::FirstReservedCloseCode + 18;
inline constexpr quint64 InboxFull = Limits::FirstReservedCloseCode + 19;
inline constexpr quint64 NoReply = Limits::FirstReservedCloseCode + 20;
inline constexpr quint64 NotInterested = Limits::FirstReservedCloseCode + 21;
inline constexpr quint64 MemoryLimit = Limits::FirstReservedCloseCode
    + 22; //!< the receive or send budget is spent, and this connection holds most
inline constexpr quint64 Evicted = Limits::FirstReservedCloseCode + 23; //!< for another connection
inline constexpr quint64 Cancelled = Limits::FirstReservedCloseCode
    + 24; //!< who asked no longer waits for the reply
} // namespace CloseCode

} // namespace Qp2p::Engine
