// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// One QUIC connection that is no more than ngtcp2 and GnuTLS need.
#pragma once

#include "tls.h"

#include <netinet/in.h>

#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

namespace Bare {

class Connection;
class Endpoint;

//! \brief Called inside callbacks of ngtcp2: may call Connection::send() and request(), and Endpoint::post().
class Handler
{
public:
    virtual ~Handler() = default;
    virtual void opened(Connection &) {}
    //! All of a message was acknowledged, or all of a reply has come.
    virtual void confirmed(Connection &) {}
    virtual void ended(Connection &) {}
};

//! \brief Sends equal bytes on a stream for each message, and answers requests with as many.
class Connection
{
public:
    //! \a initial is null for a client.
    Connection(Endpoint &endpoint, const sockaddr_in &remote, const ngtcp2_pkt_hd *initial);
    ~Connection();
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    void send(size_t size) { m_pendingMessages.push_back(size); }
    void request(size_t size) { m_pendingRequests.push_back(size); }
    void keepAlive();
    //! Returns false where it has ended.
    bool read(const uint8_t *data, size_t size, uint8_t ecn);
    bool handleExpiry();
    bool write();
    void close();

    uint64_t deadline() const { return m_deadline; } //!< as it is known to the endpoint
    void setDeadline(uint64_t deadline) { m_deadline = deadline; }
    uint64_t expiry() const { return ngtcp2_conn_get_expiry(m_conn); }
    std::vector<std::string> &ids() { return m_ids; }
    size_t number = 0; //!< for a handler
    bool isTouched = false; //!< for the endpoint

private:
    struct Callbacks;
    struct Stream
    {
        int64_t id;
        size_t size;
        size_t sent;
    };

    void start(const ngtcp2_pkt_hd *initial);
    void openStreams();
    ngtcp2_ssize writePacket(ngtcp2_path *path, ngtcp2_pkt_info *info, uint8_t *dest, size_t size,
                             ngtcp2_tstamp now);
    ngtcp2_path path();

    Endpoint &m_endpoint;
    const Role m_role;
    sockaddr_in m_local;
    sockaddr_in m_remote;
    ngtcp2_conn *m_conn = nullptr;
    ngtcp2_crypto_conn_ref m_ref{};
    Session m_session;
    std::vector<std::string> m_ids; //!< by which the endpoint finds it
    uint64_t m_deadline = UINT64_MAX;

    std::deque<size_t> m_pendingMessages; //!< sizes of those that have no stream yet
    std::deque<size_t> m_pendingRequests;
    std::deque<Stream> m_streams; //!< with something left to send
    size_t m_blockedInARow = 0;
    std::unordered_map<int64_t, size_t> m_requests; //!< bytes of those that are coming
};

} // namespace Bare
