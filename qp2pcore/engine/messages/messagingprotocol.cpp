// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/messages/messagingprotocol.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/engine/messages/legacyprotocol.h>
#include <qp2pcore/engine/messages/messageprotocol.h>
#include <qp2pcore/engine/session.h>

#include <algorithm>
#include <typeinfo>
#include <utility>

namespace Qp2p::Engine {

MessagingProtocol *MessagingProtocol::of(const Session &session)
{
    StreamProtocol *protocol = session.protocol();
    if (!protocol)
        return nullptr;
    // Asked for each message: dynamic_cast costs fifty times this.
    const std::type_info &type = typeid(*protocol);
    return type == typeid(MessageProtocol) || type == typeid(LegacyProtocol)
        ? static_cast<MessagingProtocol *>(protocol)
        : nullptr;
}

MessagingProtocol::MessagingProtocol(std::shared_ptr<const MessageOptions> options,
                                     const GreetingOptions &greeting, StreamConnection &connection)
    : m_options(std::move(options))
    , m_connection(connection)
    , m_messages(*m_options, connection)
    , m_greetBy(connection.handshakeDeadline())
    , m_queue(greeting.queue)
    , m_firstMessages(greeting.firstMessages)
    , m_held(greeting.hold)
    , m_reportsConfirmation(greeting.hold)
{
}

void MessagingProtocol::greet(ngtcp2_tstamp now)
{
    // Short of the others' deadline, so that one of them can still take its place.
    m_greetBy = std::min(m_greetBy, now + m_connection.settings().handshakeTimeout / 4);
    m_held = false;
    if (m_connection.isLive())
        inputHandled(now);
}

void MessagingProtocol::inputHandled(ngtcp2_tstamp now)
{
    if (m_messages.isMisbehaving()) {
        m_connection.requestClose(
            CloseCode::Misbehaviour, "too many broken messages",
            Error(ErrorCode::Misbehaviour,
                  QStringLiteral("The peer sent too many malformed or cancelled messages. Block it "
                                 "if that continues.")));
        return;
    }
    if (!m_open)
        advance(now);
    m_messages.inputHandled(now);
}

void MessagingProtocol::advance(ngtcp2_tstamp now)
{
    if (!m_held && sayHello() && m_firstMessages == FirstMessages::WithFinished
        && m_connection.side() == Side::Dialler)
        beginSending();
    if (m_reportsConfirmation && m_connection.isHandshakeConfirmed()) {
        m_reportsConfirmation = false;
        m_connection.events().add(Events::Confirmed{});
    }
    // The dialler is done before the acceptor has verified its certificate (TLS 1.3), so it waits
    // for the confirmation (RFC 9001 section 4.1.2).
    if (m_held || !isPeerReady()
        || (m_connection.side() == Side::Dialler && !m_connection.isHandshakeConfirmed()))
        return;
    m_open = true;
    m_connection.setOpen(now);
    opened();
    beginSending();
    m_messages.setOpen(now);
    if (!m_options->startPaused)
        m_messages.resumeReceiving(now);
}

void MessagingProtocol::beginSending()
{
    m_sends = true;
    if (const auto queue = std::exchange(m_queue, {}))
        m_messages.adopt(*queue);
}

ngtcp2_tstamp MessagingProtocol::deadline() const
{
    return m_open ? m_messages.deadline() : std::min(m_greetBy, m_messages.deadline());
}

void MessagingProtocol::handleExpiry(ngtcp2_tstamp now)
{
    m_messages.expireRequests(now);
    if (!m_open && now >= m_greetBy) {
        m_connection.requestClose(
            CloseCode::HelloTimeout, "no hello",
            Error(ErrorCode::HandshakeTimeout,
                  QStringLiteral("The peer did not greet in time. Check that a QP2P program runs "
                                 "there, or try again later.")));
        return;
    }
    if (m_messages.isCheckDue(now)) {
        m_messages.checkDeadlines(now);
        inputHandled(now);
        m_connection.heldBytesChanged();
    }
}

} // namespace Qp2p::Engine
