// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Control messages as bytes, for tests of what reads and writes them.
#pragma once

#include <qp2pcore/engine/messages/controlmessage.h>

#include <QList>
#include <QtEndian>

#include <optional>
#include <span>
#include <utility>

namespace Qp2p::Test {

//! The message with this CBOR, its length before it.
inline QByteArray prefixed(const QByteArray &cbor)
{
    QByteArray bytes(2, '\0');
    qToBigEndian(quint16(cbor.size()), bytes.data());
    return bytes + cbor;
}

inline QByteArray prefixedHex(const QByteArray &hex)
{
    return prefixed(QByteArray::fromHex(hex));
}

inline std::span<const quint8> span(const QByteArray &bytes)
{
    return {reinterpret_cast<const quint8 *>(bytes.constData()), size_t(bytes.size())};
}

//! What a side that handles Message reads from \a bytes, the whole stream of its peer. Incomplete bytes are no
//! message and no error.
template<typename Message>
Result<std::optional<Message>> readMessage(const QByteArray &bytes)
{
    Engine::ControlReader reader;
    std::span<const quint8> left = span(bytes);
    const std::optional<Engine::ControlMessage> message = reader.next(left);
    if (reader.error().isError())
        return reader.error();
    if (!message)
        return std::optional<Message>();
    const Result<Message> decoded = Message::decode(message->map);
    if (!decoded)
        return decoded.error();
    return std::optional<Message>(*decoded);
}

//! The message in \a bytes where it is a whole and well-formed one.
template<typename Message>
std::optional<Message> readAs(const QByteArray &bytes)
{
    const auto read = readMessage<Message>(bytes);
    return read ? *read : std::nullopt;
}

//! What became of a message in which each byte was changed in every way.
struct Changes
{
    int accepted = 0;
    int refused = 0;
    int unreadable = 0; //!< accepted, but what is written of them is refused
    int different = 0; //!< accepted, but what is written of them is read as something else
};

template<typename Message>
Changes withEveryByteChanged(const QByteArray &whole)
{
    Changes changes;
    for (qsizetype at = 2; at < whole.size(); ++at) {
        for (int change = 1; change < 256; ++change) {
            QByteArray changed = whole;
            changed[at] = char(quint8(changed.at(at)) ^ change);
            const auto message = readAs<Message>(changed);
            ++(message ? changes.accepted : changes.refused);
            if (!message)
                continue;
            const auto again = readAs<Message>(encode(*message));
            changes.unreadable += !again;
            changes.different += again && *again != *message;
        }
    }
    return changes;
}

//! \brief A pair that no version knows yet, as hex, with a name: what a reader skips.
inline QList<std::pair<const char *, QByteArray>> unknownPairs()
{
    return {
        {"unknown key, number", "18 64 01"},
        {"unknown key, negative number", "18 64 20"},
        {"unknown key, text", "18 64 63 616263"},
        {"unknown key, bytes that are not UTF-8", "18 64 42 fffe"},
        {"unknown key, empty text", "18 64 60"},
        {"unknown key, bytes", "18 64 43 000102"},
        {"unknown key, true", "18 64 f5"},
        {"unknown key, null", "18 64 f6"},
        {"unknown key, half", "18 64 f9 3c00"},
        {"unknown key, double", "18 64 fb 3ff199999999999a"},
        {"unknown key, empty map", "18 64 a0"},
        {"unknown key, nested array", "18 64 82 01 82 02 80"},
        {"unknown key, nested map", "18 64 a1 61 78 a1 01 02"},
        {"unknown key, tagged", "18 64 c1 1a 514b67b0"},
        {"unknown key, twice tagged", "18 64 c1 c1 1a 514b67b0"},
        {"negative key", "20 01"},
        {"largest key", "1b ffffffffffffffff 01"},
        {"depth 8", "18 64 81 81 81 81 81 81 81 01"}, // the outer map is the first level
        {"tag at depth 8", "18 64 81 81 81 81 81 81 c1 01"},
    };
}

} // namespace Qp2p::Test
