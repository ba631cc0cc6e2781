// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a hostile member of a network does to the real ones.
#pragma once

#include <qp2pcore/engine/messages/controlmessage.h>
#include <qp2pcore/engine/messages/hello.h>

#include <QByteArray>
#include <QJsonObject>
#include <QList>

#include <functional>
#include <memory>
#include <vector>

namespace Qp2p::Test {

//! \brief One for each hostile member.
//!
//! | name           | the member                                                                   |
//! |----------------|------------------------------------------------------------------------------|
//! | advertise      | is a node, and answers each request for peers with 20 invented peers at 80    |
//! |                | addresses: the victims in turn, each time at another port                      |
//! | reflect        | is a node, and asks every six seconds that the victims are dialled, and pays   |
//! | reflect-unpaid | is a node, and asks that 29 times a second without paying for it               |
//! | ask            | is a client, and asks 30 times a second to be checked, each time at another    |
//! |                | port: 25 messages are small, five pay for a dial                               |
class MemberAttack
{
public:
    using Send = std::function<void(const QByteArray &controlMessage)>;
    struct Options
    {
        std::vector<Engine::SocketAddress> victims;
        int answers = 1'000'000'000; //!< to requests for peers, then it advertises no node
        quint16 port = 0; //!< of the victims; 0: from 20000, each time another
    };

    virtual ~MemberAttack() = default;

    //! Null where there is none of that name.
    static std::unique_ptr<MemberAttack> create(const QByteArray &name, const Options &options);
    static QList<QByteArray> names();
    static bool needsVictims(const QByteArray &name);

    virtual Engine::Hello::Role role() const { return Engine::Hello::Role::Node; }
    //! A linked half that the member has dialled: every second, from when the attack begins.
    virtual void act(const Send &) {}
    //! On any half. What it returns is reported; an empty object is not.
    virtual QJsonObject received(const Engine::ControlMessage &,
                                 const Engine::SocketAddress & /*from*/, const Send &)
    {
        return {};
    }
};

} // namespace Qp2p::Test
