// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// One side of a QUIC connection that is no more than ngtcp2 and GnuTLS need: what ours is measured by.
#pragma once

#include "baretls.h"
#include "wire.h"

#include <shared/seededrandom.h>

#include <ngtcp2/ngtcp2_crypto.h>

#include <deque>
#include <map>

namespace Instructions {

//! \brief Sends equal messages on a stream each, or counts those that come. Ends the program on any error.
class BareSide
{
public:
    enum class ProbesMtu { No, Yes };
    struct Messages
    {
        size_t count = 0;
        size_t size = 0; //!< bytes on the stream
        size_t inFlight = 0;
    };

    BareSide(Wire &wire, End end, BareCredentials &credentials, ProbesMtu probesMtu);
    ~BareSide();
    Q_DISABLE_COPY_MOVE(BareSide)

    void dial();
    void handle(Wire::Happens what);
    void send(const Messages &messages);
    void close();

    bool hasConnection() const { return m_ref.conn; }
    bool isConfirmed() const { return m_ref.conn && m_confirmed; }
    bool isResumed() const { return gnutls_session_is_resumed(m_tls.get()) != 0; }
    //! \brief Of a sender: messages of which all was acknowledged; else messages that came.
    size_t messagesDone() const { return m_messagesDone; }
    size_t bytesReceived() const { return m_bytesReceived; }

private:
    struct Callbacks;
    struct Stream
    {
        int64_t id = -1;
        size_t sent = 0;
    };

    void accept(const quint8 *data, size_t size);
    void start(const ngtcp2_pkt_hd *initial);
    void end();
    void receive();
    bool handleDatagram(const quint8 *data, size_t size, quint8 ecn);
    void write();
    ngtcp2_ssize writePacket(quint8 *dest, size_t size, ngtcp2_pkt_info *info);
    Stream *nextStream();
    ngtcp2_cid randomId(size_t size);
    void fillRandom(quint8 *bytes, size_t size);
    ngtcp2_path path();

    Wire &m_wire;
    const End m_end;
    BareCredentials &m_credentials;
    const ProbesMtu m_probesMtu;
    Qp2p::Test::SeededRandom m_random;
    Qp2p::Engine::SocketAddress m_local;
    Qp2p::Engine::SocketAddress m_remote;
    BareRef m_ref; // has the connection
    BareTls m_tls;
    bool m_confirmed = false;

    Messages m_messages;
    std::vector<quint8> m_message; // every stream sends it
    size_t m_messagesBegun = 0;
    size_t m_messagesDone = 0;
    size_t m_bytesReceived = 0;
    std::deque<Stream> m_streams; // with something left to send
    size_t m_blockedInARow = 0;
    std::vector<quint8> m_buffer;
};

} // namespace Instructions
