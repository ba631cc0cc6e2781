// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A wire between parties of the engine: a queue of datagrams, and time as a number.
#pragma once

#include <qp2pcore/engine/messages/messagingprotocol.h>
#include <qp2pcore/engine/router.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

namespace Qp2p::Test {

inline constexpr ngtcp2_tstamp Milliseconds = NGTCP2_MILLISECONDS;
inline constexpr ngtcp2_tstamp Seconds = NGTCP2_SECONDS;
//! When every test begins: not 0, which could hide an uninitialised time.
inline constexpr ngtcp2_tstamp TimeZero = 1000 * Seconds;

struct Datagram
{
    Engine::SocketAddress from;
    Engine::SocketAddress to;
    QByteArray data;
    ngtcp2_tstamp arrival = 0; //!< set by the wire
};

//! \brief The messages of \a session, whose handshake is completed.
Engine::MessageStreams &messagesOf(const Engine::Session &session);

//! \brief What the wire carries datagrams between.
class Party
{
public:
    explicit Party(const Engine::SocketAddress &own)
        : address(own)
    {
    }
    virtual ~Party() = default;
    Q_DISABLE_COPY_MOVE(Party)

    virtual void receive(const Datagram &datagram, ngtcp2_tstamp now) = 0;
    virtual void expire(ngtcp2_tstamp now) = 0;
    virtual std::vector<Datagram> write(ngtcp2_tstamp now) = 0;
    virtual ngtcp2_tstamp deadline() const = 0;

    const Engine::SocketAddress address;
};

//! \brief A real router and all events that it emitted, in order.
class RouterParty final : public Party
{
public:
    RouterParty(const Engine::SocketAddress &own, const Engine::Settings &settings,
                ngtcp2_tstamp now = TimeZero);

    void receive(const Datagram &datagram, ngtcp2_tstamp now) override;
    void expire(ngtcp2_tstamp now) override;
    std::vector<Datagram> write(ngtcp2_tstamp now) override;
    ngtcp2_tstamp deadline() const override;

    //! The number of events of this kind, of all sessions.
    template<typename T>
    size_t count() const
    {
        return size_t(std::count_if(events.begin(), events.end(), [](const Engine::Event &event) {
            return std::holds_alternative<T>(event.what);
        }));
    }
    //! The last event of this kind; null where there was none.
    template<typename T>
    const T *last() const
    {
        const T *found = nullptr;
        for (const Engine::Event &event : events) {
            if (const T *what = std::get_if<T>(&event.what))
                found = what;
        }
        return found;
    }
    //! Why the last session ended.
    Error closeReason() const;
    //! Its session, where there is exactly one.
    Engine::Session *session() const;
    quint64 send(Engine::SessionId session, const Message &message);

    std::unique_ptr<Engine::Router> router;
    Engine::EventList events;

private:
    std::vector<quint8> m_buffer;
};

//! \brief Carries what the parties write in one millisecond, in order and without loss. Datagrams to
//! addresses that no party has are counted as any other, and lost.
class VirtualWire
{
public:
    ngtcp2_tstamp now = TimeZero;
    ngtcp2_tstamp latency = Milliseconds;

    void connect(Party &party) { m_parties.push_back(&party); }
    void disconnect(Party &party) { std::erase(m_parties, &party); }

    //! \brief Sees every datagram when it leaves; what it returns false for is lost.
    std::function<bool(Datagram &)> filter;
    //! \brief A datagram from \a from, who need not exist; arrives as any other.
    void inject(const Engine::SocketAddress &from, const Engine::SocketAddress &to,
                const QByteArray &data);

    //! \brief Runs until \a condition, or until \a limit has passed. Returns whether the condition is met.
    bool runUntil(const std::function<bool()> &condition, ngtcp2_duration limit = 20 * Seconds);
    void runFor(ngtcp2_duration duration);

private:
    void collect();

    std::vector<Party *> m_parties;
    std::deque<Datagram> m_underWay;
};

//! \brief An acceptor with its address; the usual victim.
std::unique_ptr<RouterParty> makeAcceptor(const Engine::SocketAddress &own,
                                          const Engine::Settings &settings);

//! \brief Dials from \a dialler to \a acceptor.
Engine::SessionId dial(RouterParty &dialler, const Engine::SocketAddress &acceptor,
                       ngtcp2_tstamp now, const Engine::Session::DialOptions &options = {});

//! \brief Two routers and the wire between them.
struct RouterPair
{
    RouterPair(const Engine::Settings &acceptorSettings, const Engine::Settings &diallerSettings);
    explicit RouterPair(EndpointConfig::RetryMode retryMode = EndpointConfig::RetryMode::Never);

    //! Dials and runs until both ends are open.
    bool open();
    Engine::SessionId dial(const Engine::Session::DialOptions &options = {});

    VirtualWire wire;
    std::unique_ptr<RouterParty> acceptor;
    std::unique_ptr<RouterParty> dialler;
};

} // namespace Qp2p::Test
