// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A network in which every signal is emitted, and one action that is done in a slot of one of them.
#pragma once

#include "signalhook.h"

#include <shared/endpointaccess.h>
#include <shared/networkworld.h>

#include <qp2pcore/authority.h>
#include <qp2pcore/identity.h>
#include <qp2pcore/private/simulated.h>

#include <QEventLoop>
#include <QFile>
#include <QTemporaryDir>
#include <QTimer>

#include <map>

namespace Qp2p::Test {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

constexpr int MaxEmission = 3; //!< of one signal
constexpr qsizetype KB = 1000;

//! The same in every scene: making one costs as much as a handshake.
inline const Identity &identity(int number)
{
    static std::map<int, Identity> identities;
    const auto found = identities.find(number);
    return found != identities.end()
        ? found->second
        : identities.emplace(number, Identity::generate().value()).first->second;
}

inline NetworkConfig config(int number)
{
    EndpointConfig endpoint;
    endpoint.setIdentity(identity(number));
    endpoint.setSendQueueLimit(100 * KB);
    NetworkConfig config;
    config.setEndpoint(endpoint);
    return config;
}

//! \brief Nodes 1 and 2 and the client 3; all that is done is done to node 2.
class Scene
{
public:
    Scene(const Signal &signal, const QByteArray &action, int emission);
    ~Scene() { end(); }

    void play();
    void end();

    int emissions = 0;
    struct Asked
    {
        QByteArray what;
        std::function<bool()> hasValue;
    };
    QList<Asked> asked; //!< all futures
    qsizetype continued = 0; //!< with the value, in the context of the object they were asked of

private:
    void emitted(QObject *sender, QObject *argument);
    void act(QObject *sender, QObject *argument);
    Peer *peerOf(QObject *sender, QObject *argument) const;
    Connection *connectionOf(QObject *sender, QObject *argument) const;
    void nestEventLoop();
    void watch(QObject *object) { m_hook.watch(object, m_signal.className, m_signal.name); }
    void watchPeer(Peer *peer);
    template<typename T, typename Object>
    void track(const QFuture<T> &future, const QPointer<Object> &context, const char *what);
    NetworkConfig configOf(int number);
    void talk(Network *from);
    void run(std::chrono::nanoseconds time) { m_world.simulation.runFor(time); }
    Network *subject() const { return m_subject ? m_subject->network.get() : nullptr; }
    bool isAtWork() const { return subject() && subject()->state() != Network::State::Left; }

    const Signal m_signal;
    const QByteArray m_action;
    const int m_emission;
    QTemporaryDir m_folder;
    Authority m_authority;
    NetworkWorld m_world;
    Hook m_hook;
    Member *m_subject = nullptr;
    Member *m_client = nullptr;
    QList<Request> m_kept;
};

inline Scene::Scene(const Signal &signal, const QByteArray &action, int emission)
    : m_signal(signal)
    , m_action(action)
    , m_emission(emission)
    , m_hook([this](QObject *sender, QObject *argument) { emitted(sender, argument); })
{
    LinkProfile link;
    link.latency = 5ms;
    link.bytesPerSecond = 1'000'000;
    m_world.simulation.setDefaultLink(link);
}

inline void Scene::emitted(QObject *sender, QObject *argument)
{
    if (++emissions == m_emission)
        act(sender, argument);
}

inline Peer *Scene::peerOf(QObject *sender, QObject *argument) const
{
    for (QObject *object : {argument, sender}) {
        if (auto *peer = qobject_cast<Peer *>(object))
            return peer;
        if (auto *connection = qobject_cast<Connection *>(object)) {
            if (Peer *peer = subject() ? subject()->peer(connection->peerId()) : nullptr)
                return peer;
        }
    }
    return subject() ? subject()->peers().value(0) : nullptr;
}

inline Connection *Scene::connectionOf(QObject *sender, QObject *argument) const
{
    for (QObject *object : {argument, sender}) {
        if (auto *connection = qobject_cast<Connection *>(object))
            return connection;
    }
    if (const Peer *peer = peerOf(sender, argument)) {
        if (Connection *connection = peer->connections().value(0))
            return connection;
    }
    return subject() ? subject()->endpoint()->connections().value(0) : nullptr;
}

inline void Scene::nestEventLoop()
{
    QEventLoop loop;
    QTimer::singleShot(0, &loop, &QEventLoop::quit);
    loop.exec();
    run(200ms);
}

inline void Scene::act(QObject *sender, QObject *argument)
{
    const QPointer<Network> network(subject());
    if (m_action == "delete the network") {
        m_subject->network.reset();
    } else if (m_action == "delete the peer") {
        delete peerOf(sender, argument);
    } else if (m_action == "delete the connection") {
        delete connectionOf(sender, argument);
    } else if (m_action == "delete all connections") {
        for (const QPointer<Connection> connection : network->endpoint()->connections())
            delete connection.data();
    } else if (m_action == "close the connection") {
        if (Connection *connection = connectionOf(sender, argument))
            connection->close(7);
    } else if (m_action == "close the peer") {
        if (Peer *peer = peerOf(sender, argument))
            peer->close(7);
    } else if (m_action == "leave") {
        network->leave();
    } else if (m_action == "join") {
        track(network->join({m_world.contact(1)}), network, "join in the slot");
    } else if (m_action == "cancel the join") {
        network->cancelJoin();
    } else if (m_action == "block the peer") {
        if (const Peer *peer = peerOf(sender, argument))
            network->block(peer->id());
        else
            network->block(identity(1).peerId());
    } else if (m_action == "run an event loop") {
        nestEventLoop();
    } else if (m_action == "delete the network in an event loop") {
        QTimer::singleShot(0, &m_hook, [this] { m_subject->network.reset(); });
        nestEventLoop();
    } else {
        qFatal("no such action");
    }
}

//! Each future must finish with a value, and that is why peers outlive the futures of their connections: what
//! continues one in the context of its peer is called.
template<typename T, typename Object>
void Scene::track(const QFuture<T> &future, const QPointer<Object> &context, const char *what)
{
    asked.append({what, [future] { return future.isFinished() && future.resultCount() == 1; }});
    const auto count = [this](const T &) { ++continued; };
    if (context)
        QFuture<T>(future).then(context.data(), count);
    else // the call has deleted it
        QFuture<T>(future).then(count);
}

inline void Scene::watchPeer(Peer *peer)
{
    watch(peer);
    QObject::connect(peer, &Peer::requestReceived, peer, [this, peer](const Request &request) {
        if (request.message().payload() == "keep")
            m_kept.append(request);
        else
            track(request.reply(Message("answer")), QPointer(peer), "reply");
    });
}

inline void Scene::talk(Network *from)
{
    if (!from)
        return;
    const QList<Peer *> list = from->peers();
    QList<QPointer<Peer>> peers(list.cbegin(), list.cend());
    for (const QPointer<Peer> &peer : std::as_const(peers)) {
        if (!peer)
            continue;
        for (int i = 0; i < 2; ++i) {
            peer->send(Message("hello"));
            peer->send(Message(QByteArray())); // fails
            track(peer->sendAndConfirm(Message("confirm")), peer, "sendAndConfirm");
            track(peer->request(Message("question")), peer, "request");
        }
        if (m_signal.is("Connection", "sendQueueAvailable"))
            peer->send(Message(QByteArray(60 * KB, 'x'))); // more than half of the send queue
    }
}

//! Where certificates are to expire: of an authority, and soon.
inline NetworkConfig Scene::configOf(int number)
{
    NetworkConfig result = config(number);
    if (m_signal.name != "certificateExpiring")
        return result;
    const QDateTime now = QDateTime::fromSecsSinceEpoch(SimulatedWorld::StartOfTime, Qt::UTC);
    const QString fileName = m_folder.filePath(u"authority"_s);
    if (m_authority.isNull()) {
        m_authority = Authority::create(u"friends"_s, now).value();
        QFile file(fileName);
        if (!file.open(QFile::WriteOnly) || file.write(m_authority.certificatePem()) <= 0)
            qFatal("no authority");
    }
    Authority::Terms terms;
    terms.peerName = u"member"_s;
    terms.validity = std::chrono::days(10);
    terms.now = now;
    EndpointConfig endpoint = result.endpoint();
    const QByteArray pem = m_authority.issueFor(endpoint.identity().certificatePem(), terms).value();
    endpoint.setIdentity(endpoint.identity().withCertificates(pem).value());
    endpoint.setCertificatePolicy(CertificatePolicy::privateAuthority({fileName}));
    result.setEndpoint(endpoint);
    return result;
}

inline void Scene::play()
{
    Simulation &simulation = m_world.simulation;
    Member *first = &m_world.node(1, configOf(1));
    first->join();
    run(10ms);

    NetworkConfig own = configOf(2);
    // An entry that is opened, with a key that the node does not have.
    const QString cacheFile = m_folder.filePath(u"cache"_s);
    {
        BootstrapCache cache;
        if (!cache.open(cacheFile)
            || !cache.add(PeerAddress(m_world.address(1), 12000, identity(9).peerId()))
            || !cache.add(PeerAddress(m_world.address(9), 12000, identity(8).peerId())))
            qFatal("no cache");
    }
    own.setCacheFile(cacheFile);
    const bool isBehindNat = m_signal.is("Network", "roleChanged");
    m_subject = isBehindNat ? &m_world.behindNat(2, NatFiltering::AddressAndPortDependent, own)
                            : &m_world.node(2, own);
    m_subject->echo = false;
    watch(subject());
    watch(subject()->endpoint());
    watch(subject()->bootstrapCache());
    const QPointer<Network> network(subject());
    // The slots before these may have deleted what they are about.
    QObject::connect(network->endpoint(), &Endpoint::connectionOpened, network,
                     [this, network](Connection *connection) {
                         if (network->endpoint()->connections().contains(connection))
                             watch(connection);
                     });
    QObject::connect(network, &Network::peerConnected, network, [this, network](Peer *peer) {
        if (network->peers().contains(peer))
            watchPeer(peer);
    });

    track(network->join({m_world.contact(1)}), network, "join");
    if (network)
        track(network->connectTo(m_world.contact(1)), network, "connectTo");
    run(3s);

    NetworkConfig clientConfig = configOf(3);
    clientConfig.setRole(Peer::Role::Client);
    const Simulation::Host clientHost = simulation.natHost(
        {QHostAddress(u"192.168.1.2"_s)},
        {m_world.address(3), m_world.address(33), m_world.address(34), m_world.address(35)});
    m_world.members.push_back(std::make_unique<Member>(clientHost, clientConfig));
    m_client = m_world.members.back().get();
    const PeerAddress at = isBehindNat ? m_world.contact(1) : m_world.contact(2);
    track(m_client->join({at}), QPointer(m_client->network.get()), "join of the client");
    run(1s);
    if (network && network->peers().size() > 0)
        track(network->connectTo(m_world.contact(7)), network, "connectTo nobody");

    talk(network);
    talk(m_client->network.get());
    QList<QFuture<Result<Message>>> unanswered;
    for (Peer *peer : m_client->network->peers()) {
        for (int i = 0; i < MaxEmission; ++i)
            unanswered.append(peer->request(Message("keep")));
    }
    run(20ms);
    for (QFuture<Result<Message>> &future : unanswered)
        future.cancel();
    for (Peer *peer : m_client->network->peers()) {
        const QList<Connection *> connections = peer->connections();
        for (int i = 0; i < MaxEmission && !connections.isEmpty(); ++i) {
            // What our own peers never do: a message that breaks off.
            ngtcp2_conn *quic = EndpointAccess::quic(*m_client->network->endpoint());
            int64_t stream = -1;
            if (ngtcp2_conn_open_uni_stream(quic, &stream, nullptr) == 0)
                ngtcp2_conn_shutdown_stream_write(quic, 0, stream, 7);
        }
    }
    run(500ms);
    if (m_signal.is("Connection", "peerAddressChanged") || m_signal.is("Connection", "pathChanged")
        || m_signal.is("Peer", "linkChanged")) {
        for (int i = 0; i < MaxEmission; ++i) {
            simulation.rebindNat(clientHost, NatRebinding::AddressAndPort);
            talk(m_client->network.get());
            run(2s);
        }
    }
    if (m_signal.is("Endpoint", "handshakeFailed")) {
        EndpointConfig strange;
        strange.setIdentity(identity(4));
        strange.setNetworkName(u"another"_s);
        for (int i = 0; i < MaxEmission; ++i) {
            SimulatedEndpoint stranger(strange, simulation.host({m_world.address(40 + i)}));
            track(stranger.connectTo(m_world.contact(2)), QPointer(&stranger), "dial of a stranger");
            run(500ms);
        }
    }
    if (m_signal.is("Network", "identityConflict")) {
        for (const int number : {20, 21}) { // hosts, with one identity
            Member &copied = m_world.client(number, config(4));
            track(copied.join({m_world.contact(2)}), QPointer(copied.network.get()), "copied join");
            run(1s);
        }
        run(3s);
    }
    if (m_signal.name == "saveFailed" || m_signal.is("Network", "errorOccurred")) {
        QFile::remove(cacheFile);
        QDir().mkpath(cacheFile); // a folder stands where it was
        for (int i = 0; i < MaxEmission && network; ++i) {
            network->bootstrapCache()->remove(identity(1).peerId());
            if (network)
                network->bootstrapCache()->add(
                    PeerAddress(m_world.address(1), 12000, identity(1).peerId()));
            run(61s);
        }
    }

    talk(network);
    talk(first->network.get());
    for (const int number : {3, 8, 9}) { // the client, and those of the cache
        if (isAtWork())
            network->block(identity(number).peerId());
        if (isAtWork())
            network->unblock(identity(number).peerId());
    }
    run(100ms);
    talk(network);
    first->network->leave();
    run(1s);
    // It comes back.
    first->network = std::make_unique<SimulatedNetwork>(
        [this] {
            NetworkConfig again = configOf(1);
            again.setListen(QHostAddress(QHostAddress::Any), 12000);
            return again;
        }(),
        first->host);
    first->network->join();
    run(3s);
    if (isAtWork()) {
        track(network->join({m_world.contact(1)}), network, "second join");
        if (network)
            run(2s);
    }
    talk(network);
    talk(first->network.get());
    run(5ms);
    if (isAtWork())
        network->leave();
    run(2s);
}

inline void Scene::end()
{
    for (const auto &member : m_world.members) {
        talk(member->network.get()); // they have something to finish with
        member->network.reset();
    }
    run(20s);
}

} // namespace Qp2p::Test
