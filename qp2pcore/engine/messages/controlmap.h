// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// One control message as a CBOR map: every length and depth of a peer's is checked before it is followed.
#pragma once

#include <qp2pcore/engine/socketaddress.h>
#include <qp2pcore/result.h>

#include <QByteArray>
#include <QCborStreamReader>
#include <QCborStreamWriter>
#include <QString>

#include <limits>
#include <optional>

namespace Qp2p::Engine {

//! \brief Reads one map with integer keys, the first of them 0, and remembers the first thing that is
//! wrong with it.
class ControlMapParser
{
public:
    static constexpr quint64 AnyNumber = std::numeric_limits<quint64>::max();

    //! \a map must outlive it.
    explicit ControlMapParser(const QByteArray &map)
        : m_reader(map.constData(), map.size())
        , m_size(map.size())
    {
    }

    //! \brief Enters the map and reads its first pair, key 0.
    std::optional<quint64> parseKind();
    //! The same where only \a kind may stand there.
    void parseKind(quint64 kind);
    //! \brief Hands each further key to take(key), which reads its value or returns false to skip it.
    template<typename Take>
    void parsePairs(Take take);
    //! Nothing may follow.
    void finish();
    //! \brief The last step: \a message, or what is wrong with its map.
    template<typename Message>
    Result<Message> finish(const Message &message)
    {
        finish();
        if (failed())
            return error();
        return message;
    }

    bool has(quint64 key) const { return m_seen & (1u << key); }
    void require(quint64 key, const char *name);

    quint64 readNumber(quint64 lowest, quint64 highest, const char *name);
    QByteArray readByteString(qsizetype highestSize, const char *name)
    {
        return readBytes(QCborStreamReader::ByteArray, highestSize, name);
    }
    //! Of exactly \a size bytes.
    QByteArray readFixed(qsizetype size, const char *name);
    QByteArray readText(const char *name);
    //! Of 4 or 16 bytes.
    QByteArray readAddress(const char *name);

    void complain(const QString &what)
    {
        if (!failed())
            m_complaint = what;
    }
    bool failed() const { return !m_complaint.isEmpty(); }
    //! ProtocolViolation with a sentence, where it has failed.
    Error error() const;

private:
    static constexpr quint64 KeyKind = 0;

    // A complaint the second time.
    void seen(quint64 key);
    QByteArray readBytes(QCborStreamReader::Type type, qsizetype highestSize, const char *name);
    void skipValue(int depth);
    void complainMalformed();
    qint64 bytesLeft() const { return m_size - m_reader.currentOffset(); }

    QCborStreamReader m_reader;
    qsizetype m_size;
    quint32 m_seen = 0; // one bit per known key
    QString m_complaint;
};

template<typename Take>
void ControlMapParser::parsePairs(Take take)
{
    while (!failed() && m_reader.hasNext()) {
        if (m_reader.isNegativeInteger()) { // nothing we know, but a key
            m_reader.next();
            skipValue(2);
            continue;
        }
        const quint64 key = readNumber(0, std::numeric_limits<quint64>::max(), "key");
        if (failed())
            break;
        if (key == KeyKind)
            seen(key);
        else if (take(key))
            seen(key);
        else
            skipValue(2);
    }
    if (m_reader.lastError() != QCborError::NoError)
        complainMalformed();
}

//! \brief Writes one control message, its length before its map.
class ControlMapWriter
{
public:
    //! \a pairs follow the one with the \a kind.
    ControlMapWriter(quint64 kind, quint64 pairs);
    Q_DISABLE_COPY_MOVE(ControlMapWriter)

    void appendNumber(quint64 key, quint64 value);
    void appendBytes(quint64 key, const QByteArray &bytes);
    //! Cut to maxControlTextSize bytes, at a character.
    void appendText(quint64 key, const QByteArray &utf8);
    //! After the last pair.
    QByteArray finish();

private:
    QByteArray m_cbor;
    QCborStreamWriter m_writer;
};

//! The 4 or 16 bytes of an IP address.
QByteArray addressBytes(const SocketAddress &address);
//! Null where \a bytes are neither 4 nor 16.
SocketAddress addressFromBytes(QByteArrayView bytes, quint16 port);

} // namespace Qp2p::Engine
