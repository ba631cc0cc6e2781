// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/messages/messageprotocol.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/engine/limits.h>
#include <qp2pcore/engine/session.h>

#include <typeinfo>
#include <utility>

namespace Qp2p::Engine {

MessageProtocol::MessageProtocol(std::shared_ptr<const MessageOptions> options,
                                 const GreetingOptions &greeting, StreamConnection &connection)
    : MessagingProtocol(std::move(options), greeting, connection)
    , m_dialBackNonce(greeting.dialBackNonce)
    , m_controlMessages(Limits::ControlMessagesPerSecond, Limits::ControlMessageBurst)
{
}

MessageProtocol *MessageProtocol::of(const Session &session)
{
    StreamProtocol *protocol = session.protocol();
    return protocol && typeid(*protocol) == typeid(MessageProtocol)
        ? static_cast<MessageProtocol *>(protocol)
        : nullptr;
}

void MessageProtocol::sendControl(const QByteArray &frame)
{
    if (!connection().isLive() || !isOpen())
        return;
    // The end comes with the next deadline: who calls has just been given this connection.
    if (m_control.queuedBytes() + frame.size() > Limits::ControlQueueBytes)
        m_controlQueueFull = true;
    else
        m_control.queue(frame);
}

// ---- streams

void MessageProtocol::streamOpened(qint64 streamId)
{
    if (streamId == 0)
        m_control.id = 0; // the dialler's first bi-directional stream
    else
        MessagingProtocol::streamOpened(streamId);
}

void MessageProtocol::streamData(qint64 streamId, ProtocolStream *stream,
                                 std::span<const quint8> data, Fin fin)
{
    if (streamId != m_control.id) {
        messages().streamData(stream, data, fin);
        return;
    }
    connection().extendWindows(streamId, data.size());
    controlData(data, fin);
}

void MessageProtocol::streamReset(qint64 streamId, ProtocolStream *stream, quint64 code)
{
    if (streamId == m_control.id)
        controlViolation(QStringLiteral("The control stream was reset."));
    else
        messages().streamReset(stream, code);
}

void MessageProtocol::streamAcknowledged(qint64 streamId, ProtocolStream *stream, quint64 bytes)
{
    if (streamId == m_control.id)
        m_control.acknowledged(bytes);
    else
        messages().streamAcknowledged(stream, bytes);
}

void MessageProtocol::streamCreditGranted(qint64 streamId, ProtocolStream *stream)
{
    if (streamId == m_control.id)
        m_control.setBlocked(false);
    else
        messages().streamCreditGranted(stream);
}

// ---- output

bool MessageProtocol::next(StreamWrite &write, ngtcp2_tstamp now)
{
    if (!m_control.hasData())
        return isSending() && messages().next(write, now);
    write.streamId = m_control.id;
    write.stream = nullptr;
    write.count = m_control.gather(write.vectors.data(), write.vectors.size());
    write.fin = Fin::No;
    return true;
}

void MessageProtocol::written(const StreamWrite &write, size_t bytes)
{
    if (write.stream)
        messages().written(write, bytes);
    else
        m_control.sent(bytes);
}

void MessageProtocol::blocked(const StreamWrite &write)
{
    if (write.stream)
        messages().blocked(write);
    else
        m_control.setBlocked(true);
}

void MessageProtocol::stopped(const StreamWrite &write)
{
    if (write.stream)
        messages().stopped(write);
    else
        controlViolation(QStringLiteral("The control stream is not read."));
}

// ---- time

ngtcp2_tstamp MessageProtocol::deadline() const
{
    return m_controlQueueFull ? 0 : MessagingProtocol::deadline();
}

void MessageProtocol::handleExpiry(ngtcp2_tstamp now)
{
    if (m_controlQueueFull)
        connection().requestClose(
            CloseCode::ControlViolation, "the control stream is not read",
            Error(ErrorCode::ProtocolViolation,
                  QStringLiteral("The peer does not read its control stream. The peer's program "
                                 "has a fault: report it to its makers.")));
    else
        MessagingProtocol::handleExpiry(now);
}

// ---- the control stream

bool MessageProtocol::sayHello()
{
    if (connection().side() == Side::Acceptor || m_helloSent)
        return m_helloSent; // that answers the dialler's
    // The first bi-directional stream, so its id is 0.
    if (connection().openStream(StreamKind::Bidirectional, m_control.id, nullptr))
        queueHello();
    // Else the peer allows none: the greeting will time out.
    return m_helloSent;
}

void MessageProtocol::queueHello()
{
    m_helloSent = true;
    const SocketAddress &peer = connection().peerAddress();
    Hello hello;
    hello.networkName = options().networkName;
    hello.agent = options().agent;
    hello.listeningPort = connection().settings().listeningPort;
    if (options().claimedPort)
        hello.listeningPort = options().claimedPort(peer, hello.listeningPort);
    hello.observed = peer;
    hello.maxMessageSize = quint64(options().maxMessageSize);
    hello.role = m_ownRole = options().role;
    hello.instance = options().instance;
    hello.services = options().services;
    hello.dialBackNonce = m_dialBackNonce;
    m_control.queue(encode(hello));
}

void MessageProtocol::opened()
{
    for (ControlMessage &message : m_earlyControl)
        connection().events().add(Events::Control{message.kind, std::move(message.map)});
    m_earlyControl = {};
}

void MessageProtocol::controlData(std::span<const quint8> data, Fin fin)
{
    while (const auto message = m_controlReader.next(data)) {
        if (!controlReceived(*message))
            return;
    }
    if (m_controlReader.error().isError())
        controlViolation(m_controlReader.error().message);
    else if (fin == Fin::Yes)
        controlViolation(QStringLiteral("The control stream was ended."));
}

//! Returns false where the connection ends.
bool MessageProtocol::controlReceived(const ControlMessage &message)
{
    if (!m_controlMessages.take(connection().now())) {
        controlFlood();
        return false;
    }
    if (message.kind == Hello::Kind) {
        const Result<Hello> hello = Hello::decode(message.map);
        if (hello && !m_helloReceived)
            return helloReceived(*hello);
        controlViolation(hello ? QStringLiteral("A second hello came.") : hello.error().message);
        return false;
    }
    if (!m_helloReceived) {
        controlViolation(QStringLiteral("The control stream does not begin with a hello."));
        return false;
    }
    if (!options().handlesControl(message.kind)) {
        const Result<void> form = checkControlMap(message.map);
        if (!form)
            controlViolation(form.error().message);
        return bool(form);
    }
    // They wait for the connection to be announced.
    if (isOpen()) {
        connection().events().add(Events::Control{message.kind, message.map});
    } else if (m_earlyControl.size() < Limits::EarlyControlMessages) {
        m_earlyControl.push_back(message);
    } else {
        controlFlood();
        return false;
    }
    return true;
}

bool MessageProtocol::helloReceived(const Hello &hello)
{
    m_peerHello = hello;
    m_helloReceived = true;
    if (hello.networkName != options().networkName) {
        connection().requestClose(
            CloseCode::WrongNetwork, {},
            Error(ErrorCode::WrongNetwork,
                  QStringLiteral("The peer belongs to the network \"%1\", and this side to "
                                 "\"%2\". Use the same network name on both sides.")
                      .arg(QString::fromUtf8(hello.networkName),
                           QString::fromUtf8(options().networkName))));
        return false;
    }
    if (!hello.dialBackNonce.isEmpty()) {
        if (connection().side() == Side::Dialler) {
            controlViolation(QStringLiteral("Only who dials can check a peer."));
            return false;
        }
        connection().events().add(Events::DialBackArrived{hello.dialBackNonce});
        Error cause(ErrorCode::Cancelled,
                    QStringLiteral("The peer has checked whether this side can be dialled."));
        cause.closeCode = CloseCode::Arrived;
        connection().requestClose(CloseCode::Arrived, {}, cause);
        return false;
    }
    if (hello.maxMessageSize > 0)
        messages().setPeerMaxMessageSize(hello.maxMessageSize);
    if (connection().side() == Side::Acceptor)
        queueHello();
    return true;
}

void MessageProtocol::controlViolation(const QString &what)
{
    connection().requestClose(CloseCode::ControlViolation, what.toUtf8(),
                              Error(ErrorCode::ProtocolViolation, what));
}

void MessageProtocol::controlFlood()
{
    connection().requestClose(
        CloseCode::Misbehaviour, {},
        Error(ErrorCode::Misbehaviour, QStringLiteral("The peer sent too many control messages.")));
}

} // namespace Qp2p::Engine
