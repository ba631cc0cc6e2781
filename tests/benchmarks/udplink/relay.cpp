// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "relay.h"

#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <system_error>

namespace UdpLink {

namespace {

constexpr size_t MaxFlows = 4096;
constexpr int ReadsInARow = 64; // then what is due is sent, however fast more comes
constexpr int SocketBuffer = 8 << 20; // bytes, for what comes while this process does not run

int checked(int result, const char *what)
{
    if (result < 0)
        throw std::system_error(errno, std::generic_category(), what);
    return result;
}

int udpSocket()
{
    const int fd = checked(socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket");
    for (const int side : {SO_RCVBUF, SO_SNDBUF})
        setsockopt(fd, SOL_SOCKET, side, &SocketBuffer,
                   sizeof(SocketBuffer)); // what the system allows
    return fd;
}

nanoseconds now()
{
    return std::chrono::duration_cast<nanoseconds>(
        std::chrono::steady_clock::now().time_since_epoch());
}

const sockaddr *generic(const sockaddr_in &address)
{
    return reinterpret_cast<const sockaddr *>(&address);
}

} // namespace

Descriptor::~Descriptor()
{
    if (m_fd >= 0)
        close(m_fd);
}

Relay::Relay(in_addr host, const std::vector<sockaddr_in> &servers, const LinkSettings &settings,
             uint64_t seed)
    : m_up{LinkModel(settings, Qp2p::Test::SeededRandom::derivedSeed(seed, 0))}
    , m_down{LinkModel(settings, Qp2p::Test::SeededRandom::derivedSeed(seed, 1))}
    , m_epoll(checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1"))
    , m_timer(checked(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC), "timerfd_create"))
    , m_buffer(std::numeric_limits<uint16_t>::max())
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr = host;
    for (const sockaddr_in &server : servers) {
        m_servers.push_back(std::unique_ptr<Server>(new Server{server, Descriptor(udpSocket())}));
        const int socket = m_servers.back()->socket.fd();
        checked(bind(socket, generic(address), sizeof(address)), "bind");
        watch(socket);
    }
    prctl(PR_SET_TIMERSLACK, 1); // ns: the kernel's default is 50 us late
    watch(STDIN_FILENO);
    watch(m_timer.fd());
}

std::vector<sockaddr_in> Relay::addresses() const
{
    std::vector<sockaddr_in> all;
    for (const auto &server : m_servers) {
        sockaddr_in address{};
        socklen_t size = sizeof(address);
        checked(getsockname(server->socket.fd(), reinterpret_cast<sockaddr *>(&address), &size),
                "getsockname");
        all.push_back(address);
    }
    return all;
}

std::vector<Relay::Passed> Relay::passed() const
{
    std::vector<Passed> all;
    for (const auto &server : m_servers)
        all.push_back(server->passed);
    return all;
}

void Relay::watch(int fd)
{
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    checked(epoll_ctl(m_epoll.fd(), EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
}

void Relay::run(const std::function<void(std::string_view line)> &onLine)
{
    for (std::array<epoll_event, 64> events{};;) {
        const int count = epoll_wait(m_epoll.fd(), events.data(), int(events.size()), -1);
        if (count < 0 && errno == EINTR)
            continue;
        checked(count, "epoll_wait");
        for (int i = 0; i < count; ++i) {
            const int fd = events[size_t(i)].data.fd;
            if (fd != STDIN_FILENO)
                readSocket(fd);
            else if (!readStdin(onLine))
                return;
        }
        deliver();
        setTimer();
    }
}

//! Returns whether it is still open.
bool Relay::readStdin(const std::function<void(std::string_view line)> &onLine)
{
    const ssize_t size = read(STDIN_FILENO, m_buffer.data(), m_buffer.size());
    if (size <= 0)
        return size < 0 && errno == EINTR;
    m_input.append(m_buffer.data(), size_t(size));
    for (size_t end; (end = m_input.find('\n')) != std::string::npos; m_input.erase(0, end + 1))
        onLine(std::string_view(m_input).substr(0, end));
    return true;
}

void Relay::readSocket(int fd)
{
    if (const auto flow = m_flowBySocket.find(fd); flow != m_flowBySocket.end()) {
        readServer(*flow->second);
        return;
    }
    for (const auto &server : m_servers) {
        if (server->socket.fd() == fd)
            readClients(*server);
    }
}

void Relay::readClients(Server &server)
{
    for (int i = 0; i < ReadsInARow; ++i) {
        sockaddr_in client{};
        socklen_t length = sizeof(client);
        const ssize_t size = recvfrom(server.socket.fd(), m_buffer.data(), m_buffer.size(), 0,
                                      reinterpret_cast<sockaddr *>(&client), &length);
        if (size < 0)
            return; // nothing more, or an ICMP error of an earlier datagram: the next event goes on
        if (const Flow *flow = flowOf(server, client))
            take(m_up, *flow, size_t(size));
    }
}

void Relay::readServer(const Flow &flow)
{
    for (int i = 0; i < ReadsInARow; ++i) {
        const ssize_t size = recv(flow.socket.fd(), m_buffer.data(), m_buffer.size(), 0);
        if (size < 0)
            return;
        take(m_down, flow, size_t(size));
    }
}

//! Null where there are too many clients; their datagrams are dropped.
const Relay::Flow *Relay::flowOf(Server &server, const sockaddr_in &client)
{
    const FlowKey key(&server, client.sin_addr.s_addr, client.sin_port);
    const auto known = m_flows.find(key);
    if (known != m_flows.end())
        return known->second.get();
    if (m_flows.size() >= MaxFlows)
        return nullptr;
    auto flow = std::unique_ptr<Flow>(new Flow{&server, client, Descriptor(udpSocket())});
    checked(connect(flow->socket.fd(), generic(server.address), sizeof(server.address)), "connect");
    watch(flow->socket.fd());
    m_flowBySocket.emplace(flow->socket.fd(), flow.get());
    return m_flows.emplace(key, std::move(flow)).first->second.get();
}

void Relay::take(Direction &direction, const Flow &flow, size_t size)
{
    const std::optional<nanoseconds> arrival = direction.model.send(size, now());
    if (arrival) {
        const char *const data = m_buffer.data();
        direction.waiting.push_back({*arrival, &flow, std::vector<char>(data, data + size)});
    }
}

//! A send that the system refuses is a loss, as on any network.
void Relay::deliver()
{
    const nanoseconds time = now();
    for (; !m_up.waiting.empty() && m_up.waiting.front().arrival <= time; m_up.waiting.pop_front()) {
        const Waiting &next = m_up.waiting.front();
        next.flow->server->passed.upBytes += next.data.size();
        static_cast<void>(send(next.flow->socket.fd(), next.data.data(), next.data.size(), 0));
    }
    for (; !m_down.waiting.empty() && m_down.waiting.front().arrival <= time;
         m_down.waiting.pop_front()) {
        const Waiting &next = m_down.waiting.front();
        next.flow->server->passed.downBytes += next.data.size();
        static_cast<void>(sendto(next.flow->server->socket.fd(), next.data.data(), next.data.size(),
                                 0, generic(next.flow->client), sizeof(next.flow->client)));
    }
}

void Relay::setTimer()
{
    nanoseconds next = nanoseconds::max();
    for (const Direction *direction : {&m_up, &m_down}) {
        if (!direction->waiting.empty())
            next = std::min(next, direction->waiting.front().arrival);
    }
    itimerspec when{}; // zero: never
    if (next != nanoseconds::max()) {
        when.it_value.tv_sec = next.count() / 1'000'000'000;
        when.it_value.tv_nsec = next.count() % 1'000'000'000;
    }
    // Setting it also clears an expiry that was not read.
    checked(timerfd_settime(m_timer.fd(), TFD_TIMER_ABSTIME, &when, nullptr), "timerfd_settime");
}

} // namespace UdpLink
