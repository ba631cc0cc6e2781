// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What an endpoint is configured with before it starts.
#pragma once

#include <qp2pcore/certificatepolicy.h>
#include <qp2pcore/identity.h>
#include <qp2pcore/qp2pcore_export.h>
#include <qp2pcore/result.h>

#include <QSharedDataPointer>
#include <QString>

#include <chrono>

namespace Qp2p {

class EndpointConfigData;

//! \brief The settings of an Endpoint. A value, implicitly shared; an endpoint keeps its own copy.
class QP2PCORE_EXPORT EndpointConfig
{
public:
    //! When the address of a dialling peer is validated by a Retry packet before any state is kept
    //! (RFC 9000 section 8.1.2).
    enum class RetryMode {
        //! \brief The default: costs the dialling peer one round trip, unless it was here within a day, and forged
        //! senders get nothing.
        Always,
        UnderLoad, //!< once 64 handshakes are half-open
        Never,
    };
    enum class CongestionControl { Cubic, Bbr, Reno };

    EndpointConfig();
    EndpointConfig(const EndpointConfig &);
    EndpointConfig(EndpointConfig &&) noexcept;
    EndpointConfig &operator=(const EndpointConfig &);
    EndpointConfig &operator=(EndpointConfig &&) noexcept;
    ~EndpointConfig();

    //! Null (the default) makes the endpoint generate one that lives as long as it does.
    Identity identity() const;
    void setIdentity(const Identity &identity);

    CertificatePolicy certificatePolicy() const; //!< EncryptOnly by default
    void setCertificatePolicy(const CertificatePolicy &policy);

    //! \brief Whether peers of the Rust library qp2p (0.35 to 0.36.4) may dial, on the same port, and
    //! can be dialled with Protocol::Legacy. Refused by default.
    //!
    //! Such a dialling peer has no certificate and proves nothing, so validate() allows this only together
    //! with CertificatePolicy::encryptOnly(). Peers that speak qp2p/1 prove their keys all the same.
    enum class LegacyPeers { Refused, Accepted };
    LegacyPeers legacyPeers() const;
    void setLegacyPeers(LegacyPeers peers);

    RetryMode retryMode() const;
    void setRetryMode(RetryMode mode);

    //! \brief Whether peers that have met within a day may skip the certificates, with a session ticket (RFC 8446
    //! section 2.2). Enabled by default: such a handshake takes both sides some 40 % less CPU. Nothing is sent earlier
    //! (no 0-RTT), each connection has a key exchange of its own, and the certificates of the earlier one are verified
    //! again by what the settings say now.
    //!
    //! A ticket is kept in memory, used once, and only where it is known which peer will answer. It is given encrypted and
    //! comes back in the clear: observers cannot tell by it which connection it is from, but its first bytes name the
    //! acceptor's key, and with that an acceptor that they have seen at another address. The acceptor recognises the
    //! peer, as by a certificate. Legacy peers are given none.
    enum class SessionResumption { Enabled, Disabled };
    SessionResumption sessionResumption() const;
    void setSessionResumption(SessionResumption resumption);

    //! \brief How the rate is found at which this side sends. Fixed when a connection begins; the other side has its own.
    //!
    //! | value | it                                                                                           |
    //! |-------|----------------------------------------------------------------------------------------------|
    //! | Cubic | the default (RFC 9438): shares a bottleneck with what most of the Internet uses              |
    //! | Bbr   | several times as fast where packets are lost at random, and keeps queues short; beside Cubic |
    //! |       | it gets a quarter of a bottleneck with a long queue, and most of one with a short queue      |
    //! | Reno  | RFC 9002, for comparisons                                                                    |
    //!
    //! Figures are in doc/performance.md.
    CongestionControl congestionControl() const;
    void setCongestionControl(CongestionControl control);

    //! Up to 64 bytes of UTF-8, empty by default. Peers of another network part with WrongNetwork.
    QString networkName() const;
    void setNetworkName(const QString &name);

    //! What we call ourselves in the hello, up to 64 bytes of UTF-8; "qp2p/<version>" by default.
    QString agent() const;
    void setAgent(const QString &agent);

    std::chrono::milliseconds handshakeTimeout() const; //!< 10 s
    void setHandshakeTimeout(std::chrono::milliseconds timeout);
    std::chrono::milliseconds idleTimeout() const; //!< 14 s; the smaller of both sides counts
    void setIdleTimeout(std::chrono::milliseconds timeout);
    //! \brief How long after it last heard its peer a connection asks for a sign of life. Zero switches that off;
    //! negative (the default) means three sevenths of the effective idle time where this side has dialled, and off
    //! where it was dialled: one side is enough. With the defaults either side notices within 20 s that the other
    //! is gone (RFC 9000 section 10.1 counts the idle time from the first question that has no answer), and two
    //! connections, one each way, cost less than 30 bytes a second each way.
    std::chrono::milliseconds keepAliveInterval() const;
    void setKeepAliveInterval(std::chrono::milliseconds interval);

    qint64 maxMessageSize() const; //!< bytes of the three parts; 16 MiB, at most 1 GiB
    void setMaxMessageSize(qint64 bytes);
    qint64 sendQueueLimit() const; //!< bytes per connection; 16 MiB, at most 1 GiB
    void setSendQueueLimit(qint64 bytes);
    qint64 inboxLimit() const; //!< bytes per connection; 16 MiB, at most 1 GiB
    void setInboxLimit(qint64 bytes);
    int maxIncomingRequests() const; //!< bi-directional streams a peer may have open; 100
    void setMaxIncomingRequests(int count);
    int maxIncomingMessages() const; //!< uni-directional streams a peer may have open; 1,000
    void setMaxIncomingMessages(int count);
    //! \brief What all connections together may hold of what they have received and this program has not
    //! yet been handed, bytes: 256 MiB, or the largest message and 64 MiB where that is more. At least
    //! that much, at most 64 GiB; 0 sets the default.
    //!
    //! A message that the budget has no room for waits at its sender. A peer that takes more without
    //! being granted it (unfinished messages, data with gaps) is closed with ResourceLimit where the
    //! budget is spent, the one that holds most first. What waits because this program does not read it
    //! makes all peers wait and closes none.
    qint64 receiveBudget() const;
    void setReceiveBudget(qint64 bytes);
    //! \brief What may wait to be sent or acknowledged on all connections together, bytes: 128 MiB, three times
    //! sendQueueLimit(), or the largest message and 64 MiB, whichever is most. Bounds as of receiveBudget().
    //!
    //! The peers of one network (see maxConnectionsPerAddress()) may hold as much of it as is still free. What is
    //! sent beyond that fails with QueueFull, also where the connection's own queue has room. While more than a
    //! quarter is in use, peers that take less than 1 KiB/s of what is sent to them are closed with
    //! ResourceLimit, those that hold most first.
    qint64 sendBudget() const;
    void setSendBudget(qint64 bytes);
    //! \brief Connections that peers may have opened; 4,096. A tenth is kept for this side's own dials. When
    //! the places are taken, a peer of a network that has few replaces the least useful connection of the
    //! network that has most; others are refused.
    int maxConnections() const;
    void setMaxConnections(int count);
    int maxConnectionsPerAddress() const; //!< of one public IPv4 address or IPv6 /64; 64
    void setMaxConnectionsPerAddress(int count);
    int maxConnectionsPerSite() const; //!< of one public IPv6 /48; 256
    void setMaxConnectionsPerSite(int count);

    //! How long an endpoint that has just sent or received polls its socket before it lets its thread
    //! sleep; 50 us, at most 1 ms, zero never. A peer on the same machine or in the same rack answers
    //! in less time than it takes to wake a thread, so round trips take a third of the time. Where
    //! polling finds nothing it is soon given up. Linux, with more than one CPU.
    std::chrono::microseconds busyPollLimit() const;
    void setBusyPollLimit(std::chrono::microseconds limit);

    //! Writes a qlog of every connection into this folder, which must exist. Empty (off) by default:
    //! the files say which peers communicated, and when, and strangers that dial make files, too.
    QString qlogDirectory() const;
    void setQlogDirectory(const QString &directory);

    //! \brief InvalidArgument with the first setting that cannot work, and what would.
    Result<void> validate() const;

private:
    QSharedDataPointer<EndpointConfigData> d;
};

} // namespace Qp2p
