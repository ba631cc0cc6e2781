// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Everything printed here comes from a peer: through safeText() and nothing else.

#include "listenvisit.h"

#include "certificatefields.h"
#include "command.h"
#include "numbers.h"

#include <qp2pcore/safetext.h>

using namespace Qp2p;
using namespace Qt::StringLiterals;

ListenVisit::ListenVisit(Connection *connection, const ListenOptions &options, Output *output)
    : QObject(connection)
    , m_connection(connection)
    , m_options(options)
    , m_output(output)
{
    connect(connection, &Connection::messageReceived, this, &ListenVisit::messageReceived);
    connect(connection, &Connection::requestReceived, this, &ListenVisit::requestReceived);
    connect(connection, &Connection::messageFailed, this, [this](quint64, const Error &error) {
        m_output->limitedDetail(
            u"reply failed",
            tr("%1 a reply did not arrive: %2").arg(name(), safeText(error.message)));
    });
    connect(connection, &Connection::incomingMessageRefused, this, [this](const Error &reason) {
        QJsonObject fields = errorFields(reason);
        fields.insert(u"connection"_s, static_cast<qint64>(m_connection->id()));
        m_output->limitedEvent(
            EventLimit::Kind::Failure, u"message-refused", fields,
            tr("%1 a message was refused: %2").arg(name(), safeText(reason.message)));
    });
}

void ListenVisit::printOpened() const
{
    if (m_options.messages == ListenOptions::Messages::CountOnly)
        return;
    const bool legacy = m_connection->protocol() == Protocol::Legacy;
    const QString who = legacy ? tr("a legacy peer") : m_connection->peerId().toString();
    const QString line = tr("%1 connected: %2 at %3")
                             .arg(name(), who,
                                  safeText(m_connection->peerAddress().endpointString()));
    m_output->limitedEvent(EventLimit::Kind::Peer, u"connected", connectionFields(*m_connection),
                           legacy ? line
                                  : line
                                   + tr(", which calls itself \"%1\"; accepted: %2")
                                         .arg(safeText(m_connection->peerAgent()),
                                              safeText(acceptanceText(m_connection->acceptance()))));
}

void ListenVisit::printClosed(const Error &reason) const
{
    // Measuring handshakes opens thousands of connections that carry nothing.
    const bool countOnly = m_options.messages == ListenOptions::Messages::CountOnly;
    if (countOnly && m_messages + m_requests == 0)
        return;
    const double seconds = static_cast<double>(m_nanosecondsToLast) / 1e9;
    QJsonObject fields = errorFields(reason);
    fields.insert(u"connection"_s, static_cast<qint64>(m_connection->id()));
    fields.insert(u"peerId"_s, m_connection->peerId().toString());
    fields.insert(u"messages"_s, m_messages);
    fields.insert(u"requests"_s, m_requests);
    fields.insert(u"bytes"_s, m_bytes);
    fields.insert(u"seconds"_s, seconds);
    QString line = tr("%1 closed; messages: %2, requests: %3, together %4")
                       .arg(name(), QString::number(m_messages), QString::number(m_requests),
                            formatBytes(m_bytes));
    if (countOnly && seconds > 0) {
        line += tr(" in %1 s: %2 MB/s, %3 a second")
                    .arg(QString::number(seconds, 'f', 3),
                         QString::number(static_cast<double>(m_bytes) / seconds / 1e6, 'f', 1),
                         QString::number(static_cast<double>(m_messages + m_requests) / seconds,
                                         'f', 0));
    }
    m_output->limitedEvent(EventLimit::Kind::Peer, u"closed", fields,
                           line + u". " + safeText(reason.message));
}

void ListenVisit::messageReceived(const Message &message)
{
    ++m_messages;
    count(message);
    if (m_options.messages == ListenOptions::Messages::CountOnly)
        return;
    m_output->event(
        u"message", fieldsOf(message),
        tr("%1 message, %2: %3")
            .arg(name(), formatBytes(message.payload().size()), safeText(message.payload())));
}

void ListenVisit::requestReceived(const Request &request)
{
    ++m_requests;
    count(request.message());
    const bool echo = m_options.answers == ListenOptions::Answers::Echo;
    if (m_options.messages == ListenOptions::Messages::Print) {
        QJsonObject fields = fieldsOf(request.message());
        fields.insert(u"answer"_s, echo ? u"echo"_s : u"rejected"_s);
        m_output->event(
            u"request", fields,
            tr("%1 request, %2, %3: %4")
                .arg(name(), formatBytes(request.message().payload().size()),
                     echo ? tr("echoed") : tr("rejected"), safeText(request.message().payload())));
    }
    if (!echo) {
        request.reject();
        return;
    }
    request.reply(request.message());
}

void ListenVisit::count(const Message &message)
{
    m_bytes += message.size();
    if (!m_sinceFirst.isValid())
        m_sinceFirst.start();
    m_nanosecondsToLast = m_sinceFirst.nsecsElapsed();
}

QJsonObject ListenVisit::fieldsOf(const Message &message) const
{
    if (!m_output->isJson())
        return {}; // the hash of a large message costs more than the rest of it
    QJsonObject fields = messageFields(message, m_options.payloadLimit);
    const QJsonObject sender = messageOrigin(*m_connection);
    for (auto field = sender.begin(); field != sender.end(); ++field)
        fields.insert(field.key(), field.value());
    return fields;
}

QString ListenVisit::name() const
{
    return u'#' + QString::number(m_connection->id());
}
