// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "siege.h"

#include "report.h"

#include <qp2pcore/engine/closecodes.h>

#include <algorithm>

#include <poll.h>

namespace Qp2p::Test {

using namespace Qp2p::Engine;

namespace {

//! Where the rate is used up.
constexpr ngtcp2_duration SendingInterval = 2 * Milliseconds;

QString reasonOf(const RawPeer &peer)
{
    if (peer.wasReset())
        return QStringLiteral("stateless reset");
    if (!peer.closedBy())
        return peer.failure() == NGTCP2_ERR_HANDSHAKE_TIMEOUT
            ? QStringLiteral("no answer")
            : QString::fromLatin1(ngtcp2_strerror(peer.failure()));
    const RawPeer::Close &close = *peer.closedBy();
    if (!close.application)
        return close.code == NGTCP2_CONNECTION_REFUSED
            ? QStringLiteral("refused")
            : QStringLiteral("transport error 0x%1").arg(close.code, 0, 16);
    switch (close.code) {
    case CloseCode::MemoryLimit:
        return QStringLiteral("memory limit");
    case CloseCode::Evicted:
        return QStringLiteral("evicted");
    case CloseCode::Misbehaviour:
        return QStringLiteral("misbehaviour");
    default:
        return QStringLiteral("application code 0x%1").arg(close.code, 0, 16);
    }
}

} // namespace

void Siege::run(const volatile int &stop)
{
    m_slots.resize(size_t(m_plan.connections));
    const ngtcp2_tstamp end = clockNow() + m_plan.duration;
    for (ngtcp2_tstamp now = clockNow(); now < end && stop == 0; now = clockNow()) {
        replenish(now);
        dial(now);
        if (!m_decided && m_dialling == 0) {
            m_decided = true;
            QJsonObject fields = endedFields();
            fields.insert(QStringLiteral("open"), m_open);
            report(QStringLiteral("decided"), fields);
        }
        wait(std::min(end, now + Seconds / 2));
        now = clockNow();
        m_first = (m_first + 1) % m_slots.size();
        for (size_t i = 0; i < m_slots.size(); ++i) {
            const size_t index = (m_first + i) % m_slots.size();
            if (m_slots[index].connection)
                observe(int(index), m_slots[index], now);
        }
    }
    for (const Slot &slot : m_slots)
        m_bytesSent += slot.connection ? slot.connection->bytesSent() : 0;
    QJsonObject fields = endedFields();
    fields.insert(QStringLiteral("opened"), m_opened);
    fields.insert(QStringLiteral("open"), m_open);
    fields.insert(QStringLiteral("bytesSent"), qint64(m_bytesSent));
    report(QStringLiteral("summary"), fields);
}

void Siege::dial(ngtcp2_tstamp now)
{
    for (size_t i = 0; i < m_slots.size() && m_dialling < m_plan.atOnce; ++i) {
        Slot &slot = m_slots[i];
        if (slot.connection || slot.dialAt > now)
            continue;
        slot.connection = std::make_unique<HostileConnection>(
            m_plan.locals[i % m_plan.locals.size()], m_plan.target, m_plan.behaviour,
            m_plan.patience, now);
        slot.reported = false;
        ++m_dialling;
        slot.connection->advance(now, m_allowance);
    }
}

//! Receives what comes, until a timer of some connection is due.
void Siege::wait(ngtcp2_tstamp until)
{
    std::vector<pollfd> descriptors;
    std::vector<HostileConnection *> owners;
    for (const Slot &slot : m_slots) {
        if (!slot.connection)
            continue;
        until = std::min(until, slot.connection->deadline());
        const bool wantsToSend = slot.connection->hasUnsent();
        const bool maySend = m_allowance > 0;
        if (wantsToSend && !maySend)
            until = std::min(until, clockNow() + SendingInterval);
        descriptors.push_back({slot.connection->socket().descriptor(),
                               short(wantsToSend && maySend ? POLLIN | POLLOUT : POLLIN), 0});
        owners.push_back(slot.connection.get());
    }
    const ngtcp2_tstamp before = clockNow();
    const ngtcp2_duration left = until > before ? until - before : 0;
    const timespec timeout{time_t(left / Seconds), long(left % Seconds)};
    if (ppoll(descriptors.data(), nfds_t(descriptors.size()), &timeout, nullptr) <= 0)
        return;
    const ngtcp2_tstamp now = clockNow();
    for (size_t i = 0; i < descriptors.size(); ++i) {
        if (descriptors[i].revents != 0) {
            owners[i]->receive(now);
            owners[i]->advance(now, m_allowance);
        }
    }
}

void Siege::replenish(ngtcp2_tstamp now)
{
    const double seconds = m_replenishedAt == 0 ? 1
                                                : double(now - m_replenishedAt) / double(Seconds);
    m_replenishedAt = now;
    m_allowance = std::min(m_allowance + m_plan.rate * seconds, m_plan.rate / 10);
}

//! Lets its timers run, and reports what has become of it.
void Siege::observe(int index, Slot &slot, ngtcp2_tstamp now)
{
    HostileConnection &connection = *slot.connection;
    if (connection.deadline() <= now || connection.hasUnsent())
        connection.advance(now, m_allowance);
    QJsonObject fields{{QStringLiteral("connection"), index},
                       {QStringLiteral("local"), textOf(connection.socket().local())}};
    // A connection may open and end between two looks.
    if (!slot.reported && connection.peer().isOpen()) {
        slot.reported = true;
        --m_dialling;
        ++m_open;
        ++m_opened;
        report(QStringLiteral("opened"), fields);
    }
    if (connection.state() != HostileConnection::State::Ended)
        return;
    --(slot.reported ? m_open : m_dialling);
    const QString reason = reasonOf(connection.peer());
    ++m_ended[reason];
    fields.insert(QStringLiteral("reason"), reason);
    report(QStringLiteral("ended"), fields);
    m_bytesSent += connection.bytesSent();
    slot.connection.reset();
    slot.dialAt = m_plan.afterClose == AfterClose::DialAgain ? now + Seconds : UINT64_MAX;
}

QJsonObject Siege::endedFields() const
{
    QJsonObject reasons;
    for (auto reason = m_ended.cbegin(); reason != m_ended.cend(); ++reason)
        reasons.insert(reason.key(), reason.value());
    return {{QStringLiteral("ended"), reasons}};
}

} // namespace Qp2p::Test
