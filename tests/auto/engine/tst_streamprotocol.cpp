// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The seam between a connection and what its streams carry: another protocol than messages, without an edit of
// Session.
#include <shared/engine/echoprotocol.h>
#include <shared/engine/enginesettings.h>
#include <shared/engine/virtualwire.h>

#include <qp2pcore/engine/limits.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;

namespace {

constexpr quint64 MaxStreams = 4;

//! Echoes, and records what a test asks for.
struct Recorder final : EchoProtocol
{
    using EchoProtocol::EchoProtocol;
    static Recorder *of(const Session &session)
    {
        return dynamic_cast<Recorder *>(session.protocol());
    }

    //! Null where the peer allows no further stream.
    EchoStream *send(const QByteArray &bytes, bool fin)
    {
        EchoStream &stream = streams.emplace_back();
        stream.queue(bytes);
        stream.fin = fin;
        if (connection.openStream(StreamKind::Bidirectional, stream.id, &stream))
            return &stream;
        streams.pop_back();
        return nullptr;
    }
    void streamsGranted(StreamKind) override { ++timesGranted; }
    void datagramReceived(std::span<const quint8> data) override
    {
        datagrams.append(
            QByteArray(reinterpret_cast<const char *>(data.data()), qsizetype(data.size())));
    }
    void ended(const Error &cause) override { endCause = cause; }

    int timesGranted = 0; //!< further streams
    QList<QByteArray> datagrams;
    Error endCause;
};

struct EchoFactory final : StreamProtocolFactory
{
    QByteArray alpn() const override { return "echo"; }
    quint64 initialStreams(StreamKind kind, Side) const override
    {
        return kind == StreamKind::Bidirectional ? MaxStreams : 0;
    }
    quint64 maxDatagramFrame() const override { return 1000; }
    std::unique_ptr<StreamProtocol> create(StreamConnection &connection) const override
    {
        return std::make_unique<Recorder>(connection);
    }
};

Settings echoSettings(int number)
{
    Settings settings = makeSettings(number);
    settings.retryMode = EndpointConfig::RetryMode::Never;
    settings.protocols = {std::make_shared<EchoFactory>()};
    return settings;
}

//! Two routers whose connection echoes.
struct EchoPair : RouterPair
{
    EchoPair()
        : RouterPair(echoSettings(1), echoSettings(2))
    {
    }
    Recorder &echo(RouterParty &party) { return *Recorder::of(*party.session()); }
    EchoStream *send(const QByteArray &bytes, bool fin = true)
    {
        EchoStream *stream = echo(*dialler).send(bytes, fin);
        touch(*dialler);
        return stream;
    }
    void touch(RouterParty &party) { party.router->touch(*party.session()); }
};

QByteArray someBytes(qsizetype size)
{
    SeededRandom random(7);
    return randomBytes(random, size);
}

} // namespace

class tst_StreamProtocol : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bytesComeBack();
    void moreThanOneWindowComesBack();
    void aSenderStopsWithoutCreditAndGoesOnWithIt();
    void aFurtherStreamWaitsForThePeer();
    void aResetReachesThePeer();
    void aStreamThatIsNotReadIsStopped();
    void aDatagramReachesTheProtocol();
    void theEndReachesTheProtocol();
    void aProtocolCanEndTheConnection();
    void theProtocolIsChosenByAlpn();
    void withoutACommonProtocolThereIsNoConnection();
};

void tst_StreamProtocol::bytesComeBack()
{
    EchoPair pair;
    QVERIFY(pair.open());
    EchoStream *stream = pair.send("echo this");
    QVERIFY(pair.wire.runUntil([&] { return stream->closed; }));
    QCOMPARE(stream->received, QByteArray("echo this"));
    QVERIFY(stream->complete);
    QCOMPARE(stream->queuedBytes(), 0); // all were acknowledged
    QVERIFY(!stream->resetCode);
    QVERIFY(pair.wire.runUntil([&] { return pair.echo(*pair.acceptor).streams.front().closed; }));
}

void tst_StreamProtocol::moreThanOneWindowComesBack()
{
    EchoPair pair;
    QVERIFY(pair.open());
    const QByteArray bytes = someBytes(3 * qsizetype(Limits::InitialConnectionWindow));
    EchoStream *stream = pair.send(bytes);
    QVERIFY(pair.wire.runUntil([&] { return stream->closed; }));
    QCOMPARE(stream->received, bytes);
}

void tst_StreamProtocol::aSenderStopsWithoutCreditAndGoesOnWithIt()
{
    EchoPair pair;
    QVERIFY(pair.open());
    pair.echo(*pair.acceptor).grants = false;
    const QByteArray bytes = someBytes(2 * qsizetype(Limits::InitialStreamWindow));
    EchoStream *stream = pair.send(bytes);
    pair.wire.runFor(2 * Seconds);
    EchoStream &far = pair.echo(*pair.acceptor).streams.front();
    QCOMPARE(far.received.size(), qsizetype(Limits::InitialStreamWindow));
    QVERIFY(stream->isBlocked());
    pair.echo(*pair.acceptor).grants = true;
    pair.echo(*pair.acceptor).connection.extendWindows(far.id, Limits::InitialStreamWindow);
    pair.touch(*pair.acceptor);
    QVERIFY(pair.wire.runUntil([&] { return stream->closed; }));
    QCOMPARE(stream->received, bytes);
}

void tst_StreamProtocol::aFurtherStreamWaitsForThePeer()
{
    EchoPair pair;
    QVERIFY(pair.open());
    for (quint64 i = 0; i < MaxStreams; ++i)
        QVERIFY(pair.send("kept open", false));
    QVERIFY(!pair.send("one more"));
    Recorder &echo = pair.echo(*pair.dialler);
    echo.timesGranted = 0;
    echo.streams.front().fin = true;
    pair.touch(*pair.dialler);
    QVERIFY(pair.wire.runUntil([&] { return echo.timesGranted == 1; }));
    EchoStream *stream = pair.send("one more");
    QVERIFY(stream);
    QVERIFY(pair.wire.runUntil([&] { return stream->closed; }));
    QCOMPARE(stream->received, QByteArray("one more"));
}

void tst_StreamProtocol::aResetReachesThePeer()
{
    EchoPair pair;
    QVERIFY(pair.open());
    EchoStream *stream = pair.send("begun", false);
    QVERIFY(pair.wire.runUntil([&] { return stream->received == "begun"; }));
    pair.echo(*pair.dialler).connection.shutdownWrite(stream->id, 7);
    pair.touch(*pair.dialler);
    QVERIFY(pair.wire.runUntil([&] { return stream->closed; }));
    QCOMPARE(pair.echo(*pair.acceptor).streams.front().resetCode, std::optional<quint64>(7));
    QCOMPARE(stream->resetCode, std::optional<quint64>(7)); // it gave its own half up, too
    QVERIFY(pair.dialler->session()->isOpen());
}

void tst_StreamProtocol::aStreamThatIsNotReadIsStopped()
{
    EchoPair pair;
    QVERIFY(pair.open());
    EchoStream *stream = pair.send(someBytes(3 * qsizetype(Limits::InitialConnectionWindow)));
    Recorder &far = pair.echo(*pair.acceptor);
    QVERIFY(pair.wire.runUntil([&] {
        return !far.streams.empty()
            && far.streams.front().received.size() > qsizetype(Limits::InitialStreamWindow);
    }));
    QVERIFY(!stream->stopped);
    far.connection.shutdownRead(stream->id, 9);
    pair.touch(*pair.acceptor);
    QVERIFY(pair.wire.runUntil([&] { return stream->stopped; }));
    QVERIFY(!far.streams.front().complete);
    QVERIFY(pair.dialler->session()->isOpen());
}

void tst_StreamProtocol::aDatagramReachesTheProtocol()
{
    EchoPair pair;
    QVERIFY(pair.open());
    QByteArray content("fire and forget");
    const ngtcp2_vec vector{reinterpret_cast<quint8 *>(content.data()), size_t(content.size())};
    QByteArray packet(qsizetype(Limits::MinInitialDatagram), Qt::Uninitialized);
    int accepted = 0;
    const ngtcp2_ssize size = ngtcp2_conn_writev_datagram(
        pair.dialler->session()->connection(), nullptr, nullptr,
        reinterpret_cast<quint8 *>(packet.data()), size_t(packet.size()), &accepted, 0, 0, &vector,
        1, pair.wire.now);
    QVERIFY(size > 0 && accepted);
    pair.wire.inject(pair.dialler->address, pair.acceptor->address, packet.left(size));
    QVERIFY(pair.wire.runUntil([&] { return !pair.echo(*pair.acceptor).datagrams.isEmpty(); }));
    QCOMPARE(pair.echo(*pair.acceptor).datagrams, QList<QByteArray>{content});
}

void tst_StreamProtocol::theEndReachesTheProtocol()
{
    EchoPair pair;
    QVERIFY(pair.open());
    pair.send("under way", false);
    Recorder &echo = pair.echo(*pair.acceptor);
    pair.dialler->session()->close(4711, "enough",
                                   Error(ErrorCode::ClosedLocally, QStringLiteral("This side.")),
                                   pair.wire.now);
    QCOMPARE(pair.echo(*pair.dialler).endCause.code, ErrorCode::ClosedLocally);
    pair.touch(*pair.dialler);
    QVERIFY(pair.wire.runUntil([&] { return echo.endCause.isError(); }, Seconds / 10));
    QCOMPARE(echo.endCause.closeCode, 4711u);
    QCOMPARE(echo.endCause.closeReason, QStringLiteral("enough"));
    QVERIFY(pair.acceptor->last<Events::Closed>()->wasOpen);
}

void tst_StreamProtocol::aProtocolCanEndTheConnection()
{
    EchoPair pair;
    QVERIFY(pair.open());
    pair.echo(*pair.acceptor)
        .connection.requestClose(
            12, "no more", Error(ErrorCode::Misbehaviour, QStringLiteral("It was too much.")));
    QVERIFY(pair.acceptor->session()->isOpen()); // until its next turn
    pair.touch(*pair.acceptor);
    QVERIFY(pair.wire.runUntil([&] { return pair.dialler->count<Events::Closed>() == 1; }));
    QCOMPARE(pair.acceptor->closeReason().message, QStringLiteral("It was too much."));
    QCOMPARE(pair.dialler->closeReason().closeCode, 12u);
    QCOMPARE(pair.dialler->closeReason().closeReason, QStringLiteral("no more"));
}

void tst_StreamProtocol::theProtocolIsChosenByAlpn()
{
    Settings settings = echoSettings(1);
    settings.protocols = protocolsWith(makeMessageOptions());
    settings.protocols.push_back(std::make_shared<EchoFactory>());
    RouterPair pair(settings, makeSettings(2));
    QVERIFY(pair.open());
    QVERIFY(MessagingProtocol::of(*pair.acceptor->session()));
    QVERIFY(!Recorder::of(*pair.acceptor->session()));

    RouterParty other(publicAddress(3), echoSettings(3));
    pair.wire.connect(other);
    const SessionId id = dial(other, pair.acceptor->address, pair.wire.now);
    QVERIFY(pair.wire.runUntil([&] { return other.count<Events::Opened>() == 1; }));
    EchoStream *stream = Recorder::of(*other.router->find(id))->send("echo this", true);
    other.router->touch(*other.router->find(id));
    QVERIFY(pair.wire.runUntil([&] { return stream->closed; }));
    QCOMPARE(stream->received, QByteArray("echo this"));
    QVERIFY(!MessagingProtocol::of(*pair.acceptor->router->find(2)));
}

void tst_StreamProtocol::withoutACommonProtocolThereIsNoConnection()
{
    RouterPair pair(echoSettings(1), makeSettings(2));
    pair.dial();
    QVERIFY(pair.wire.runUntil([&] { return pair.dialler->count<Events::Closed>() == 1; }));
    QCOMPARE(pair.dialler->closeReason().code, ErrorCode::NoCommonProtocol);
    QCOMPARE(pair.dialler->count<Events::Opened>(), 0u);
    QCOMPARE(pair.acceptor->count<Events::Opened>(), 0u);
}

QTEST_GUILESS_MAIN(tst_StreamProtocol)
#include "tst_streamprotocol.moc"
