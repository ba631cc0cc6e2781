// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// One end of a conversation for the channel tests, on each kind of channel there is.
#pragma once

#include <qp2pcore/io/datagramchannel.h>

#include <QList>
#include <QTest>

#include <memory>
#include <utility>

namespace Qp2p::Test {

enum class Variant {
    LinuxWithOffload,
    LinuxWithoutOffload,
    UdpSocket,
};

//! Every test runs once for each row of it.
inline void addVariants()
{
    QTest::addColumn<Variant>("variant");
#ifdef Q_OS_LINUX
    QTest::newRow("linux") << Variant::LinuxWithOffload;
    QTest::newRow("linux without offload") << Variant::LinuxWithoutOffload;
#endif
    QTest::newRow("udpsocket") << Variant::UdpSocket;
}

//! That of the row that runs.
inline Variant currentVariant()
{
    QFETCH_GLOBAL(const Variant, variant);
    return variant;
}

inline Result<std::unique_ptr<Io::DatagramChannel>> openVariant(Variant variant,
                                                                const QHostAddress &address,
                                                                quint16 port = 0)
{
    if (variant == Variant::UdpSocket)
        return Io::openUdpSocketChannel(address, port);
    if (variant == Variant::LinuxWithOffload)
        return Io::openDatagramChannel(address, port);

    qputenv("QP2P_NO_GSO", "1");
    qputenv("QP2P_NO_GRO", "1");
    auto channel = Io::openDatagramChannel(address, port);
    qunsetenv("QP2P_NO_GSO");
    qunsetenv("QP2P_NO_GRO");
    return channel;
}

inline Result<std::unique_ptr<Io::DatagramChannel>> openVariant(const QHostAddress &address,
                                                                quint16 port = 0)
{
    return openVariant(currentVariant(), address, port);
}

struct Received
{
    QByteArray payload;
    Engine::SocketAddress remote;
    Engine::SocketAddress local;
    quint8 ecn = 0;
};

//! A channel that keeps what it receives.
class DatagramPeer
{
public:
    explicit DatagramPeer(const QHostAddress &address = QHostAddress(QHostAddress::LocalHost))
        : DatagramPeer(currentVariant(), address)
    {
    }
    explicit DatagramPeer(Variant variant,
                          const QHostAddress &address = QHostAddress(QHostAddress::LocalHost))
    {
        auto opened = openVariant(variant, address);
        if (!opened)
            qFatal("%s", qPrintable(opened.error().message));
        channel = std::move(opened).value();
        channel->onReadable = [this] { receiveAll(); };
        channel->onWritable = [this] { ++writable; };
    }

    Engine::SocketAddress address() const { return channel->localAddress(); }

    //! Where a peer that listens everywhere is reached.
    Engine::SocketAddress addressOn(const char *host) const
    {
        return Io::toSocketAddress(QHostAddress(QString::fromLatin1(host)), address().port());
    }

    Io::ReceiveStatus receive(int maxDatagrams, size_t maxBytes)
    {
        return channel->receive(
            maxDatagrams, maxBytes, [this](const Io::IncomingDatagram &datagram) {
                received.append({QByteArray(reinterpret_cast<const char *>(datagram.data),
                                            qsizetype(datagram.size)),
                                 datagram.remote, datagram.local, datagram.ecn});
            });
    }

    void receiveAll()
    {
        while (receive(64, 1 << 20) == Io::ReceiveStatus::BudgetSpent) {
        }
    }

    //! As datagrams of \a segmentSize, by default as one.
    Io::SendResult send(const QByteArray &bytes, const Engine::SocketAddress &to,
                        qsizetype segmentSize = 0, const Engine::SocketAddress &from = {},
                        quint8 ecn = 0)
    {
        Io::OutgoingDatagrams datagrams;
        datagrams.data = reinterpret_cast<const quint8 *>(bytes.constData());
        datagrams.size = size_t(bytes.size());
        datagrams.segmentSize = size_t(segmentSize == 0 ? bytes.size() : segmentSize);
        datagrams.remote = to;
        datagrams.local = from;
        datagrams.ecn = ecn;
        return channel->send(datagrams);
    }

    QList<QByteArray> payloads() const
    {
        QList<QByteArray> result;
        for (const Received &datagram : received)
            result.append(datagram.payload);
        return result;
    }

    std::unique_ptr<Io::DatagramChannel> channel;
    QList<Received> received;
    int writable = 0;
};

//! \a size bytes of which no two neighbouring datagrams have the same ones.
inline QByteArray pattern(qsizetype size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    quint32 state = quint32(size) + 1;
    for (char &byte : bytes) {
        state = state * 1664525 + 1013904223;
        byte = char(state >> 24);
    }
    return bytes;
}

inline QList<QByteArray> cut(const QByteArray &bytes, qsizetype segmentSize)
{
    QList<QByteArray> result;
    for (qsizetype offset = 0; offset < bytes.size(); offset += segmentSize)
        result.append(bytes.mid(offset, segmentSize));
    return result;
}

} // namespace Qp2p::Test
