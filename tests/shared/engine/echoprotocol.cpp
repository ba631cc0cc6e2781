// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <shared/engine/echoprotocol.h>

namespace Qp2p::Test {

using namespace Qp2p::Engine;

namespace {

struct EchoFactory final : StreamProtocolFactory
{
    explicit EchoFactory(quint64 max)
        : maxStreams(max)
    {
    }
    QByteArray alpn() const override { return "echo"; }
    quint64 initialStreams(StreamKind kind, Side) const override
    {
        return kind == StreamKind::Bidirectional ? maxStreams : 0;
    }
    quint64 maxDatagramFrame() const override { return 1000; }
    std::unique_ptr<StreamProtocol> create(StreamConnection &connection) const override
    {
        return std::make_unique<EchoProtocol>(connection);
    }
    const quint64 maxStreams;
};

} // namespace

std::shared_ptr<const StreamProtocolFactory> echoProtocol(quint64 maxStreams)
{
    return std::make_shared<EchoFactory>(maxStreams);
}

bool EchoProtocol::next(StreamWrite &write, ngtcp2_tstamp)
{
    for (EchoStream &stream : streams) {
        if (stream.blocked || stream.stopped || stream.closed
            || (stream.chunks.empty() && !stream.fin))
            continue;
        write.streamId = stream.id;
        write.stream = &stream;
        write.count = stream.chunks.empty() ? 0 : 1;
        write.fin = stream.fin && stream.chunks.size() <= 1 ? Fin::Yes : Fin::No;
        if (write.count > 0)
            write.vectors[0] = {
                reinterpret_cast<quint8 *>(stream.chunks.front().data()) + stream.offset,
                size_t(stream.chunks.front().size()) - stream.offset};
        return true;
    }
    return false;
}

void EchoProtocol::written(const StreamWrite &write, size_t bytes)
{
    EchoStream &stream = echo(write.stream);
    stream.offset += bytes;
    if (write.count > 0) {
        if (stream.offset < size_t(stream.chunks.front().size()))
            return;
        stream.kept.splice(stream.kept.end(), stream.chunks, stream.chunks.begin());
        stream.offset = 0;
    }
    stream.fin = stream.fin && write.fin == Fin::No;
}

} // namespace Qp2p::Test
