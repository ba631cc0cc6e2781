// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// An incoming request: its message, and the one chance to answer it.
#pragma once

#include <qp2pcore/message.h>
#include <qp2pcore/qp2pcore_export.h>
#include <qp2pcore/result.h>

#include <QFuture>
#include <QMetaType>

#include <memory>

namespace Qp2p {

class Connection;

//! \brief A message that its sender waits to have answered. Copies share the one answer.
//!
//! When the last copy goes without an answer, the peer's request ends with NoReply. Use it in any thread:
//! from another one than the connection's, answers are posted to that.
class QP2PCORE_EXPORT Request
{
public:
    Request();

    const Message &message() const;

    //! \brief Sends \a reply back on the request's own stream.
    //!
    //! Where the connection's send queue has no room it waits for it, and the peer may not send larger requests
    //! meanwhile. The future finishes when the peer has all of the reply, or with an error: those of
    //! Connection::send(), Cancelled where the peer does not wait any more, WrongState where the request was
    //! answered before, ClosedLocally where the connection is gone. Cancelling the future changes nothing.
    QFuture<Result<void>> reply(const Message &reply, int priority = 0) const;

    //! \brief Ends the request without a reply; \a code reaches the peer as Error::closeCode.
    void reject(quint64 code = 0) const;

    bool isAnswered() const;
    //! \brief The peer does not wait for the reply any more: it gave the request up, or the connection has ended.
    //! See Connection::requestCancelled().
    bool isCancelled() const;

private:
    friend class Connection;
    class Private;
    explicit Request(std::shared_ptr<Private> data);
    std::shared_ptr<Private> d;
};

} // namespace Qp2p

Q_DECLARE_METATYPE(Qp2p::Request)
