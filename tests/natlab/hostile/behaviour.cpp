// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "behaviour.h"

#include <shared/engine/attack.h>
#include <shared/engine/quicpackets.h>

#include <map>
#include <vector>

namespace Qp2p::Test {

using Engine::Fin;

namespace {

constexpr qsizetype KiB = 1024;
constexpr quint32 LargestMessage = 16 * 1024 * KiB;
//! Of one message: a little less than the window that its stream begins with.
constexpr qsizetype SentOfEach = 250 * KiB;

QByteArray largeHeader()
{
    return wireHeader(0, 0, LargestMessage);
}

//! Keeps a number of streams under way.
class ManyStreams : public Behaviour
{
protected:
    explicit ManyStreams(size_t count)
        : m_count(count)
    {
    }

    const std::vector<qint64> &streams() const { return m_streams; }

    void attack(RawPeer &peer) override
    {
        std::erase_if(m_streams, [&](qint64 stream) { return !peer.isSendingOn(stream); });
        while (m_streams.size() < m_count) {
            const qint64 stream = begin(peer);
            if (stream < 0)
                return;
            m_streams.push_back(stream);
        }
    }

    //! -1 where the target permits no more.
    virtual qint64 begin(RawPeer &peer) = 0;

private:
    const size_t m_count;
    std::vector<qint64> m_streams;
};

class Unfinished : public ManyStreams
{
public:
    Unfinished()
        : ManyStreams(80)
    {
    }

protected:
    qint64 begin(RawPeer &peer) override
    {
        static const QByteArray block(SentOfEach, 'x'); // one for all connections
        const qint64 stream = peer.sendOnNewStream(largeHeader(), Fin::No);
        if (stream >= 0)
            peer.send(stream, block);
        return stream;
    }
};

class Gaps : public ManyStreams
{
public:
    Gaps()
        : ManyStreams(600) // as many as fit into the window that a connection begins with
    {
    }

protected:
    qint64 begin(RawPeer &peer) override
    {
        const qint64 stream = peer.sendOnNewStream(largeHeader(), Fin::No);
        if (stream < 0)
            return stream;
        for (const QByteArray &frames : framesOf(stream))
            peer.sendFrames(frames);
        return stream;
    }

private:
    //! Kept, because all connections use the same stream IDs.
    static const std::vector<QByteArray> &framesOf(qint64 stream)
    {
        static std::map<qint64, std::vector<QByteArray>> known;
        std::vector<QByteArray> &packets = known[stream];
        if (!packets.empty())
            return packets;
        QByteArray frames;
        // ngtcp2 itself ends a connection for more than 1,000 gaps in a stream.
        for (quint64 offset = 20; offset < 1700; offset += 2) {
            frames += Frame::stream(quint64(stream), offset, "x");
            if (frames.size() > RawPeer::FrameCapacity - 20)
                packets.push_back(std::exchange(frames, {}));
        }
        packets.push_back(frames);
        return packets;
    }
};

class Unread : public ManyStreams
{
public:
    Unread()
        : ManyStreams(90)
    {
    }

    void adjust(ngtcp2_transport_params &parameters) const override
    {
        parameters.initial_max_stream_data_bidi_local = 500; // the hello fits, and no reply does
    }

protected:
    void attack(RawPeer &peer) override
    {
        peer.grantsCredit = false;
        ManyStreams::attack(peer);
    }

    qint64 begin(RawPeer &peer) override
    {
        static const QByteArray request = toWire(Message(QByteArray(512 * KiB, 'r')));
        return peer.sendOnNewStream(request, Fin::Yes, true);
    }
};

class Streams : public ManyStreams
{
public:
    Streams()
        : ManyStreams(990) // of 1,000 that are permitted: the others are for the honest messages
    {
    }

protected:
    void attack(RawPeer &peer) override
    {
        ManyStreams::attack(peer);
        static const QByteArray block(KiB, 'x');
        for (const qint64 stream : streams())
            peer.send(stream, block);
    }

    qint64 begin(RawPeer &peer) override
    {
        return peer.sendOnNewStream(largeHeader() + "x", Fin::No);
    }
};

class Places : public Behaviour
{
protected:
    void attack(RawPeer &) override {}
};

template<typename T>
std::unique_ptr<Behaviour> make()
{
    return std::make_unique<T>();
}

using Table = std::map<QByteArray, std::unique_ptr<Behaviour> (*)()>;

const Table &table()
{
    static const Table all{{"unfinished", make<Unfinished>},
                           {"gaps", make<Gaps>},
                           {"unread", make<Unread>},
                           {"streams", make<Streams>},
                           {"places", make<Places>}};
    return all;
}

} // namespace

std::unique_ptr<Behaviour> Behaviour::create(const QByteArray &name)
{
    const auto found = table().find(name);
    return found == table().end() ? nullptr : found->second();
}

QList<QByteArray> Behaviour::names()
{
    QList<QByteArray> all;
    for (const auto &[name, factory] : table())
        all.append(name);
    return all;
}

void Behaviour::act(RawPeer &peer)
{
    // The honest message goes first, where its stream is permitted: the attack may use up the others.
    static const QByteArray honest = toWire(Message(QByteArray(KiB, 'k')));
    peer.sendOnNewStream(honest);
    attack(peer);
}

} // namespace Qp2p::Test
