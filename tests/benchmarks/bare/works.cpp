// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "works.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <numeric>
#include <stdexcept>

namespace Bare {

namespace {

//! \brief Begins an operation, at most so many at a time, until the count or the time is reached.
class Client : public Handler
{
public:
    explicit Client(const Options &options)
        : m_options(options)
        , m_endpoint(options.bind, *this, Endpoint::Accepts::No)
    {
    }

    void run()
    {
        m_endpoint.post([this] { start(); });
        m_endpoint.run([](const std::string &) {}, [this] { m_endpoint.quit(); });
        if (!m_reported)
            throw std::runtime_error("a connection ended");
    }

protected:
    virtual void start() = 0;
    void ended(Connection &) override
    {
        m_reported = false;
        m_endpoint.quit();
    }

    Connection &dial() { return m_endpoint.dial(m_options.server); }
    void startClock(double part = 1)
    {
        m_start = Endpoint::now();
        m_begun = m_done = 0;
        m_limit = part < 1 ? uint64_t(double(m_options.count) * part) + 1 : m_options.count;
        m_deadline = m_options.seconds ? m_start + uint64_t(*m_options.seconds * part * 1e9)
                                       : UINT64_MAX;
    }
    bool mayBegin()
    {
        if (m_begun >= m_limit || m_begun - m_done >= m_options.inFlight
            || Endpoint::now() >= m_deadline)
            return false;
        ++m_begun;
        return true;
    }
    bool isLast() const { return m_done == m_begun; }
    double seconds() const { return double(Endpoint::now() - m_start) / 1e9; }

    //! After the figures are printed.
    void finish()
    {
        std::fflush(stdout);
        m_reported = true;
        if (m_options.work != "idle")
            m_endpoint.quit();
    }

    const Options m_options;
    Endpoint m_endpoint;
    uint64_t m_done = 0;

private:
    uint64_t m_begun = 0;
    uint64_t m_limit = 0;
    uint64_t m_start = 0;
    uint64_t m_deadline = UINT64_MAX;
    bool m_reported = false;
};

class Messages final : public Client
{
    using Client::Client;

    void start() override { dial(); }
    void opened(Connection &connection) override
    {
        startClock(0.05); // lets the congestion window grow before the clock starts
        fill(connection);
    }
    void confirmed(Connection &connection) override
    {
        ++m_done;
        fill(connection);
        if (!isLast())
            return;
        if (!m_isWarm) {
            m_isWarm = true;
            startClock();
            fill(connection);
            return;
        }
        const double perSecond = double(m_done) / seconds();
        std::printf("{\"work\":\"messages\",\"count\":%llu,\"size\":%zu,\"seconds\":%.6f,"
                    "\"messages_per_second\":%.1f,\"mb_per_second\":%.3f}\n",
                    static_cast<unsigned long long>(m_done), m_options.size, seconds(), perSecond,
                    perSecond * double(m_options.size) / 1e6);
        finish();
    }
    void fill(Connection &connection)
    {
        while (mayBegin())
            connection.send(m_options.size);
    }

    bool m_isWarm = false;
};

double percentile(const std::vector<uint64_t> &sorted, size_t p)
{
    return double(sorted[(sorted.size() * p + 99) / 100 - 1]);
}

class RoundTrip final : public Client
{
    using Client::Client;

    void start() override { dial(); }
    void opened(Connection &connection) override
    {
        startClock();
        next(connection);
    }
    void confirmed(Connection &connection) override
    {
        m_times.push_back(Endpoint::now() - m_begin);
        ++m_done;
        if (next(connection))
            return;
        std::sort(m_times.begin(), m_times.end());
        const auto sum = std::accumulate(m_times.begin(), m_times.end(), uint64_t(0));
        std::printf(
            "{\"work\":\"roundtrip\",\"count\":%zu,\"p50_us\":%.1f,\"p99_us\":%.1f,\"min_us\":%.1f,"
            "\"avg_us\":%.1f}\n",
            m_times.size(), percentile(m_times, 50) / 1e3, percentile(m_times, 99) / 1e3,
            double(m_times.front()) / 1e3, double(sum) / double(m_times.size()) / 1e3);
        finish();
    }
    bool next(Connection &connection)
    {
        m_begin = Endpoint::now();
        if (!mayBegin())
            return false;
        connection.request(m_options.size);
        return true;
    }

    uint64_t m_begin = 0;
    std::vector<uint64_t> m_times;
};

class Handshakes final : public Client
{
    using Client::Client;

    void start() override
    {
        startClock();
        fill();
    }
    void opened(Connection &connection) override
    {
        // Its last flight must be written before it closes, else the server has no keys to read that with.
        m_endpoint.touch(connection);
        m_opened.push_back(&connection);
        m_endpoint.post([this] {
            if (m_opened.empty())
                return;
            for (Connection *const done : std::exchange(m_opened, {})) {
                done->write();
                m_endpoint.close(*done);
                ++m_done;
            }
            fill();
            if (!isLast())
                return;
            std::printf(
                "{\"work\":\"handshakes\",\"count\":%llu,\"seconds\":%.6f,\"per_second\":%.1f}\n",
                static_cast<unsigned long long>(m_done), seconds(), double(m_done) / seconds());
            finish();
        });
    }
    void fill()
    {
        while (mayBegin())
            dial();
    }

    std::vector<Connection *> m_opened;
};

class Cold final : public Client
{
    using Client::Client;

    void start() override
    {
        startClock();
        next();
    }
    void opened(Connection &connection) override
    {
        m_opened.push_back(Endpoint::now() - m_begin);
        connection.send(m_options.size);
    }
    void confirmed(Connection &connection) override
    {
        m_confirmed.push_back(Endpoint::now() - m_begin);
        m_endpoint.post([this, &connection] {
            m_endpoint.close(connection);
            ++m_done;
            if (!next())
                reportTimes();
        });
    }
    bool next()
    {
        m_begin = Endpoint::now();
        if (!mayBegin())
            return false;
        dial();
        return true;
    }
    void reportTimes()
    {
        std::sort(m_opened.begin(), m_opened.end());
        std::sort(m_confirmed.begin(), m_confirmed.end());
        std::printf("{\"work\":\"cold\",\"count\":%zu,\"size\":%zu,\"opened_p50_ms\":%.3f,"
                    "\"confirmed_p50_ms\":%.3f,\"confirmed_p90_ms\":%.3f}\n",
                    m_confirmed.size(), m_options.size, percentile(m_opened, 50) / 1e6,
                    percentile(m_confirmed, 50) / 1e6, percentile(m_confirmed, 90) / 1e6);
        finish();
    }

    uint64_t m_begin = 0;
    std::vector<uint64_t> m_opened;
    std::vector<uint64_t> m_confirmed;
};

//! \brief What idle and crowd have in common: many connections, opened first.
class Many : public Client
{
protected:
    using Client::Client;

    virtual void allOpen() = 0;
    void start() override
    {
        m_wanted = m_options.work == "idle" ? m_options.count : m_options.connections;
        fill();
    }
    void opened(Connection &connection) override
    {
        connection.number = m_open.size();
        m_open.push_back(&connection);
        m_endpoint.post([this] {
            fill();
            if (m_open.size() == m_wanted && !std::exchange(m_allOpen, true))
                allOpen();
        });
    }
    void fill()
    {
        for (; m_dialled < m_wanted && m_dialled - m_open.size() < m_options.inFlight; ++m_dialled)
            dial();
    }

    std::vector<Connection *> m_open;

private:
    uint64_t m_wanted = 0;
    uint64_t m_dialled = 0;
    bool m_allOpen = false;
};

class Idle final : public Many
{
    using Many::Many;

    void allOpen() override
    {
        for (Connection *connection : m_open)
            connection->keepAlive();
        std::printf(
            "{\"work\":\"idle\",\"connections\":%zu,\"rss_kib\":%ld,\"rss_kib_before\":%ld}\n",
            m_open.size(), rssKib(), m_rssBefore);
        finish();
    }

    const long m_rssBefore = rssKib();
};

class Crowd final : public Many
{
    using Many::Many;

    void allOpen() override
    {
        startClock();
        m_messages.resize(m_open.size());
        m_endpoint.at(Endpoint::now() + uint64_t(m_options.seconds.value() * 1e9),
                      [this] { reportShares(); });
        for (Connection *connection : m_open) {
            connection->send(m_options.size);
            m_endpoint.touch(*connection);
        }
    }
    void confirmed(Connection &connection) override
    {
        ++m_messages[connection.number];
        connection.send(m_options.size);
    }
    void reportShares()
    {
        double sum = 0;
        double squares = 0;
        for (const uint64_t share : m_messages) {
            sum += double(share);
            squares += double(share) * double(share);
        }
        const double fairness = squares > 0 ? sum * sum / (double(m_messages.size()) * squares) : 0;
        std::printf(
            "{\"work\":\"crowd\",\"connections\":%zu,\"size\":%zu,\"count\":%.0f,\"seconds\":%.6f,"
            "\"mb_per_second\":%.3f,\"jain\":%.4f}\n",
            m_messages.size(), m_options.size, sum, seconds(),
            sum * double(m_options.size) / seconds() / 1e6, fairness);
        finish();
    }

    std::vector<uint64_t> m_messages;
};

} // namespace

long rssKib()
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.rfind("VmRSS:", 0) == 0)
            return std::stol(line.substr(6));
    }
    throw std::runtime_error("/proc/self/status has no VmRSS");
}

void measure(const Options &options)
{
    if (options.work == "messages")
        Messages(options).run();
    else if (options.work == "roundtrip")
        RoundTrip(options).run();
    else if (options.work == "handshakes")
        Handshakes(options).run();
    else if (options.work == "cold")
        Cold(options).run();
    else if (options.work == "idle")
        Idle(options).run();
    else if (options.work == "crowd" && options.seconds)
        Crowd(options).run();
    else
        throw std::invalid_argument(
            "--work is messages, roundtrip, handshakes, idle, cold or crowd, and a crowd "
            "needs --seconds");
}

} // namespace Bare
