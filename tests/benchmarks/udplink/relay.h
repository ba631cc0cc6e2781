// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The sockets and the clock around two LinkModels: relays datagrams between clients and one server.
#pragma once

#include "linkmodel.h"

#include <netinet/in.h>

#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace UdpLink {

//! \brief Closes what it holds.
class Descriptor
{
public:
    explicit Descriptor(int fd)
        : m_fd(fd)
    {
    }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    ~Descriptor();

    int fd() const { return m_fd; }

private:
    const int m_fd;
};

//! \brief All clients share the bottleneck of each direction; the server sees a port for each.
//!
//! Throws std::system_error where the system refuses a socket.
class Relay
{
public:
    //! Listens on a free port of \a host.
    Relay(in_addr host, const sockaddr_in &server, const LinkSettings &settings, uint64_t seed);

    //! Where clients send to.
    sockaddr_in address() const;
    //! Relays until stdin is closed.
    void run();

    const LinkCounters &up() const { return m_up.model.counters(); }
    const LinkCounters &down() const { return m_down.model.counters(); }

private:
    using ClientKey = std::pair<in_addr_t, in_port_t>;
    struct Flow
    {
        sockaddr_in client;
        Descriptor socket; //!< connected to the server
    };
    struct Waiting
    {
        nanoseconds arrival;
        const Flow *flow;
        std::vector<char> data;
    };
    struct Direction
    {
        LinkModel model;
        std::deque<Waiting> waiting{}; //!< in the order of their arrival
    };

    void watch(int fd);
    const Flow *flowOf(const sockaddr_in &client);
    bool readStdin();
    void readClients();
    void readServer(const Flow &flow);
    void take(Direction &direction, const Flow &flow, size_t size);
    void deliver();
    void setTimer();

    const sockaddr_in m_server;
    Direction m_up;
    Direction m_down;
    Descriptor m_socket; //!< of the clients
    Descriptor m_epoll;
    Descriptor m_timer;
    std::map<ClientKey, std::unique_ptr<Flow>> m_flows;
    std::map<int, const Flow *> m_flowBySocket;
    std::vector<char> m_buffer;
};

} // namespace UdpLink
