// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// qp2p/1: messages, and a control stream on which both sides greet each other.
#pragma once

#include <qp2pcore/engine/messages/controlmessage.h>
#include <qp2pcore/engine/messages/messagingprotocol.h>
#include <qp2pcore/engine/sendqueue.h>
#include <qp2pcore/engine/tokenbucket.h>

#include <vector>

namespace Qp2p::Engine {

//! \brief The dialling side's first bi-directional stream is the control stream; each side's hello is the first
//! on it, and messages pass once both are there.
class MessageProtocol final : public MessagingProtocol
{
public:
    static constexpr char Alpn[] = "qp2p/1";

    MessageProtocol(std::shared_ptr<const MessageOptions> options, const GreetingOptions &greeting,
                    StreamConnection &connection);
    //! \brief Null where \a session speaks something else, or nothing yet.
    static MessageProtocol *of(const Session &session);

    Protocol protocol() const override { return Protocol::Qp2p1; }
    const Hello &peerHello() const override { return m_peerHello; }
    Hello::Role ownRole() const override { return m_ownRole; }

    //! \a frame as encode() makes it. Only while the connection is open.
    void sendControl(const QByteArray &frame);

    void streamOpened(qint64 streamId) override;
    void streamData(qint64 streamId, ProtocolStream *stream, std::span<const quint8> data,
                    Fin fin) override;
    void streamReset(qint64 streamId, ProtocolStream *stream, quint64 code) override;
    void streamAcknowledged(qint64 streamId, ProtocolStream *stream, quint64 bytes) override;
    void streamCreditGranted(qint64 streamId, ProtocolStream *stream) override;
    bool next(StreamWrite &write, ngtcp2_tstamp now) override;
    void written(const StreamWrite &write, size_t bytes) override;
    void blocked(const StreamWrite &write) override;
    void stopped(const StreamWrite &write) override;
    ngtcp2_tstamp deadline() const override;
    void handleExpiry(ngtcp2_tstamp now) override;

private:
    bool sayHello() override;
    bool isPeerReady() const override { return m_helloReceived; }
    void opened() override;

    void controlData(std::span<const quint8> data, Fin fin);
    bool controlReceived(const ControlMessage &message);
    bool helloReceived(const Hello &hello);
    void queueHello();
    void controlViolation(const QString &what);
    void controlFlood();

    const QByteArray m_dialBackNonce;
    SendQueue m_control;
    ControlReader m_controlReader;
    TokenBucket m_controlMessages;
    std::vector<ControlMessage> m_earlyControl; // came before the connection was open
    Hello m_peerHello;
    Hello::Role m_ownRole = Hello::Role::None;
    bool m_controlQueueFull = false;
    bool m_helloSent = false;
    bool m_helloReceived = false;
};

} // namespace Qp2p::Engine
