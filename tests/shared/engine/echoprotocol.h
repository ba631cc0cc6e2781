// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A protocol that has nothing to do with messages: what the peer sends on a bi-directional stream goes back on it.
#pragma once

#include <qp2pcore/engine/sendqueue.h>
#include <qp2pcore/engine/session.h>

#include <list>

namespace Qp2p::Test {

struct EchoStream final : Engine::ProtocolStream, Engine::SendQueue
{
    bool fin = false; //!< follows what is queued; false again once it is sent
    bool complete = false, stopped = false, closed = false;
    QByteArray received;
    std::optional<quint64> resetCode;
};

struct EchoProtocol : Engine::StreamProtocol
{
    using Stream = Engine::ProtocolStream;
    using Write = Engine::StreamWrite;
    using Fin = Engine::Fin;

    explicit EchoProtocol(Engine::StreamConnection &c)
        : connection(c)
    {
    }
    static EchoStream &echo(Stream *stream) { return *static_cast<EchoStream *>(stream); }

    void streamOpened(qint64 id) override
    {
        streams.emplace_back().id = id;
        connection.attach(id, &streams.back());
    }
    void streamData(qint64 id, Stream *s, std::span<const quint8> data, Fin fin) override
    {
        EchoStream &stream = echo(s);
        stream.received.append(reinterpret_cast<const char *>(data.data()), qsizetype(data.size()));
        stream.complete = fin == Fin::Yes;
        if (grants)
            connection.extendWindows(id, data.size());
        if (!connection.isOwnStream(id)) {
            stream.queue(stream.received.last(qsizetype(data.size())));
            stream.fin = stream.complete;
        }
    }
    void streamReset(qint64 id, Stream *s, quint64 code) override
    {
        echo(s).resetCode = code;
        connection.shutdownWrite(id, code);
    }
    void streamClosed(qint64 id, Stream *s, std::optional<quint64>) override
    {
        echo(s).closed = true;
        connection.extendStreams(Engine::StreamKind::Bidirectional,
                                 connection.isOwnStream(id) ? 0 : 1);
    }
    void streamAcknowledged(qint64, Stream *s, quint64 n) override { echo(s).acknowledged(n); }
    void streamCreditGranted(qint64, Stream *s) override { echo(s).setBlocked(false); }
    void inputHandled(ngtcp2_tstamp now) override
    {
        if (open
            || (connection.side() == Engine::Side::Dialler && !connection.isHandshakeConfirmed()))
            return;
        open = true;
        connection.setOpen(now);
    }
    bool next(Write &write, ngtcp2_tstamp) override
    {
        for (EchoStream &stream : streams) {
            if (stream.stopped || stream.isBlocked() || (!stream.hasData() && !stream.fin))
                continue;
            write.streamId = stream.id;
            write.stream = &stream;
            write.count = stream.gather(write.vectors.data(), write.vectors.size());
            write.fin = write.count == 0 ? Fin::Yes : Fin::No;
            return true;
        }
        return false;
    }
    void written(const Write &write, size_t bytes) override
    {
        echo(write.stream).sent(bytes);
        echo(write.stream).fin &= write.fin == Fin::No;
    }
    void blocked(const Write &write) override { echo(write.stream).setBlocked(true); }
    void stopped(const Write &write) override { echo(write.stream).stopped = true; }

    Engine::StreamConnection &connection;
    std::list<EchoStream> streams; //!< those that have ended, too
    bool open = false;
    bool grants = true;
};

} // namespace Qp2p::Test
