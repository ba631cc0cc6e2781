// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "endpoint.h"

#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <system_error>

namespace Bare {

namespace {

constexpr int ReadsInARow = 64; // then what is due is written, however fast more comes

int checked(int result, const char *what)
{
    if (result < 0)
        throw std::system_error(errno, std::generic_category(), what);
    return result;
}

//! \brief epoll takes none; it is always readable, and says nothing about when to end.
bool isFile(int fd)
{
    struct stat status
    {
    };
    return fstat(fd, &status) == 0 && (S_ISREG(status.st_mode) || S_ISCHR(status.st_mode))
        && isatty(fd) == 0;
}

const uint8_t *payloadPages()
{
    void *const pages = mmap(nullptr, Endpoint::PayloadSize, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS,
                             -1, 0);
    checked(pages == MAP_FAILED ? -1 : 0, "mmap");
    return static_cast<const uint8_t *>(pages);
}

std::string keyOf(const uint8_t *id, size_t size)
{
    return std::string(reinterpret_cast<const char *>(id), size);
}

} // namespace

Endpoint::Endpoint(in_addr host, Handler &handler, Accepts accepts)
    : m_handler(handler)
    , m_accepts(accepts)
    , m_socket(host)
    , m_payload(payloadPages())
    , m_epoll(checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1"))
    , m_timer(checked(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC), "timerfd_create"))
{
    if (!isFile(STDIN_FILENO))
        watch(STDIN_FILENO);
    watch(m_socket.fd());
    watch(m_timer);
}

Endpoint::~Endpoint()
{
    for (const auto &[connection, owned] : m_connections)
        connection->close();
    m_connections.clear();
    ::close(m_timer);
    ::close(m_epoll);
    munmap(const_cast<uint8_t *>(m_payload), PayloadSize);
}

uint64_t Endpoint::now()
{
    const auto time = std::chrono::steady_clock::now().time_since_epoch();
    return uint64_t(std::chrono::duration_cast<std::chrono::nanoseconds>(time).count());
}

void Endpoint::watch(int fd)
{
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    checked(epoll_ctl(m_epoll, EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
}

// ---- connections

Connection &Endpoint::dial(const sockaddr_in &server)
{
    auto owned = std::make_unique<Connection>(*this, server, nullptr);
    Connection &connection = *owned;
    m_connections.emplace(&connection, std::move(owned));
    touch(connection);
    return connection;
}

void Endpoint::close(Connection &connection)
{
    connection.close();
    remove(connection);
}

void Endpoint::remove(Connection &connection)
{
    setDeadline(connection, UINT64_MAX);
    for (const std::string &id : connection.ids())
        m_byId.erase(id);
    std::erase(m_touched, &connection);
    m_connections.erase(&connection);
}

void Endpoint::addId(Connection &connection, const ngtcp2_cid &id)
{
    connection.ids().push_back(keyOf(id.data, id.datalen));
    m_byId[connection.ids().back()] = &connection;
}

void Endpoint::touch(Connection &connection)
{
    if (!connection.isTouched)
        m_touched.push_back(&connection);
    connection.isTouched = true;
}

void Endpoint::setDeadline(Connection &connection, uint64_t deadline)
{
    if (deadline == connection.deadline())
        return;
    m_deadlines.erase({connection.deadline(), &connection});
    connection.setDeadline(deadline);
    if (deadline != UINT64_MAX)
        m_deadlines.emplace(deadline, &connection);
}

// ---- the loop

void Endpoint::run(std::function<void(const std::string &)> onLine, std::function<void()> onEnd)
{
    m_onLine = std::move(onLine);
    m_onEnd = std::move(onEnd);
    for (std::array<epoll_event, 8> events{}; m_runs;) {
        work();
        setTimer();
        if (!m_runs)
            return;
        const int count = epoll_wait(m_epoll, events.data(), int(events.size()), -1);
        if (count < 0 && errno == EINTR)
            continue;
        checked(count, "epoll_wait");
        for (int i = 0; i < count; ++i) {
            const int fd = events[size_t(i)].data.fd;
            if (fd == m_socket.fd())
                readSocket();
            else if (fd == m_timer)
                handleTimer();
            else if (!readStdin())
                checked(epoll_ctl(m_epoll, EPOLL_CTL_DEL, fd, nullptr), "epoll_ctl");
        }
    }
}

//! Writes what the events have made possible, and does what was posted, until nothing is left.
void Endpoint::work()
{
    while (!m_posted.empty() || !m_touched.empty()) {
        for (const std::function<void()> &action : std::exchange(m_posted, {}))
            action();
        while (!m_touched.empty()) {
            Connection &connection = *m_touched.back();
            m_touched.pop_back();
            connection.isTouched = false;
            if (connection.write()) {
                setDeadline(connection, connection.expiry());
            } else {
                m_handler.ended(connection);
                remove(connection);
            }
        }
    }
}

void Endpoint::at(uint64_t time, std::function<void()> action)
{
    m_alarm = time;
    m_onAlarm = std::move(action);
}

void Endpoint::setTimer()
{
    const uint64_t first = m_deadlines.empty() ? UINT64_MAX : m_deadlines.begin()->first;
    const uint64_t next = std::min(first, m_alarm);
    itimerspec when{}; // zero: never
    if (next != UINT64_MAX) {
        when.it_value.tv_sec = time_t(next / 1'000'000'000);
        when.it_value.tv_nsec = long(next % 1'000'000'000);
    }
    checked(timerfd_settime(m_timer, TFD_TIMER_ABSTIME, &when, nullptr), "timerfd_settime");
}

void Endpoint::handleTimer()
{
    const uint64_t time = now();
    if (m_alarm <= time) {
        m_alarm = UINT64_MAX;
        post(m_onAlarm);
    }
    while (!m_deadlines.empty() && m_deadlines.begin()->first <= time) {
        Connection &connection = *m_deadlines.begin()->second;
        setDeadline(connection, UINT64_MAX); // write() gives it the next
        if (connection.handleExpiry()) {
            touch(connection);
        } else {
            m_handler.ended(connection);
            remove(connection);
        }
    }
}

// ---- in

void Endpoint::readSocket()
{
    Socket::Run run{};
    for (int i = 0; i < ReadsInARow && m_socket.read(run); ++i) {
        for (size_t offset = 0; offset < run.size; offset += run.segmentSize)
            handleDatagram(run, run.bytes + offset, std::min(run.segmentSize, run.size - offset));
    }
}

void Endpoint::handleDatagram(const Socket::Run &run, const uint8_t *data, size_t size)
{
    ngtcp2_version_cid ids{};
    if (ngtcp2_pkt_decode_version_cid(&ids, data, size, IdSize) != 0)
        return;
    const auto known = m_byId.find(keyOf(ids.dcid, ids.dcidlen));
    Connection *const connection = known != m_byId.end() ? known->second : accept(run, data, size);
    if (!connection)
        return;
    if (connection->read(data, size, run.ecn)) {
        touch(*connection);
    } else { // closed by the peer, or an error
        m_handler.ended(*connection);
        remove(*connection);
    }
}

//! Null: late, for a connection that is closed.
Connection *Endpoint::accept(const Socket::Run &run, const uint8_t *data, size_t size)
{
    ngtcp2_pkt_hd initial;
    if (m_accepts == Accepts::No || ngtcp2_accept(&initial, data, size) != 0)
        return nullptr;
    auto owned = std::make_unique<Connection>(*this, run.from, &initial);
    Connection *const connection = owned.get();
    m_connections.emplace(connection, std::move(owned));
    return connection;
}

//! Returns whether it is still open.
bool Endpoint::readStdin()
{
    std::array<char, 512> buffer{};
    const ssize_t size = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (size <= 0) {
        m_onEnd();
        return false;
    }
    m_input.append(buffer.data(), size_t(size));
    for (size_t end = m_input.find('\n'); end != std::string::npos; end = m_input.find('\n')) {
        m_onLine(m_input.substr(0, end));
        m_input.erase(0, end + 1);
    }
    return true;
}

} // namespace Bare
