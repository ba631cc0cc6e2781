// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Linux's channel: one system call carries up to 64 datagrams, which is worth a factor of four.

#include <qp2pcore/io/linuxchannel.h>

#ifdef Q_OS_LINUX

#include <qp2pcore/io/linuxerrorqueue.h>
#include <qp2pcore/io/linuxreceiver.h>
#include <qp2pcore/io/linuxsender.h>
#include <qp2pcore/io/linuxsocket.h>

#include <QSocketNotifier>
#include <QTimer>

#include <poll.h>

#include <cerrno>
#include <chrono>
#include <utility>

namespace Qp2p::Io {

namespace {

using Engine::SocketAddress;

constexpr auto NoBufferRetry = std::chrono::milliseconds(1);

class LinuxChannel final : public DatagramChannel
{
public:
    explicit LinuxChannel(LinuxSocket socket)
        : m_socket(std::move(socket))
        , m_receiver(m_socket, m_errors)
        , m_sender(m_socket, m_errors)
        , m_readNotifier(m_socket.fd.get(), QSocketNotifier::Read)
        , m_writeNotifier(m_socket.fd.get(), QSocketNotifier::Write)
    {
        m_writeNotifier.setEnabled(false);
        m_retryTimer.setSingleShot(true);
        m_retryTimer.setTimerType(Qt::PreciseTimer);
        m_retryTimer.setInterval(NoBufferRetry);
        QObject::connect(&m_readNotifier, &QSocketNotifier::activated, &m_readNotifier,
                         [this] { announceReadable(); });
        QObject::connect(&m_writeNotifier, &QSocketNotifier::activated, &m_writeNotifier,
                         [this] { announceWritable(); });
        QObject::connect(&m_retryTimer, &QTimer::timeout, &m_retryTimer,
                         [this] { announceWritable(); });
    }

    ReceiveStatus receive(int maxDatagrams, size_t maxBytes, const Sink &sink) override;
    std::vector<ClosedPort> takeClosedPorts() override { return m_errors.take(); }
    SendResult send(const OutgoingDatagrams &datagrams) override;
    SocketAddress localAddress() const override { return m_socket.local; }
    size_t maxSegments() const override { return m_socket.segmentation ? MaxSegmentsPerSend : 1; }
    bool poll(std::chrono::nanoseconds limit) override;
    bool canPoll() const override { return true; }

private:
    void waitUntilWritable(int error);
    void announceReadable();
    void announceWritable();

    LinuxSocket m_socket; // outlives the notifiers, which watch its descriptor
    LinuxErrorQueue m_errors;
    LinuxReceiver m_receiver;
    LinuxSender m_sender;
    QSocketNotifier m_readNotifier;
    QSocketNotifier m_writeNotifier;
    QTimer m_retryTimer;
    bool m_budgetSpent = false;
    bool m_readPosted = false;
};

ReceiveStatus LinuxChannel::receive(int maxDatagrams, size_t maxBytes, const Sink &sink)
{
    m_budgetSpent = false;
    const ReceiveStatus status = m_receiver.receive(maxDatagrams, maxBytes, isEnough, sink);
    m_budgetSpent = status == ReceiveStatus::BudgetSpent;
    return status;
}

bool LinuxChannel::poll(std::chrono::nanoseconds limit)
{
    const auto end = std::chrono::steady_clock::now() + limit;
    pollfd descriptor{m_socket.fd.get(), POLLIN, 0};
    do {
        if (::poll(&descriptor, 1, 0) > 0) {
            m_receiver.announce();
            return true;
        }
    } while (std::chrono::steady_clock::now() < end);
    return false;
}

SendResult LinuxChannel::send(const OutgoingDatagrams &datagrams)
{
    const SendResult result = m_sender.send(datagrams);
    if (result.status == SendStatus::WouldBlock || result.status == SendStatus::PartlySent)
        waitUntilWritable(m_sender.blockedBy());
    // The notifier does not fire for what the sender has read.
    if (m_errors.hasClosedPorts() && !std::exchange(m_readPosted, true)) {
        QMetaObject::invokeMethod(
            &m_readNotifier,
            [this] {
                m_readPosted = false;
                announceReadable();
            },
            Qt::QueuedConnection);
    }
    return result;
}

void LinuxChannel::waitUntilWritable(int error)
{
    if (error == EAGAIN || error == EWOULDBLOCK)
        m_writeNotifier.setEnabled(true);
    else // Out of some other buffer than the socket's, so the socket may call itself writable.
        m_retryTimer.start();
}

// Both call a copy of the handler, for it may destroy this channel and the original with it.

void LinuxChannel::announceReadable()
{
    m_receiver.announce();
    if (m_budgetSpent)
        return; // the owner knows already, and the notifier will go on firing until it reads
    if (const auto handler = onReadable)
        handler();
}

void LinuxChannel::announceWritable()
{
    m_writeNotifier.setEnabled(false);
    m_retryTimer.stop();
    if (const auto handler = onWritable)
        handler();
}

} // namespace

Result<std::unique_ptr<DatagramChannel>> openLinuxChannel(const QHostAddress &address, quint16 port)
{
    const SocketAddress wanted = toSocketAddress(address, port);
    if (wanted.isNull()) {
        return Error(ErrorCode::InvalidArgument,
                     QStringLiteral("Cannot listen: the address is null. Use an address of this "
                                    "machine, or :: or 0.0.0.0 for all."));
    }

    if (const Result<void> scope = checkScope(address); !scope)
        return scopeError(scope.error(), address, port);

    LinuxSocket socket;
    int error = 0;
    if (address.protocol() == QAbstractSocket::AnyIPProtocol) {
        error = socket.bind(wanted, LinuxSocket::DualStack::Yes);
        if (error == EAFNOSUPPORT || error == EADDRNOTAVAIL) // no IPv6 on this machine
            error = socket.bind(SocketAddress::fromIpv4({}, port), LinuxSocket::DualStack::No);
    } else {
        error = socket.bind(wanted, LinuxSocket::DualStack::No);
    }
    if (error != 0)
        return bindError(error, qt_error_string(error), address, port);
    return std::unique_ptr<DatagramChannel>(std::make_unique<LinuxChannel>(std::move(socket)));
}

} // namespace Qp2p::Io

#endif // Q_OS_LINUX
