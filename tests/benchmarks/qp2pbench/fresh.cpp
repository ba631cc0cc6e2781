// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "fresh.h"

#include "process.h"

#include <algorithm>
#include <numeric>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

Message messageOf(qint64 size)
{
    return Message(QByteArray(size, 0x5a));
}

//! \brief In milliseconds, of \a sorted nanoseconds.
QByteArray percentile(const std::vector<qint64> &sorted, size_t p)
{
    return QByteArray::number(double(sorted[(sorted.size() * p + 99) / 100 - 1]) / 1e6, 'f', 3);
}

//! \brief Jain's index: 1 where all got as much, 1/n where one of n got everything.
double fairness(const std::vector<quint64> &shares)
{
    double sum = 0;
    double squares = 0;
    for (const quint64 share : shares) {
        sum += double(share);
        squares += double(share) * double(share);
    }
    return squares > 0 ? sum * sum / (double(shares.size()) * squares) : 0;
}

} // namespace

// ---- cold

Cold::Cold(const Options &options)
    : Client(options)
    , m_message(messageOf(options.size))
{
}

void Cold::start()
{
    m_deadline = options().deadline();
    begin();
}

void Cold::begin()
{
    m_elapsed.start();
    dial([this](Connection *connection) {
        m_opened.push_back(m_elapsed.nsecsElapsed());
        QObject::connect(connection, &Connection::messageAcknowledged, endpoint(),
                         [this, connection] { handleConfirmed(connection); });
        QObject::connect(connection, &Connection::messageFailed, endpoint(),
                         [this](quint64, const Error &error) { fail(error.message); });
        connection->send(m_message);
    });
}

void Cold::handleConfirmed(Connection *connection)
{
    m_confirmed.push_back(m_elapsed.nsecsElapsed());
    connection->close();
    if (m_confirmed.size() < options().count && !m_deadline.hasExpired()) {
        begin();
        return;
    }
    reportTimes();
    finish();
}

void Cold::reportTimes()
{
    std::sort(m_opened.begin(), m_opened.end());
    std::sort(m_confirmed.begin(), m_confirmed.end());
    report("{\"work\":\"cold\",\"count\":" + QByteArray::number(m_confirmed.size()) + ",\"size\":"
           + QByteArray::number(options().size) + ",\"opened_p50_ms\":" + percentile(m_opened, 50)
           + ",\"confirmed_p50_ms\":" + percentile(m_confirmed, 50)
           + ",\"confirmed_p90_ms\":" + percentile(m_confirmed, 90) + "}");
}

// ---- crowd

Crowd::Crowd(const Options &options)
    : Client(options)
    , m_message(messageOf(options.size))
{
}

void Crowd::start()
{
    if (!options().timeLimit) {
        fail(u"A crowd needs --seconds."_s);
        return;
    }
    m_dials.emplace(options().connections, options().inFlight,
                    QDeadlineTimer(QDeadlineTimer::Forever), [this] {
                        dial([this](Connection *connection) {
                            m_connections.push_back(connection);
                            if (m_dials->oneDone())
                                startSending();
                        });
                    });
    m_dials->fill();
}

void Crowd::startSending()
{
    m_messages.resize(m_connections.size());
    m_end.setSingleShot(true);
    m_end.setTimerType(Qt::PreciseTimer);
    QObject::connect(&m_end, &QTimer::timeout, endpoint(), [this] { reportShares(); });
    m_elapsed.start();
    m_end.start(std::chrono::duration_cast<std::chrono::milliseconds>(*options().timeLimit));
    for (size_t i = 0; i < m_connections.size(); ++i) {
        Connection *const connection = m_connections[i];
        // Its own object is the context: a connection that has ended sends no more.
        QObject::connect(connection, &Connection::messageAcknowledged, connection,
                         [this, connection, i] {
                             ++m_messages[i];
                             connection->send(m_message);
                         });
        QObject::connect(connection, &Connection::messageFailed, connection,
                         [this](quint64, const Error &error) { fail(error.message); });
        connection->send(m_message);
    }
}

void Crowd::reportShares()
{
    const double seconds = double(m_elapsed.nsecsElapsed()) / 1e9;
    for (const QPointer<Connection> &connection : m_connections) {
        if (connection)
            connection->disconnect(connection); // what is still under way fails when it is closed
    }
    const auto total = std::accumulate(m_messages.begin(), m_messages.end(), quint64(0));
    report("{\"work\":\"crowd\",\"connections\":" + QByteArray::number(m_messages.size())
           + ",\"size\":" + QByteArray::number(options().size)
           + ",\"count\":" + QByteArray::number(total)
           + ",\"seconds\":" + QByteArray::number(seconds, 'f', 6) + ",\"mb_per_second\":"
           + QByteArray::number(double(total) * double(options().size) / seconds / 1e6, 'f', 3)
           + ",\"jain\":" + QByteArray::number(fairness(m_messages), 'f', 4) + "}");
    finish();
}
