// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <shared/engine/quicpackets.h>

#include <QtEndian>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include <algorithm>
#include <array>
#include <map>

namespace Qp2p::Test {

namespace {

template<typename T>
QByteArray bigEndian(T value)
{
    QByteArray bytes(qsizetype(sizeof(T)), '\0');
    qToBigEndian(value, bytes.data());
    return bytes;
}

gnutls_datum_t datum(const QByteArray &bytes)
{
    return {reinterpret_cast<unsigned char *>(const_cast<char *>(bytes.constData())),
            static_cast<unsigned>(bytes.size())};
}

void checkCipher(int rv, const char *what)
{
    if (rv < 0)
        qFatal("tests/shared/engine/quicpackets: %s: %s", what, gnutls_strerror(rv));
}

//! RFC 8446 section 7.1.
QByteArray expandLabel(const QByteArray &secret, const QByteArray &label, qsizetype size)
{
    const QByteArray full = "tls13 " + label;
    const QByteArray info = bigEndian(quint16(size)) + char(full.size()) + full
        + QByteArray(1, '\0');
    QByteArray out(size, '\0');
    const gnutls_datum_t key = datum(secret);
    const gnutls_datum_t infoDatum = datum(info);
    checkCipher(gnutls_hkdf_expand(GNUTLS_MAC_SHA256, &key, &infoDatum, out.data(), size_t(size)),
                "HKDF-Expand");
    return out;
}

QByteArray initialSecret(const QByteArray &originalId)
{
    static const QByteArray salt = QByteArray::fromHex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a");
    QByteArray secret(32, '\0');
    const gnutls_datum_t key = datum(originalId);
    const gnutls_datum_t saltDatum = datum(salt);
    checkCipher(gnutls_hkdf_extract(GNUTLS_MAC_SHA256, &key, &saltDatum, secret.data()),
                "HKDF-Extract");
    return expandLabel(secret, "client in", 32);
}

} // namespace

QByteArray varint(quint64 value, int size)
{
    if (size == 0)
        size = value < 64 ? 1 : value < 16384 ? 2 : value < 1073741824 ? 4 : 8;
    switch (size) {
    case 1:
        return bigEndian(quint8(value));
    case 2:
        return bigEndian(quint16(value | 0x4000));
    case 4:
        return bigEndian(quint32(value | 0x80000000));
    default:
        return bigEndian(value | (quint64(3) << 62));
    }
}

namespace Frame {

QByteArray numbers(quint64 type, const QList<quint64> &values)
{
    QByteArray frame = varint(type);
    for (const quint64 value : values)
        frame += varint(value);
    return frame;
}

QByteArray crypto(quint64 offset, const QByteArray &data)
{
    return numbers(0x06, {offset, quint64(data.size())}) + data;
}

QByteArray stream(quint64 id, quint64 offset, const QByteArray &data, Engine::Fin fin)
{
    const quint64 type = 0x08 | 0x04 | 0x02 | (fin == Engine::Fin::Yes ? 0x01u : 0u);
    return numbers(type, {id, offset, quint64(data.size())}) + data;
}

QByteArray resetStream(quint64 id, quint64 code, quint64 finalSize)
{
    return numbers(0x04, {id, code, finalSize});
}

QByteArray stopSending(quint64 id, quint64 code)
{
    return numbers(0x05, {id, code});
}

QByteArray maxStreamData(quint64 id, quint64 bytes)
{
    return numbers(0x11, {id, bytes});
}

QByteArray newConnectionId(quint64 sequence, quint64 retirePriorTo, const QByteArray &id,
                           const QByteArray &resetToken)
{
    return numbers(0x18, {sequence, retirePriorTo}) + char(id.size()) + id + resetToken;
}

QByteArray retireConnectionId(quint64 sequence)
{
    return numbers(0x19, {sequence});
}

QByteArray pathChallenge(const QByteArray &data)
{
    return varint(0x1a) + data;
}

QByteArray pathResponse(const QByteArray &data)
{
    return varint(0x1b) + data;
}

} // namespace Frame

QByteArray cryptoBytes(std::span<const quint8> frames)
{
    const auto takeVarint = [&] {
        quint64 value = 0;
        const size_t size = frames.empty() ? 0 : size_t(1) << (frames[0] >> 6);
        for (size_t i = 0; i < size && i < frames.size(); ++i)
            value = value << 8 | (i == 0 ? frames[0] & 0x3fu : frames[i]);
        frames = frames.subspan(std::min(size, frames.size()));
        return value;
    };
    std::map<quint64, QByteArray> pieces; // ngtcp2 shuffles them
    while (!frames.empty()) {
        const quint64 type = takeVarint();
        if (type == 2) { // ACK: two numbers, the count of ranges, and these
            takeVarint();
            takeVarint();
            for (quint64 left = 2 * takeVarint() + 1; left > 0 && !frames.empty(); --left)
                takeVarint();
            continue;
        }
        if (type > 1 && type != 6)
            break;
        if (type != 6)
            continue;
        const quint64 offset = takeVarint();
        const size_t size = std::min<size_t>(takeVarint(), frames.size());
        pieces[offset] = QByteArray(reinterpret_cast<const char *>(frames.data()), qsizetype(size));
        frames = frames.subspan(size);
    }
    QByteArray bytes;
    for (const auto &[offset, piece] : pieces) {
        if (offset == quint64(bytes.size()))
            bytes += piece;
    }
    return bytes;
}

QByteArray longHeader(quint8 first, quint32 version, const QByteArray &destinationId,
                      const QByteArray &sourceId)
{
    return char(first) + bigEndian(version) + char(destinationId.size()) + destinationId
        + char(sourceId.size()) + sourceId;
}

QByteArray junkInitial(const QByteArray &destinationId, const QByteArray &sourceId,
                       const QByteArray &token, qsizetype size)
{
    QByteArray packet = longHeader(0xc0, Version1, destinationId, sourceId)
        + varint(quint64(token.size())) + token;
    const qsizetype left = std::max<qsizetype>(0, size - packet.size() - 2);
    packet += varint(quint64(left), 2);
    return packet + QByteArray(left, '\x5a');
}

QByteArray versionNegotiation(const QByteArray &destinationId, const QByteArray &sourceId,
                              const QList<quint32> &versions)
{
    QByteArray packet = longHeader(0xc0, 0, destinationId, sourceId);
    for (const quint32 version : versions)
        packet += bigEndian(version);
    return packet;
}

QByteArray junkShort(const QByteArray &destinationId, qsizetype size)
{
    const QByteArray packet = char(0x40) + destinationId;
    return packet.leftJustified(size, '\x5a', true);
}

QByteArray sealedInitial(const QByteArray &originalId, const QByteArray &destinationId,
                         const QByteArray &sourceId, const QByteArray &token, quint32 packetNumber,
                         const QByteArray &frames)
{
    constexpr qsizetype PacketNumberSize = 4;
    constexpr qsizetype TagSize = 16;
    QByteArray header = longHeader(0xc0 | (PacketNumberSize - 1), Version1, destinationId, sourceId)
        + varint(quint64(token.size())) + token;
    const qsizetype used = header.size() + 2 + PacketNumberSize + TagSize;
    const QByteArray plain = frames.leftJustified(std::max(frames.size(), 1200 - used), '\0');
    header += varint(quint64(PacketNumberSize + plain.size() + TagSize), 2);
    const qsizetype packetNumberAt = header.size();
    header += bigEndian(packetNumber);

    const QByteArray secret = initialSecret(originalId);
    const QByteArray key = expandLabel(secret, "quic key", 16);
    QByteArray nonce = expandLabel(secret, "quic iv", 12);
    const QByteArray maskKey = expandLabel(secret, "quic hp", 16);
    for (qsizetype i = 0; i < PacketNumberSize; ++i)
        nonce[8 + i] = char(nonce[8 + i] ^ header[packetNumberAt + i]);

    gnutls_aead_cipher_hd_t aead = nullptr;
    const gnutls_datum_t keyDatum = datum(key);
    checkCipher(gnutls_aead_cipher_init(&aead, GNUTLS_CIPHER_AES_128_GCM, &keyDatum), "AEAD");
    QByteArray cipher(plain.size() + TagSize, '\0');
    size_t cipherSize = size_t(cipher.size());
    checkCipher(gnutls_aead_cipher_encrypt(aead, nonce.constData(), size_t(nonce.size()),
                                           header.constData(), size_t(header.size()),
                                           size_t(TagSize), plain.constData(), size_t(plain.size()),
                                           cipher.data(), &cipherSize),
                "encryption");
    gnutls_aead_cipher_deinit(aead);

    // One block of CBC with a zero vector is the ECB that RFC 9001 section 5.4.3 asks for.
    std::array<char, 16> mask;
    const QByteArray zeros(16, '\0');
    const gnutls_datum_t maskDatum = datum(maskKey);
    const gnutls_datum_t zerosDatum = datum(zeros);
    gnutls_cipher_hd_t ecb = nullptr;
    checkCipher(gnutls_cipher_init(&ecb, GNUTLS_CIPHER_AES_128_CBC, &maskDatum, &zerosDatum), "ECB");
    checkCipher(gnutls_cipher_encrypt2(ecb, cipher.constData() + 4 - PacketNumberSize, mask.size(),
                                       mask.data(), mask.size()),
                "header protection");
    gnutls_cipher_deinit(ecb);
    header[0] = char(header[0] ^ (mask[0] & 0x0f));
    for (qsizetype i = 0; i < PacketNumberSize; ++i)
        header[packetNumberAt + i] = char(header[packetNumberAt + i] ^ mask[size_t(i) + 1]);
    return header + cipher;
}

std::optional<LongHeader> parseLongHeader(const QByteArray &packet)
{
    if (!isLongHeader(packet) || packet.size() < 7)
        return std::nullopt;
    LongHeader header;
    header.first = quint8(packet[0]);
    header.version = qFromBigEndian<quint32>(packet.constData() + 1);
    const qsizetype destinationSize = quint8(packet[5]);
    const qsizetype sourceAt = 6 + destinationSize;
    if (packet.size() <= sourceAt)
        return std::nullopt;
    const qsizetype sourceSize = quint8(packet[sourceAt]);
    if (packet.size() < sourceAt + 1 + sourceSize)
        return std::nullopt;
    header.destinationId = packet.mid(6, destinationSize);
    header.sourceId = packet.mid(sourceAt + 1, sourceSize);
    header.rest = packet.mid(sourceAt + 1 + sourceSize);
    return header;
}

namespace {

//! The variable-length integer at \a at, which is moved behind it.
quint64 readVarint(const QByteArray &bytes, qsizetype &at)
{
    const quint8 first = quint8(bytes.at(at));
    quint64 value = first & 0x3f;
    for (int more = (1 << (first >> 6)) - 1; more > 0; --more)
        value = value << 8 | quint8(bytes.at(++at));
    ++at;
    return value;
}

} // namespace

qsizetype sizeOfLongHeaderPackets(const QByteArray &datagram)
{
    qsizetype size = 0;
    while (const auto header = parseLongHeader(datagram.mid(size))) {
        qsizetype at = 0;
        if (header->type() == LongHeader::Initial) {
            const auto token = qsizetype(readVarint(header->rest, at));
            at += token;
        }
        const auto body = qsizetype(readVarint(header->rest, at));
        size = datagram.size() - header->rest.size() + at + body;
    }
    return size;
}

} // namespace Qp2p::Test
