// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/messages/messagefactory.h>

#include <qp2pcore/engine/messages/legacyprotocol.h>
#include <qp2pcore/engine/messages/messageprotocol.h>

namespace Qp2p::Engine {

namespace {

class MessageFactory final : public StreamProtocolFactory
{
public:
    MessageFactory(Protocol protocol, std::shared_ptr<const MessageOptions> options,
                   const GreetingOptions &greeting)
        : m_protocol(protocol)
        , m_options(std::move(options))
        , m_greeting(greeting)
    {
    }

    QByteArray alpn() const override
    {
        return m_protocol == Protocol::Qp2p1 ? QByteArray(MessageProtocol::Alpn) : QByteArray();
    }
    QByteArray serverName() const override
    {
        // What the Rust library itself says.
        return m_protocol == Protocol::Legacy ? QByteArray("maidsafe.net") : QByteArray();
    }
    quint64 initialStreams(StreamKind kind, Side side) const override
    {
        if (kind == StreamKind::Unidirectional)
            return m_options->maxIncomingMessages;
        // The control stream is one more than the program's requests.
        return m_options->maxIncomingRequests + (side == Side::Acceptor ? 1 : 0);
    }
    Error refuse(const PeerId &peer, const SocketAddress &remote) const override
    {
        return m_options->refuse ? m_options->refuse(peer, remote) : Error();
    }
    std::unique_ptr<StreamProtocol> create(StreamConnection &connection) const override
    {
        if (m_protocol == Protocol::Legacy)
            return std::make_unique<LegacyProtocol>(m_options, m_greeting, connection);
        return std::make_unique<MessageProtocol>(m_options, m_greeting, connection);
    }

private:
    const Protocol m_protocol;
    const std::shared_ptr<const MessageOptions> m_options;
    const GreetingOptions m_greeting;
};

} // namespace

std::shared_ptr<const StreamProtocolFactory> messageProtocol(
    Protocol protocol, std::shared_ptr<const MessageOptions> options,
    const GreetingOptions &greeting)
{
    return std::make_shared<MessageFactory>(protocol, std::move(options), greeting);
}

std::vector<std::shared_ptr<const StreamProtocolFactory>> messageProtocols(
    const std::vector<Protocol> &spoken, const std::shared_ptr<const MessageOptions> &options)
{
    std::vector<std::shared_ptr<const StreamProtocolFactory>> protocols;
    for (const Protocol protocol : spoken)
        protocols.push_back(messageProtocol(protocol, options));
    return protocols;
}

} // namespace Qp2p::Engine
