// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What the status bar says: who found out what, where only one did.

#include <models/statuswords.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Gui;
using namespace Qt::StringLiterals;

namespace {

NetworkSnapshot snapshotWith(Reachability::State state, int witnesses)
{
    NetworkSnapshot snapshot;
    snapshot.state = Network::State::Joined;
    snapshot.wantedRole = Peer::Role::Node;
    snapshot.isListening = true;
    snapshot.localPort = 12000;
    snapshot.peers = 4;
    Reachability &found = snapshot.ipv4.reachability;
    found.state = state;
    found.answers = witnesses;
    if (state == Reachability::State::NotReachable)
        found.reason = u"silence"_s;
    for (int i = 0; i < witnesses; ++i)
        found.witnesses.append(PeerAddress(QHostAddress(u"192.0.2.%1"_s.arg(i + 1)), 12000,
                                           PeerId::fromBytes(QByteArray(32, char('a' + i)))));
    return snapshot;
}

} // namespace

class tst_StatusWords : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void loneWitnessIsNamed_data();
    void loneWitnessIsNamed();
};

void tst_StatusWords::loneWitnessIsNamed_data()
{
    QTest::addColumn<Reachability::State>("state");
    QTest::newRow("provisional") << Reachability::State::Provisional;
    QTest::newRow("not reachable") << Reachability::State::NotReachable;
}

void tst_StatusWords::loneWitnessIsNamed()
{
    QFETCH(const Reachability::State, state);
    const StatusWords lone = StatusWords::of(snapshotWith(state, 1));
    const QString who = PeerId::fromBytes(QByteArray(32, 'a')).toString().first(12)
        + u"… at 192.0.2.1:12000"_s;
    QVERIFY2(lone.explanation.contains(u"According to one node only, "_s + who),
             qPrintable(lone.explanation));
    for (const int several : {2, 3}) {
        const StatusWords words = StatusWords::of(snapshotWith(state, several));
        QVERIFY2(!words.explanation.contains(u"192.0.2."_s), qPrintable(words.explanation));
        QCOMPARE(words.reachability, lone.reachability);
    }
}

QTEST_GUILESS_MAIN(tst_StatusWords)
#include "tst_statuswords.moc"
