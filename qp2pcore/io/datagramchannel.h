// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The way out: sends and receives UDP datagrams in batches, on whatever the platform offers.
#pragma once

#include <qp2pcore/engine/socketaddress.h>
#include <qp2pcore/result.h>

#include <QHostAddress>

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace Qp2p::Io {

//! \brief Several datagrams of equal size to one destination, one behind the other in memory.
struct OutgoingDatagrams
{
    const quint8 *data = nullptr;
    size_t size = 0; //!< bytes of all of them, at most 65,487 where there is more than one
    size_t segmentSize = 0; //!< bytes of each; the last may be shorter; at most 64 of them
    Engine::SocketAddress remote;
    Engine::SocketAddress local; //!< the source address to use; unspecified or null: the system chooses
    quint8 ecn = 0; //!< the two ECN bits (RFC 3168)
};

//! \brief One received datagram; \a data is valid only during the call that hands it over.
struct IncomingDatagram
{
    const quint8 *data = nullptr;
    size_t size = 0; //!< may be 0
    Engine::SocketAddress remote;
    //! The address it was sent to where the system reports it (else the bound one), and the bound port.
    Engine::SocketAddress local;
    quint8 ecn = 0;
};

//! \brief An ICMP message says that nothing receives at \a remote, a UDP port. Anybody can forge one who
//! knows or guesses both ends.
struct ClosedPort
{
    Engine::SocketAddress remote; //!< where the datagram was sent to
    QByteArray quoted; //!< the beginning of the datagram that came back, as far as the message has it
};

enum class SendStatus {
    Sent,
    WouldBlock, //!< nothing was taken; onWritable will be called once, try again then
    PartlySent, //!< the first sentBytes left, then WouldBlock
    Lost, //!< the system refused it (EMSGSIZE, EPERM, unreachable …): a lost packet, go on
};

struct SendResult
{
    SendStatus status = SendStatus::Sent;
    size_t sentBytes = 0; //!< with PartlySent
};

enum class ReceiveStatus {
    Drained, //!< nothing is left in the socket
    BudgetSpent, //!< there may be more; receive again soon, onReadable is not called for it
};

//! \brief One bound UDP socket. Lives in one thread; the two handlers are called from its event loop.
//!
//! No error of a single datagram ends a channel. Of ICMP errors only closed ports are reported.
class DatagramChannel
{
public:
    using Sink = std::function<void(const IncomingDatagram &)>;

    DatagramChannel() = default;
    virtual ~DatagramChannel() = default;
    Q_DISABLE_COPY_MOVE(DatagramChannel)

    //! \brief Hands at most about \a maxDatagrams (empty ones count) and \a maxBytes to \a sink.
    //! The sink must not destroy the channel.
    virtual ReceiveStatus receive(int maxDatagrams, size_t maxBytes, const Sink &sink) = 0;

    //! \brief The closed ports that were heard of since the last call; ask after each receive(). A few at
    //! a time, never more than 16. Always empty on QUdpSocket, which does not say whom an error is about:
    //! there a dial to a closed port ends with its time limit.
    virtual std::vector<ClosedPort> takeClosedPorts() { return {}; }

    virtual SendResult send(const OutgoingDatagrams &datagrams) = 0;

    //! The bound address (may be unspecified) and the real port.
    virtual Engine::SocketAddress localAddress() const = 0;

    //! How many datagrams one send() may carry (1 where there is no segmentation offload).
    virtual size_t maxSegments() const = 0;

    //! \brief Polls for something to receive, without giving the CPU away, for at most \a limit. False
    //! when nothing came, and immediately where canPoll() says that the channel has no way to.
    virtual bool poll(std::chrono::nanoseconds limit)
    {
        Q_UNUSED(limit)
        return false;
    }
    virtual bool canPoll() const { return false; }

    //! Asked between datagrams: whether receive() is to leave the rest for later. May be empty.
    std::function<bool()> isEnough;

    //! Called when there is something to receive, and when a send that would block may be retried.
    std::function<void()> onReadable;
    std::function<void()> onWritable;
};

//! \brief Binds a UDP socket. \a address Any is dual-stack where IPv6 exists, else IPv4. Exclusive:
//! no other socket may share the port. Errors: AddressInUse, AddressNotAvailable,
//! PermissionDenied, SocketFailed, each with the address and what to do.
Result<std::unique_ptr<DatagramChannel>> openDatagramChannel(const QHostAddress &address,
                                                             quint16 port);

//! \brief The same on QUdpSocket, for every platform (and in the tests, on Linux too).
Result<std::unique_ptr<DatagramChannel>> openUdpSocketChannel(const QHostAddress &address,
                                                              quint16 port);

//! \brief Whether the scope id of \a address says which link is meant (RFC 4007), so that no other one is
//! taken. Errors: InvalidArgument (a link-local IPv6 address without one), AddressNotAvailable (no such
//! interface is on this machine), each with what to write.
Result<void> checkScope(const QHostAddress &address);

//! An interface that does not exist is as if none were named: see checkScope().
Engine::SocketAddress toSocketAddress(const QHostAddress &address, quint16 port);
QHostAddress toHostAddress(const Engine::SocketAddress &address);

//! \brief For the channels: the Error of a bind that failed with \a systemError (an errno), with
//! the way out. \a systemMessage is in it only where there is no better advice.
Error bindError(int systemError, const QString &systemMessage, const QHostAddress &address,
                quint16 port);

//! The same where checkScope() has said \a problem.
Error scopeError(const Error &problem, const QHostAddress &address, quint16 port);

} // namespace Qp2p::Io
