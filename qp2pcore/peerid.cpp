// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The text form of a peer id: base32 that has exactly one spelling for each id, case apart.
#include <qp2pcore/peerid.h>

#include <QByteArrayView>
#include <QCoreApplication>
#include <QDebug>

#include <algorithm>

namespace Qp2p {

namespace {

struct PeerIdText
{
    Q_DECLARE_TR_FUNCTIONS(Qp2p::PeerId)
};

// RFC 4648 section 6, in lower case.
constexpr char Alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
constexpr unsigned BitsPerCharacter = 5;

//! The five bits that \a character stands for, negative where it stands for none.
int bitsOf(QChar character)
{
    const char16_t c = character.unicode();
    if (c >= u'a' && c <= u'z')
        return c - u'a';
    if (c >= u'A' && c <= u'Z')
        return c - u'A';
    if (c >= u'2' && c <= u'7')
        return c - u'2' + 26;
    return -1;
}

Error notAPeerId(const QString &problem)
{
    return Error(
        ErrorCode::InvalidArgument,
        problem + u' '
            + PeerIdText::tr("A peer id has %1 characters, letters and the digits 2 to 7; copy "
                             "it again from where it is shown.")
                  .arg(PeerId::TextSize));
}

} // namespace

PeerId PeerId::fromBytes(QByteArrayView bytes)
{
    PeerId id;
    if (bytes.size() == Size)
        std::copy(bytes.begin(), bytes.end(), id.m_bytes.begin());
    return id;
}

Result<PeerId> PeerId::fromString(QStringView text)
{
    if (text.size() != TextSize)
        return notAPeerId(
            PeerIdText::tr("This is not a peer id: it has %1 characters.").arg(text.size()));

    PeerId id;
    unsigned pending = 0;
    unsigned pendingBits = 0;
    size_t filled = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const int bits = bitsOf(text[i]);
        if (bits < 0)
            return notAPeerId(
                PeerIdText::tr("This is not a peer id: its character %1 is wrong.").arg(i + 1));
        pending = (pending << BitsPerCharacter) | static_cast<unsigned>(bits);
        pendingBits += BitsPerCharacter;
        if (pendingBits >= 8) {
            pendingBits -= 8;
            id.m_bytes[filled++] = static_cast<quint8>(pending >> pendingBits);
            pending &= (1U << pendingBits) - 1;
        }
    }
    // 52 characters carry four bits more than 32 bytes. Were any value of them accepted, one id
    // would have sixteen spellings, and comparing text would find equal ids different.
    if (pending != 0)
        return notAPeerId(PeerIdText::tr("This is not a peer id: its last character is wrong."));
    // The null id means "anyone may answer"; writing it must not switch the check off.
    if (id.isNull())
        return notAPeerId(PeerIdText::tr("This is not a peer id: it is all zero."));
    return id;
}

bool PeerId::isNull() const
{
    return *this == PeerId();
}

QByteArray PeerId::toBytes() const
{
    return QByteArray(reinterpret_cast<const char *>(m_bytes.data()), Size);
}

QString PeerId::toString() const
{
    if (isNull())
        return {};

    QString text;
    text.reserve(TextSize);
    unsigned pending = 0;
    unsigned pendingBits = 0;
    for (const quint8 byte : m_bytes) {
        pending = (pending << 8) | byte;
        pendingBits += 8;
        while (pendingBits >= BitsPerCharacter) {
            pendingBits -= BitsPerCharacter;
            text.append(QLatin1Char(Alphabet[pending >> pendingBits]));
            pending &= (1U << pendingBits) - 1;
        }
    }
    text.append(QLatin1Char(Alphabet[pending << (BitsPerCharacter - pendingBits)]));
    return text;
}

QDebug operator<<(QDebug debug, const PeerId &id)
{
    const QDebugStateSaver saver(debug);
    debug.nospace().noquote() << "PeerId(" << (id.isNull() ? QStringLiteral("null") : id.toString())
                              << ')';
    return debug;
}

} // namespace Qp2p
