// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Finds out how the routers before a host translate and filter (RFC 5780), in a simulation or in namespaces alike.
#pragma once

#include <qp2pcore/engine/socketaddress.h>

#include <QByteArray>
#include <QList>
#include <QString>

#include <optional>
#include <span>

namespace Qp2p::Test {

//! \brief One of the four sockets of the server: two addresses, two ports on each.
struct ServerEnd
{
    int address = 0; //!< 0 or 1
    int port = 0; //!< 0 or 1

    friend bool operator==(const ServerEnd &, const ServerEnd &) = default;
};

//! \brief The host that is examined, and its way to the server.
class ProbeNetwork
{
public:
    virtual ~ProbeNetwork() = default;

    //! A further socket; its number.
    virtual int openSocket() = 0;
    //! The address and port of the socket itself.
    virtual Engine::SocketAddress localAddress(int socket) = 0;
    //! \brief Asks \a to for an answer from \a from. Where the server has seen the socket; nothing where no answer
    //! comes.
    virtual std::optional<Engine::SocketAddress> ask(int socket, ServerEnd to, ServerEnd from) = 0;
    //! \brief Sends to \a address, the public one of the socket \a target. The source that the datagram has there; nothing
    //! where it does not arrive.
    virtual std::optional<Engine::SocketAddress> reach(int socket,
                                                       const Engine::SocketAddress &address,
                                                       int target) = 0;
};

//! \brief What was found, in the words of natlab/nattypes.txt, which explains them.
struct NatObservation
{
    QString mapping;
    QString filtering;
    QString ports;
    QString unsolicited;
    QString hairpin;

    QString text() const; //!< the words, one blank between
    friend bool operator==(const NatObservation &, const NatObservation &) = default;
};

NatObservation observeNat(ProbeNetwork &network);

//! \brief A line of natlab/nattypes.txt.
struct ExpectedNat
{
    QString name;
    NatObservation observation;
};
//! All lines of \a file; none where it is not as it should be.
QList<ExpectedNat> readNatTable(const QString &file);

// --- What is sent ---

//! \a number tells the answer from those to earlier requests.
QByteArray probeRequest(quint32 number, ServerEnd from);
//! \brief From which end a server answers \a request, which came from \a source, and with what.
struct ProbeAnswer
{
    ServerEnd from;
    QByteArray data;
};
std::optional<ProbeAnswer> answerProbe(std::span<const quint8> request,
                                       const Engine::SocketAddress &source);
//! Where the server has seen the sender of request \a number; nothing where \a answer is none to it.
std::optional<Engine::SocketAddress> seenAddress(std::span<const quint8> answer, quint32 number);

} // namespace Qp2p::Test
