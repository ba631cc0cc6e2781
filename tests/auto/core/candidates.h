// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Nodes and those who advertise them, by number, and a choice among them that is the same each time.
#pragma once

#include <shared/seededrandom.h>

#include <qp2pcore/peering/addressgroup.h>
#include <qp2pcore/peering/candidatebook.h>

#include <memory>
#include <optional>

namespace Qp2p::Test {

inline PeerId idOf(int number)
{
    QByteArray bytes(32, 'i');
    bytes[0] = char(number);
    bytes[1] = char(number >> 8);
    bytes[2] = char(number >> 16);
    return PeerId::fromBytes(bytes);
}

inline PeerAddress addressOf(int group, int host = 1, quint16 port = 12000)
{
    return PeerAddress(QHostAddress(0x0b000000u + (quint32(group) << 16) + quint32(host)), port);
}

inline Peering::CandidateBook::Source sourceIn(int group, int number)
{
    return {idOf(900'000 + number), Peering::addressGroup(addressOf(group).address())};
}

//! A choice among all, of which nothing is excluded.
class Chooser
{
public:
    Chooser()
    {
        choice.isExcluded = [](const PeerId &) { return false; };
        choice.isAddressExcluded = [](const PeerAddress &) { return false; };
        choice.random = [this](quint32 limit) { return quint32(m_random.below(limit)); };
    }
    std::optional<Peering::CandidateBook::DialTarget> from(const Peering::CandidateBook &book)
    {
        return book.choose(choice);
    }

    Peering::CandidateBook::Choice choice;

private:
    SeededRandom m_random{3};
};

inline std::shared_ptr<Peering::DialBudget> budget()
{
    return std::make_shared<Peering::DialBudget>();
}

} // namespace Qp2p::Test
