// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The event loop of one socket with its connections: epoll, one timer, standard input.
#pragma once

#include "connection.h"
#include "socket.h"
#include "tls.h"

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

namespace Bare {

//! \brief Throws what the system refuses.
class Endpoint
{
public:
    enum class Accepts { No, Yes };
    static constexpr size_t IdSize = 8;
    static constexpr size_t PayloadSize = 64 << 20; //!< of the largest message

    Endpoint(in_addr host, Handler &handler, Accepts accepts);
    ~Endpoint();
    Endpoint(const Endpoint &) = delete;
    Endpoint &operator=(const Endpoint &) = delete;

    static uint64_t now(); //!< nanoseconds

    Connection &dial(const sockaddr_in &server);
    void close(Connection &connection);
    //! Has its packets written, soon.
    void touch(Connection &connection);
    //! Calls \a action outside of all callbacks, soon.
    void post(std::function<void()> action) { m_posted.push_back(std::move(action)); }
    //! Until quit(). \a onLine is called with each line of standard input, and \a onEnd at its end.
    void run(std::function<void(const std::string &)> onLine, std::function<void()> onEnd);
    void quit() { m_runs = false; }
    //! Calls \a action once at \a time.
    void at(uint64_t time, std::function<void()> action);

    size_t connectionCount() const { return m_connections.size(); }
    Handler &handler() { return m_handler; }
    Socket &socket() { return m_socket; }
    const sockaddr_in &address() const { return m_socket.address(); }
    const Credentials &credentials() const { return m_credentials; }
    //! Equal bytes, which take no memory.
    const uint8_t *payload() const { return m_payload; }
    void addId(Connection &connection, const ngtcp2_cid &id);

private:
    void watch(int fd);
    bool readStdin();
    void readSocket();
    void handleDatagram(const Socket::Run &run, const uint8_t *data, size_t size);
    Connection *accept(const Socket::Run &run, const uint8_t *data, size_t size);
    void handleTimer();
    void work();
    void setDeadline(Connection &connection, uint64_t deadline);
    void remove(Connection &connection);
    void setTimer();

    Handler &m_handler;
    const Accepts m_accepts;
    Socket m_socket;
    Credentials m_credentials;
    const uint8_t *m_payload;
    int m_epoll;
    int m_timer;
    bool m_runs = true;
    std::function<void(const std::string &)> m_onLine;
    std::function<void()> m_onEnd;
    std::string m_input;
    std::unordered_map<Connection *, std::unique_ptr<Connection>> m_connections;
    std::unordered_map<std::string, Connection *> m_byId;
    std::set<std::pair<uint64_t, Connection *>> m_deadlines;
    std::vector<Connection *> m_touched;
    std::vector<std::function<void()>> m_posted;
    uint64_t m_alarm = UINT64_MAX;
    std::function<void()> m_onAlarm;
};

} // namespace Bare
