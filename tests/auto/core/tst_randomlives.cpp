// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Endpoints, connections and requests that are opened, used, closed and deleted at random, in slots too.

#include "lifetimescene.h"

#include <shared/endpointpair.h>

#include <qp2pcore/private/simulated.h>

#include <QEventLoop>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <map>
#include <set>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

namespace {

void runEventLoop()
{
    QEventLoop loop;
    QTimer::singleShot(0, &loop, &QEventLoop::quit);
    loop.exec();
}

//! Three endpoints and a random life: what can be called is called, from anywhere, in any order.
class Spin
{
public:
    explicit Spin(quint64 seed)
        : m_random(seed)
        , m_simulation(seed)
    {
        for (int i = 0; i < Nodes; ++i) {
            Node &node = m_nodes[i];
            node.address = QHostAddress(0xc0000201u + quint32(i));
            node.host = i == 0 ? m_simulation.natHost({QHostAddress(0x0a000001u)},
                                                      {node.address, QHostAddress(0xc0000299u)})
                               : m_simulation.host({node.address});
        }
        LinkProfile link;
        link.latency = std::chrono::milliseconds(1 + m_random.below(30));
        link.loss = m_random.below(3) == 0 ? 0.05 : 0;
        m_simulation.setDefaultLink(link);
        for (Node &node : m_nodes)
            create(node);
    }

    //! What went wrong, or nothing.
    QString run(int steps)
    {
        for (int step = 0; step < steps && m_complaint.isEmpty(); ++step) {
            act();
            if (m_random.below(2) == 0)
                m_simulation.runFor(std::chrono::milliseconds(m_random.below(60)));
        }
        if (m_random.below(2) == 0)
            m_simulation.runFor(1min);
        for (Node &node : m_nodes)
            node.endpoint.reset();
        m_requests.clear();
        if (!std::all_of(m_dials.begin(), m_dials.end(), isDone<Result<QPointer<Connection>>>))
            complain("a dial never ended");
        if (!std::all_of(m_confirmations.begin(), m_confirmations.end(), isDone<Result<void>>))
            complain("a confirmation never came");
        if (!std::all_of(m_replies.begin(), m_replies.end(), isDone<Result<Message>>))
            complain("a request never ended");
        return m_complaint;
    }
    int opened = 0;
    int received = 0;

private:
    static constexpr int Nodes = 3;
    static constexpr quint16 Port = 4000;

    struct Node
    {
        QHostAddress address;
        Simulation::Host host;
        std::unique_ptr<Endpoint> endpoint;
        std::set<Connection *> open;
    };
    //! What a connection owes its program.
    struct Account
    {
        std::set<quint64> unsettled;
        bool ended = false;
    };

    template<typename T>
    static bool isDone(const QFuture<T> &future)
    {
        return future.isFinished() && (future.resultCount() == 1 || future.isCanceled());
    }

    void complain(const char *what)
    {
        if (m_complaint.isEmpty())
            m_complaint = QString::fromLatin1(what);
    }

    void create(Node &node)
    {
        EndpointConfig config;
        config.setIdentity(sharedIdentity(int(&node - m_nodes)));
        config.setSendQueueLimit(200 * KB);
        config.setInboxLimit(100 * KB);
        config.setMaxIncomingRequests(3);
        config.setMaxIncomingMessages(5);
        config.setMaxConnections(6);
        config.setIdleTimeout(3s);
        if (m_random.below(8) == 0)
            config.setNetworkName(QStringLiteral("another"));
        node.endpoint = std::make_unique<SimulatedEndpoint>(config, node.host);
        node.open.clear();
        Endpoint *endpoint = node.endpoint.get();
        QObject::connect(endpoint, &Endpoint::stateChanged, endpoint, [this] { maybeAct(); });
        QObject::connect(endpoint, &Endpoint::connectionOpened, endpoint,
                         [this, &node](Connection *connection) {
                             ++opened;
                             if (!node.open.insert(connection).second)
                                 complain("opened twice");
                             watch(connection);
                             maybeAct();
                         });
        QObject::connect(endpoint, &Endpoint::connectionClosed, endpoint,
                         [this, &node](Connection *connection, const Error &reason) {
                             if (node.open.erase(connection) != 1)
                                 complain("closed without being open");
                             if (!reason.isError())
                                 complain("closed without a reason");
                             maybeAct();
                         });
        if (m_random.below(8) != 0 && !endpoint->listen(QHostAddress(QHostAddress::Any), Port))
            complain("cannot listen");
    }

    void watch(Connection *connection)
    {
        const auto account = std::make_shared<Account>();
        m_accounts[connection] = account;
        const auto check = [this, account] {
            if (account->ended)
                complain("a signal after the end");
        };
        const auto settle = [this, account](quint64 id) {
            // Those to a closed connection are told apart by their ids; see Connection::send().
            if (id < (quint64(1) << 63) && account->unsettled.erase(id) != 1)
                m_unknownIds.insert(id);
        };
        QObject::connect(connection, &QObject::destroyed, qApp,
                         [this, connection] { forget(connection); });
        QObject::connect(connection, &Connection::messageReceived, connection, [this, check] {
            ++received;
            check();
            maybeAct();
        });
        QObject::connect(connection, &Connection::requestReceived, connection,
                         [this, check](const Request &request) {
                             check();
                             if (m_random.below(2) == 0)
                                 m_requests.append(request);
                             else if (m_random.below(2) == 0)
                                 request.reply(Message(noise(randomSize(), 1)));
                             maybeAct();
                         });
        QObject::connect(connection, &Connection::messageAcknowledged, connection,
                         [this, check, settle](quint64 id) {
                             check();
                             settle(id);
                             maybeAct();
                         });
        QObject::connect(connection, &Connection::messageFailed, connection,
                         [this, settle](quint64 id) {
                             settle(id);
                             maybeAct();
                         });
        QObject::connect(connection, &Connection::sendQueueAvailable, connection,
                         [this] { maybeAct(); });
        QObject::connect(connection, &Connection::peerAddressChanged, connection,
                         [this] { maybeAct(); });
        QObject::connect(connection, &Connection::stateChanged, connection, [this, account] {
            if (account->ended)
                complain("ended twice");
            account->ended = true;
            if (!account->unsettled.empty())
                complain("a message was neither acknowledged nor failed");
            maybeAct();
        });
    }

    void forget(Connection *connection)
    {
        m_accounts.erase(connection);
        for (Node &node : m_nodes)
            node.open.erase(connection);
    }

    void maybeAct()
    {
        // Also several levels deep, but not for ever.
        if (m_depth < 3 && m_random.below(4) == 0)
            act();
    }

    Node &randomNode() { return m_nodes[m_random.below(Nodes)]; }
    Connection *randomConnection()
    {
        if (m_accounts.empty())
            return nullptr;
        auto at = m_accounts.begin();
        std::advance(at, int(m_random.below(m_accounts.size())));
        return at->first;
    }
    PeerAddress randomAddress()
    {
        const quint64 which = m_random.below(Nodes + 1); // one that does not exist, too
        const PeerId expected = m_random.below(6) == 0
            ? sharedIdentity(int(m_random.below(Nodes))).peerId()
            : PeerId();
        return PeerAddress(QHostAddress(0xc0000201u + quint32(which)), Port, expected);
    }
    qsizetype randomSize()
    {
        static constexpr qsizetype sizes[] = {0, 1, 100, 5 * KB, 50 * KB, 190 * KB, 300 * KB};
        return sizes[m_random.below(std::size(sizes))];
    }

    void act()
    {
        ++m_depth;
        Node &node = randomNode();
        Connection *connection = randomConnection();
        const quint64 choice = m_random.below(100);
        if (choice < 18) {
            if (node.endpoint)
                m_dials.append(node.endpoint->connectTo(randomAddress()));
        } else if (choice < 22) {
            if (node.endpoint)
                m_dials.append(node.endpoint->connectToAny({randomAddress(), randomAddress()}));
        } else if (choice < 42) {
            if (connection)
                send(connection);
        } else if (choice < 50) {
            if (connection)
                m_confirmations.append(connection->sendAndConfirm(Message(noise(randomSize(), 1))));
        } else if (choice < 60) {
            if (connection)
                m_replies.append(
                    connection->request(Message(noise(randomSize(), 1)), int(m_random.below(3))));
        } else if (choice < 68) {
            if (!m_requests.isEmpty()) {
                const Request request = m_requests.takeAt(
                    qsizetype(m_random.below(quint64(m_requests.size()))));
                if (m_random.below(2) == 0)
                    request.reply(Message(noise(randomSize(), 1)));
                else
                    request.reject(m_random.below(10));
            }
        } else if (choice < 72) {
            if (connection)
                connection->close(m_random.below(10), QStringLiteral("random"));
        } else if (choice < 76) {
            delete connection;
        } else if (choice < 79) {
            if (node.endpoint)
                node.endpoint->close(m_random.below(10));
        } else if (choice < 82) {
            node.endpoint.reset();
        } else if (choice < 87) {
            if (!node.endpoint || node.endpoint->state() == Endpoint::State::Closed)
                create(node);
        } else if (choice < 90) {
            if (connection)
                connection->pauseReceiving();
        } else if (choice < 93) {
            if (connection)
                connection->resumeReceiving();
        } else if (choice < 95) {
            if (!m_dials.isEmpty())
                m_dials[qsizetype(m_random.below(quint64(m_dials.size())))].cancel();
        } else if (choice < 96) {
            if (!m_replies.isEmpty())
                m_replies[qsizetype(m_random.below(quint64(m_replies.size())))].cancel();
        } else if (choice < 97) {
            m_simulation.rebindNat(
                m_nodes[0].host,
                m_random.below(2) == 0 ? NatRebinding::PortOnly : NatRebinding::AddressAndPort);
        } else if (choice < 98) {
            m_simulation.blackhole(node.host, randomNode().host);
        } else if (choice < 99) {
            for (Node &one : m_nodes)
                m_simulation.heal(node.host, one.host);
        } else {
            runEventLoop();
        }
        --m_depth;
    }

    void send(Connection *connection)
    {
        const bool live = connection->canSend(0);
        const quint64 id = connection->send(Message(noise(randomSize(), 1)), int(m_random.below(3)));
        if (live && id < (quint64(1) << 63))
            m_accounts.at(connection)->unsettled.insert(id);
    }

    SeededRandom m_random;
    Simulation m_simulation;
    Node m_nodes[Nodes];
    std::map<Connection *, std::shared_ptr<Account>> m_accounts;
    std::set<quint64> m_unknownIds; // of confirmations, requests and replies
    QList<Request> m_requests;
    QList<QFuture<Result<QPointer<Connection>>>> m_dials;
    QList<QFuture<Result<void>>> m_confirmations;
    QList<QFuture<Result<Message>>> m_replies;
    QString m_complaint;
    int m_depth = 0;
};

} // namespace

class tst_RandomLives : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void randomLivesEndWell_data();
    void randomLivesEndWell();
};

void tst_RandomLives::randomLivesEndWell_data()
{
    QTest::addColumn<quint64>("firstSeed");
    for (quint64 seed = 1; seed < 2000; seed += 250)
        QTest::addRow("seeds from %llu", seed) << seed;
}

void tst_RandomLives::randomLivesEndWell()
{
    QFETCH(quint64, firstSeed);
    int opened = 0;
    int received = 0;
    for (quint64 seed = firstSeed; seed < firstSeed + 250; ++seed) {
        Spin spin(seed);
        const QString complaint = spin.run(60);
        QVERIFY2(complaint.isEmpty(),
                 qPrintable(QStringLiteral("seed %1: %2").arg(seed).arg(complaint)));
        opened += spin.opened;
        received += spin.received;
    }
    // They did something.
    QVERIFY(opened > 250);
    QVERIFY(received > 250);
}

QTEST_GUILESS_MAIN(tst_RandomLives)
#include "tst_randomlives.moc"
