// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The channel for every platform that Qt runs on: slower, and without ECN, which Qt does not offer.

#include <qp2pcore/io/datagramchannel.h>
#include <qp2pcore/io/runtimechecks.h>
#include <qp2pcore/io/socketbuffers.h>

#include <QNetworkDatagram>
#include <QTimer>
#include <QUdpSocket>
#include <QVariant>

#ifdef Q_OS_UNIX
#include <netinet/in.h>
#include <sys/socket.h>
#endif

#include <algorithm>
#include <cerrno>
#include <chrono>

namespace Qp2p::Io {

namespace {

using Engine::SocketAddress;

constexpr qint64 largestDatagram = 65535;

//! A socket that only fails must not hold the event loop.
constexpr int maxErrorsPerReceive = 16;

//! Qt has no signal for a UDP socket that can send again.
constexpr auto writeRetry = std::chrono::milliseconds(1);

//! RFC 9000, section 14: QUIC finds the MTU itself and is never fragmented. Qt has no word for it.
void forbidFragmentation([[maybe_unused]] qintptr descriptor)
{
#ifdef Q_OS_UNIX
    const auto set = [&](int level, int option, int value) {
        setsockopt(int(descriptor), level, option, &value, sizeof(value));
    };
#if defined(IP_PMTUDISC_PROBE)
    set(IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE);
    set(IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_PROBE);
#else
#if defined(IP_DONTFRAG)
    set(IPPROTO_IP, IP_DONTFRAG, 1);
#endif
#if defined(IPV6_DONTFRAG)
    set(IPPROTO_IPV6, IPV6_DONTFRAG, 1);
#endif
#endif
#endif
}

//! The errno behind a failed bind, as far as Qt reports it.
int systemErrorOf(QAbstractSocket::SocketError error, const QHostAddress &address)
{
    switch (error) {
    case QAbstractSocket::AddressInUseError:
        return EADDRINUSE;
    case QAbstractSocket::SocketAddressNotAvailableError:
        return EADDRNOTAVAIL;
    case QAbstractSocket::SocketAccessError:
        return EACCES;
    case QAbstractSocket::SocketResourceError:
        return EMFILE;
    case QAbstractSocket::UnsupportedSocketOperationError: {
        const bool maybeNoIpv6 = address.protocol() == QAbstractSocket::IPv6Protocol
            && !address.isLinkLocal();
        return maybeNoIpv6 ? EAFNOSUPPORT : EINVAL;
    }
    default:
        return 0;
    }
}

class UdpSocketChannel final : public DatagramChannel
{
public:
    UdpSocketChannel()
    {
        m_retryTimer.setSingleShot(true);
        m_retryTimer.setTimerType(Qt::PreciseTimer);
        m_retryTimer.setInterval(writeRetry);
        // Queued, for a handler may destroy this channel, which QUdpSocket's own call stack would
        // not survive.
        QObject::connect(
            &m_socket, &QUdpSocket::readyRead, &m_socket, [this] { announceReadable(); },
            Qt::QueuedConnection);
        QObject::connect(&m_retryTimer, &QTimer::timeout, &m_retryTimer,
                         [this] { announceWritable(); });
    }

    Result<void> bind(const QHostAddress &address, quint16 port);

    ReceiveStatus receive(int maxDatagrams, size_t maxBytes, const Sink &sink) override;
    SendResult send(const OutgoingDatagrams &datagrams) override;
    SocketAddress localAddress() const override { return m_local; }
    size_t maxSegments() const override { return 1; }

private:
    bool write(const OutgoingDatagrams &datagrams, size_t offset, size_t size);
    void announceReadable();
    void announceWritable();

    QUdpSocket m_socket;
    QTimer m_retryTimer;
    SocketAddress m_local;
    bool m_budgetSpent = false;
};

Result<void> UdpSocketChannel::bind(const QHostAddress &address, quint16 port)
{
    if (address.isNull()) {
        return Error(ErrorCode::InvalidArgument,
                     QStringLiteral("Cannot listen: the address is null. Use an address of this "
                                    "machine, or :: or 0.0.0.0 for all."));
    }
    if (const Result<void> scope = checkScope(address); !scope)
        return scopeError(scope.error(), address, port);
    if (!m_socket.bind(address, port, QAbstractSocket::DontShareAddress)) {
        return bindError(systemErrorOf(m_socket.error(), address), m_socket.errorString(), address,
                         port);
    }
#ifdef Q_OS_LINUX
    setSocketBuffers(int(m_socket.socketDescriptor()));
#else
    m_socket.setSocketOption(QAbstractSocket::ReceiveBufferSizeSocketOption, SocketBufferSize);
    m_socket.setSocketOption(QAbstractSocket::SendBufferSizeSocketOption, SocketBufferSize);
#endif
    forbidFragmentation(m_socket.socketDescriptor());
    m_local = toSocketAddress(m_socket.localAddress(), m_socket.localPort());
    return {};
}

ReceiveStatus UdpSocketChannel::receive(int maxDatagrams, size_t maxBytes, const Sink &sink)
{
    m_budgetSpent = false;
    int datagrams = 0;
    size_t bytes = 0;
    int errors = 0;
    while (datagrams < maxDatagrams && bytes < maxBytes) {
        if (datagrams > 0 && isEnough && isEnough())
            break;
        // Always a read, with a size of our own: only a read makes Qt announce what comes next, and
        // asking for the pending size first may find an error and never come to read.
        const QNetworkDatagram received = m_socket.receiveDatagram(largestDatagram);
        if (!received.isValid()) {
            if (++errors > maxErrorsPerReceive || !m_socket.hasPendingDatagrams())
                return ReceiveStatus::Drained;
            continue;
        }
        const QByteArray data = received.data();
        IncomingDatagram datagram;
        datagram.data = reinterpret_cast<const quint8 *>(data.constData());
        datagram.size = size_t(data.size());
        datagram.remote = toSocketAddress(received.senderAddress(), quint16(received.senderPort()));
        datagram.local = m_local;
        if (m_local.isUnspecified() && !received.destinationAddress().isNull())
            datagram.local = toSocketAddress(received.destinationAddress(), m_local.port());
        ++datagrams;
        bytes += datagram.size;
        sink(datagram);
    }
    m_budgetSpent = true;
    return ReceiveStatus::BudgetSpent;
}

SendResult UdpSocketChannel::send(const OutgoingDatagrams &datagrams)
{
    Q_ASSERT(datagrams.size == 0 || datagrams.segmentSize > 0);
    bool anyLeft = false;
    size_t offset = 0;
    do { // once for an empty datagram as well
        const size_t size = std::min(datagrams.segmentSize, datagrams.size - offset);
        if (write(datagrams, offset, size)) {
            anyLeft = true;
        } else if (m_socket.error() == QAbstractSocket::TemporaryError) {
            m_retryTimer.start();
            if (offset == 0)
                return {SendStatus::WouldBlock};
            return {SendStatus::PartlySent, offset};
        }
        offset += size;
    } while (offset < datagrams.size);
    return {anyLeft ? SendStatus::Sent : SendStatus::Lost};
}

bool UdpSocketChannel::write(const OutgoingDatagrams &datagrams, size_t offset, size_t size)
{
    const auto *const data = reinterpret_cast<const char *>(datagrams.data + offset);
    const QHostAddress remote = toHostAddress(datagrams.remote);
    const quint16 port = datagrams.remote.port();
    if (!m_local.isUnspecified() || datagrams.local.isNull() || datagrams.local.isUnspecified())
        return m_socket.writeDatagram(data, qint64(size), remote, port) >= 0;

    QNetworkDatagram datagram(QByteArray::fromRawData(data, qsizetype(size)), remote, port);
    datagram.setSender(toHostAddress(datagrams.local));
    return m_socket.writeDatagram(datagram) >= 0;
}

void UdpSocketChannel::announceReadable()
{
    if (m_budgetSpent)
        return; // the owner knows already; its next read makes Qt announce again
    if (const auto handler = onReadable)
        handler(); // a copy: it may destroy this channel
}

void UdpSocketChannel::announceWritable()
{
    if (const auto handler = onWritable)
        handler();
}

} // namespace

Result<std::unique_ptr<DatagramChannel>> openUdpSocketChannel(const QHostAddress &address,
                                                              quint16 port)
{
    auto channel = std::make_unique<UdpSocketChannel>();
    if (const Result<void> bound = channel->bind(address, port); !bound)
        return bound.error();
    return std::unique_ptr<DatagramChannel>(std::move(channel));
}

} // namespace Qp2p::Io
