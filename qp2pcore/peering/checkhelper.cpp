// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/checkhelper.h>

#include <qp2pcore/peering/access.h>
#include <qp2pcore/peering/addressgroup.h>
#include <qp2pcore/peering/addressscope.h>

#include <QPointer>

#include <algorithm>

namespace Qp2p::Peering {

using Answer = DialBackAnswer;

CheckHelper::CheckHelper(std::shared_ptr<Io::Environment> environment,
                         std::shared_ptr<const Membership> membership,
                         const CheckSurroundings &surroundings, CheckLimits &limits,
                         const CheckLimits::Ahead &ahead, CheckDialler &dialler)
    : m_environment(std::move(environment))
    , m_membership(std::move(membership))
    , m_surroundings(surroundings)
    , m_limits(limits)
    , m_ahead(ahead)
    , m_dialler(dialler)
{
}

void CheckHelper::help(Connection *asker, const DialBackRequest &request, quint64 paidBefore)
{
    const QHostAddress from = asker->peerAddress().address();
    const QHostAddress target = asSeenFrom(from, Io::toHostAddress(request.target));
    const quint16 port = request.target.port();
    const auto answer = [alive = QPointer(asker), id = request.id](Answer::Result result,
                                                                   const QString &reason) {
        if (alive)
            Access::send(*alive, encode(Answer{id, result, reason.toUtf8(), {}}));
    };
    QString why = refusal(*asker, request, target);
    if (why.isEmpty() && !takeRoom({asker->peerId(), from, target, port}))
        why = CheckRefusal::room();
    if (!why.isEmpty()) {
        answer(Answer::Result::Refused, why);
        return;
    }
    // What came for this dial, and nothing that came for another.
    const quint64 paid = std::min({Access::unchargedBytes(*asker),
                                   quint64(request.size) + paidBefore, quint64(MaxDialBackPayment)});
    Access::charge(*asker, paid);
    m_dialler.dial(PeerAddress(target, port, request.peer), request.nonce, paid,
                   [answer](CheckDialler::Result result, const QString &reason) {
                       switch (result) {
                       case CheckDialler::Result::Arrived:
                           answer(Answer::Result::Reachable, {});
                           break;
                       case CheckDialler::Result::Failed:
                           answer(Answer::Result::NotReachable, reason);
                           break;
                       case CheckDialler::Result::NotTried:
                           answer(Answer::Result::Refused, reason);
                           break;
                       }
                   });
}

//! Why we do not dial \a target for \a asker, the limits aside. Empty: we do.
QString CheckHelper::refusal(const Connection &asker, const DialBackRequest &request,
                             const QHostAddress &target) const
{
    const QHostAddress from = asker.peerAddress().address();
    if (request.size < DialBackPayment || Access::unchargedBytes(asker) < quint64(DialBackPayment))
        return CheckRefusal::payment();
    if (request.target.port() < FirstAdvertisedPort)
        return CheckRefusal::port();
    // A peer in the LAN observes only addresses of the LAN, and a public one has no reason to make us dial
    // something inside.
    if (isLocalScope(target) != isLocalScope(from)
        || !mayPass(target, request.target.port(), from, m_surroundings.interfaceNetworks()))
        return QStringLiteral("the address is of another network than the link");
    if (m_surroundings.isKnown(target, request.peer))
        return QStringLiteral("it has been in touch with this node");
    if (m_membership->refuse && m_membership->refuse(request.peer, request.target).isError())
        return QStringLiteral("this node does not dial it");
    return {};
}

bool CheckHelper::takeRoom(const CheckLimits::Request &request)
{
    const Time now = m_environment->now();
    const CheckLimits::Keys keys = CheckLimits::keysOf(request, m_surroundings.interfaceNetworks());
    if (!m_limits.hasRoom(keys, now, m_ahead))
        return false;
    m_limits.count(keys, now);
    return true;
}

} // namespace Qp2p::Peering
