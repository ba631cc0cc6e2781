// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Drives the engine from the Qt event loop: every input ends in one and the same pump.
#pragma once

#include <qp2pcore/engine/router.h>
#include <qp2pcore/io/datagramsender.h>
#include <qp2pcore/io/demultiplexer.h>
#include <qp2pcore/io/environment.h>
#include <qp2pcore/io/legs.h>
#include <qp2pcore/io/pollbackoff.h>

#include <QObject>

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

namespace Qp2p::Io {

//! \brief One socket, one timer, one router; what comes and is not QUIC goes to the demultiplexer's receivers.
//!
//! A pump: receive a batch, let deadlines fire, write, a turn for each connection, deliver the events, and again
//! from the writing as long as the receivers of events asked for more. Where a turn was not enough the next pump
//! goes on: bursts are bounded, and what the peer says meanwhile is read. An event's receiver may
//! do anything, also destroy the driver or run an event loop of its own.
class Driver final : public QObject
{
public:
    class Listener
    {
    public:
        virtual ~Listener() = default;
        virtual void handleEvent(Engine::Event &event) = 0;
        //! After every pump; the listener may destroy the driver.
        virtual void pumped() = 0;
    };

    struct Options
    {
        Engine::Settings settings; //!< random source and qlog are set by open()
        QString qlogDirectory;
        std::chrono::microseconds busyPollLimit{0};
    };

    //! \brief Errors: those of Environment::openChannel() and Engine::Router::create().
    static Result<std::unique_ptr<Driver>> open(std::shared_ptr<Environment> environment,
                                                const Options &options, const QHostAddress &address,
                                                quint16 port, Listener *listener);
    ~Driver() override;

    Engine::SocketAddress localAddress() const { return m_channel->localAddress(); }
    EndpointStats stats() const;
    ngtcp2_tstamp now();

    void startAccepting();
    //! See Router::setIdentity().
    Result<void> setIdentity(const Identity &identity) { return m_router->setIdentity(identity); }
    const Engine::TrustStore *authorities() const { return m_router->authorities(); }
    //! For handshakes from now on, and verifyAgain().
    void setAuthorities(std::shared_ptr<const Engine::TrustStore> authorities)
    {
        m_router->setAuthorities(std::move(authorities));
    }
    //! For connections from now on; empty switches it off.
    void setQlogDirectory(const QString &directory);
    Engine::Session *find(Engine::SessionId id) const { return m_router->find(id); }
    //! \brief Why \a session has ended, also where its last event still waits to be delivered; no error
    //! where it is live.
    Error endCause(Engine::SessionId session) const;
    bool hasSessions() const { return m_router->hasSessions(); }
    //! 0 where there is no memory.
    Engine::SessionId dial(const Engine::SocketAddress &remote,
                           const Engine::Session::DialOptions &options);
    //! The same over a leg that is open; see legs().
    Engine::SessionId dialOverLeg(quint64 leg, const Engine::Session::DialOptions &options);
    Legs &legs() { return *m_legs; }
    Engine::SendBudget &sendBudget() { return m_router->sendBudget(); }
    void proveAll(); //!< see Router::proveAll()
    bool verifyAgain(); //!< see Router::verifyAgain()
    void closeAll(quint64 code, const QByteArray &reason, const Error &cause);
    //! After every command to \a session: it gets its turn soon.
    void touch(Engine::Session &session);
    //! Writes what can be written now, for those who will not see another pump.
    void flush();

    //! \brief From now on \a receiver takes the datagrams of \a what (not Quic, not Other) instead of their being
    //! dropped; null: none does. Unregister it before it is destroyed.
    void setReceiver(DatagramClass what, DatagramReceiver *receiver)
    {
        m_demultiplexer.setReceiver(what, receiver);
    }
    //! \brief Sends \a datagram, not empty and not QUIC, by \a way in the next pump, before what connections have to
    //! send. Returns false, and drops it, where too many wait for the socket (see DatagramSender).
    bool sendDatagram(const Engine::Way &way, const QByteArray &datagram);

protected:
    bool event(QEvent *event) override;

private:
    Driver(std::shared_ptr<Environment> environment, std::unique_ptr<DatagramChannel> channel,
           Listener *listener);
    void pump();
    void schedulePump();
    void postPump();
    void scheduledPump();
    void aboutToBlock();
    void postPoll();
    void poll();
    Engine::SessionId dialBy(const Engine::Way &way, const Engine::Session::DialOptions &options);
    void receive();
    void handleDatagram(const IncomingDatagram &datagram);
    void write();
    void deliver();
    void armTimer();
    bool hasWork() const { return m_router->hasWork() || m_sender.hasQueued(); }

    std::shared_ptr<Environment> m_environment;
    std::unique_ptr<DatagramChannel> m_channel;
    DatagramSender m_sender;
    Demultiplexer m_demultiplexer;
    std::unique_ptr<Timer> m_timer;
    std::unique_ptr<Engine::Router> m_router;
    std::optional<Legs> m_legs; // made with the router
    Listener *m_listener;
    std::vector<quint8> m_buffer;
    Engine::EventList m_events;
    size_t m_nextEvent = 0;
    ngtcp2_tstamp m_now = 0;
    ngtcp2_tstamp m_lastExpiry = 0;
    ngtcp2_tstamp m_armed = UINT64_MAX;
    int m_deliveringAtLevel = -1; // the event loop level at which events are being delivered
    bool m_isReceiving = false; // and the pump under way goes on with writing
    bool m_turnsAreOver = false; // what is still to be written is for the next pump
    bool m_pumpPosted = false;
    bool m_pumpNeeded = false; // since it was posted no pump has run
    bool m_knowsWhenLoopBlocks = false;
    std::chrono::microseconds m_busyPollLimit{0};
    PollBackoff m_pollBackoff;
    bool m_pollPosted = false;
    bool m_hadTraffic = false; // in the pump under way
};

} // namespace Qp2p::Io
