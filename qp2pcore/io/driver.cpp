// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/io/driver.h>

#include <qp2pcore/engine/limits.h>
#include <qp2pcore/io/qlogfile.h>

#include <QAbstractEventDispatcher>
#include <QCoreApplication>
#include <QEvent>
#include <QPointer>
#include <QThread>

#include <algorithm>
#include <iterator>

namespace Qp2p::Io {

using namespace std::chrono_literals;

namespace {
// A socket that never runs dry must not keep the deadlines waiting indefinitely.
constexpr ngtcp2_tstamp MaxExpiryDelay = 50 * NGTCP2_MILLISECONDS;
constexpr int MaxDeliveryRounds = 16;
// A burst's memory is not kept indefinitely.
constexpr size_t MaxKeptEvents = 4096;

QEvent::Type pollEvent()
{
    static const auto type = QEvent::Type(QEvent::registerEventType());
    return type;
}
} // namespace

Result<std::unique_ptr<Driver>> Driver::open(std::shared_ptr<Environment> environment,
                                             const Options &options, const QHostAddress &address,
                                             quint16 port, Listener *listener)
{
    auto channel = environment->openChannel(address, port);
    if (!channel)
        return channel.error();
    Engine::Settings settings = options.settings;
    settings.random = [world = environment.get()](std::span<quint8> bytes) { world->random(bytes); };
    settings.wallClock = [world = environment.get()] { return world->wallClock(); };
    settings.localPort = channel.value()->localAddress().port();
    settings.qlog = qlogFactory(options.qlogDirectory);

    std::unique_ptr<Driver> driver(
        new Driver(std::move(environment), std::move(channel).value(), listener));
    auto router = Engine::Router::create(settings, driver->now());
    if (!router)
        return router.error();
    driver->m_router = std::move(router).value();
    driver->m_legs.emplace(*driver->m_router, driver->m_sender);
    // On a single CPU a poll would keep the very peer away that it waits for.
    if (driver->m_channel->canPoll() && QThread::idealThreadCount() > 1)
        driver->m_busyPollLimit = options.busyPollLimit;
    return driver;
}

Driver::Driver(std::shared_ptr<Environment> environment, std::unique_ptr<DatagramChannel> channel,
               Listener *listener)
    : m_environment(std::move(environment))
    , m_channel(std::move(channel))
    , m_sender(*m_channel)
    , m_listener(listener)
    , m_buffer(Engine::Limits::SessionWriteTurn + Engine::Limits::MaxDatagram)
{
    m_timer = m_environment->makeTimer([this] {
        m_armed = UINT64_MAX;
        pump();
    });
    if (auto *dispatcher = QAbstractEventDispatcher::instance()) {
        m_knowsWhenLoopBlocks = true;
        connect(dispatcher, &QAbstractEventDispatcher::aboutToBlock, this, &Driver::aboutToBlock);
    }
    m_channel->isEnough = [this] {
        return toNanoseconds(m_environment->now()) >= m_now + Engine::Limits::PumpReceiveTime;
    };
    m_channel->onReadable = [this] { pump(); };
    m_channel->onWritable = [this] { pump(); };
}

Driver::~Driver() = default;

EndpointStats Driver::stats() const
{
    EndpointStats stats = m_router->stats();
    m_sender.addTo(stats);
    m_demultiplexer.addTo(stats);
    return stats;
}

//! Never goes back: ngtcp2 aborts the process when it does.
ngtcp2_tstamp Driver::now()
{
    m_now = std::max<ngtcp2_tstamp>(m_now, toNanoseconds(m_environment->now()));
    return m_now;
}

void Driver::setQlogDirectory(const QString &directory)
{
    m_router->setQlog(qlogFactory(directory));
}

void Driver::startAccepting()
{
    m_router->startAccepting(localAddress().port());
}

Error Driver::endCause(Engine::SessionId id) const
{
    if (const Engine::Session *session = find(id))
        return session->endCause();
    // The router has removed it, but its end has not been delivered yet.
    const auto isEnd = [id](const Engine::Event &event) {
        return event.session == id && std::holds_alternative<Engine::Events::Closed>(event.what);
    };
    const auto from = m_events.begin() + qptrdiff(m_nextEvent);
    if (const auto end = std::find_if(from, m_events.end(), isEnd); end != m_events.end())
        return std::get<Engine::Events::Closed>(end->what).error;
    const Engine::EventList &later = m_router->events();
    const auto end = std::find_if(later.begin(), later.end(), isEnd);
    return end == later.end() ? Error() : std::get<Engine::Events::Closed>(end->what).error;
}

Engine::SessionId Driver::dial(const Engine::SocketAddress &remote,
                               const Engine::Session::DialOptions &options)
{
    return dialBy(Engine::Way::throughSocket(localAddress(), remote), options);
}

Engine::SessionId Driver::dialOverLeg(quint64 leg, const Engine::Session::DialOptions &options)
{
    return dialBy(Engine::Way::overLeg(leg), options);
}

Engine::SessionId Driver::dialBy(const Engine::Way &way, const Engine::Session::DialOptions &options)
{
    const Engine::SessionId id = m_router->dial(way, options, now());
    schedulePump();
    return id;
}

void Driver::closeAll(quint64 code, const QByteArray &reason, const Error &cause)
{
    m_router->closeAll(code, reason, cause, now());
    schedulePump();
}

void Driver::proveAll()
{
    m_router->proveAll(now());
    schedulePump();
}

bool Driver::verifyAgain()
{
    const bool areLeft = m_router->verifyAgain(now());
    schedulePump();
    return areLeft;
}

void Driver::touch(Engine::Session &session)
{
    m_router->touch(session);
    schedulePump();
}

bool Driver::sendDatagram(const Engine::Way &way, const QByteArray &datagram)
{
    Q_ASSERT(datagramClass(
                 {reinterpret_cast<const quint8 *>(datagram.constData()), size_t(datagram.size())})
             != DatagramClass::Quic);
    const bool isQueued = m_sender.enqueue(way, datagram);
    if (!m_isReceiving)
        schedulePump();
    return isQueued;
}

void Driver::flush()
{
    now();
    write();
}

// ---- the pump

//! After a command. Who delivers events writes again afterwards, so there a posted pump, and with it
//! a wake-up of the event loop, would be wasted.
void Driver::schedulePump()
{
    if (m_knowsWhenLoopBlocks && m_deliveringAtLevel == QThread::currentThread()->loopLevel())
        return;
    postPump();
}

void Driver::postPump()
{
    m_pumpNeeded = true;
    if (m_pumpPosted)
        return;
    m_pumpPosted = true;
    QMetaObject::invokeMethod(this, &Driver::scheduledPump, Qt::QueuedConnection);
}

void Driver::scheduledPump()
{
    m_pumpPosted = false;
    if (m_pumpNeeded || hasWork())
        pump();
}

//! A receiver of events runs an event loop of its own: what it asked for before must not wait until it
//! returns.
void Driver::aboutToBlock()
{
    armTimer();
    if (m_deliveringAtLevel >= 0 && hasWork() && !m_sender.isBlocked())
        postPump();
}

void Driver::pump()
{
    m_pumpNeeded = false;
    m_hadTraffic = false;
    m_turnsAreOver = false;
    now();
    receive();
    write();
    if (m_hadTraffic && m_busyPollLimit.count() > 0)
        postPoll();
    deliver();
}

//! Behind everything else that waits in the event loop, which might be just what the peer waits for.
void Driver::postPoll()
{
    if (m_pollPosted || !m_pollBackoff.isDue())
        return;
    m_pollPosted = true;
    QCoreApplication::postEvent(this, new QEvent(pollEvent()), Qt::LowEventPriority);
}

bool Driver::event(QEvent *event)
{
    if (event->type() != pollEvent())
        return QObject::event(event);
    poll();
    return true;
}

void Driver::poll()
{
    m_pollPosted = false;
    if (!m_channel->poll(m_busyPollLimit)) {
        m_pollBackoff.foundNothing();
        return;
    }
    m_pollBackoff.found();
    pump();
}

void Driver::receive()
{
    m_isReceiving = true;
    const ReceiveStatus status = m_channel->receive(
        Engine::Limits::PumpReceiveDatagrams, Engine::Limits::PumpReceiveBytes,
        [this](const IncomingDatagram &datagram) { handleDatagram(datagram); });
    m_legs->flush();
    m_isReceiving = false;
    // Behind the datagrams: who has answered is not unreachable.
    const std::vector<ClosedPort> closedPorts = m_channel->takeClosedPorts();
    for (const ClosedPort &closed : closedPorts)
        m_router->handleUnreachable(Engine::Way::throughSocket(localAddress(), closed.remote),
                                    closed.quoted, m_now);
    if (status == ReceiveStatus::BudgetSpent)
        postPump();
    // Acknowledgements may be due by now, which wait for no more than an eighth of the round trip: those leave in this
    // pump, and wake us no more.
    if (m_hadTraffic)
        now();
    // What waits in the socket may be just what a deadline waits for: a program that was busy for
    // long does not lose its connections over it.
    if (status == ReceiveStatus::Drained || m_now - m_lastExpiry >= MaxExpiryDelay) {
        m_lastExpiry = m_now;
        m_router->handleExpiry(m_now);
    }
}

void Driver::handleDatagram(const IncomingDatagram &datagram)
{
    m_hadTraffic = true;
    const std::span<const quint8> bytes(datagram.data, datagram.size);
    const auto way = Engine::Way::throughSocket(datagram.local, datagram.remote);
    const DatagramClass what = datagramClass(bytes);
    if (what == DatagramClass::Quic)
        m_router->handleDatagram(datagram.data, datagram.size, way, datagram.ecn, m_now);
    else if (what != DatagramClass::Leg || !m_legs->receive(bytes, way, datagram.ecn, m_now))
        m_demultiplexer.handleDatagram(bytes, way, std::chrono::nanoseconds(m_now));
}

void Driver::write()
{
    m_hadTraffic |= m_sender.isBlocked() || m_sender.hasQueued();
    if (!m_sender.flush())
        return;
    const bool done = m_router->write(
        m_buffer,
        [this](const quint8 *data, size_t size, size_t segmentSize, const Engine::Way &way,
               quint8 ecn) {
            m_hadTraffic = true;
            return way.kind == Engine::Way::Kind::Leg
                ? m_legs->send({data, size}, segmentSize, way, ecn)
                : m_sender.send(data, size, segmentSize, way, ecn);
        },
        m_now);
    m_turnsAreOver = !done;
    if (!done && !m_sender.isBlocked())
        postPump();
}

void Driver::deliver()
{
    const QPointer<Driver> alive(this);
    const int outerLevel = m_deliveringAtLevel;
    m_deliveringAtLevel = QThread::currentThread()->loopLevel();
    // Bounded: a receiver that answers every event with something that fails immediately would keep the
    // acknowledgements out that could end it.
    bool drained = false;
    for (int round = 0; round < MaxDeliveryRounds && !drained; ++round) {
        m_router->takeEvents(m_events);
        drained = m_nextEvent == m_events.size();
        // One by one from the front: a nested pump goes on from where this one is.
        while (m_nextEvent < m_events.size()) {
            Engine::Event event = std::move(m_events[m_nextEvent++]);
            m_listener->handleEvent(event);
            if (!alive)
                return;
        }
        m_events.clear();
        m_nextEvent = 0;
        if (m_events.capacity() > MaxKeptEvents)
            m_events = {};
        if (hasWork() && !m_turnsAreOver) {
            now();
            write();
        }
    }
    m_deliveringAtLevel = outerLevel;
    if (!drained || (hasWork() && !m_sender.isBlocked()))
        postPump();
    armTimer();
    if (drained)
        m_listener->pumped(); // it may destroy us, so not while events wait
}

void Driver::armTimer()
{
    const ngtcp2_tstamp deadline = m_router->deadline();
    if (deadline == m_armed)
        return;
    m_armed = deadline;
    if (deadline == UINT64_MAX)
        m_timer->disarm();
    else
        m_timer->arm(toTime(deadline));
}

} // namespace Qp2p::Io
