// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The doors in Endpoint and Connection that only a network goes through.
#pragma once

#include <qp2pcore/endpoint.h>
#include <qp2pcore/endpoint/dial.h>
#include <qp2pcore/endpoint/membership.h>
#include <qp2pcore/peering/protocol/dialback.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace Qp2p::Peering {

using Qp2p::ControlListener;
using Qp2p::Membership;

class Access
{
public:
    //! Datagrams to an address that others have named, before something has come back: an Initial and two
    //! probes get through a loss of 10 % in 999 of 1,000 cases, and are 3.6 kB for a victim.
    static constexpr quint32 MaxUnanswered = 3;

    // --- Endpoint ---

    //! In the environment of a network, or of one of its endpoints.
    static Endpoint *newEndpoint(const EndpointConfig &config,
                                 std::shared_ptr<Io::Environment> environment, QObject *parent);
    //! Before it has a socket. \a listener must outlive the endpoint, or take itself back with null.
    static void join(Endpoint &endpoint, std::shared_ptr<const Membership> membership,
                     ControlListener *listener);
    static void setListener(Endpoint &endpoint, ControlListener *listener);
    static void setRole(Endpoint &endpoint, Engine::Hello::Role role);
    //! \brief Gives it a socket on a free port of \a address, which does not accept anybody.
    static Result<void> bind(Endpoint &endpoint, const QHostAddress &address);
    static std::shared_ptr<Io::Environment> environment(const Endpoint &endpoint);

    static Result<std::shared_ptr<Dial>> beginRace(Endpoint &endpoint);
    static void addToRace(Endpoint &endpoint, const std::shared_ptr<Dial> &dial,
                          const PeerAddress &peer);
    //! Whether nothing has come back yet from where \a peer, which was added, is dialled.
    static bool isUnanswered(const Endpoint &endpoint, const Dial &dial, const PeerAddress &peer);
    //! It may still be won by a candidate that was added.
    static void completeRace(Endpoint &endpoint, const std::shared_ptr<Dial> &dial);
    //! What \a peer at \a address has given the endpoint for the next dial.
    static AddressToken addressToken(const Endpoint &endpoint, const PeerId &peer,
                                     const QHostAddress &address);
    //! Peers for which \a isUnwanted returns true are met in full next time, if ever.
    static void forgetSessionTickets(Endpoint &endpoint,
                                     const std::function<bool(const PeerId &)> &isUnwanted);
    static void giveUp(Endpoint &endpoint, const std::shared_ptr<Dial> &dial);
    //! All dials finish with Cancelled.
    static void cancelDials(Endpoint &endpoint);

    //! \brief Dials \a peer only to carry \a nonce there: at most MaxUnanswered datagrams unanswered, and no
    //! more bytes than \a paid and what comes back. Finishes with no error once it has arrived.
    static QFuture<Result<void>> dialBack(Endpoint &endpoint, const PeerAddress &peer,
                                          const QByteArray &nonce, std::chrono::milliseconds limit,
                                          quint64 paid = DialBackPayment);

    struct AdvertisedDial
    {
        QFuture<Dial::Outcome> outcome;
        std::shared_ptr<const Dial::Traffic> traffic; //!< complete with the outcome
    };
    //! \brief Dials a peer at \a addresses that others have named: at most MaxUnanswered datagrams leave
    //! towards each of them before something has come back, and then it fails early.
    static AdvertisedDial dialAdvertised(Endpoint &endpoint, const QList<PeerAddress> &addresses);

    // --- Legs: connections over a node that forwards between its links ---

    //! \brief From now on what comes behind \a leg from the peer of \a link, and what is sent over it, is of a connection
    //! of its own. It ends with \a link.
    static void openLeg(Endpoint &endpoint, quint64 leg, const Connection &link);
    static void closeLeg(Endpoint &endpoint, quint64 leg);
    //! \brief Dials \a peer over an open \a leg; no other may answer.
    static QFuture<Dial::Outcome> dialOverLeg(Endpoint &endpoint, quint64 leg, const PeerId &peer);
    //! What a peer has said that it does for others, and takes from them: see Engine::Hello::Service.
    static quint64 peerServices(const Connection &connection);

    //! \brief A leg between two peers of the endpoint, which forwards for them.
    struct Forwarding
    {
        quint64 callersLeg = 0;
        quint64 calleesLeg = 0;
        Engine::SessionId callersLink = 0;
        quint64 rate = 0; //!< bytes a second
    };
    //! \brief From now on datagrams are forwarded between the two peers, at most \a rate bytes a second in all, and
    //! \a legRate for one leg. Nothing where a limit is reached.
    static std::optional<Forwarding> beginForwarding(Endpoint &endpoint, const Connection &caller,
                                                     const Connection &callee, qint64 rate,
                                                     qint64 legRate);
    static void endForwarding(Endpoint &endpoint, const Forwarding &forwarding);
    static int forwardedLegs(const Endpoint &endpoint);
    //! Of which the endpoint is an end.
    static int ownLegs(const Endpoint &endpoint);
    //! Ends those over which nothing has come for long; returns the callers' legs.
    static std::vector<quint64> endIdleForwarding(Endpoint &endpoint);

    //! \brief Whether something is in flight on \a connection, since when at the latest something has come, and how long
    //! that may take. No value once it has ended.
    struct Silence
    {
        bool isWaiting = false;
        std::chrono::nanoseconds lastHeard{}; //!< of Environment::now()
        std::chrono::nanoseconds limit{};
    };
    static std::optional<Silence> silenceOf(const Connection &connection);
    //! \brief The connection, which this side has dialled, travels over \a leg from now on. False where it cannot.
    static bool moveTo(Connection &connection, quint64 leg);

    //! The leg over which it travels, or has when it ended; 0: over none.
    static quint64 legOf(const Connection &connection);
    //! \brief It began over a leg. So neither its address nor that it came at all proves anything.
    static bool isAssisted(const Connection &connection);

    // --- Connection ---

    static void send(Connection &connection, const QByteArray &controlFrame);
    //! \brief What the peer has really sent on this connection and has not been charged for, in bytes. Who
    //! wants us to send something to somebody else pays with it.
    static quint64 unchargedBytes(const Connection &connection);
    static void charge(Connection &connection, quint64 bytes);
    //! The peer sees us at \a address now.
    static void setObservedAddress(Connection &connection, const PeerAddress &address);
    static Engine::Hello::Role peerRole(const Connection &connection);
    static Engine::Hello::Role ownRole(const Connection &connection);
    static quint64 peerInstance(const Connection &connection);
    //! All that wait for an acknowledgement or a reply get \a reason. A slot may delete the connection.
    static void finishFutures(Connection &connection, const Error &reason);
    //! \brief The peer has sent a control message that breaks the protocol: closes with ProtocolViolation. What has
    //! come after that message is not delivered.
    static void closeForViolation(Connection &connection, const Error &violation);
    //! See Endpoint::checkConnections(), for one.
    static void prove(Connection &connection);
    //! With one of the library's own codes.
    static void close(Connection &connection, quint64 code, const QString &reason);
};

} // namespace Qp2p::Peering
