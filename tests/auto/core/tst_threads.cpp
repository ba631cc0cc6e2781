// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Endpoints in threads of their own, whose requests are answered and dropped in yet other threads. On loopback sockets.
// Worth the most under ThreadSanitizer (preset dev-tsan).
//
// This file synchronises with the standard library only, which ThreadSanitizer sees.

#include <qp2pcore/connection.h>
#include <qp2pcore/endpoint.h>
#include <qp2pcore/request.h>

#include <QTest>
#include <QThread>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

using namespace Qp2p;
using namespace std::chrono_literals;

namespace {

constexpr int Sides = 4;
constexpr int Connections = Sides * (Sides - 1); // each side dials each other one
constexpr auto Patience = 100s; // only ever used up where something is broken
constexpr quint64 RejectCode = 5;

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr int RequestsPerDirection = 60; // of a connection
#else
constexpr int RequestsPerDirection = 200;
#endif

//! \brief Counts, and can be waited for.
class Counter
{
public:
    void add()
    {
        const std::lock_guard lock(m_mutex);
        ++m_count;
        m_changed.notify_all();
    }
    bool waitFor(int count)
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, Patience, [&] { return m_count >= count; });
    }
    int value()
    {
        const std::lock_guard lock(m_mutex);
        return m_count;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    int m_count = 0;
};

struct Counters
{
    Counter opened;
    Counter asking; //!< sides that have sent all of their requests
    Counter replies;
    Counter rejections;
    Counter unanswered;
    Counter others; //!< ends of requests that are none of these
    Counter finished; //!< requests, however they ended
    Counter confirmed; //!< replies that have arrived, as their senders see it
    Counter refused; //!< replies that found no connection any more
};

//! \brief Threads that have nothing to do with any connection, and answer what they are handed.
class Workers
{
public:
    explicit Workers(Counters &counters)
        : m_counters(counters)
    {
        for (int i = 0; i < 3; ++i)
            m_threads.emplace_back([this] { work(); });
    }
    ~Workers()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_isOver = true;
        }
        m_changed.notify_all();
        for (std::thread &thread : m_threads)
            thread.join();
    }
    Q_DISABLE_COPY_MOVE(Workers)

    void take(const Request &request)
    {
        {
            const std::lock_guard lock(m_mutex);
            m_requests.push_back(request);
        }
        m_changed.notify_one();
    }

private:
    void work()
    {
        for (;;) {
            std::unique_lock lock(m_mutex);
            m_changed.wait(lock, [&] { return m_isOver || !m_requests.empty(); });
            if (m_requests.empty())
                return;
            const Request request = std::move(m_requests.front());
            m_requests.pop_front();
            lock.unlock();
            answer(request);
        }
    }

    void answer(const Request &request)
    {
        if (request.isCancelled())
            return;
        const QByteArray question = request.message().payload();
        if (question.startsWith("reply")) {
            request.reply(Message(question)).then([this](const Result<void> &result) {
                (result ? m_counters.confirmed : m_counters.refused).add();
            });
        } else if (question.startsWith("reject")) {
            request.reject(RejectCode);
        } // else the last copy goes here
    }

    Counters &m_counters;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Request> m_requests;
    bool m_isOver = false;
    std::vector<std::thread> m_threads;
};

//! \brief An endpoint that lives in a thread of its own, and is used in it only.
class Side
{
public:
    Side(Counters &counters, Workers &workers)
        : m_counters(counters)
        , m_workers(workers)
    {
        m_context.moveToThread(&m_thread);
        m_thread.start();
        run([this] {
            m_endpoint = std::make_unique<Endpoint>();
            QObject::connect(m_endpoint.get(), &Endpoint::connectionOpened, m_endpoint.get(),
                             [this](Connection *connection) { opened(connection); });
            if (m_endpoint->listen(QHostAddress(QHostAddress::LocalHost)))
                m_port = m_endpoint->localPort();
        });
    }
    ~Side()
    {
        run([this] { m_endpoint.reset(); });
        m_thread.quit();
        m_thread.wait();
    }
    Q_DISABLE_COPY_MOVE(Side)

    quint16 port() const { return m_port; }
    void dial(quint16 port)
    {
        post([this, port] {
            m_endpoint->connectTo(PeerAddress(QHostAddress(QHostAddress::LocalHost), port));
        });
    }
    //! On each of its connections.
    void ask()
    {
        post([this] {
            const QList<Connection *> connections = m_endpoint->connections();
            for (Connection *connection : connections) {
                for (int i = 0; i < RequestsPerDirection; ++i)
                    ask(connection, i);
            }
            m_counters.asking.add();
        });
    }
    void deleteEndpoint()
    {
        post([this] { m_endpoint.reset(); });
    }

private:
    template<typename Function>
    void post(Function function)
    {
        QMetaObject::invokeMethod(&m_context, std::move(function), Qt::QueuedConnection);
    }
    template<typename Function>
    void run(Function function)
    {
        std::mutex mutex;
        std::condition_variable changed;
        bool done = false;
        post([&] {
            function();
            const std::lock_guard lock(mutex);
            done = true;
            changed.notify_all(); // under the lock: it goes as soon as that is free
        });
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return done; });
    }

    void opened(Connection *connection)
    {
        QObject::connect(connection, &Connection::requestReceived, connection,
                         [this](const Request &request) { m_workers.take(request); });
        m_counters.opened.add();
    }

    void ask(Connection *connection, int number)
    {
        static const std::array<QByteArray, 4> kinds{"reply", "reject", "drop", "reply"};
        const QByteArray question = kinds[size_t(number % 4)] + QByteArray::number(number);
        connection->request(Message(question)).then([this, question](const Result<Message> &result) {
            if (result)
                (result->payload() == question ? m_counters.replies : m_counters.others).add();
            else if (result.error().code == ErrorCode::NoReply)
                (result.error().closeCode == RejectCode ? m_counters.rejections
                                                        : m_counters.unanswered)
                    .add();
            else
                m_counters.others.add();
            m_counters.finished.add();
        });
    }

    Counters &m_counters;
    Workers &m_workers;
    QThread m_thread;
    QObject m_context;
    std::unique_ptr<Endpoint> m_endpoint;
    quint16 m_port = 0;
};

} // namespace

class tst_Threads : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void requestsAreAnsweredInOtherThreads();
    void endpointsGoWhileOtherThreadsAnswer();

private:
    using AllSides = std::vector<std::unique_ptr<Side>>;
    static AllSides makeSides(Counters &counters, Workers &workers);
};

tst_Threads::AllSides tst_Threads::makeSides(Counters &counters, Workers &workers)
{
    AllSides sides;
    for (int i = 0; i < Sides; ++i)
        sides.push_back(std::make_unique<Side>(counters, workers));
    for (const auto &from : sides) {
        for (const auto &to : sides) {
            if (from != to)
                from->dial(to->port());
        }
    }
    return sides;
}

void tst_Threads::requestsAreAnsweredInOtherThreads()
{
    Counters counters;
    Workers workers(counters);
    const AllSides sides = makeSides(counters, workers);
    QVERIFY(counters.opened.waitFor(2 * Connections));
    for (const auto &side : sides)
        side->ask();
    constexpr int requests = 2 * Connections * RequestsPerDirection;
    QVERIFY(counters.finished.waitFor(requests));
    QVERIFY(counters.confirmed.waitFor(requests / 2));
    QCOMPARE(counters.replies.value(), requests / 2);
    QCOMPARE(counters.rejections.value(), requests / 4);
    QCOMPARE(counters.unanswered.value(), requests / 4);
    QCOMPARE(counters.others.value(), 0);
    QCOMPARE(counters.refused.value(), 0);
}

void tst_Threads::endpointsGoWhileOtherThreadsAnswer()
{
    Counters counters;
    Workers workers(counters);
    const AllSides sides = makeSides(counters, workers);
    QVERIFY(counters.opened.waitFor(2 * Connections));
    for (const auto &side : sides)
        side->ask();
    constexpr int requests = 2 * Connections * RequestsPerDirection;
    QVERIFY(counters.asking.waitFor(Sides));
    for (const auto &side : sides)
        side->deleteEndpoint();
    // However they end: each of them does, and each only once.
    QVERIFY(counters.finished.waitFor(requests));
    QCOMPARE(counters.finished.value(), requests);
}

QTEST_GUILESS_MAIN(tst_Threads)
#include "tst_threads.moc"
