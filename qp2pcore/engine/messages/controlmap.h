// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// One CBOR map of a stranger: every length and depth is judged before it is followed.
#pragma once

#include <QByteArray>
#include <QCborStreamReader>
#include <QString>

#include <limits>
#include <optional>

namespace Qp2p::Engine {

//! \brief Reads one map with integer keys, the first of them 0, and remembers the first thing that is
//! wrong with it.
class ControlMapParser
{
public:
    ControlMapParser(const char *data, qsizetype size)
        : m_reader(data, size)
        , m_size(size)
    {
    }

    //! \brief Enters the map and reads its first pair, key 0.
    std::optional<quint64> parseKind();
    //! \brief Hands each further key to take(key), which reads its value or returns false to skip it.
    template<typename Take>
    void parsePairs(Take take);
    //! Nothing may follow.
    void finish();

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

    void complain(const QString &what)
    {
        if (!failed())
            m_complaint = what;
    }
    bool failed() const { return !m_complaint.isEmpty(); }
    const QString &complaint() const { return m_complaint; }

private:
    static constexpr quint64 KeyKind = 0;

    // Notes that \a key is there: a complaint the second time.
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

} // namespace Qp2p::Engine
