// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The sockets and the clock around two LinkModels: relays datagrams between clients and their servers.
#pragma once

#include "linkmodel.h"

#include <netinet/in.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
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

//! \brief All clients of all servers share the bottleneck of each direction; a server sees a port for each.
//!
//! Throws std::system_error where the system refuses a socket.
class Relay
{
public:
    //! What has passed the link between the clients of a server and that server: payload of UDP.
    struct Passed
    {
        uint64_t upBytes = 0;
        uint64_t downBytes = 0;
    };

    //! Listens on a free port of \a host for each of \a servers.
    Relay(in_addr host, const std::vector<sockaddr_in> &servers, const LinkSettings &settings,
          uint64_t seed);

    //! Where clients send to, in the order of the servers.
    std::vector<sockaddr_in> addresses() const;
    //! Relays until stdin is closed; \a onLine is called with what comes there before, line by line.
    void run(const std::function<void(std::string_view line)> &onLine);

    const LinkCounters &up() const { return m_up.model.counters(); }
    const LinkCounters &down() const { return m_down.model.counters(); }
    //! In the order of the servers.
    std::vector<Passed> passed() const;

private:
    struct Server
    {
        sockaddr_in address;
        Descriptor socket; //!< of its clients
        Passed passed{};
    };
    using FlowKey = std::tuple<const Server *, in_addr_t, in_port_t>;
    struct Flow
    {
        Server *server;
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
    const Flow *flowOf(Server &server, const sockaddr_in &client);
    bool readStdin(const std::function<void(std::string_view line)> &onLine);
    void readSocket(int fd);
    void readClients(Server &server);
    void readServer(const Flow &flow);
    void take(Direction &direction, const Flow &flow, size_t size);
    void deliver();
    void setTimer();

    Direction m_up;
    Direction m_down;
    std::vector<std::unique_ptr<Server>> m_servers;
    Descriptor m_epoll;
    Descriptor m_timer;
    std::string m_input; //!< of stdin, a line that is not complete
    std::map<FlowKey, std::unique_ptr<Flow>> m_flows;
    std::map<int, const Flow *> m_flowBySocket;
    std::vector<char> m_buffer;
};

} // namespace UdpLink
