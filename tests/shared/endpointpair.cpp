// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <shared/endpointpair.h>

#include <qp2pcore/private/simulated.h>

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QRandomGenerator>
#include <QTimer>

namespace Qp2p::Test {

Identity sharedIdentity(int number)
{
    static QList<Identity> identities;
    while (identities.size() <= number) {
        const Result<Identity> identity = Identity::generate();
        if (!identity)
            qFatal("%s", qPrintable(identity.error().message));
        identities.append(*identity);
    }
    return identities.at(number);
}

QByteArray noise(qsizetype size, quint32 seed)
{
    QRandomGenerator generator(seed);
    QByteArray bytes((size + 3) / 4 * 4, Qt::Uninitialized);
    generator.fillRange(reinterpret_cast<quint32 *>(bytes.data()), bytes.size() / 4);
    bytes.truncate(size);
    return bytes;
}

bool waitUntil(const std::function<bool()> &condition, std::chrono::milliseconds limit)
{
    const QDeadlineTimer deadline(limit);
    QTimer wakeUp; // or the last wait would never end
    wakeUp.start(std::chrono::milliseconds(50));
    while (!condition()) {
        if (deadline.hasExpired())
            return false;
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }
    return true;
}

// ---- logs

ConnectionLog::ConnectionLog(Connection *connection)
{
    connect(connection, &Connection::messageReceived, this,
            [this](const Message &message) { messages.append(message); });
    connect(connection, &Connection::requestReceived, this,
            [this](const Request &request) { requests.append(request); });
    connect(connection, &Connection::messageAcknowledged, this,
            [this](quint64 id) { acknowledged.append(id); });
    connect(connection, &Connection::messageFailed, this, [this](quint64 id, const Error &error) {
        failures.append({id, error});
    });
    connect(connection, &Connection::incomingMessageRefused, this,
            [this](const Error &error) { refused.append(error); });
    connect(connection, &Connection::peerAddressChanged, this,
            [this](const PeerAddress &address) { addresses.append(address); });
    connect(connection, &Connection::sendQueueAvailable, this, [this] { ++queueAvailable; });
    connect(connection, &Connection::stateChanged, this,
            [this](Connection::State state) { states.append(state); });
}

QList<QByteArray> ConnectionLog::payloads() const
{
    QList<QByteArray> list;
    for (const Message &message : messages)
        list.append(message.payload());
    return list;
}

EndpointLog::EndpointLog(Endpoint *endpoint)
{
    connect(endpoint, &Endpoint::connectionOpened, this,
            [this](Connection *connection) { opened.append(connection); });
    connect(endpoint, &Endpoint::connectionClosed, this,
            [this](Connection *connection, const Error &reason) {
                closed.append({connection->id(), reason});
            });
    connect(endpoint, &Endpoint::stateChanged, this,
            [this](Endpoint::State state) { states.append(state); });
    connect(endpoint, &Endpoint::errorOccurred, this,
            [this](const Error &error) { errors.append(error); });
}

// ---- the pair

namespace {

EndpointConfig withIdentity(EndpointConfig config, int number)
{
    if (config.identity().isNull())
        config.setIdentity(sharedIdentity(number));
    return config;
}

//! Number 1 is the acceptor's, 2 the dialler's or its NAT's, 3 another one of that.
QHostAddress addressOf(int number, EndpointPair::Ip ip)
{
    const QString start = ip == EndpointPair::Ip::V4 ? QStringLiteral("192.0.2.")
                                                     : QStringLiteral("2001:db8::");
    return QHostAddress(start + QString::number(number));
}

QHostAddress addressBehindNat(EndpointPair::Ip ip)
{
    return QHostAddress(ip == EndpointPair::Ip::V4 ? QStringLiteral("10.0.0.1")
                                                   : QStringLiteral("fd00::1"));
}

} // namespace

EndpointPair::EndpointPair()
    : EndpointPair(Setup())
{
}

EndpointPair::EndpointPair(const Setup &wanted)
    : setup(wanted)
    , simulation(wanted.seed)
{
    acceptorHost = simulation.host({addressOf(1, setup.ip)});
    diallerHost = setup.diallerBehindNat
        ? simulation.natHost({addressBehindNat(setup.ip)},
                             {addressOf(2, setup.ip), addressOf(3, setup.ip)})
        : simulation.host({addressOf(2, setup.ip)});
    simulation.setLinks(acceptorHost, diallerHost, setup.link);
    acceptor = std::make_unique<SimulatedEndpoint>(withIdentity(setup.acceptor, 0), acceptorHost);
    dialler = std::make_unique<SimulatedEndpoint>(withIdentity(setup.dialler, 1), diallerHost);
}

bool EndpointPair::connect(std::chrono::nanoseconds limit)
{
    if (!acceptor->isListening()) {
        if (const Result<void> listening = acceptor->listen(); !listening) {
            qInfo() << listening.error();
            return false;
        }
    }
    const EndpointLog accepted(acceptor.get());
    const auto dial = dialler->connectTo(acceptorAddress());
    const bool open = until(
        [&] { return dial.isFinished() && (!accepted.opened.isEmpty() || !dial.result().isOk()); },
        limit);
    if (!open || !dial.result().isOk()) {
        qInfo() << "no connection" << (open ? dial.result().error() : Error());
        return false;
    }
    out = dial.result().value();
    in = accepted.opened.last();
    return out && in;
}

PeerAddress EndpointPair::acceptorAddress() const
{
    return PeerAddress(addressOf(1, setup.ip), acceptor->localPort());
}

void EndpointPair::cut()
{
    simulation.blackhole(acceptorHost, diallerHost);
    simulation.blackhole(diallerHost, acceptorHost);
}

void EndpointPair::heal()
{
    simulation.heal(acceptorHost, diallerHost);
    simulation.heal(diallerHost, acceptorHost);
}

void EndpointPair::restartAcceptor()
{
    const EndpointConfig config = acceptor->config();
    const quint16 port = acceptor->localPort();
    // What the old one says when it goes is lost: it must be as if its process had been killed.
    const auto observer = std::exchange(simulation.onDatagram,
                                        [](Wire &) { return WireAction::Drop; });
    acceptor.reset();
    simulation.onDatagram = observer;
    acceptor = std::make_unique<SimulatedEndpoint>(config, acceptorHost);
    if (const Result<void> listening = acceptor->listen(QHostAddress(QHostAddress::Any), port);
        !listening)
        qFatal("%s", qPrintable(listening.error().message));
}

bool EndpointPair::until(const std::function<bool()> &condition, std::chrono::nanoseconds limit)
{
    return simulation.runUntil(condition, limit);
}

std::chrono::nanoseconds EndpointPair::timeUntil(const std::function<bool()> &condition,
                                                 std::chrono::nanoseconds limit)
{
    const quint64 start = simulation.now();
    return until(condition, limit) ? std::chrono::nanoseconds(simulation.now() - start)
                                   : std::chrono::nanoseconds(-1);
}

} // namespace Qp2p::Test
