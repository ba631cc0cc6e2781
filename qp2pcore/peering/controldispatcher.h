// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Which control message of the network goes to whom.
#pragma once

#include <qp2pcore/engine/messages/controlmessage.h>

#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace Qp2p {

class Connection;

namespace Peering {

//! \brief A table of kinds with their decoders and handlers: a new message is one more handle().
//!
//! A message is a type with a constant Kind and a function Result<Message> decode(const QByteArray &map).
class ControlDispatcher
{
public:
    template<typename Message>
    using Handler = std::function<void(Connection *connection, const Message &message)>;

    //! \brief Registers the one \a handler of a kind. It may delete the connection, and this object.
    template<typename Message>
    void handle(Handler<Message> handler);

    //! Those that have a handler.
    std::vector<quint64> kinds() const;

    //! \brief Decodes \a message and hands it to its handler. A malformed one closes \a connection instead.
    void dispatch(Connection *connection, const Engine::ControlMessage &message) const;

private:
    using Entry = std::function<Result<void>(Connection *connection, const QByteArray &map)>;

    std::map<quint64, std::shared_ptr<const Entry>> m_entries;
};

template<typename Message>
void ControlDispatcher::handle(Handler<Message> handler)
{
    const auto entry = [handler = std::move(handler)](Connection *connection,
                                                      const QByteArray &map) -> Result<void> {
        const Result<Message> message = Message::decode(map);
        if (!message)
            return message.error();
        handler(connection, *message);
        return {};
    };
    m_entries[Message::Kind] = std::make_shared<const Entry>(entry);
}

} // namespace Peering
} // namespace Qp2p
