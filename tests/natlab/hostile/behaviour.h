// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a hostile connection does once it is open.
#pragma once

#include <shared/engine/rawpeer.h>

#include <QByteArray>
#include <QList>

#include <memory>

namespace Qp2p::Test {

//! \brief One for each connection. Every second it also sends an honest message of a kibibyte, so that
//! the connection as a whole never seems to idle.
//!
//! | name       | each connection                                                                  |
//! |------------|----------------------------------------------------------------------------------|
//! | unfinished | begins 80 messages of 16 MiB, sends 250 KiB of each and finishes none              |
//! | gaps       | begins 600 messages and sends every other byte of 1,700 of each, one in a frame    |
//! | unread     | asks 90 requests of 512 KiB and never grants credit for the replies                |
//! | streams    | begins 990 messages of 16 MiB and sends 1 KiB of each a second                     |
//! | places     | is there, and nothing else                                                        |
//!
//! What the target takes back (a refused message, an ended stream) is replaced every second.
class Behaviour
{
public:
    virtual ~Behaviour() = default;

    //! Null where there is none of that name.
    static std::unique_ptr<Behaviour> create(const QByteArray &name);
    static QList<QByteArray> names();

    //! Before the connection is dialled.
    virtual void adjust(ngtcp2_transport_params &) const {}
    //! Every second, for the first time when the connection opens.
    void act(RawPeer &peer);

protected:
    virtual void attack(RawPeer &peer) = 0;
};

} // namespace Qp2p::Test
