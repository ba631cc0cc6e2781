// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The closing state (RFC 9000 section 10.2.1): who missed the end learns it with its reason, and it ends.
#include <shared/engine/enginesettings.h>
#include <shared/engine/virtualwire.h>

#include <qp2pcore/engine/closecodes.h>
#include <qp2pcore/engine/duration.h>
#include <qp2pcore/engine/limits.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;

namespace {

constexpr quint64 Code = 7;

//! Two open routers, a way to lose what each sends, and the acceptor's end.
class Closing
{
public:
    Closing()
    {
        m_pair.wire.filter = [this](Datagram &datagram) {
            const bool fromAcceptor = datagram.from == m_pair.acceptor->address;
            (fromAcceptor ? sent : heard) += fromAcceptor || !loseDialler;
            return fromAcceptor ? !loseAcceptor : !loseDialler;
        };
    }

    bool open()
    {
        if (!m_pair.open())
            return false;
        m_pair.wire.runFor(Seconds); // acknowledgements
        return true;
    }
    void close()
    {
        Session *session = acceptor();
        pto = ngtcp2_conn_get_pto(session->connection());
        closedAt = m_pair.wire.now;
        sent = heard = 0;
        session->close(Code, "enough", Error(ErrorCode::ClosedLocally, QStringLiteral("x")),
                       m_pair.wire.now);
        m_pair.acceptor->router->touch(*session);
    }
    Session *acceptor() const { return m_pair.acceptor->session(); }
    //! The dialler has something under way, and so sends probes until it is acknowledged.
    void say()
    {
        if (const Session *session = m_pair.dialler->session())
            m_pair.dialler->send(session->id(), Message("anybody there?"));
    }
    bool diallerKnows() const
    {
        const auto *closed = m_pair.dialler->last<Events::Closed>();
        return closed && closed->error.closeCode == Code && closed->error.closeReason == u"enough";
    }
    bool runUntil(const std::function<bool()> &condition, ngtcp2_duration limit)
    {
        return m_pair.wire.runUntil(condition, limit);
    }
    void runFor(ngtcp2_duration time) { m_pair.wire.runFor(time); }
    ngtcp2_duration sinceClose() const { return m_pair.wire.now - closedAt; }
    RouterPair &pair() { return m_pair; }

    bool loseAcceptor = false; //!< all that it sends
    bool loseDialler = false;
    int sent = 0; //!< datagrams of the acceptor since close(), lost or not
    int heard = 0; //!< by the acceptor
    ngtcp2_duration pto = 0;
    ngtcp2_tstamp closedAt = 0;

private:
    RouterPair m_pair;
};

} // namespace

class tst_ClosingState : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void closingPacketIsRepeatedUnasked();
    void lastsThreeProbeTimeoutsWhereNothingComes();
    void outlivesTheProbesOfAPeerThatDoesNotKnow();
    void endsAlsoWhereThePeerNeverStops();
    void endpointThatEndsIsNotHeldUp();
    void answersBecomeRarer();
    void addressWithoutProofGetsThreeTimesItsBytesAtMost();
};

void tst_ClosingState::closingPacketIsRepeatedUnasked()
{
    Closing closing;
    QVERIFY(closing.open());
    closing.loseDialler = true; // so no answer can be meant
    closing.loseAcceptor = true;
    closing.close();
    QVERIFY(closing.runUntil([&] { return closing.sent == Limits::ClosingRepeats; }, Seconds));
    QVERIFY(!closing.diallerKnows());
    closing.loseAcceptor = false; // the last repeat arrives
    QVERIFY(closing.runUntil([&] { return closing.diallerKnows(); }, Seconds));
    closing.runFor(10 * Seconds);
    QCOMPARE(closing.sent, 1 + Limits::ClosingRepeats);
}

void tst_ClosingState::lastsThreeProbeTimeoutsWhereNothingComes()
{
    Closing closing;
    QVERIFY(closing.open());
    closing.loseDialler = true;
    closing.close();
    QVERIFY(closing.runUntil([&] { return !closing.acceptor(); }, Seconds));
    QVERIFY(closing.sinceClose() >= 3 * closing.pto);
    QVERIFY(closing.sinceClose() < 3 * closing.pto + Milliseconds);
}

void tst_ClosingState::outlivesTheProbesOfAPeerThatDoesNotKnow()
{
    Closing closing;
    QVERIFY(closing.open());
    closing.loseAcceptor = true;
    closing.say();
    closing.close();
    // Far beyond three probe timeouts: by then the time between its probes has doubled several times.
    closing.runFor(40 * closing.pto);
    QVERIFY(closing.acceptor());
    closing.loseAcceptor = false;
    QVERIFY(closing.runUntil([&] { return closing.pair().dialler->last<Events::Closed>(); },
                             20 * Seconds));
    QVERIFY(closing.diallerKnows());
}

void tst_ClosingState::endsAlsoWhereThePeerNeverStops()
{
    Closing closing;
    QVERIFY(closing.open());
    closing.loseAcceptor = true;
    closing.close();
    for (int i = 0; closing.acceptor() && i < 1000; ++i) {
        closing.say();
        closing.runFor(50 * Milliseconds);
    }
    QVERIFY(!closing.acceptor());
    QVERIFY(closing.sinceClose() >= nanoseconds(Limits::LongestClosing));
    QVERIFY(closing.sinceClose() < nanoseconds(Limits::LongestClosing) + Seconds);
}

//! A peer that goes on sending must not keep a program from ending.
void tst_ClosingState::endpointThatEndsIsNotHeldUp()
{
    Closing closing;
    QVERIFY(closing.open());
    closing.loseAcceptor = true;
    closing.close();
    closing.pair().acceptor->router->closeAll(0, {}, Error(ErrorCode::ClosedLocally, {}),
                                              closing.pair().wire.now);
    for (int i = 0; i < 10; ++i) {
        closing.say();
        closing.runFor(closing.pto / 2);
    }
    QVERIFY(!closing.pair().acceptor->router->hasSessions());
}

void tst_ClosingState::answersBecomeRarer()
{
    Closing closing;
    QVERIFY(closing.open());
    closing.loseAcceptor = true;
    closing.close();
    for (int i = 0; i < 100; ++i) {
        closing.say();
        closing.runFor(Milliseconds);
    }
    QVERIFY2(closing.heard >= 64, qPrintable(QString::number(closing.heard)));
    // 1, 2, 4, … 64 of those heard, the first packet, and the repeats.
    QVERIFY2(closing.sent <= 10 + 1 + Limits::ClosingRepeats,
             qPrintable(QString::number(closing.sent)));
}

//! RFC 9000 section 8.1 holds for closing packets too: a victim's address must not be flooded with them.
void tst_ClosingState::addressWithoutProofGetsThreeTimesItsBytesAtMost()
{
    Settings picky = makeSettings(1);
    picky.retryMode = EndpointConfig::RetryMode::Never;
    RouterPair pair(picky, makeSettings(2));
    qsizetype in = 0;
    qsizetype out = 0;
    int datagramsIn = 0;
    pair.wire.filter = [&](Datagram &datagram) {
        const bool fromAcceptor = datagram.from == pair.acceptor->address;
        if (!fromAcceptor && ++datagramsIn > 1)
            return false; // one Initial, and then silence: its address may be forged
        (fromAcceptor ? out : in) += datagram.data.size();
        return !fromAcceptor;
    };
    pair.dial();
    pair.wire.runFor(Milliseconds * 5);
    Session *half = pair.acceptor->session();
    QVERIFY(half && half->state() == Session::State::Handshaking);
    half->close(Code, QByteArray(900, 'r'), Error(ErrorCode::ClosedLocally, {}), pair.wire.now);
    pair.acceptor->router->touch(*half);
    pair.wire.runFor(20 * Seconds);
    QVERIFY(in > 0);
    QVERIFY2(out <= 3 * in, qPrintable(QStringLiteral("%1 for %2").arg(out).arg(in)));
    QVERIFY(!pair.acceptor->router->hasSessions());
}

QTEST_GUILESS_MAIN(tst_ClosingState)
#include "tst_closingstate.moc"
