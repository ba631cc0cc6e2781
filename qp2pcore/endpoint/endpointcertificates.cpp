// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Certificates while an endpoint runs: its own is replaced, authorities are read again, and dates pass.
#include <qp2pcore/endpoint/endpointprivate.h>

#include <qp2pcore/certificateinfo.h>
#include <qp2pcore/certificates/authorityfiles.h>
#include <qp2pcore/certificates/authoritypath.h>
#include <qp2pcore/endpoint/connectionprivate.h>
#include <qp2pcore/support/threadcheck.h>

#include <algorithm>

namespace Qp2p {

namespace {

using Seconds = CertificateWatch::Seconds;

//! \brief The last second in which peers with the same \a authorities accept \a identity, as far as it is known here:
//! that of its own certificate where no path leads to them.
Seconds validUntil(const Identity &identity, const Engine::TrustStore *authorities, Seconds now)
{
    const QList<QByteArray> chain = identity.certificates();
    if (const auto path = Engine::pathToAuthority(chain, authorities,
                                                  now.time_since_epoch().count()))
        return path->validUntil;
    const auto own = CertificateInfo::fromDer(chain.value(0));
    return own ? Seconds(std::chrono::seconds(own->validUntil.toSecsSinceEpoch())) : Seconds::max();
}

QDateTime toDateTime(Seconds time)
{
    return QDateTime::fromSecsSinceEpoch(time.time_since_epoch().count(), Qt::UTC);
}

Error ownExpired(Seconds until)
{
    return Error(ErrorCode::CertificateExpired,
                 QStringLiteral("The certificate of this side expired on %1: peers that look at "
                                "dates refuse it. Get a new one for the same key, and load it.")
                     .arg(toDateTime(until).toString(Qt::ISODate)));
}

} // namespace

// ---- the public face

Result<void> Endpoint::reloadAuthorities()
{
    QP2P_CHECK_THREAD();
    const auto authorities = loadAuthorities(d->config.certificatePolicy());
    if (!authorities)
        return authorities.error();
    if (d->driver) {
        d->driver->setAuthorities(*authorities);
        d->sessionTickets.clear();
        d->ownValidUntil = {};
        d->verifyPeersAgain();
    }
    return {};
}

Result<void> Endpoint::setIdentity(const Identity &identity)
{
    QP2P_CHECK_THREAD();
    if (identity.isNull())
        return Error(ErrorCode::InvalidArgument,
                     QStringLiteral("There is no identity. Generate or load one first."));
    if (identity.peerId() != d->config.identity().peerId())
        return Error(
            ErrorCode::KeyMismatch,
            QStringLiteral("The identity has another key: its peer id is %1, and that of "
                           "this side %2. Nothing has changed. Restart the program to "
                           "become another peer.")
                .arg(identity.peerId().toString(), d->config.identity().peerId().toString()));
    if (d->driver) {
        if (const Result<void> set = d->driver->setIdentity(identity); !set)
            return set;
    }
    d->config.setIdentity(identity);
    d->sessionTickets.clear(); // of the earlier certificate
    d->ownValidUntil = {};
    d->lookAtCertificatesSoon();
    return {};
}

// ---- inside

//! A few at a time. Those that are refused end with the events that follow: nothing is emitted from here.
void Endpoint::Private::verifyPeersAgain()
{
    if (!driver)
        return;
    const bool areLeft = driver->verifyAgain();
    for (const auto &[id, connection] : connections) {
        if (const Engine::Session *session = driver->find(id); session && session->isLive())
            connection->d->acceptance = session->acceptance();
    }
    if (areLeft)
        QMetaObject::invokeMethod(
            q, [this] { verifyPeersAgain(); }, Qt::QueuedConnection);
    else
        lookAtCertificatesSoon();
}

//! \brief One timer for all connections: it is set to the first date of any of them.
void Endpoint::Private::watchCertificates()
{
    if (config.certificatePolicy().mode() == CertificateMode::EncryptOnly)
        return; // which never looks at dates
    certificateTimer = environment->makeTimer([this] { certificatesDue(); });
    lookAtCertificatesSoon();
}

void Endpoint::Private::lookAtCertificatesSoon()
{
    armCertificateTimer(wallClock());
}

void Endpoint::Private::watchCertificate(const Acceptance &acceptance)
{
    if (!acceptance.validUntil)
        return;
    const Seconds until = *acceptance.validUntil;
    const Seconds time = wallClock();
    // It may have expired between the handshake and the hello.
    armCertificateTimer(time > until || certificateWatch.isWarningDue(acceptance.peerId, until, time)
                            ? time
                            : CertificateWatch::nextDue(until, time));
}

CertificateWatch::Seconds Endpoint::Private::wallClock() const
{
    return Seconds(std::chrono::seconds(environment->wallClock()));
}

//! Never later than it is armed already.
void Endpoint::Private::armCertificateTimer(Seconds due)
{
    if (!certificateTimer)
        return;
    const auto wait = std::clamp<std::chrono::nanoseconds>(
        due - wallClock(), std::chrono::nanoseconds(0), CertificateWatch::MaxInterval);
    const Io::Time at = environment->now() + wait;
    if (at >= certificateTimerAt)
        return;
    certificateTimerAt = at;
    certificateTimer->arm(at);
}

void Endpoint::Private::certificatesDue()
{
    certificateTimerAt = Io::Never;
    if (!driver || state == State::Closing)
        return;
    const Seconds time = wallClock();
    Seconds next = time + CertificateWatch::MaxInterval;
    QList<std::pair<PeerId, QDateTime>> warnings;
    bool isAnyExpired = false;
    const auto look = [&](const PeerId &peerId, Seconds until) {
        if (certificateWatch.takeWarning(peerId, until, time))
            warnings.append({peerId, toDateTime(until)});
        next = std::min(next, CertificateWatch::nextDue(until, time));
        return time > until;
    };
    for (const auto &[id, connection] : connections) {
        const Engine::Session *session = driver->find(id);
        const auto &until = connection->d->acceptance.validUntil;
        if (until && session && session->isLive())
            isAnyExpired |= look(connection->d->peerId, *until);
    }
    if (!ownValidUntil) {
        ownValidUntil = validUntil(config.identity(), driver->authorities(), time);
        isOwnExpiryReported = false;
    }
    const bool isOwnExpired = look(config.identity().peerId(), *ownValidUntil);
    const bool isExpiryNew = isOwnExpired && !std::exchange(isOwnExpiryReported, true);
    const Error expired = isExpiryNew ? ownExpired(*ownValidUntil) : Error();
    armCertificateTimer(next);
    if (isAnyExpired)
        verifyPeersAgain();
    const QPointer<Endpoint> alive(q);
    for (const auto &[peerId, when] : std::as_const(warnings)) {
        if (alive)
            Q_EMIT q->certificateExpiring(peerId, when);
    }
    if (alive && expired.isError())
        Q_EMIT q->errorOccurred(expired);
}

} // namespace Qp2p
