// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/endpoint/dial.h>

#include <algorithm>

namespace Qp2p {

Error dialCancelled()
{
    return Error(ErrorCode::Cancelled, QStringLiteral("The dial was given up."));
}

namespace {

//! What the peer answered is the most specific, what did not leave this machine the least.
int specificity(ErrorCode code)
{
    switch (code) {
    case ErrorCode::None:
    case ErrorCode::Cancelled:
    case ErrorCode::ClosedLocally:
        return 0;
    case ErrorCode::InvalidArgument:
    case ErrorCode::AddressNotAvailable:
    case ErrorCode::NetworkUnavailable:
    case ErrorCode::SocketFailed:
    case ErrorCode::HostNotFound:
        return 1;
    case ErrorCode::HandshakeTimeout:
        return 2;
    case ErrorCode::PortUnreachable:
        return 3;
    default:
        return 4;
    }
}

} // namespace

const Error &moreSpecific(const Error &earlier, const Error &later)
{
    return specificity(later.code) >= specificity(earlier.code) ? later : earlier;
}

Dial::Dial(Protocol protocol)
    : m_protocol(protocol)
{
    m_promise.start();
}

Dial::~Dial()
{
    if (!m_finished)
        finish(dialCancelled());
}

void Dial::lookupFailed(const PeerAddress &peer, const Error &error)
{
    lookupFinished(peer);
    addCandidate(0, peer, peer, error);
}

void Dial::addCandidate(Engine::SessionId session, const PeerAddress &peer,
                        const PeerAddress &named, const Error &error)
{
    const auto state = session ? Candidate::State::Dialling : Candidate::State::Failed;
    m_candidates.push_back({session, peer, named, state, error});
    if (!session && onFailure)
        onFailure();
}

Engine::SessionId Dial::confirmed(Engine::SessionId session)
{
    if (Candidate *candidate = find(session))
        candidate->state = Candidate::State::Confirmed;
    return greetNext();
}

void Dial::refused(Engine::SessionId session, const QList<QByteArray> &chain)
{
    if (Candidate *candidate = find(session))
        candidate->presented = chain;
}

Engine::SessionId Dial::failed(Engine::SessionId session, const Error &error)
{
    if (Candidate *candidate = find(session)) {
        candidate->state = Candidate::State::Failed;
        candidate->error = error;
        if (error.peerCertificates.isEmpty())
            candidate->error.peerCertificates = candidate->presented;
        if (onFailure)
            onFailure();
    }
    return greetNext();
}

void Dial::addTraffic(const ConnectionStats &stats)
{
    m_traffic->bytesSent += stats.bytesSent;
    m_traffic->datagramsReceived += stats.datagramsReceived;
}

bool Dial::hasFailed() const
{
    return m_complete && m_lookups.isEmpty()
        && std::all_of(m_candidates.begin(), m_candidates.end(), [](const Candidate &candidate) {
               return candidate.state == Candidate::State::Failed;
           });
}

std::optional<Error> Dial::failureOf(const PeerAddress &named) const
{
    if (m_lookups.contains(named))
        return {};
    std::optional<Error> best;
    for (const Candidate &candidate : m_candidates) {
        if (candidate.named != named)
            continue;
        if (candidate.state != Candidate::State::Failed)
            return {};
        best = best ? moreSpecific(*best, candidate.error) : candidate.error;
    }
    return best;
}

PeerAddress Dial::winner() const
{
    const Candidate *winner = greeted();
    return winner ? winner->named : PeerAddress();
}

Engine::SessionId Dial::chosen() const
{
    if (!m_race)
        return m_candidates.empty() ? 0 : m_candidates.front().session;
    const Candidate *winner = greeted();
    return winner ? winner->session : 0;
}

const Dial::Candidate *Dial::greeted() const
{
    const auto found = std::find_if(
        m_candidates.begin(), m_candidates.end(),
        [](const Candidate &candidate) { return candidate.state == Candidate::State::Greeted; });
    return found == m_candidates.end() ? nullptr : &*found;
}

void Dial::abandon(const Error &cause)
{
    m_abandoned = cause;
    m_lookups.clear();
}

PeerAddress Dial::dialledBy(Engine::SessionId session) const
{
    const auto found = std::find_if(
        m_candidates.begin(), m_candidates.end(),
        [session](const Candidate &candidate) { return candidate.session == session; });
    return found != m_candidates.end() ? found->named : PeerAddress();
}

Error Dial::failure() const
{
    if (isAbandoned())
        return m_abandoned;
    if (m_candidates.empty())
        return Error(ErrorCode::InvalidArgument,
                     QStringLiteral("There is no address to dial. Name at least one."));
    Error error = m_candidates.front().error;
    for (const Candidate &candidate : m_candidates)
        error = moreSpecific(error, candidate.error);
    if (m_candidates.size() == 1) {
        error.message = QStringLiteral("No connection to %1. %2")
                            .arg(m_candidates.front().peer.endpointString(), error.message);
        return error;
    }
    QStringList lines;
    for (const Candidate &candidate : m_candidates)
        lines.append(candidate.peer.endpointString() + QStringLiteral(": ")
                     + candidate.error.message);
    error.message = QStringLiteral("None of %1 addresses could be reached:\n%2")
                        .arg(m_candidates.size())
                        .arg(lines.join(QLatin1Char('\n')));
    return error;
}

std::vector<Engine::SessionId> Dial::sessions() const
{
    std::vector<Engine::SessionId> sessions;
    for (const Candidate &candidate : m_candidates) {
        if (candidate.state != Candidate::State::Failed)
            sessions.push_back(candidate.session);
    }
    return sessions;
}

std::vector<Engine::SessionId> Dial::sessionsOf(const PeerAddress &named) const
{
    std::vector<Engine::SessionId> sessions;
    for (const Candidate &candidate : m_candidates) {
        if (candidate.state != Candidate::State::Failed && candidate.named == named)
            sessions.push_back(candidate.session);
    }
    return sessions;
}

void Dial::finish(const Outcome &outcome)
{
    m_finished = true;
    m_promise.addResult(outcome);
    m_promise.finish();
}

Dial::Candidate *Dial::find(Engine::SessionId session)
{
    const auto found = std::find_if(
        m_candidates.begin(), m_candidates.end(),
        [session](const Candidate &candidate) { return candidate.session == session; });
    return found == m_candidates.end() ? nullptr : &*found;
}

Engine::SessionId Dial::greetNext()
{
    if (!m_race)
        return 0;
    Candidate *next = nullptr;
    for (Candidate &candidate : m_candidates) {
        if (candidate.state == Candidate::State::Greeted)
            return 0;
        if (candidate.state == Candidate::State::Confirmed && !next)
            next = &candidate;
    }
    if (!next)
        return 0;
    next->state = Candidate::State::Greeted;
    return next->session;
}

} // namespace Qp2p
