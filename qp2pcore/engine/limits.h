// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Every limit of the engine in one place, each with its reason.
#pragma once

#include <QtGlobal>

#include <chrono>
#include <cstddef>

namespace Qp2p::Engine::Limits {

using namespace std::chrono_literals;

//! Our connection IDs: 64 random bits are enough to route and too many to guess; short ones save
//! bytes in every packet.
inline constexpr size_t ConnectionIdSize = 8;
//! What a dial calls its peer at first: RFC 9000 section 7.2 wants at least 8 unpredictable bytes.
inline constexpr size_t FirstDestinationIdSize = 18;
//! ngtcp2's maximum. Its default of 2 breaks repeated path changes: each needs a fresh one.
inline constexpr quint64 ActiveConnectionIds = 8;

//! RFC 9000 section 10.3: the shortest stateless reset, and no packet is shorter.
inline constexpr size_t MinShortHeaderDatagram = 21;
//! RFC 9000 section 14.1: a datagram with an Initial packet is at least this large, and so is one
//! that deserves a Version Negotiation packet.
inline constexpr size_t MinInitialDatagram = 1200;
//! A stateless reset is shorter than what it answers, so that two endpoints cannot reset each other for
//! ever (RFC 9000 section 10.3.3). Keep-alives, of 29 bytes, draw one, too.
inline constexpr size_t MinResetTrigger = MinShortHeaderDatagram + 1;

//! RFC 9000 recommends 333 ms; peers are mostly nearer, and a first probe that goes out earlier
//! costs one packet.
inline constexpr auto InitialRtt = 100ms;

//! ICMP messages (port unreachable) that end a dial which has heard nothing. They can be forged by whoever
//! guesses the ports, and one may come from before a peer's restart.
inline constexpr quint64 UnreachableBeforeGivingUp = 2;

//! How long a lone packet may wait for its acknowledgement. The 25 ms of RFC 9000 would be added to
//! every message that a program waits to have confirmed; the price is an ACK now and then.
inline constexpr auto MaxAckDelay = 3ms;

//! Half-open handshakes cost about 45 KiB and 0.3 ms of CPU each.
inline constexpr int HalfOpenTotal = 1000;
inline constexpr int HalfOpenPerSubnet = 8; //!< per public IPv4 address or IPv6 /56
inline constexpr int HalfOpenPerSite = 64; //!< per public IPv6 /48, the largest block that a site gets
inline constexpr int HalfOpenPerLeg =
    2; //!< the caller's second dial may begin before the first has ended
inline constexpr int HalfOpenBeforeRetry = 64; //!< RetryMode::UnderLoad

//! While all places are taken: how old the picture may be by which newcomers are let in. Each takes time in
//! proportion to the connections.
inline constexpr auto CrowdingInterval = 1s;

//! Certificates of peers that are verified again in one go: each takes some tenths of a millisecond, and what the
//! other connections wait for must not wait for all of them.
inline constexpr int MaxVerificationsPerRound = 64;

//! Version Negotiation, stateless reset and refusals, in all: enough for honest peers, too few to
//! be worth forging addresses for. None is ever larger than what it answers.
inline constexpr double StatelessAnswersPerSecond = 200;
//! Retry has its own, far larger bucket. It is a sixth of the size of what it answers, and sharing
//! the small one would let a flood of forged Initials lock honest dialers out.
inline constexpr double RetriesPerSecond = 50'000;

//! Stateless answers that wait for a socket that is full; further ones are not made.
inline constexpr size_t AnswersWaiting = 1024;

//! Retry tokens: long enough for a slow path, short enough to be useless to a thief.
inline constexpr auto TokenLifetime = 10s;
inline constexpr auto TokenKeyLifetime = 1h;

//! Address tokens (NEW_TOKEN): a day, so that a peer that comes back every day has one, and the earlier owner of an
//! address can act in its name for no longer.
inline constexpr auto AddressTokenLifetime = 24h;
//! Tokens that were used, and are refused from then on, in some 50 bytes each. To have older ones forgotten, an attacker
//! has to come with as many others, each from a connection that was admitted.
inline constexpr size_t UsedTokensRemembered = 8192;
//! Of a token from a peer: ours have 41, other implementations up to some hundreds. A longer one would leave too little
//! of the first datagram to the ClientHello.
inline constexpr qsizetype AddressTokenBytes = 512;
//! Taken from one peer in one connection. One is enough; a second may follow when keys rotate.
inline constexpr int AddressTokensPerConnection = 2;

//! Session tickets (RFC 8446 section 4.6.1): a day, as address tokens. A key that is stolen opens no more than the tickets
//! of its own life, and none of what their connections have carried, for each has (EC)DHE of its own.
inline constexpr auto SessionTicketLifetime = 24h;
inline constexpr auto SessionTicketKeyLifetime = 24h;
//! A ticket holds the certificates of the side that dials, which sends it along in its first flight. For more of them
//! than this, in bytes, that would cost more datagrams than it saves, and the acceptor gives none.
inline constexpr qsizetype SessionTicketChainBytes = 1024;
//! Of a NewSessionTicket message from a peer, whose acceptor may be another implementation.
inline constexpr qsizetype SessionTicketBytes = 2048;
//! How long a dialling side keeps its TLS session, 11 KiB, for a ticket: it comes with the confirmation of the
//! handshake, or after a loss.
inline constexpr auto SessionTicketWait = 3s;

//! Flow-control windows: start small (a hostile peer pins at most this much), tuned up by ngtcp2
//! while the peer is read (RFC 9000 section 4).
inline constexpr quint64 InitialStreamWindow = 256 * 1024;
inline constexpr quint64 InitialConnectionWindow = 1024 * 1024;
//! Of a connection among very many. It grows like any other once the peer uses it up.
inline constexpr quint64 MinConnectionWindow = 64 * 1024;
inline constexpr quint64 MaxStreamWindow = 16 * 1024 * 1024;
inline constexpr quint64 MaxConnectionWindow = 24 * 1024 * 1024;

//! What one connection may make ngtcp2 allocate. Data that arrives out of order is kept there,
//! invisible to us, and one-byte gaps cost twelve times their bytes; a full window must still fit.
inline constexpr size_t ConnectionMemory = 40 * 1024 * 1024;

//! Of that, what any connection needs is not counted as received. An idle one takes about 36 KiB of the
//! process (see ProbePathFrom); the rest is for streams and packets of ordinary use.
inline constexpr qint64 ConnectionBaseMemory = 96 * 1024;
//! What a message that is not complete may cost beside its bytes: its stream, here and in ngtcp2, and the
//! first 4 KiB that are taken for it at once. Counted high rather than low: only attackers have thousands.
inline constexpr qint64 StreamMemory = 5 * 1024 + 512;

//! Of the receive budget an eighth, and at most this, is kept for networks that have nothing reserved, for
//! messages of up to FirstReservation bytes: while attackers hold the rest (measured, in namespaces: a
//! request of 1 MiB took 5 s), small things go on at once. The same of the send budget, for replies.
inline constexpr qint64 KeptForFirst = 32 * 1024 * 1024;
inline constexpr qint64 FirstReservation = 1024 * 1024 + 64 * 1024;

//! Somebody waits for room in the receive budget that others have reserved. After this the messages that
//! would keep theirs for longest are refused, one after the other, …
inline constexpr auto BudgetWait = 2s;
inline constexpr auto BudgetCheckInterval = 1s;
//! … those that have had room for at least this, …
inline constexpr auto BudgetGrace = 5s;
//! … and at their present rate would need more than this for the rest.
inline constexpr auto BudgetPatience = 60s;
//! Where no message was granted room for this long although none is that slow, what is held beyond all
//! grants is in the way, and the connection that holds most of it is closed.
inline constexpr auto BudgetStall = 10s;

//! A TLS flight is below 20 KiB (four certificates of at most 16 KiB together); nothing honest
//! sends more CRYPTO data than this in the life of a connection.
inline constexpr quint64 CryptoBytes = 128 * 1024;
inline constexpr size_t TlsMessageSize = 32 * 1024;

//! Deadlines of an incoming message: they stop a peer that dribbles bytes to pin memory. They pause
//! while credit is withheld; on a path with a long round trip the first is ten of those instead.
inline constexpr auto MessageHeaderDeadline = 5s;
inline constexpr auto MessageProgressPeriod = 10s;
inline constexpr qint64 MessageProgressBytes = 10 * 1024; //!< in each period: 1 KiB/s
inline constexpr auto MessageCheckInterval = 1s;
//! Nothing heard for that long, and three round trips, is a path that fails, not a peer that dribbles.
inline constexpr auto SilentPath = 2s;

//! While the send budget is tight: up to this a connection may hold without its peer taking anything. 4,096
//! of them do not make it tight.
inline constexpr qint64 StalledFrom = 8 * 1024;

//! Bytes that one stream may send before it is the next one's turn.
inline constexpr qint64 StreamTurn = 16 * 1024;
//! Outgoing messages of more than one turn that are under way at once, per connection and priority:
//! more would only make each slower, and the peer hold many unfinished ones.
inline constexpr int LargeMessagesUnderWay = 16;
//! What a peer's unfinished messages may hold while they wait for room in an inbox, at least: the
//! first windows of what an honest one has under way, with four priorities.
inline constexpr qint64 UnadmittedBytes = 4 * LargeMessagesUnderWay * qint64(InitialStreamWindow);
//! The same while the receive budget is more than half used: one priority is served.
inline constexpr qint64 UnadmittedBytesWhenTight = LargeMessagesUnderWay
    * qint64(InitialStreamWindow);
//! Receivers may ask for 1 KiB/s of each message (MessageProgressBytes). So a begun one that has not been
//! served for this long gets a small turn, whatever waits before it.
inline constexpr auto OverdueAfter = 2s;
inline constexpr qint64 OverdueTurn = 4 * 1024;
//! Streams opened ahead of a packet; as many 64-byte messages as a large packet carries.
inline constexpr int StreamsOpenedAhead = 512;

//! Bytes that one session writes in a pump, and all of them: the next pump reads before it writes more.
inline constexpr size_t SessionWriteTurn = 256 * 1024;
inline constexpr size_t PumpWriteBudget = 512 * 1024;
//! A session among many has a turn of this. So has a young one that is not paced, until a quarter of its congestion
//! window is more: bursts must fit the receive buffer of a peer, of which nothing is known yet. On a stock Debian
//! that has 208 KiB.
inline constexpr size_t MinWriteTurn = 64 * 1024;
//! More sessions than that which send to one and the same socket of a peer, over a path without pacing, share what
//! its receive buffer takes: this, or what is under way on the path at 1 GB/s. Half of a stock Debian's buffer, the
//! other half is for what the system counts beside the bytes. Measured in virtual time with 200 connections and a
//! buffer of 180 datagrams: they share it evenly, and lose 0.4 %, where each by itself lost 11 %.
inline constexpr int SharedSocketFrom = 8;
inline constexpr quint64 SharedInFlight = 128 * 1024;
inline constexpr quint64 SharedBytesPerNanosecond = 1;
inline constexpr size_t SharedTurn = 16 * 1024; //!< bytes of each in turn
//! Where none had a turn for this, what they have in flight is probably lost: whoever waits has a turn.
inline constexpr auto SharedPatience = 50ms;
//! What one pump receives before the event loop gets its turn.
inline constexpr int PumpReceiveDatagrams = 512;
inline constexpr size_t PumpReceiveBytes = 2 * 1024 * 1024;
//! A datagram of a handshake costs as much as hundreds of others. Were 16 of them taken in one go, each
//! side would idle while the other computes (measured: 1,730 handshakes a second instead of 2,930).
inline constexpr quint64 PumpReceiveTime = 500'000; //!< nanoseconds

//! UDP_SEGMENT: at most 64 datagrams and 65,487 bytes in one system call (Linux).
inline constexpr size_t MaxSegments = 64;
inline constexpr size_t MaxSegmentedBytes = 65'487;
//! The largest datagram ever sent: 65,535 bytes of IPv4 packet less its headers.
inline constexpr size_t MaxDatagram = 65'507;

//! The path's MTU is probed once that many bytes wait to be sent, measured: bulk is as fast, a
//! handshake costs 25 % less and an idle connection on loopback 51 KiB instead of 113.
inline constexpr qint64 ProbePathFrom = 32 * 1024;
//! Each probe once the congestion window has room for that many of its size. One that fills the window holds back
//! all data (measured: on loopback with 20 ms of delay, 100 kB took 100 ms where the probe arrived and 330 ms where
//! it was lost, instead of 80).
inline constexpr quint64 ProbeWindowShare = 4;

//! Large packets were sent, and for this, and three probe timeouts, no data was acknowledged: the path may have
//! become narrow. What was sent later is probed by then, so it is not a burst of losses.
inline constexpr auto BlackHolePatience = 700ms;
//! How often the earlier size is tried on a narrow path. A test costs a packet, and a reaction to its loss.
inline constexpr auto MtuTestInterval = 60s;
//! What a peer may take to acknowledge, beside the round trips.
inline constexpr auto MtuTestMargin = 10ms;

//! Below this round trip packets are not paced: timers are too coarse to help (measured: pacing
//! costs 30 % on loopback and gains 20 to 40 % on wide-area paths).
inline constexpr auto PacingMinRtt = 1ms;

//! Where something is in flight and nothing has come for three probe timeouts, and at least this, the path is likely
//! gone: the same as of other peer-to-peer networks, and long enough for a lost acknowledgement.
inline constexpr auto MinSilence = 800ms;

//! After the machine was suspended or has moved: the peer of each connection must be heard within this and three
//! round trips.
inline constexpr auto ProofTime = 2s;

//! Misbehaviour: resets, empty and malformed messages a second, with a burst.
//! Never counts honest messages. STOP_SENDING for our own messages is none: a peer may refuse what it
//! is sent.
inline constexpr double OffencesPerSecond = 50;
inline constexpr double OffenceBurst = 500;

//! Requests a second that a peer takes back, with a burst. Each may have cost the program its work. An honest
//! one drops what it does not need any more: what people type ahead of, or all that is open at once.
inline constexpr double CancellationsPerSecond = 200;
inline constexpr double CancellationBurst = 1000;

//! Control messages a second, with a burst: known or not, each costs parsing. The protocol has a few a
//! minute today; NAT traversal exchanges dozens at once.
inline constexpr double ControlMessagesPerSecond = 30;
inline constexpr double ControlMessageBurst = 300;
//! Those that come before the connection is open wait for it. An honest peer sends one or two.
inline constexpr size_t EarlyControlMessages = 16;
//! What waits on the control stream until the peer grants credit and acknowledges. A minute of the
//! largest requests, 3.6 kB each, fits; who lets more pile up does not read.
inline constexpr qint64 ControlQueueBytes = 256 * 1024;

//! A closing packet may be lost, and a peer that has nothing under way sends nothing that it could answer:
//! it is repeated so often unasked, one probe timeout apart. With a loss of one in ten, two leave one
//! close in a thousand unheard of.
inline constexpr int ClosingRepeats = 2;
//! How long a peer that goes on sending may keep the closing state of its connection, which is three probe
//! timeouts otherwise: the handshake's default time limit, after which it has given up in any case.
inline constexpr auto LongestClosing = 10s;

//! RFC 9000 has no limit for reasons; ours fit a packet.
inline constexpr qsizetype CloseReasonBytes = 1000;
//! A peer that asks for a shorter idle time than twice this gets no keep-alive for it: it
//! would choose how often we wake up.
inline constexpr auto MinKeepAlive = 300ms;
//! So much before it is due, and at most a sixteenth of its interval, a keep-alive may be sent together with one that is
//! due: connections that are idle share wake-ups. At most so many: each answer takes its time, and the last must not
//! look lost because of the first.
inline constexpr auto KeepAliveEarliness = 250ms;
inline constexpr quint64 KeepAliveEarlinessShare = 16;
inline constexpr size_t KeepAlivesAtOnce = 32;
//! A PING that could not leave is tried again after this.
inline constexpr auto PingRetry = 1ms;
//! An idle connection waits for at least this before it counts a lone packet as lost. On a short path the probe timeout
//! is 4 ms, about as long as a busy peer takes to wake up (measured on loopback: of 2,000 connections more than a third
//! of all packets were probes, and a peer that lags behind is drowned in them).
inline constexpr auto IdleLossPatience = 250ms;
//! Such a packet has a PING and perhaps an ACK in it; so many bytes of them may be in flight.
inline constexpr size_t MaxLonePacket = 64;
inline constexpr quint64 MaxLoneFlight = 4 * MaxLonePacket;
inline constexpr auto IdleFrom = 1s; //!< without any message

} // namespace Qp2p::Engine::Limits
