// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How two members agree with a node that both are linked to that it forwards for them.
#pragma once

#include <qp2pcore/peerid.h>
#include <qp2pcore/result.h>

#include <QByteArray>

namespace Qp2p::Peering {

// | kind | message     | from -> to       | key | value       | type and range                                 |
// |------|-------------|------------------|-----|-------------|------------------------------------------------|
// | 12   | leg request | caller -> relay  | 1   | id          | unsigned, the caller's choice                  |
// |      |             |                  | 2   | peer id     | 32 bytes: who is called                        |
// | 13   | leg offer   | relay -> callee  | 1   | number      | unsigned, the relay's choice                   |
// |      |             |                  | 2   | peer id     | 32 bytes: the caller                           |
// |      |             |                  | 3   | leg id      | 8 bytes, not all zero: of the callee's hop     |
// |      |             |                  | 4   | rate        | bytes a second that are forwarded              |
// | 14   | leg answer  | callee -> relay  | 1   | number      | of the offer                                   |
// |      |             |                  | 2   | accepted    | 0, 1                                           |
// |      |             |                  | 3   | reason      | text of at most 64 bytes; optional             |
// | 15   | leg opened  | relay -> caller  | 1   | id          | of the request                                 |
// |      |             |                  | 2   | result      | 0 open, 1 not linked, 2 the callee refuses,    |
// |      |             |                  |     |             | 3 the relay refuses, 4 too many                |
// |      |             |                  | 3   | leg id      | 8 bytes, not all zero: of the caller's hop;    |
// |      |             |                  |     |             | where the result is 0                          |
// |      |             |                  | 4   | rate        | bytes a second; where the result is 0          |
// |      |             |                  | 5   | reason      | text of at most 64 bytes; optional             |
// | 16   | leg close   | any              | 1   | leg id      | 8 bytes, of the hop that it is sent on         |
// |      |             |                  | 2   | code        | unsigned: 0 not needed any more, 1 idle,       |
// |      |             |                  |     |             | 2 the other end is gone, 3 refused             |
// |      |             |                  | 3   | reason      | text of at most 64 bytes; optional             |

//! Bytes of an id of a leg on the wire: those of the header of its datagrams.
inline constexpr qsizetype LegIdSize = 8;

struct LegRequest
{
    static constexpr quint64 Kind = 12;
    quint64 id = 0;
    PeerId peer;

    //! \brief Errors: ProtocolViolation. The same of the others.
    static Result<LegRequest> decode(const QByteArray &map);
    friend bool operator==(const LegRequest &, const LegRequest &) = default;
};

struct LegOffer
{
    static constexpr quint64 Kind = 13;
    quint64 number = 0;
    PeerId caller;
    quint64 leg = 0;
    quint64 rate = 0;

    static Result<LegOffer> decode(const QByteArray &map);
    friend bool operator==(const LegOffer &, const LegOffer &) = default;
};

struct LegAnswer
{
    static constexpr quint64 Kind = 14;
    enum class Consent : quint8 { Refused, Accepted };
    quint64 number = 0;
    Consent consent = Consent::Refused;
    QByteArray reason;

    static Result<LegAnswer> decode(const QByteArray &map);
    friend bool operator==(const LegAnswer &, const LegAnswer &) = default;
};

struct LegOpened
{
    static constexpr quint64 Kind = 15;
    enum class Outcome : quint8 { Open, NotLinked, CalleeRefuses, RelayRefuses, TooMany };
    quint64 id = 0;
    Outcome outcome = Outcome::RelayRefuses; //!< also what a reader does not know
    quint64 leg = 0; //!< 0 where it is not open
    quint64 rate = 0;
    QByteArray reason;

    static Result<LegOpened> decode(const QByteArray &map);
    friend bool operator==(const LegOpened &, const LegOpened &) = default;
};

struct LegClose
{
    static constexpr quint64 Kind = 16;
    enum class Code : quint8 { NotNeeded, Idle, OtherEndGone, Refused };
    quint64 leg = 0;
    Code code = Code::NotNeeded; //!< also what a reader does not know
    QByteArray reason;

    static Result<LegClose> decode(const QByteArray &map);
    friend bool operator==(const LegClose &, const LegClose &) = default;
};

//! The bytes for the stream, length included.
QByteArray encode(const LegRequest &request);
QByteArray encode(const LegOffer &offer);
QByteArray encode(const LegAnswer &answer);
QByteArray encode(const LegOpened &opened);
QByteArray encode(const LegClose &close);

} // namespace Qp2p::Peering
