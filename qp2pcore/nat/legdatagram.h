// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The nine bytes before a datagram that a node relays.
#pragma once

#include <QtGlobal>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>

namespace Qp2p::Nat {

//! By which one end of a leg knows it: eight random bytes, chosen by the relaying node; the ends have different ones.
//! Null is none.
using LegId = quint64;

//! \brief A datagram on its way over a leg: the byte 4, the id of the leg in network byte order, and what is relayed,
//! at least one byte (an inner QUIC packet or a probe).
struct LegDatagram
{
    static constexpr quint8 FirstByte = 4; //!< unassigned in RFC 7983 and RFC 9443
    static constexpr size_t HeaderSize = 9;
    //! Of a UDP datagram over IPv4: 65,535 bytes less its headers.
    static constexpr size_t MaxSize = 65'507;
    static constexpr size_t MaxPayload = MaxSize - HeaderSize;

    LegId id = 0;
    std::span<const quint8> payload;

    //! \brief Takes \a datagram apart, without copying. Nothing where it is none: another first byte, too short, too
    //! long, or a null id.
    static std::optional<LegDatagram> parse(std::span<const quint8> datagram)
    {
        if (datagram.size() <= HeaderSize || datagram.size() > MaxSize || datagram[0] != FirstByte)
            return std::nullopt;
        LegId id = 0;
        for (const quint8 byte : datagram.subspan(1, HeaderSize - 1))
            id = id << 8 | byte;
        if (id == 0)
            return std::nullopt;
        return LegDatagram{id, datagram.subspan(HeaderSize)};
    }

    //! \brief Writes header and payload to the beginning of \a out. Returns how many bytes that are; 0, and nothing is
    //! written, where it would not be a datagram that parse() takes, or \a out is too small.
    size_t write(std::span<quint8> out) const
    {
        const size_t size = HeaderSize + payload.size();
        if (id == 0 || payload.empty() || payload.size() > MaxPayload || out.size() < size)
            return 0;
        out[0] = FirstByte;
        for (size_t i = 1; i < HeaderSize; ++i)
            out[i] = quint8(id >> (8 * (HeaderSize - 1 - i)));
        std::copy(payload.begin(), payload.end(), out.begin() + HeaderSize);
        return size;
    }
};

} // namespace Qp2p::Nat
