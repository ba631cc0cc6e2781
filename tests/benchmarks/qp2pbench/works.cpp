// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "works.h"

#include <algorithm>
#include <numeric>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

Message messageOf(qint64 size)
{
    return Message(QByteArray(size, 0x5a));
}

double secondsOf(const QElapsedTimer &elapsed)
{
    return double(elapsed.nsecsElapsed()) / 1e9;
}

} // namespace

// ---- messages

Messages::Messages(const Options &options)
    : Client(options)
    , m_message(messageOf(options.size))
{
}

void Messages::start()
{
    dial([this](Connection *connection) {
        m_connection = connection;
        QObject::connect(connection, &Connection::messageAcknowledged, connection,
                         [this] { oneAcknowledged(); });
        QObject::connect(connection, &Connection::messageFailed, connection,
                         [this](quint64, const Error &error) { fail(error.message); });
        // Lets the congestion window and the allocator's pools grow before the clock starts.
        m_warmUp.emplace((options().count + 19) / 20, options().inFlight, options().deadline(0.05),
                         [this] { m_connection->send(m_message); });
        m_warmUp->fill();
    });
}

void Messages::startMeasuring()
{
    m_elapsed.start();
    m_measured.emplace(options().count, options().inFlight, options().deadline(),
                       [this] { m_connection->send(m_message); });
    m_measured->fill();
}

void Messages::oneAcknowledged()
{
    if (!m_measured) {
        if (m_warmUp->oneDone())
            startMeasuring();
        return;
    }
    if (!m_measured->oneDone())
        return;
    const double seconds = secondsOf(m_elapsed);
    const double perSecond = double(m_measured->done()) / seconds;
    report(QByteArray("{\"work\":\"messages\",\"count\":") + QByteArray::number(m_measured->done())
           + ",\"size\":" + QByteArray::number(options().size)
           + ",\"seconds\":" + QByteArray::number(seconds, 'f', 6) + ",\"messages_per_second\":"
           + QByteArray::number(perSecond, 'f', 1) + ",\"mb_per_second\":"
           + QByteArray::number(perSecond * double(options().size) / 1e6, 'f', 3) + "}");
    finish();
}

// ---- roundtrip

RoundTrip::RoundTrip(const Options &options)
    : Client(options)
    , m_message(messageOf(options.size))
{
}

void RoundTrip::start()
{
    dial([this](Connection *connection) {
        m_connection = connection;
        m_deadline = options().deadline();
        request();
    });
}

void RoundTrip::request()
{
    m_elapsed.start();
    m_connection->request(m_message).then(
        m_connection, [this](const Result<Message> &reply) { handleReply(reply); });
}

void RoundTrip::handleReply(const Result<Message> &reply)
{
    m_times.push_back(m_elapsed.nsecsElapsed());
    if (!reply || reply->size() != m_message.size()) {
        fail(reply ? u"The reply is not as long as the request."_s : reply.error().message);
        return;
    }
    if (m_times.size() < options().count && !m_deadline.hasExpired()) {
        request();
        return;
    }
    reportTimes();
    finish();
}

void RoundTrip::reportTimes()
{
    std::sort(m_times.begin(), m_times.end());
    const auto us = [](double nanoseconds) {
        return QByteArray::number(nanoseconds / 1000, 'f', 1);
    };
    const auto percentile = [&](size_t p) {
        return us(double(m_times[(m_times.size() * p + 99) / 100 - 1]));
    };
    const qint64 sum = std::accumulate(m_times.begin(), m_times.end(), qint64(0));
    report("{\"work\":\"roundtrip\",\"count\":" + QByteArray::number(m_times.size())
           + ",\"p50_us\":" + percentile(50) + ",\"p99_us\":" + percentile(99)
           + ",\"min_us\":" + us(double(m_times.front()))
           + ",\"avg_us\":" + us(double(sum) / double(m_times.size())) + "}");
}

// ---- handshakes

void Handshakes::start()
{
    m_elapsed.start();
    m_handshakes.emplace(options().count, options().inFlight, options().deadline(), [this] {
        dial([this](Connection *connection) {
            connection->close();
            if (!m_handshakes->oneDone())
                return;
            const double seconds = secondsOf(m_elapsed);
            const quint64 done = m_handshakes->done();
            report("{\"work\":\"handshakes\",\"count\":" + QByteArray::number(done)
                   + ",\"seconds\":" + QByteArray::number(seconds, 'f', 6)
                   + ",\"per_second\":" + QByteArray::number(double(done) / seconds, 'f', 1) + "}");
            finish();
        });
    });
    m_handshakes->fill();
}

// ---- idle

void Idle::start()
{
    m_rssBefore = rssKib();
    m_dials.emplace(options().count, options().inFlight, options().deadline(), [this] {
        dial([this](Connection *) {
            if (m_dials->oneDone())
                hold();
        });
    });
    m_dials->fill();
}

void Idle::hold()
{
    report("{\"work\":\"idle\",\"connections\":" + QByteArray::number(m_dials->done())
           + ",\"rss_kib\":" + QByteArray::number(rssKib())
           + ",\"rss_kib_before\":" + QByteArray::number(m_rssBefore) + "}");
    m_commands.emplace(
        [](const QByteArray &) {},
        [this] {
            const auto open = quint64(endpoint()->connections().size());
            if (open == m_dials->done())
                finish();
            else
                fail(u"%1 connections did not stand until the end."_s.arg(m_dials->done() - open));
        });
}
