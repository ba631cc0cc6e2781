// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How the QObjects reach a session: by its id, for it may be over after anything that was emitted.
#pragma once

#include <qp2pcore/engine/messages/messagingprotocol.h>
#include <qp2pcore/io/driver.h>

#include <type_traits>
#include <utility>

namespace Qp2p {

//! \brief A session of a driver, which must outlive it or be forgotten with it.
class SessionHandle
{
public:
    SessionHandle() = default; //!< of none
    SessionHandle(Io::Driver *driver, Engine::SessionId id)
        : m_driver(driver)
        , m_id(id)
    {
    }

    Engine::SessionId id() const { return m_id; }
    bool isNull() const { return !m_driver; }
    //! Null once the session is over. To look only; see command().
    Engine::Session *find() const { return m_driver ? m_driver->find(m_id) : nullptr; }
    //! Of a session that is over or closing, or no error.
    Error endCause() const { return m_driver ? m_driver->endCause(m_id) : Error(); }
    ngtcp2_tstamp now() const { return m_driver->now(); } //!< not where isNull()

    //! \brief Calls \a command with the session, and with the time where it wants it; what is to be sent after it
    //! leaves soon. False where the session is over.
    template<typename Command>
    bool command(Command &&command) const
    {
        return run(find(), std::forward<Command>(command));
    }
    //! \brief The same; also false where the session is closing.
    template<typename Command>
    bool commandIfLive(Command &&command) const
    {
        Engine::Session *session = find();
        return session && session->isLive() && run(session, std::forward<Command>(command));
    }

    //! \brief The messages of the session, to look only; null once it is over. An endpoint's sessions that are open
    //! speak nothing else.
    const Engine::MessageStreams *messages() const
    {
        const Engine::Session *session = find();
        return session ? &messagesOf(*session) : nullptr;
    }
    //! command() and commandIfLive() for the messages of the session.
    template<typename Command>
    bool commandMessages(Command &&command) const
    {
        return run(find(), ofMessages(std::forward<Command>(command)));
    }
    template<typename Command>
    bool commandMessagesIfLive(Command &&command) const
    {
        return commandIfLive(ofMessages(std::forward<Command>(command)));
    }

private:
    Engine::MessageStreams &messagesOf(const Engine::Session &session) const
    {
        if (!m_messages) {
            Engine::MessagingProtocol *protocol = Engine::MessagingProtocol::of(session);
            Q_ASSERT(protocol);
            m_messages = &protocol->messages();
        }
        return *m_messages;
    }
    template<typename Command>
    auto ofMessages(Command &&command) const
    {
        return [this, &command](Engine::Session &session, ngtcp2_tstamp now) {
            if constexpr (std::is_invocable_v<Command, Engine::MessageStreams &, ngtcp2_tstamp>)
                std::forward<Command>(command)(messagesOf(session), now);
            else
                std::forward<Command>(command)(messagesOf(session));
        };
    }
    template<typename Command>
    bool run(Engine::Session *session, Command &&command) const
    {
        if (!session)
            return false;
        if constexpr (std::is_invocable_v<Command, Engine::Session &, ngtcp2_tstamp>)
            std::forward<Command>(command)(*session, m_driver->now());
        else
            std::forward<Command>(command)(*session);
        m_driver->touch(*session);
        return true;
    }

    Io::Driver *m_driver = nullptr;
    Engine::SessionId m_id = 0;
    mutable Engine::MessageStreams *m_messages =
        nullptr; // once they were asked for; live as long as the session
};

} // namespace Qp2p
