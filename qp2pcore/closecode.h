// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The application error codes that the library itself puts on the wire.
#pragma once

#include <QtGlobal>

namespace Qp2p {

//! \brief The library's own codes of CONNECTION_CLOSE (application), RESET_STREAM and STOP_SENDING (RFC 9000 section
//! 20.2), as in Error::closeCode. A program cannot send them: its own lie below FirstReserved.
namespace CloseCode {
inline constexpr quint64 FirstReserved = quint64(1) << 60; //!< programs have all codes below
inline constexpr quint64 None = 0;
inline constexpr quint64 WrongNetwork = FirstReserved + 1;
inline constexpr quint64 ControlViolation = FirstReserved + 2;
inline constexpr quint64 HelloTimeout = FirstReserved + 3;
inline constexpr quint64 Misbehaviour = FirstReserved + 4;
inline constexpr quint64 LostRace = FirstReserved + 5; //!< never seen by a greeted peer
inline constexpr quint64 Arrived = FirstReserved + 6; //!< of a dial that checks us
inline constexpr quint64 Leaving = FirstReserved + 7; //!< the peer leaves the network
inline constexpr quint64 NotReachable = FirstReserved + 8; //!< refused as a node
inline constexpr quint64 LinkTimeout = FirstReserved + 9; //!< a half is missing
inline constexpr quint64 Replaced = FirstReserved + 10; //!< by a newer connection
inline constexpr quint64 WrongDirection = FirstReserved
    + 11; //!< a message on the other side's half
inline constexpr quint64 NotAMember = FirstReserved + 12; //!< no network is here
inline constexpr quint64 LinkLost = FirstReserved + 13; //!< the other half is gone
inline constexpr quint64 Blocked = FirstReserved + 14;
inline constexpr quint64 MessageInvalid = FirstReserved + 16;
inline constexpr quint64 MessageTooLarge = FirstReserved + 17;
inline constexpr quint64 MessageTimeout = FirstReserved + 18;
inline constexpr quint64 InboxFull = FirstReserved + 19;
inline constexpr quint64 NoReply = FirstReserved + 20;
inline constexpr quint64 NotInterested = FirstReserved + 21;
inline constexpr quint64 MemoryLimit = FirstReserved
    + 22; //!< the receive or send budget is spent, and this connection holds most
inline constexpr quint64 Evicted = FirstReserved + 23; //!< for another connection
inline constexpr quint64 Cancelled = FirstReserved
    + 24; //!< the asking side no longer waits for the reply
inline constexpr quint64 IdentityInUse = FirstReserved
    + 25; //!< a second program with the identity of a linked peer
} // namespace CloseCode

} // namespace Qp2p
