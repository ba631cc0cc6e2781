// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Address tokens and session tickets of an endpoint: from where they come, and for which dial they leave.
#include <qp2pcore/endpoint/endpointprivate.h>

namespace Qp2p {

void Endpoint::Private::addressTokenReceived(Engine::SessionId id, const QByteArray &bytes)
{
    const Engine::Session *session = driver->find(id);
    if (!session || session->peerId().isNull())
        return;
    const AddressToken token{bytes, wallClock()};
    const Engine::SocketAddress remote = session->way().remote;
    addressTokens.put(session->peerId(), remote, token);
    if (controlListener)
        controlListener->addressTokenReceived(session->peerId(), Io::toHostAddress(remote), token);
}

//! Only where it is known which peer will answer: a token is for the one that made it, and would let another recognise
//! us. Both places give theirs up, whichever is newer.
QByteArray Endpoint::Private::takeAddressToken(const PeerAddress &peer, Protocol protocol)
{
    if (peer.peerId().isNull() || protocol == Protocol::Legacy)
        return {};
    AddressToken token = addressTokens.take(peer.peerId(),
                                            Io::toSocketAddress(peer.address(), peer.port()));
    if (controlListener) {
        const AddressToken kept = controlListener->takeAddressToken(peer.peerId(), peer.address());
        if (kept.receivedAt > token.receivedAt)
            token = kept;
    }
    return token.isUsable(wallClock()) ? token.bytes : QByteArray();
}

void Endpoint::Private::sessionTicketReceived(Engine::SessionId id, const QByteArray &data)
{
    const Engine::Session *session = driver->find(id);
    // The events of one pump: in the same a peer may have been blocked, or its certificate refused.
    if (session && session->isLive() && !session->peerId().isNull())
        sessionTickets.put(session->peerId(), {data, wallClock()});
}

//! Only where it is known which peer will answer, for the reason above; and what a dial finds out that goes to an address
//! which others have named, with few datagrams, it finds out without.
QByteArray Endpoint::Private::takeSessionTicket(const PeerAddress &peer, Protocol protocol)
{
    if (peer.peerId().isNull() || protocol == Protocol::Legacy)
        return {};
    const SessionTicket ticket = sessionTickets.take(peer.peerId());
    return ticket.isUsable(wallClock()) ? ticket.data : QByteArray();
}

} // namespace Qp2p
