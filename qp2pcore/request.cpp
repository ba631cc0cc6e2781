// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/request.h>

#include <qp2pcore/connection_p.h>
#include <qp2pcore/engine/closecodes.h>

namespace Qp2p {

Request::Private::~Private()
{
    if (!answered && connection) {
        if (Engine::Session *session = connection->d->session()) {
            session->reject(streamId, Engine::CloseCode::NoReply);
            connection->d->touch(*session);
        }
    }
}

Request::Request()
    : d(std::make_shared<Private>())
{
}

Request::Request(std::shared_ptr<Private> data)
    : d(std::move(data))
{
}

const Message &Request::message() const
{
    return d->message;
}

quint64 Request::reply(const Message &reply, int priority) const
{
    Engine::Session *session = d->connection && !d->answered ? d->connection->d->session()
                                                             : nullptr;
    if (!session)
        return 0;
    d->answered = true;
    const quint64 id = session->reply(d->streamId, reply, priority);
    d->connection->d->touch(*session);
    return id;
}

void Request::reject(quint64 code) const
{
    Engine::Session *session = d->connection && !d->answered ? d->connection->d->session()
                                                             : nullptr;
    if (!session)
        return;
    d->answered = true;
    session->reject(d->streamId, checkedCloseCode(code, "Qp2p::Request::reject"));
    d->connection->d->touch(*session);
}

bool Request::isAnswered() const
{
    return d->answered;
}

} // namespace Qp2p
