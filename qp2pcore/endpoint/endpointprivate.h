// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The inside of Endpoint: its driver, its connections, and the dials under way.
#pragma once

#include <qp2pcore/endpoint.h>
#include <qp2pcore/endpoint/addresstokenstore.h>
#include <qp2pcore/endpoint/certificatewatch.h>
#include <qp2pcore/endpoint/dial.h>
#include <qp2pcore/endpoint/membership.h>
#include <qp2pcore/endpoint/opening.h>
#include <qp2pcore/endpoint/sessionhandle.h>
#include <qp2pcore/endpoint/sessionticketstore.h>
#include <qp2pcore/engine/messages/messageoptions.h>
#include <qp2pcore/io/driver.h>

#include <QHash>
#include <QPointer>

#include <map>
#include <memory>
#include <optional>

class QHostInfo;

namespace Qp2p {

class Endpoint::Private final : public Io::Driver::Listener
{
public:
    Private(const EndpointConfig &config, std::shared_ptr<Io::Environment> environment);

    static void connectionDestroyed(Endpoint *endpoint, Engine::SessionId session);

    Result<void> openSocket(const QHostAddress &address, quint16 port);
    Result<void> ensureSocket();
    void setState(State next);

    QFuture<Dial::Outcome> dial(const QList<PeerAddress> &peers, Protocol protocol);
    void begin(const std::shared_ptr<Dial> &dial, const QList<PeerAddress> &peers);
    //! The end of every dial, also of those that open a connection which is there already.
    void finish(const std::shared_ptr<Dial> &dial, const Dial::Outcome &outcome);
    void lookUp(const std::shared_ptr<Dial> &dial, const PeerAddress &peer);
    void lookedUp(const std::shared_ptr<Dial> &dial, const PeerAddress &peer, const QHostInfo &info);
    //! \a peer has an IP address; \a named is what was dialled.
    void start(const std::shared_ptr<Dial> &dial, const PeerAddress &peer, const PeerAddress &named,
               Engine::Session::DialOptions options = {}, Engine::GreetingOptions greeting = {});
    //! \brief Dials \a peer over an open leg. It is the only one that may answer.
    QFuture<Dial::Outcome> dialOverLeg(quint64 leg, const PeerId &peer);
    //! Who forwards what goes over \a leg; null where it is not open.
    PeerId relayOf(quint64 leg) const;
    //! \a session has begun, or is 0 where there is no memory.
    void addSession(const std::shared_ptr<Dial> &dial, Engine::SessionId session,
                    const PeerAddress &peer, const PeerAddress &named);
    void giveUp(const std::shared_ptr<Dial> &dial);
    void cancelDials();
    //! \brief All that nothing waits for but a future; they are forgotten.
    QList<std::shared_ptr<Dial>> takeDials();
    void watchForCancel(const std::shared_ptr<Dial> &dial);
    void concludeIfFailed(const std::shared_ptr<Dial> &dial);
    void dropSession(Engine::SessionId id);

    // --- Connections that are opening (endpointopening.cpp) ---
    Connection *openConnection(const PeerAddress &peer, Protocol protocol, SendEarly early);
    void beginOpening(Connection *connection);
    //! \brief It has failed, which is announced from the event loop.
    void failOpening(Opening &opening, const Error &reason);
    //! \a code and \a reason are for a peer that has been greeted, \a cause is what this side reports.
    void closeOpening(Opening &opening, quint64 code, const QString &reason, const Error &cause);
    //! Those of the endpoint, which is about to close all sessions.
    void closeOpenings(const Error &cause);
    //! The program has deleted the connection.
    void openingDestroyed(Opening &opening);
    ConnectionStats statsOf(const Opening &opening) const;
    template<typename Event>
    void handleOpening(Engine::SessionId id, Event &event);

    // --- Events (endpointevents.cpp) ---
    void handleEvent(Engine::Event &event) override;
    void pumped() override;
    void confirmed(Engine::SessionId id);
    void opened(Engine::SessionId id);
    //! The one that was opening, or a new one.
    Connection *openedConnection(const std::shared_ptr<Dial> &dial, Engine::SessionId id,
                                 const Engine::Session &session);
    void won(const std::shared_ptr<Dial> &dial, Engine::SessionId id);
    void closed(Engine::SessionId id, const Engine::Events::Closed &event);
    void controlReceived(Engine::SessionId id, Engine::Events::Control &control);
    //! Does nothing where \a id is 0.
    void greet(Engine::SessionId id);
    SessionHandle sessionHandle(Engine::SessionId id) const { return {driver.get(), id}; }

    // --- Address tokens (endpointtokens.cpp) ---
    void addressTokenReceived(Engine::SessionId id, const QByteArray &bytes);
    //! For a dial to \a peer, which has an IP address; empty where there is none that may be used.
    QByteArray takeAddressToken(const PeerAddress &peer, Protocol protocol);

    // --- Session tickets (endpointtokens.cpp) ---
    void sessionTicketReceived(Engine::SessionId id, const QByteArray &data);
    //! For a dial to \a peer; empty where there is none that may be used.
    QByteArray takeSessionTicket(const PeerAddress &peer, Protocol protocol);

    // --- Certificates (endpointcertificates.cpp) ---
    void verifyPeersAgain();
    void watchCertificates();
    void watchCertificate(const Acceptance &acceptance);
    void lookAtCertificatesSoon();
    void armCertificateTimer(CertificateWatch::Seconds due);
    void certificatesDue();
    CertificateWatch::Seconds wallClock() const;

    //! \brief A dial whose candidates are added one by one; it fails once it is complete and all have.
    Result<std::shared_ptr<Dial>> beginRace();
    void addToRace(const std::shared_ptr<Dial> &dial, const PeerAddress &peer);
    void completeRace(const std::shared_ptr<Dial> &dial);

    Endpoint *q = nullptr; //!< set by its constructor
    EndpointConfig config;
    std::shared_ptr<Io::Environment> environment;
    Error identityError; // why there is no identity
    State state = State::Idle;
    std::shared_ptr<Engine::MessageOptions> messageOptions; // of the driver's router
    std::unique_ptr<Io::Driver> driver;
    EndpointStats lastStats;
    std::map<Engine::SessionId, Connection *> connections;
    QList<Connection *> openings; //!< those in the state Opening
    QHash<Engine::SessionId, std::shared_ptr<Dial>> dials;
    QList<std::shared_ptr<Dial>> lookups; // dials that wait for names only
    AddressTokenStore addressTokens;
    SessionTicketStore sessionTickets;
    std::shared_ptr<const Membership> membership; // of the network that uses it, if any
    ControlListener *controlListener = nullptr;
    CertificateWatch certificateWatch;
    std::unique_ptr<Io::Timer> certificateTimer; // null in EncryptOnly
    Io::Time certificateTimerAt = Io::Never;
    std::optional<CertificateWatch::Seconds> ownValidUntil; // once it was read
    bool isOwnExpiryReported = false;
    bool isBeingDestroyed = false;
};

} // namespace Qp2p
