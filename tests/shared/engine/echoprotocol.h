// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A protocol that has nothing to do with messages: what the peer sends on a bi-directional stream goes back on it.
#pragma once

#include <qp2pcore/engine/session.h>

#include <list>

namespace Qp2p::Test {

struct EchoStream final : Engine::ProtocolStream
{
    int64_t id = -1;
    std::list<QByteArray>
        chunks; //!< to be sent; ngtcp2 points into them, so those that were sent are in kept
    std::list<QByteArray> kept;
    size_t offset = 0; //!< how much of the first chunk has been sent
    bool fin = false; //!< follows the last chunk; false again once it is sent
    bool blocked = false, stopped = false, complete = false, closed = false;
    QByteArray received;
    quint64 acknowledged = 0,
            withheld = 0; //!< bytes; the latter are those that the peer was not granted again
    std::optional<quint64> resetCode;
};

class EchoProtocol final : public Engine::StreamProtocol
{
    using Stream = Engine::ProtocolStream;

public:
    explicit EchoProtocol(Engine::StreamConnection &c)
        : connection(c)
    {
    }
    static EchoProtocol *of(const Engine::Session &session)
    {
        return dynamic_cast<EchoProtocol *>(session.protocol());
    }

    EchoStream *send(const QByteArray &bytes, bool fin)
    {
        EchoStream &stream = streams.emplace_back();
        const bool opened = connection.openStream(Engine::StreamKind::Bidirectional, stream.id,
                                                  &stream);
        stream.chunks.push_back(bytes);
        stream.fin = fin;
        if (opened)
            return &stream;
        streams.pop_back();
        return nullptr; // the peer allows no further one
    }
    void grant(EchoStream &stream)
    {
        connection.extendStreamWindow(stream.id, stream.withheld);
        connection.extendWindow(std::exchange(stream.withheld, 0));
    }

    void streamOpened(qint64 id) override
    {
        streams.emplace_back().id = id;
        connection.attach(id, &streams.back());
    }
    void streamData(qint64 id, Stream *s, std::span<const quint8> data, Engine::Fin fin) override
    {
        EchoStream &stream = echo(s);
        stream.received.append(reinterpret_cast<const char *>(data.data()), qsizetype(data.size()));
        stream.complete = fin == Engine::Fin::Yes;
        stream.withheld += data.size();
        if (grants)
            grant(stream);
        if (!connection.isOwnStream(id)) {
            stream.chunks.push_back(stream.received.last(qsizetype(data.size())));
            stream.fin = stream.complete;
        }
    }
    void streamReset(qint64 id, Stream *stream, quint64 code) override
    {
        echo(stream).resetCode = code;
        connection.shutdownWrite(id, code);
    }
    void streamClosed(qint64 id, Stream *stream, std::optional<quint64>) override
    {
        echo(stream).closed = true;
        if (!connection.isOwnStream(id))
            connection.extendStreams(Engine::StreamKind::Bidirectional, 1);
    }
    void streamAcknowledged(qint64, Stream *s, quint64 bytes) override
    {
        echo(s).acknowledged += bytes;
    }
    void streamCreditGranted(qint64, Stream *stream) override { echo(stream).blocked = false; }
    void streamsGranted(Engine::StreamKind) override { ++timesGranted; }
    void datagramReceived(std::span<const quint8> data) override
    {
        datagrams.append(
            QByteArray(reinterpret_cast<const char *>(data.data()), qsizetype(data.size())));
    }
    void inputHandled(ngtcp2_tstamp now) override
    {
        if (!open
            && (connection.side() == Engine::Side::Acceptor || connection.isHandshakeConfirmed())) {
            open = true;
            connection.setOpen(now);
        }
    }
    void aboutToWrite() override {}
    bool next(Engine::StreamWrite &write, ngtcp2_tstamp) override;
    void written(const Engine::StreamWrite &write, size_t bytes) override;
    void blocked(const Engine::StreamWrite &write) override { echo(write.stream).blocked = true; }
    void stopped(const Engine::StreamWrite &write) override { echo(write.stream).stopped = true; }
    ngtcp2_tstamp deadline() const override { return UINT64_MAX; }
    void handleExpiry(ngtcp2_tstamp) override {}
    void ended(const Error &cause) override { endCause = cause; }

    Engine::StreamConnection &connection;
    std::list<EchoStream> streams; //!< those that have ended, too
    bool grants = true, open = false;
    int timesGranted = 0; //!< further streams
    QList<QByteArray> datagrams;
    Error endCause;

private:
    static EchoStream &echo(Stream *stream) { return *static_cast<EchoStream *>(stream); }
};

//! \brief Makes connections that echo, ALPN "echo"; \a maxStreams is what the peer may have open.
std::shared_ptr<const Engine::StreamProtocolFactory> echoProtocol(quint64 maxStreams = 4);

} // namespace Qp2p::Test
