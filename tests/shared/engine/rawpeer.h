// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A QUIC peer that does what no honest one would: the adversary of the hostile tests.
#pragma once

#include <shared/engine/rawtls.h>
#include <shared/engine/virtualwire.h>

#include <qp2pcore/engine/messages/hello.h>

#include <deque>
#include <map>
#include <optional>

namespace Qp2p::Test {

//! \brief A minimal program on ngtcp2's public API. It completes a handshake, says a
//! valid hello, and then obeys the test.
//!
//! Two ways to misbehave: calls that ngtcp2 allows (any bytes on any stream, resets, silence), and
//! the encrypt callback, which sees every packet's frames before they are protected and may replace
//! them by any others of the same length (facts/security.md section 1.5).
class RawPeer final : public Party
{
public:
    struct Options
    {
        RawTlsOptions tls = {};
        QByteArray hello = encode(Engine::Hello{}); //!< what stream 0 begins with; empty: nothing
        //! A last look at the transport parameters.
        std::function<void(ngtcp2_transport_params &)> parameters = {};
        quint64 seed = 77;
        ngtcp2_duration handshakeTimeout = UINT64_MAX;
    };
    //! What the victim closed the connection with.
    struct Close
    {
        bool application = false; //!< else a transport error (RFC 9000 section 20.1)
        quint64 code = 0;
        QByteArray reason;
    };
    enum class PacketKind { Initial, Handshake, OneRtt };

    //! A dialler dials \a peer at once; an acceptor waits, and \a peer is not used.
    RawPeer(const Engine::SocketAddress &own, const Engine::SocketAddress &peer,
            const Options &options, ngtcp2_tstamp now = TimeZero);
    ~RawPeer() override;

    // Party
    void receive(const Datagram &datagram, ngtcp2_tstamp now) override;
    void expire(ngtcp2_tstamp now) override;
    std::vector<Datagram> write(ngtcp2_tstamp now) override;
    ngtcp2_tstamp deadline() const override;

    // What it knows
    bool isConfirmed() const { return m_confirmed; }
    //! Confirmed and greeted by the victim.
    bool isOpen() const { return m_confirmed && !received(0).isEmpty(); }
    bool isAlive() const { return m_conn && !m_close && m_failure == 0; }
    const std::optional<Close> &closedBy() const { return m_close; }
    //! ngtcp2's own last word; 0: none.
    int failure() const { return m_failure; }
    bool wasReset() const { return m_reset; }
    //! Whether the peer saw \a code as a transport error, or as an application error.
    bool wasClosedWith(bool application, quint64 code) const
    {
        return m_close && m_close->application == application && m_close->code == code;
    }
    QByteArray received(qint64 stream) const
    {
        const auto found = m_received.find(stream);
        return found == m_received.end() ? QByteArray() : found->second;
    }
    //! Whether these bytes stood in any 1-RTT packet of the victim's.
    bool sawFrame(const QByteArray &frame) const;
    int count(const QByteArray &prefix) const;
    ngtcp2_conn *connection() const { return m_conn; }
    bool wasResumed() const { return gnutls_session_is_resumed(m_tls.get()) != 0; }
    //! What the next dial can resume with; empty: no ticket has come.
    QByteArray sessionTicket() const;
    quint64 bytesReceived() const { return m_bytesReceived; }

    // What it does as ngtcp2 allows it
    //! -1 where the victim permits no more.
    qint64 open(bool bidirectional = false);
    void send(qint64 stream, const QByteArray &data, Engine::Fin fin = Engine::Fin::No);
    //! A new stream for \a data. -1 where the victim permits no more.
    qint64 sendOnNewStream(const QByteArray &data, Engine::Fin fin = Engine::Fin::Yes,
                           bool bidirectional = false);
    void reset(qint64 stream, quint64 code);
    void stopReading(qint64 stream, quint64 code);
    bool updateKey(ngtcp2_tstamp now);
    //! Bytes that are not yet sent.
    bool hasUnsent() const;
    //! Whether something was sent on \a stream, and the stream has not ended.
    bool isSendingOn(qint64 stream) const { return m_outgoing.contains(stream); }

    // What ngtcp2 does not allow
    //! \brief One 1-RTT packet with these \a frames and nothing else, at most FrameCapacity bytes.
    //! \a headerBits are XORed into its first byte, under the header protection.
    void sendFrames(const QByteArray &frames, quint8 headerBits = 0);
    //! Packets still to be sent of those.
    bool hasFrames() const { return !m_packets.empty(); }
    //! \brief Sees the frames of every other packet before encryption and may change them in place.
    std::function<void(PacketKind kind, std::span<quint8> frames)> mutate;
    //! \brief The same for the frames of every 1-RTT packet of the victim's, after decryption: what it
    //! takes away, this side does not know.
    std::function<void(std::span<quint8> frames)> mutateReceived;
    //! Whether sawFrame() knows the packets from now on.
    bool remembersFrames = true;
    //! Whether it acknowledges, flow controls and retransmits: false, and it only receives.
    bool writes = true;
    //! Whether it grants credit for what it has received: false, and the victim can send it no more than
    //! the transport parameters allow.
    bool grantsCredit = true;

    static constexpr qsizetype FrameCapacity = 1140;

private:
    struct Packet
    {
        QByteArray frames;
        quint8 headerBits = 0;
    };
    struct Outgoing
    {
        std::deque<QByteArray> kept; // ngtcp2 points into them until they are acknowledged
        size_t current = 0;
        qsizetype sent = 0; // of the current one
        bool fin = false;
        bool finSent = false;
    };
    struct Callbacks;

    void startDialling(const Engine::SocketAddress &peer, ngtcp2_tstamp now);
    bool startAccepting(const Datagram &datagram, ngtcp2_tstamp now);
    void startTls();
    void check(int rv);
    bool writeStream(qint64 id, Outgoing &out, std::vector<Datagram> &written, ngtcp2_tstamp now);
    bool writeCarrier(std::vector<Datagram> &written, ngtcp2_tstamp now);
    bool writePacket(qint64 stream, quint32 flags, const ngtcp2_vec *data, ngtcp2_ssize *taken,
                     std::vector<Datagram> &written, ngtcp2_tstamp now, ngtcp2_ssize *result);

    const Options m_options;
    Engine::SocketAddress m_peer;
    Engine::RandomSource m_random;
    ngtcp2_crypto_conn_ref m_ref{};
    Engine::TlsSession m_tls;
    ngtcp2_conn *m_conn = nullptr;

    bool m_handshakeDone = false;
    bool m_greeted = false;
    bool m_confirmed = false;
    bool m_reset = false;
    int m_failure = 0; // what ngtcp2 said at last, of its own accord
    std::optional<Close> m_close;
    quint64 m_bytesReceived = 0;
    std::map<qint64, QByteArray> m_received;
    std::vector<QByteArray> m_plaintexts; // of the victim's 1-RTT packets

    std::map<qint64, Outgoing> m_outgoing;
    std::deque<Packet> m_packets;
    int64_t m_carrier = -1;
};

} // namespace Qp2p::Test
