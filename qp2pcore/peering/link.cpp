// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/peering/link.h>

namespace Qp2p::Peering {

LinkState &Link::state()
{
    refresh(m_state);
    return m_state;
}

LinkState Link::state() const
{
    LinkState state = m_state;
    refresh(state);
    return state;
}

void Link::refresh(LinkState &state) const
{
    for (const Half which : {Half::Outgoing, Half::Incoming}) {
        if (half(which))
            state.open(which);
        else
            state.lose(which);
    }
}

Connection *Link::sending() const
{
    const auto sendingHalf = state().sendingHalf();
    return sendingHalf ? half(*sendingHalf) : nullptr;
}

QList<Connection *> Link::connections() const
{
    QList<Connection *> list;
    for (Connection *connection : {outgoing(), incoming()}) {
        if (connection)
            list.append(connection);
    }
    for (const QPointer<Connection> &connection : m_spares) {
        if (connection)
            list.append(connection);
    }
    return list;
}

bool Link::isHalf(quint64 connectionId) const
{
    return connectionId == m_outgoing.id || connectionId == m_incoming.id;
}

void Link::add(Connection *connection)
{
    m_watched.append(connection);
    if (connection->direction() == Connection::Direction::Incoming) {
        set(m_incoming, connection);
        return;
    }
    if (outgoing())
        m_spares.append(outgoing());
    set(m_outgoing, connection);
}

std::optional<Link::Half> Link::remove(const Connection *connection)
{
    m_spares.removeIf([connection](const auto &spare) { return spare == connection; });
    if (connection == outgoing()) {
        set(m_outgoing, m_spares.isEmpty() ? nullptr : m_spares.takeLast().data());
        return Half::Outgoing;
    }
    if (connection == incoming()) {
        set(m_incoming, nullptr);
        return Half::Incoming;
    }
    return {}; // a spare, or one that was replaced
}

void Link::forgetDeleted()
{
    m_spares.removeAll(nullptr);
    m_watched.removeAll(nullptr);
}

void Link::set(Slot &slot, Connection *connection)
{
    slot = {connection, connection ? connection->id() : 0};
}

void Link::recordAddress(const PeerAddress &address)
{
    const PeerAddress plain(address.address(), address.port());
    QList<PeerAddress> &addresses = description.addresses;
    addresses.removeAll(plain);
    addresses.prepend(plain);
    addresses = addresses.mid(0, MaxAddresses);
}

} // namespace Qp2p::Peering
