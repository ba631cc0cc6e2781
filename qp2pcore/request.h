// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// An incoming request: its message, and the one chance to answer it.
#pragma once

#include <qp2pcore/message.h>
#include <qp2pcore/qp2pcore_export.h>

#include <QMetaType>

#include <memory>

namespace Qp2p {

class Connection;

//! \brief A message that its sender waits to have answered. Copies share the one answer.
//!
//! When the last copy goes without an answer, the peer's request ends with NoReply. Use it in the
//! thread of its connection. Answers to a connection that is gone are dropped.
class QP2PCORE_EXPORT Request
{
public:
    Request();

    const Message &message() const;

    //! \brief Sends \a reply back on the request's own stream.
    //!
    //! Returns its message id (see Connection::send()), or 0 where it was answered already or the
    //! connection is gone.
    quint64 reply(const Message &reply, int priority = 0) const;

    //! \brief Ends the request without a reply; \a code reaches the peer as Error::closeCode.
    void reject(quint64 code = 0) const;

    bool isAnswered() const;

private:
    friend class Connection;
    class Private;
    explicit Request(std::shared_ptr<Private> data);
    std::shared_ptr<Private> d;
};

} // namespace Qp2p

Q_DECLARE_METATYPE(Qp2p::Request)
