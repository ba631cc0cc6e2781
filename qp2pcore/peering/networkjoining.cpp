// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Which candidates are raced in which order, and what follows when one, or none, takes us in.
#include <qp2pcore/peering/networkprivate.h>

#include <qp2pcore/certificateinfo.h>
#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/peering/access.h>
#include <qp2pcore/support/logging.h>

#include <algorithm>

namespace Qp2p {

using Peering::Access;
namespace CloseCode = Engine::CloseCode;

namespace {

constexpr quint64 Second = 1'000'000'000;
constexpr quint64 FirstBackOff = Second / 2;
constexpr quint64 LongestBackOff = 300 * Second;
constexpr qsizetype CachedFirst = 4; // before the first contact

} // namespace

//! Anchors and the newest of the cache first; then contacts and the rest in turn, so that a cache full of
//! dead nodes does not keep a living contact waiting.
QList<JoinCandidate> Network::Private::candidatesToJoin() const
{
    using Source = JoinCandidate::Source;
    const auto isContact = [this](const PeerAddress &address) {
        return std::any_of(contacts.cbegin(), contacts.cend(), [&](const PeerAddress &contact) {
            return contact.endpointString() == address.endpointString();
        });
    };
    QList<JoinCandidate> anchors;
    QList<JoinCandidate> cached;
    const QList<BootstrapCache::Entry> entries = cache->entries();
    for (const BootstrapCache::Entry &entry : entries) {
        const bool isLinked = all.contains(entry.peerId);
        if (isLinked || entry.peerId == endpoint->peerId() || blocks->contains(entry.peerId)
            || std::any_of(entry.addresses.cbegin(), entry.addresses.cend(), isContact))
            continue;
        JoinCandidate candidate;
        candidate.source = entry.isAnchor ? Source::Anchor : Source::Cache;
        for (const PeerAddress &address : entry.addresses)
            candidate.addresses.append(PeerAddress(address.address(), address.port(), entry.peerId));
        (entry.isAnchor ? anchors : cached).append(candidate);
    }
    QList<JoinCandidate> fromContacts;
    for (const PeerAddress &contact : contacts) {
        JoinCandidate candidate;
        candidate.addresses = {contact};
        fromContacts.append(candidate);
    }
    QList<JoinCandidate> result = anchors;
    while (result.size() < CachedFirst && !cached.isEmpty())
        result.append(cached.takeFirst());
    while (!cached.isEmpty() || !fromContacts.isEmpty()) {
        if (!fromContacts.isEmpty())
            result.append(fromContacts.takeFirst());
        if (!cached.isEmpty())
            result.append(cached.takeFirst());
    }
    return result;
}

void Network::Private::beginJoin()
{
    if (!isMember())
        return;
    if (joiner)
        return; // it concludes for all who wait
    joinAgainAt = UINT64_MAX;
    const QList<JoinCandidate> list = candidatesToJoin();
    if (list.isEmpty()) {
        joinDone();
        return;
    }
    joining = {};
    lostLately.clear();
    joiner = std::make_unique<Peering::Joiner>(*endpoint, list);
    QObject::connect(joiner.get(), &Peering::Joiner::progress, q,
                     [this](const JoinCandidate &candidate) {
                         const QPointer<Network> alive(q);
                         if (candidate.state == JoinCandidate::State::Failed)
                             noteFailedCandidate(candidate);
                         if (alive)
                             Q_EMIT q->joinProgress(candidate);
                     });
    QObject::connect(
        joiner.get(), &Peering::Joiner::answered, q,
        [this](const QPointer<Connection> &connection) { candidateAnswered(connection); });
    QObject::connect(joiner.get(), &Peering::Joiner::exhausted, q,
                     [this] { candidatesExhausted(); });
    const QPointer<Network> alive(q);
    if (order.isEmpty())
        setState(State::Joining);
    if (alive && joiner)
        joiner->start();
}

void Network::Private::candidateAnswered(const QPointer<Connection> &connection)
{
    if (connection)
        joining = connection->peerId();
    const Peer *peer = connection ? all.value(joining) : nullptr;
    if (peer && peer->d->announced) {
        joinDone();
    } else if (!peer) {
        const Error gone(ErrorCode::ClosedByPeer,
                         QStringLiteral("The connection ended as soon as it was open."));
        const auto &lost = lostLately;
        joiner->goOn(lost.isEmpty() ? gone : lost.value(joining, lost.cbegin().value()));
    }
}

void Network::Private::candidatesExhausted()
{
    const Error error = joiner->failure();
    const bool allOurselves = std::all_of(
        joiner->candidates().cbegin(), joiner->candidates().cend(),
        [](const auto &candidate) { return candidate.error.code == ErrorCode::OwnAddress; });
    if (allOurselves || !order.isEmpty())
        joinDone();
    else
        joinFailed(error);
}

//! There is a peer, or nobody else to ask.
void Network::Private::joinDone()
{
    const QPointer<Network> alive(q);
    if (const QPointer<Peering::Joiner> concluded = joiner.get()) {
        concluded->conclude();
        if (!alive || !isMember())
            return;
        if (joiner.get() != concluded) // a slot has given it up, or run an event loop
            return;
        endJoiner();
    }
    attempts = 0;
    joinAgainAt = UINT64_MAX;
    setState(State::Joined);
    if (alive)
        finishJoins({});
}

//! It may be the sender of what brought us here.
void Network::Private::endJoiner()
{
    joiner->stop();
    candidates = joiner->candidates();
    joiner->disconnect(q);
    joiner.release()->deleteLater();
}

void Network::Private::joinFailed(const Error &error)
{
    endJoiner();
    const QPointer<Network> alive(q);
    waitForNextJoin();
    if (alive)
        finishJoins(error);
}

//! Full jitter, so that those who lost the same node do not come back together.
void Network::Private::waitForNextJoin()
{
    if (config.automaticRejoin()) {
        const int doublings = std::min(attempts++, 20);
        const quint64 longest = std::min(FirstBackOff << doublings, LongestBackOff);
        joinAgainAt = now() + random(quint32(longest / 1'000'000)) * quint64(1'000'000);
    }
    setState(State::Waiting);
}

void Network::Private::finishJoins(const Result<void> &result)
{
    const auto waiting = std::exchange(joins, {});
    for (const auto &promise : waiting) {
        promise->addResult(result);
        promise->finish();
    }
}

void Network::Private::noteFailedCandidate(const JoinCandidate &candidate)
{
    if (candidate.source != JoinCandidate::Source::Contact)
        rememberedFailed(candidate.addresses.first().peerId(), candidate.error);
}

//! A node could not be dialled where we know it from the cache. What others say of it proves nothing.
void Network::Private::rememberedFailed(const PeerId &peerId, const Error &error)
{
    const auto known = cache->entry(peerId);
    if (!known || error.code == ErrorCode::Cancelled)
        return;
    if (error.code == ErrorCode::PeerIdMismatch)
        renewPin(*known, error);
    else
        cache->failed(peerId);
}

//! \brief The cached node at whose address \a connection has come with a key that is not known, where such a
//! key is refused. Its first address is that of the connection.
std::optional<BootstrapCache::Entry> Network::Private::predecessorOf(
    const Connection &connection) const
{
    const PeerId peerId = connection.peerId();
    if (config.changedKeys() == NetworkConfig::ChangedKeys::Accept || all.contains(peerId)
        || cache->entry(peerId))
        return {};
    const PeerAddress address(connection.peerAddress().address(), connection.peerAddress().port());
    const QList<BootstrapCache::Entry> entries = cache->entries();
    for (BootstrapCache::Entry entry : entries) {
        const auto isThere = [&](const PeerAddress &other) {
            return other.endpointString() == address.endpointString();
        };
        const auto at = std::find_if(entry.addresses.begin(), entry.addresses.end(), isThere);
        if (at == entry.addresses.end())
            continue;
        // As renewPin(): an authority has signed the same name for the new key.
        const auto before = CertificateInfo::fromDer(entry.certificate);
        const auto after = CertificateInfo::fromDer(connection.peerCertificates().value(0));
        if (endpoint->config().certificatePolicy().mode() != CertificateMode::EncryptOnly && before
            && after && !before->names.isEmpty() && before->names == after->names)
            return {};
        std::rotate(entry.addresses.begin(), at, std::next(at));
        return entry;
    }
    return {};
}

void Network::Private::refuseChangedKey(Connection *connection, const BootstrapCache::Entry &known)
{
    Error error(ErrorCode::PeerIdMismatch,
                QStringLiteral("The peer at %1 has another key than the node that is remembered "
                               "there: expected %2, came %3. It was refused.")
                    .arg(known.addresses.first().endpointString(), known.peerId.toString(),
                         connection->peerId().toString()));
    error.peerCertificates = connection->peerCertificates();
    if (connection->direction() == Connection::Direction::Outgoing)
        noteLost(connection->peerId(), error);
    Access::close(*connection, CloseCode::Blocked, QStringLiteral("another key than before"));
    Q_EMIT q->peerKeyChanged(known, error);
}

//! The key is another one. Only where an authority vouches for the same name is that no matter.
void Network::Private::renewPin(const BootstrapCache::Entry &known, const Error &error)
{
    const CertificatePolicy policy = endpoint->config().certificatePolicy();
    const auto before = CertificateInfo::fromDer(known.certificate);
    const auto after = CertificateInfo::fromDer(error.peerCertificates.value(0));
    if (policy.mode() != CertificateMode::EncryptOnly && before && after && !before->names.isEmpty()
        && before->names == after->names) {
        // The name check of the mode AgreedAuthority is about what is dialled: here it is the name that
        // the node had before.
        const PeerAddress dialled(known.name.isEmpty() ? before->names.first() : known.name,
                                  known.addresses.first().port());
        if (policy.judge(error.peerCertificates, dialled,
                         QDateTime::fromSecsSinceEpoch(environment->wallClock(), Qt::UTC))) {
            qCInfo(lcNetwork).noquote()
                << "a cached node has a new key, with the same name:" << after->peerId.toString();
            using Peering::CandidateBook;
            const PeerId renewed = after->peerId;
            book.add(CandidateBook::ourselves(), renewed, known.addresses, {});
            QMetaObject::invokeMethod(
                q,
                [this, renewed, addresses = known.addresses] { dialRemembered(renewed, addresses); },
                Qt::QueuedConnection);
            cache->remove(known.peerId);
            return;
        }
    }
    const QPointer<Network> alive(q);
    cache->failed(known.peerId);
    if (alive)
        Q_EMIT q->peerKeyChanged(known, error);
}

} // namespace Qp2p
