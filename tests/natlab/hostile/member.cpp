// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "member.h"

#include "report.h"

#include <qp2pcore/peering/protocol/dialback.h>

#include <algorithm>
#include <cstring>

namespace Qp2p::Test {

using namespace Qp2p::Engine;
using namespace Qp2p::Peering;

namespace {

bool areOfOneHost(const SocketAddress &a, const SocketAddress &b)
{
    return a.addressSize() == b.addressSize()
        && std::memcmp(a.addressBytes(), b.addressBytes(), a.addressSize()) == 0;
}

bool isInitial(const QByteArray &datagram)
{
    return datagram.size() >= 1200 && (quint8(datagram[0]) & 0xf0) == 0xc0;
}

QString directionOf(const LinkHalf &half)
{
    return half.direction() == LinkHalf::Direction::Dialled ? QStringLiteral("dialled")
                                                            : QStringLiteral("accepted");
}

} // namespace

HostileMember::HostileMember(const Plan &plan, ngtcp2_tstamp now)
    : m_plan(plan)
    , m_attack(MemberAttack::create(plan.attack, plan.options))
    , m_listener(plan.own)
    , m_dialAt(plan.targets.empty() ? UINT64_MAX : now)
{
}

std::vector<int> HostileMember::descriptors() const
{
    std::vector<int> all{m_listener.descriptor()};
    for (const auto &half : m_halves) {
        if (half->descriptor() >= 0)
            all.push_back(half->descriptor());
    }
    return all;
}

ngtcp2_tstamp HostileMember::deadline() const
{
    ngtcp2_tstamp next = m_dialAt;
    for (const auto &half : m_halves) {
        next = std::min(next, half->deadline());
        if (half->isLinked)
            next = std::min(next, half->nextAct);
    }
    return next;
}

void HostileMember::advance(Attacks attacks, ngtcp2_tstamp now)
{
    receiveFromAnybody(now);
    if (m_dialAt <= now) {
        m_dialAt = now + Seconds;
        for (const SocketAddress &target : m_plan.targets)
            dial(target, now);
    }
    // A message may make it dial: what is added is for the next time.
    for (size_t i = 0; i < m_halves.size(); ++i) {
        LinkHalf &half = *m_halves[i];
        half.receive(now);
        while (const auto message = half.next())
            take(half, *message, now);
        if (half.isLinked && half.isAlive() && half.nextAct <= now) {
            half.nextAct = now + Seconds;
            if (attacks == Attacks::Now)
                m_attack->act([&half](const QByteArray &frame) { half.send(frame); });
        }
        half.advance(now);
    }
    std::erase_if(m_halves, [this](const auto &half) {
        if (half->hasEnded())
            reportOf("ended", *half);
        return half->hasEnded();
    });
}

//! One half for each address that sends: the real one never has two from one port to one peer.
void HostileMember::receiveFromAnybody(ngtcp2_tstamp now)
{
    while (const auto received = m_listener.receiveFrom()) {
        const auto found = std::find_if(m_halves.begin(), m_halves.end(), [&](const auto &half) {
            return half->direction() == LinkHalf::Direction::Accepted
                && half->remote() == received->from && !half->hasEnded();
        });
        if (found != m_halves.end()) {
            (*found)->receive(received->data, now);
        } else if (isInitial(received->data)) {
            m_halves.push_back(std::make_unique<LinkHalf>(m_listener, received->from,
                                                          m_plan.identityNumber, hello(), now));
            m_halves.back()->receive(received->data, now);
        }
    }
}

Hello HostileMember::hello() const
{
    Hello hello;
    hello.role = m_attack->role();
    hello.agent = "qp2p-hostile";
    hello.listeningPort = hello.role == Hello::Role::Node ? m_listener.local().port() : 0;
    hello.instance = quint64(m_plan.identityNumber) + 1;
    return hello;
}

LinkHalf *HostileMember::dialledTo(const SocketAddress &remote) const
{
    const auto found = std::find_if(m_halves.begin(), m_halves.end(), [&](const auto &half) {
        return half->direction() == LinkHalf::Direction::Dialled && half->remote() == remote;
    });
    return found == m_halves.end() ? nullptr : found->get();
}

void HostileMember::dial(const SocketAddress &remote, ngtcp2_tstamp now)
{
    if (!dialledTo(remote))
        m_halves.push_back(
            std::make_unique<LinkHalf>(m_plan.own, remote, m_plan.identityNumber, hello(), now));
}

void HostileMember::take(LinkHalf &half, const ControlMessage &message, ngtcp2_tstamp now)
{
    if (message.kind == Hello::Kind) {
        takeHello(half, *half.hello(), now);
        return;
    }
    if (message.kind == DialBackAnswer::Kind && half.direction() == LinkHalf::Direction::Dialled) {
        const auto answer = DialBackAnswer::decode(message.map);
        if (answer && answer->id == 0) {
            if (answer->acceptedAs == m_attack->role() && !std::exchange(half.isLinked, true))
                reportOf("linked", half);
            return;
        }
    }
    const QJsonObject fields = m_attack->received(
        message, half.remote(), [&half](const QByteArray &frame) { half.send(frame); });
    if (!fields.isEmpty())
        reportOf("answered", half, fields);
}

void HostileMember::takeHello(LinkHalf &half, const Hello &hello, ngtcp2_tstamp now)
{
    if (!hello.dialBackNonce.isEmpty()) {
        reportOf("checked", half);
        // The node that wanted this dial waits for the number.
        for (const auto &other : m_halves) {
            if (other->direction() == LinkHalf::Direction::Dialled && other->hello())
                other->send(encode(DialBackArrival{hello.dialBackNonce}));
        }
        return;
    }
    reportOf("greeted", half, {{QStringLiteral("role"), int(hello.role)}});
    if (half.direction() == LinkHalf::Direction::Dialled) {
        if (m_attack->role() == Hello::Role::Client) {
            half.isLinked = true; // there is nothing to be checked
            reportOf("linked", half);
            return;
        }
        DialBackRequest payment;
        payment.port = m_listener.local().port();
        for (int dials = 0; dials < 2; ++dials)
            half.send(encode(payment));
    } else if (hello.role == Hello::Role::Node) {
        half.send(
            encode(DialBackAnswer{0, DialBackAnswer::Result::Reachable, {}, Hello::Role::Node}));
        // The other half of the link, unless a dial to there is under way.
        SocketAddress claimed = half.remote();
        claimed.setPort(hello.listeningPort);
        const bool isDialled = std::any_of(m_halves.begin(), m_halves.end(), [&](const auto &other) {
            return other->direction() == LinkHalf::Direction::Dialled
                && areOfOneHost(other->remote(), claimed);
        });
        if (!isDialled && hello.listeningPort != 0)
            dial(claimed, now);
    }
}

void HostileMember::reportOf(const char *event, const LinkHalf &half, QJsonObject fields) const
{
    fields.insert(QStringLiteral("local"), textOf(half.local()));
    fields.insert(QStringLiteral("remote"), textOf(half.remote()));
    fields.insert(QStringLiteral("direction"), directionOf(half));
    report(QString::fromLatin1(event), fields);
}

} // namespace Qp2p::Test
