// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Linux's channel: one system call carries up to 64 datagrams, which is worth a factor of four.

#include <qp2pcore/io/linuxchannel.h>

#include <qp2pcore/io/linuxerrorqueue.h>
#include <qp2pcore/io/runtimechecks.h>

#ifdef Q_OS_LINUX

#include <QSocketNotifier>
#include <QTimer>

#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

namespace Qp2p::Io {

namespace {

using Engine::SocketAddress;

//! What every kernel with UDP_SEGMENT takes in one call (UDP_MAX_SEGMENTS).
constexpr size_t maxSegmentsPerSend = 64;

//! An IPv4 header cannot say more, and GRO stops there too.
constexpr size_t largestRead = 65536;

//! A second slot tells by staying empty that the socket is drained, which saves a call.
constexpr size_t slotsWithGro = 2;

//! Without GRO that many datagrams are read by one call.
constexpr size_t slotsWithoutGro = 16;

//! The queue of socket errors is short; more in one go is a socket that only fails.
constexpr int maxErrorsPerReceive = 16;

//! Pending errors that other datagrams have left, before one that is sent. Each empties the queue, so that
//! more come only from somebody who forges ICMP messages faster than we read them.
constexpr int maxErrorsPerSend = 4;

constexpr auto noBufferRetry = std::chrono::milliseconds(1);

//! Owns a file descriptor.
class FileDescriptor
{
public:
    explicit FileDescriptor(int fd = -1)
        : m_fd(fd)
    {
    }
    ~FileDescriptor()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    FileDescriptor(FileDescriptor &&other) noexcept
        : m_fd(std::exchange(other.m_fd, -1))
    {
    }
    FileDescriptor &operator=(FileDescriptor &&other) noexcept
    {
        std::swap(m_fd, other.m_fd);
        return *this;
    }
    Q_DISABLE_COPY(FileDescriptor)

    bool isValid() const { return m_fd >= 0; }
    int get() const { return m_fd; }

private:
    int m_fd;
};

bool setOption(const FileDescriptor &socket, int level, int option, int value)
{
    return ::setsockopt(socket.get(), level, option, &value, sizeof(value)) == 0;
}

bool isTemporary(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == ENOBUFS || error == ENOMEM;
}

// --- Sending -----------------------------------------------------------------------------------

//! What one sendmsg() takes: the destination, and control messages only where they are needed.
class OutgoingMessage
{
public:
    OutgoingMessage()
    {
        m_header.msg_iov = &m_payload;
        m_header.msg_iovlen = 1;
    }
    Q_DISABLE_COPY_MOVE(OutgoingMessage)

    //! \a remote must outlive this. False where a socket of \a family cannot reach it.
    bool setRemote(int family, const SocketAddress &remote)
    {
        if (remote.isIpv4() && family == AF_INET6) {
            m_mapped.sin6_family = AF_INET6;
            m_mapped.sin6_port = reinterpret_cast<const sockaddr_in *>(remote.sockaddr())->sin_port;
            m_mapped.sin6_addr = mapped(remote);
            m_header.msg_name = &m_mapped;
            m_header.msg_namelen = sizeof(m_mapped);
            return true;
        }
        if (remote.isNull() || remote.sockaddr()->sa_family != family)
            return false;
        m_header.msg_name = const_cast<sockaddr *>(remote.sockaddr());
        m_header.msg_namelen = remote.sockaddrSize();
        return true;
    }

    //! The kernel looks at IPv4's control messages for mapped addresses too.
    void setEcn(const SocketAddress &remote, quint8 ecn)
    {
        const int value = ecn;
        if (remote.isIpv4())
            addControl(IPPROTO_IP, IP_TOS, value);
        else
            addControl(IPPROTO_IPV6, IPV6_TCLASS, value);
    }

    void setSource(const SocketAddress &source)
    {
        if (source.isIpv4()) {
            in_pktinfo info = {};
            std::memcpy(&info.ipi_spec_dst, source.addressBytes(), source.addressSize());
            addControl(IPPROTO_IP, IP_PKTINFO, info);
        } else {
            in6_pktinfo info = {};
            std::memcpy(&info.ipi6_addr, source.addressBytes(), source.addressSize());
            info.ipi6_ifindex = source.scopeId();
            addControl(IPPROTO_IPV6, IPV6_PKTINFO, info);
        }
    }

    //! Sends \a size bytes as one datagram, or as several of \a segmentSize. Returns 0 or the errno.
    int send(int socket, const quint8 *data, size_t size, size_t segmentSize)
    {
        m_payload = {const_cast<quint8 *>(data), size};
        const size_t lastingControlSize = m_controlSize;
        if (size > segmentSize)
            addControl(IPPROTO_UDP, UDP_SEGMENT, quint16(segmentSize));
        m_header.msg_control = m_controlSize == 0 ? nullptr : m_control;
        m_header.msg_controllen = m_controlSize;
        m_controlSize = lastingControlSize;

        while (::sendmsg(socket, &m_header, MSG_NOSIGNAL) < 0) {
            if (errno != EINTR)
                return errno;
        }
        return 0;
    }

private:
    static in6_addr mapped(const SocketAddress &ipv4)
    {
        in6_addr address = {};
        address.s6_addr[10] = address.s6_addr[11] = 0xff;
        std::memcpy(&address.s6_addr[12], ipv4.addressBytes(), ipv4.addressSize());
        return address;
    }

    template<typename Value>
    void addControl(int level, int type, const Value &value)
    {
        Q_ASSERT(m_controlSize + CMSG_SPACE(sizeof(value)) <= sizeof(m_control));
        auto *const header = reinterpret_cast<cmsghdr *>(m_control + m_controlSize);
        header->cmsg_level = level;
        header->cmsg_type = type;
        header->cmsg_len = CMSG_LEN(sizeof(value));
        std::memcpy(CMSG_DATA(header), &value, sizeof(value));
        m_controlSize += CMSG_SPACE(sizeof(value));
    }

    msghdr m_header = {};
    iovec m_payload = {};
    sockaddr_in6 m_mapped = {};
    size_t m_controlSize = 0;
    alignas(cmsghdr) char m_control[CMSG_SPACE(sizeof(int)) + CMSG_SPACE(sizeof(in6_pktinfo))
                                    + CMSG_SPACE(sizeof(quint16))];
};

// --- Receiving ---------------------------------------------------------------------------------

//! Where received datagrams land. A slot takes the largest there is, for loopback and jumbo paths
//! may carry it; memory that no datagram reaches is never touched, so 16 slots cost a page each.
class ReceiveSlots
{
public:
    explicit ReceiveSlots(size_t count)
        : m_count(count)
        , m_data(new quint8[count * slotSize])
        , m_slots(new Slot[count])
        , m_headers(new mmsghdr[count])
    {
        std::fill_n(m_headers.get(), count, mmsghdr{});
        for (size_t i = 0; i < count; ++i) {
            m_slots[i].payload = {m_data.get() + i * slotSize, largestRead};
            msghdr &header = m_headers[i].msg_hdr;
            header.msg_name = &m_slots[i].remote;
            header.msg_iov = &m_slots[i].payload;
            header.msg_iovlen = 1;
            header.msg_control = m_slots[i].control;
        }
    }

    size_t count() const { return m_count; }

    //! Reads up to \a wanted. Returns how many came, or -1 and errno.
    int receive(int socket, size_t wanted)
    {
        for (size_t i = 0; i < wanted; ++i) {
            msghdr &header = m_headers[i].msg_hdr;
            header.msg_namelen = sizeof(m_slots[i].remote);
            header.msg_controllen = sizeof(m_slots[i].control);
        }
        return ::recvmmsg(socket, m_headers.get(), unsigned(wanted), 0, nullptr);
    }

    const msghdr &header(size_t index) const { return m_headers[index].msg_hdr; }
    const quint8 *data(size_t index) const { return m_data.get() + index * slotSize; }
    size_t size(size_t index) const { return m_headers[index].msg_len; }
    SocketAddress remote(size_t index) const
    {
        return SocketAddress::fromSockaddr(&m_slots[index].remote.sa, header(index).msg_namelen);
    }

private:
    //! Apart by more than 64 KiB, so that the slots do not compete for the same cache sets.
    static constexpr size_t slotSize = largestRead + 2048;

    struct Slot
    {
        ngtcp2_sockaddr_union remote;
        iovec payload;
        // TOS or traffic class, GRO's segment size, and the destination.
        alignas(cmsghdr) char control[2 * CMSG_SPACE(sizeof(int)) + CMSG_SPACE(sizeof(in_pktinfo))
                                      + CMSG_SPACE(sizeof(in6_pktinfo))];
    };

    const size_t m_count;
    const std::unique_ptr<quint8[]> m_data;
    const std::unique_ptr<Slot[]> m_slots;
    const std::unique_ptr<mmsghdr[]> m_headers;
};

template<typename Value>
Value controlValue(const cmsghdr *control)
{
    Value value = {};
    std::memcpy(&value, CMSG_DATA(control),
                std::min(sizeof(value), size_t(control->cmsg_len) - CMSG_LEN(0)));
    return value;
}

//! Fills in ECN and destination from the control messages; returns GRO's segment size or 0.
size_t readControl(const msghdr &header, IncomingDatagram &datagram)
{
    constexpr quint8 ecnBits = 3;
    size_t segmentSize = 0;
    auto *const message = const_cast<msghdr *>(&header); // CMSG_NXTHDR does not know const
    for (cmsghdr *control = CMSG_FIRSTHDR(message); control != nullptr;
         control = CMSG_NXTHDR(message, control)) {
        const auto is = [control](int level, int type) {
            return control->cmsg_level == level && control->cmsg_type == type;
        };
        if (is(IPPROTO_IP, IP_TOS)) {
            datagram.ecn = controlValue<quint8>(control) & ecnBits;
        } else if (is(IPPROTO_IPV6, IPV6_TCLASS)) {
            datagram.ecn = quint8(controlValue<int>(control) & ecnBits);
        } else if (is(IPPROTO_UDP, UDP_GRO)) {
            segmentSize = size_t(std::max(0, controlValue<int>(control)));
        } else if (is(IPPROTO_IP, IP_PKTINFO)) {
            const auto info = controlValue<in_pktinfo>(control);
            std::array<quint8, 4> bytes;
            std::memcpy(bytes.data(), &info.ipi_addr, bytes.size());
            datagram.local = SocketAddress::fromIpv4(bytes, datagram.local.port());
        } else if (is(IPPROTO_IPV6, IPV6_PKTINFO)) {
            const auto info = controlValue<in6_pktinfo>(control);
            std::array<quint8, 16> bytes;
            std::memcpy(bytes.data(), &info.ipi6_addr, bytes.size());
            datagram.local = SocketAddress::fromIpv6(bytes, datagram.local.port(),
                                                     info.ipi6_ifindex);
        }
    }
    return segmentSize;
}

// --- Binding -----------------------------------------------------------------------------------

struct BoundSocket
{
    FileDescriptor fd;
    SocketAddress local;
    int family = AF_UNSPEC;
    bool segmentation = false;
    bool coalescing = false;
};

enum class DualStack { No, Yes };

//! Returns 0 or the errno.
int bindSocket(const SocketAddress &address, DualStack dualStack, BoundSocket &result)
{
    const int family = address.sockaddr()->sa_family;
    FileDescriptor fd(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_UDP));
    if (!fd.isValid())
        return errno;
    if (family == AF_INET6 && !setOption(fd, IPPROTO_IPV6, IPV6_V6ONLY, dualStack == DualStack::No))
        return errno;

    // All before the bind, so that the first datagram is already read with its control messages.
    // What an old kernel lacks costs speed or ECN, never the socket.
    setOption(fd, SOL_SOCKET, SO_RCVBUF, SocketBufferSize);
    setOption(fd, SOL_SOCKET, SO_SNDBUF, SocketBufferSize);
    const bool carriesIpv4 = family == AF_INET || dualStack == DualStack::Yes;
    if (carriesIpv4) {
        // Never fragment, and leave the path's MTU to QUIC (RFC 9000, section 14).
        setOption(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE);
        setOption(fd, IPPROTO_IP, IP_RECVTOS, 1);
    }
    if (family == AF_INET6) {
        setOption(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_PROBE);
        setOption(fd, IPPROTO_IPV6, IPV6_RECVTCLASS, 1);
    }
    LinuxErrorQueue::enable(fd.get(), carriesIpv4, family == AF_INET6);
    if (address.isUnspecified()) {
        // On a dual-stack socket the option of IPv6 reports IPv4 destinations too, as mapped ones.
        if (family == AF_INET6)
            setOption(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
        else
            setOption(fd, IPPROTO_IP, IP_PKTINFO, 1);
    }
    result.segmentation = !qEnvironmentVariableIsSet("QP2P_NO_GSO")
        && setOption(fd, IPPROTO_UDP, UDP_SEGMENT, 0);
    result.coalescing = !qEnvironmentVariableIsSet("QP2P_NO_GRO")
        && setOption(fd, IPPROTO_UDP, UDP_GRO, 1);

    if (::bind(fd.get(), address.sockaddr(), address.sockaddrSize()) != 0)
        return errno;

    ngtcp2_sockaddr_union bound = {};
    socklen_t size = sizeof(bound);
    if (::getsockname(fd.get(), &bound.sa, &size) != 0)
        return errno;
    result.local = SocketAddress::fromSockaddr(&bound.sa, size);
    result.family = family;
    result.fd = std::move(fd);
    return 0;
}

// --- The channel -------------------------------------------------------------------------------

class LinuxChannel final : public DatagramChannel
{
public:
    explicit LinuxChannel(BoundSocket socket)
        : m_socket(std::move(socket))
        , m_slots(m_socket.coalescing ? slotsWithGro : slotsWithoutGro)
        , m_readNotifier(m_socket.fd.get(), QSocketNotifier::Read)
        , m_writeNotifier(m_socket.fd.get(), QSocketNotifier::Write)
    {
        m_writeNotifier.setEnabled(false);
        m_retryTimer.setSingleShot(true);
        m_retryTimer.setTimerType(Qt::PreciseTimer);
        m_retryTimer.setInterval(noBufferRetry);
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
    size_t maxSegments() const override { return m_socket.segmentation ? maxSegmentsPerSend : 1; }
    bool poll(std::chrono::nanoseconds limit) override;
    bool canPoll() const override { return true; }

private:
    int handOver(size_t slot, const Sink &sink);
    int sendDespiteErrors(OutgoingMessage &message, const quint8 *data, size_t size,
                          size_t segmentSize);
    SendResult sendSingly(OutgoingMessage &message, const OutgoingDatagrams &datagrams,
                          int batchError);
    void waitUntilWritable(int error);
    void announceReadable();
    void announceWritable();

    BoundSocket m_socket; // outlives the notifiers, which watch its descriptor
    ReceiveSlots m_slots;
    QSocketNotifier m_readNotifier;
    QSocketNotifier m_writeNotifier;
    QTimer m_retryTimer;
    size_t m_expectedSize = 1200; //!< of a datagram; the largest of the last batch
    bool m_budgetSpent = false;
    LinuxErrorQueue m_errors;
    bool m_announced = false; // there was something to read since the last receive(): perhaps errors
    bool m_readPosted = false;
};

ReceiveStatus LinuxChannel::receive(int maxDatagrams, size_t maxBytes, const Sink &sink)
{
    m_budgetSpent = false;
    const bool wasAnnounced = std::exchange(m_announced, false);
    int datagrams = 0;
    size_t bytes = 0;
    int errors = 0;
    while (datagrams < maxDatagrams && bytes < maxBytes) {
        if (datagrams > 0 && isEnough && isEnough())
            break;
        const size_t wanted = std::min({m_slots.count(), size_t(maxDatagrams - datagrams),
                                        1 + (maxBytes - bytes) / m_expectedSize});
        const int received = m_slots.receive(m_socket.fd.get(), wanted);
        if (received < 0) {
            const bool isEmpty = errno == EAGAIN || errno == EWOULDBLOCK;
            // Anything else is the pending error of an ICMP message or the like. Where there is nothing to
            // read at all, it was an error without one that has woken us.
            if (errors == 0 && (!isEmpty || (wasAnnounced && datagrams == 0)))
                m_errors.drain(m_socket.fd.get());
            if (isEmpty || ++errors > maxErrorsPerReceive)
                return ReceiveStatus::Drained;
            continue;
        }
        m_expectedSize = 1;
        for (size_t slot = 0; slot < size_t(received); ++slot) {
            bytes += m_slots.size(slot);
            m_expectedSize = std::max(m_expectedSize, m_slots.size(slot));
            datagrams += handOver(slot, sink);
        }
        if (size_t(received) < wanted)
            return ReceiveStatus::Drained; // and the notifier tells of what has come since
    }
    m_budgetSpent = true;
    return ReceiveStatus::BudgetSpent;
}

bool LinuxChannel::poll(std::chrono::nanoseconds limit)
{
    const auto end = std::chrono::steady_clock::now() + limit;
    pollfd descriptor{m_socket.fd.get(), POLLIN, 0};
    do {
        if (::poll(&descriptor, 1, 0) > 0) {
            m_announced = true;
            return true;
        }
    } while (std::chrono::steady_clock::now() < end);
    return false;
}

//! Returns how many datagrams of the budget that was.
int LinuxChannel::handOver(size_t slot, const Sink &sink)
{
    const msghdr &header = m_slots.header(slot);
    IncomingDatagram datagram;
    datagram.remote = m_slots.remote(slot);
    if ((header.msg_flags & MSG_TRUNC) != 0 || datagram.remote.isNull())
        return 1;
    datagram.local = m_socket.local;

    size_t rest = m_slots.size(slot);
    size_t segmentSize = readControl(header, datagram);
    if (segmentSize == 0)
        segmentSize = rest;
    datagram.data = m_slots.data(slot);
    int count = 0;
    do { // once for an empty datagram as well
        datagram.size = std::min(segmentSize, rest);
        sink(datagram);
        datagram.data += datagram.size;
        rest -= datagram.size;
        ++count;
    } while (rest > 0);
    return count;
}

SendResult LinuxChannel::send(const OutgoingDatagrams &datagrams)
{
    Q_ASSERT(datagrams.size == 0 || datagrams.segmentSize > 0);
    const bool single = datagrams.size <= datagrams.segmentSize;
    Q_ASSERT(single || datagrams.size <= datagrams.segmentSize * maxSegmentsPerSend);

    OutgoingMessage message;
    if (!message.setRemote(m_socket.family, datagrams.remote))
        return {SendStatus::Lost};
    if (datagrams.ecn != 0)
        message.setEcn(datagrams.remote, datagrams.ecn);
    if (m_socket.local.isUnspecified() && !datagrams.local.isNull()
        && !datagrams.local.isUnspecified()) {
        if (datagrams.local.isIpv4() != datagrams.remote.isIpv4())
            return {SendStatus::Lost};
        message.setSource(datagrams.local);
    }

    if (!single && !m_socket.segmentation)
        return sendSingly(message, datagrams, 0);

    const int error = sendDespiteErrors(message, datagrams.data, datagrams.size,
                                        datagrams.segmentSize);
    if (error == 0)
        return {SendStatus::Sent};
    if (isTemporary(error)) {
        waitUntilWritable(error);
        return {SendStatus::WouldBlock};
    }
    // EIO: this route cannot segment. EINVAL: that, or segments above the MTU on older kernels.
    if (!single && (error == EIO || error == EINVAL || error == EMSGSIZE))
        return sendSingly(message, datagrams, error);
    return {SendStatus::Lost};
}

//! \brief Sends \a message, also where ICMP messages about others make the call fail. Returns 0 or the
//! errno of this very message.
int LinuxChannel::sendDespiteErrors(OutgoingMessage &message, const quint8 *data, size_t size,
                                    size_t segmentSize)
{
    const int socket = m_socket.fd.get();
    int error = message.send(socket, data, size, segmentSize);
    for (int i = 0; i < maxErrorsPerSend && LinuxErrorQueue::mayBePending(error); ++i) {
        const bool foundIcmp = m_errors.drain(socket);
        const int again = message.send(socket, data, size, segmentSize);
        if (again == error && !foundIcmp) {
            m_errors.drain(socket); // its own errors are queued too
            break;
        }
        error = again;
    }
    // The notifier does not fire for what has been read here.
    if (m_errors.hasClosedPorts() && !std::exchange(m_readPosted, true)) {
        QMetaObject::invokeMethod(
            &m_readNotifier,
            [this] {
                m_readPosted = false;
                announceReadable();
            },
            Qt::QueuedConnection);
    }
    return error;
}

//! Loses only the datagrams that the system refuses; the result is Lost where none could leave.
SendResult LinuxChannel::sendSingly(OutgoingMessage &message, const OutgoingDatagrams &datagrams,
                                    int batchError)
{
    bool anyLeft = false;
    for (size_t offset = 0; offset < datagrams.size;) {
        const size_t size = std::min(datagrams.segmentSize, datagrams.size - offset);
        const int error = sendDespiteErrors(message, datagrams.data + offset, size, size);
        if (isTemporary(error)) {
            waitUntilWritable(error);
            if (offset == 0)
                return {SendStatus::WouldBlock};
            return {SendStatus::PartlySent, offset};
        }
        anyLeft = anyLeft || error == 0;
        offset += size;
        // Segmentation is at fault only where a datagram of the same size leaves without it: a
        // source address that has gone, or a path that has shrunk, must not slow all peers for good.
        if (error == 0 && size == datagrams.segmentSize
            && (batchError == EIO || batchError == EINVAL))
            m_socket.segmentation = false;
    }
    return {anyLeft ? SendStatus::Sent : SendStatus::Lost};
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
    m_announced = true;
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

    BoundSocket socket;
    int error = 0;
    if (address.protocol() == QAbstractSocket::AnyIPProtocol) {
        error = bindSocket(wanted, DualStack::Yes, socket);
        if (error == EAFNOSUPPORT || error == EADDRNOTAVAIL) // no IPv6 on this machine
            error = bindSocket(SocketAddress::fromIpv4({}, port), DualStack::No, socket);
    } else {
        error = bindSocket(wanted, DualStack::No, socket);
    }
    if (error != 0)
        return bindError(error, qt_error_string(error), address, port);
    return std::unique_ptr<DatagramChannel>(std::make_unique<LinuxChannel>(std::move(socket)));
}

} // namespace Qp2p::Io

#endif // Q_OS_LINUX
