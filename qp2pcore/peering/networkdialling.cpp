// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How a network dials what others have named: one dial at a time to each place, and few datagrams.
#include <qp2pcore/peering/networkprivate.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/peering/access.h>
#include <qp2pcore/peering/addressgroup.h>
#include <qp2pcore/peering/whenfinished.h>

namespace Qp2p {

using Peering::Access;
namespace CloseCode = Engine::CloseCode;

namespace {

constexpr quint64 SecondHalfAgain = 5'000'000'000; // nanoseconds

} // namespace

// ---- candidates

bool Network::Private::isAddressExcluded(const PeerAddress &address) const
{
    return blocks->contains(address.address())
        || places.isTaken(Peering::dialPlace(address.address(), address.port()), now());
}

void Network::Private::dialCandidate(const Peering::CandidateBook::Candidate &candidate)
{
    dialling.insert(candidate.peerId);
    for (const PeerAddress &address : candidate.addresses)
        places.begin(Peering::dialPlace(address.address(), address.port()));
    if (candidate.budget)
        candidate.budget->reserve();
    const auto dial = Access::dialAdvertised(*endpoint, candidate.addresses);
    Peering::whenFinished(
        dial.outcome, q, [this, candidate, traffic = dial.traffic](const Dial::Outcome &result) {
            const QPointer<Network> alive(q);
            dialling.remove(candidate.peerId);
            if (!result) {
                candidateFailed(candidate, result.error(), *traffic);
                return;
            }
            if (candidate.budget)
                candidate.budget->answered();
            for (const PeerAddress &address : candidate.addresses) {
                const QByteArray place = Peering::dialPlace(address.address(), address.port());
                places.end(place);
                if (alive)
                    placeReleased(place);
            }
        });
}

void Network::Private::candidateFailed(const Peering::CandidateBook::Candidate &candidate,
                                       const Error &error, const Dial::Traffic &traffic)
{
    if (candidate.budget && traffic.datagramsReceived > 0)
        candidate.budget->answered();
    else if (candidate.budget)
        candidate.budget->unanswered(traffic.bytesSent);
    book.failed(candidate, now());
    for (const PeerAddress &address : candidate.addresses) {
        const QByteArray place = Peering::dialPlace(address.address(), address.port());
        places.endAndRest(place, now());
        placeReleased(place);
    }
    if (candidate.source == Peering::CandidateBook::ourselves())
        rememberedFailed(candidate.peerId, error);
}

//! Unless it is known by now, or all of its addresses are being dialled.
void Network::Private::dialRemembered(const PeerId &peerId, const QList<PeerAddress> &addresses)
{
    if (all.contains(peerId) || dialling.contains(peerId) || blocks->contains(peerId))
        return;
    Peering::CandidateBook::Candidate candidate;
    candidate.peerId = peerId;
    candidate.source = Peering::CandidateBook::ourselves();
    QSet<QByteArray> distinct;
    for (const PeerAddress &address : addresses) {
        const QByteArray place = Peering::dialPlace(address.address(), address.port());
        if (blocks->contains(address.address()) || places.isBeingDialled(place)
            || distinct.contains(place))
            continue;
        distinct.insert(place);
        candidate.addresses.append(PeerAddress(address.address(), address.port(), peerId));
    }
    if (!candidate.addresses.isEmpty())
        dialCandidate(candidate);
}

// ---- second halves

//! \brief Dials \a address for our half of a link: where the peer was seen, at the port that it claims.
//!
//! The port may be another's who shares the address, and who checked it may have lied.
void Network::Private::dialSecondHalf(Peer *peer, const PeerAddress &address)
{
    if (std::exchange(peer->d->dialling, true))
        return;
    peer->d->secondHalf = PeerAddress(address.address(), address.port(), peer->d->id);
    peer->d->secondHalfFailures = 0;
    startSecondHalf(peer);
}

void Network::Private::startSecondHalf(Peer *peer)
{
    peer->d->secondHalfAt = UINT64_MAX;
    const PeerAddress address = peer->d->secondHalf;
    const QByteArray place = Peering::dialPlace(address.address(), address.port());
    if (!peer->d->dialling) // it has come by another way
        return;
    if (places.isBeingDialled(place)) {
        waitingHalves.append(peer);
        return;
    }
    places.begin(place);
    Peering::whenFinished(Access::dialAdvertised(*endpoint, {address}).outcome, q,
                          [this, place, alive = QPointer(peer)](const Dial::Outcome &result) {
                              const QPointer<Network> stillHere(q);
                              places.end(place);
                              if (alive && result)
                                  alive->d->dialling = false;
                              else if (alive)
                                  secondHalfFailed(alive, result.error());
                              if (stillHere)
                                  placeReleased(place);
                          });
}

//! Once may be bad luck: few datagrams are sent, and some paths lose every tenth.
void Network::Private::secondHalfFailed(Peer *peer, const Error &error)
{
    const bool isSilent = error.code == ErrorCode::HandshakeTimeout;
    if (isSilent && peer->d->dialling && ++peer->d->secondHalfFailures == 1
        && peer->d->hasConnection()) {
        peer->d->secondHalfAt = now() + SecondHalfAgain;
        return;
    }
    peer->d->dialling = false;
    if (peer->d->outgoing) // another dial has brought it
        return;
    if (peer->d->link != Peer::Link::Bidirectional) {
        drop(peer, error, CloseCode::LinkLost);
    } else if (peer->d->incoming) { // it stays the client that it was
        peer->d->ours = Verdict::Client;
        answerClaim(*peer->d->incoming, {0, Peering::DialBackAnswer::Result::Refused, {}, {}},
                    Engine::Hello::Role::Client);
    }
}

void Network::Private::placeReleased(const QByteArray &place)
{
    for (qsizetype i = 0; i < waitingHalves.size(); ++i) {
        const QPointer<Peer> peer = waitingHalves[i];
        if (peer) {
            const PeerAddress &address = peer->d->secondHalf;
            if (Peering::dialPlace(address.address(), address.port()) != place)
                continue;
        }
        waitingHalves.removeAt(i--);
        if (peer) {
            startSecondHalf(peer);
            if (places.isBeingDialled(place))
                return;
        }
    }
}

} // namespace Qp2p
