// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What the status bar says: who found out what, where only one did.

#include <models/statuswords.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Gui;
using namespace Qt::StringLiterals;

namespace {

NetworkStatus statusWith(Reachability::State state, int witnesses)
{
    NetworkStatus status;
    status.state = Network::State::Joined;
    status.configuredRole = Peer::Role::Node;
    status.isListening = true;
    status.localPort = 12000;
    status.nodes = 4;
    Reachability &found = status.ipv4.reachability;
    found.state = state;
    found.answers = witnesses;
    if (state == Reachability::State::NotReachable)
        found.reason = u"silence"_s;
    for (int i = 0; i < witnesses; ++i)
        found.witnesses.append(PeerAddress(QHostAddress(u"192.0.2.%1"_s.arg(i + 1)), 12000,
                                           PeerId::fromBytes(QByteArray(32, char('a' + i)))));
    return status;
}

void addFailed(NetworkStatus &status, ErrorCode code, int count)
{
    JoinCandidate candidate;
    candidate.state = JoinCandidate::State::Failed;
    candidate.error = Error(code, u"It failed."_s);
    status.joinCandidates.append(QList<JoinCandidate>(count, candidate));
}

} // namespace

class tst_StatusWords : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void loneWitnessIsNamed_data();
    void loneWitnessIsNamed();
    void aSocketForBothFamiliesIsNotIPv6Only_data();
    void aSocketForBothFamiliesIsNotIPv6Only();
    void aRuleThatRefusedIsNamedAndCounted();
    void onlyAKeptPortIsToBeForwarded();
    void anAddressOfAHomeIsNotPublic();
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
    const StatusWords lone = StatusWords::of(statusWith(state, 1));
    const QString who = PeerId::fromBytes(QByteArray(32, 'a')).toString().first(12)
        + u"… at 192.0.2.1:12000"_s;
    QVERIFY2(lone.explanation.contains(u"According to one node only, "_s + who),
             qPrintable(lone.explanation));
    for (const int several : {2, 3}) {
        const StatusWords words = StatusWords::of(statusWith(state, several));
        QVERIFY2(!words.explanation.contains(u"192.0.2."_s), qPrintable(words.explanation));
        QCOMPARE(words.reachability, lone.reachability);
    }
}

void tst_StatusWords::aSocketForBothFamiliesIsNotIPv6Only_data()
{
    QTest::addColumn<bool>("isDualStack");
    QTest::addColumn<QHostAddress>("bound");
    QTest::addColumn<QString>("families");
    const QHostAddress anyIPv4(QHostAddress::AnyIPv4);
    const QHostAddress anyIPv6(QHostAddress::AnyIPv6);
    QTest::newRow("both") << true << anyIPv6 << u"IPv4 and IPv6"_s; // as the system reports it
    QTest::newRow("both, no IPv6 here") << false << anyIPv4 << u"IPv4 only"_s;
    QTest::newRow("IPv6") << false << anyIPv6 << u"IPv6 only"_s;
    QTest::newRow("IPv4") << false << anyIPv4 << u"IPv4 only"_s;
}

void tst_StatusWords::aSocketForBothFamiliesIsNotIPv6Only()
{
    QFETCH(const bool, isDualStack);
    QFETCH(const QHostAddress, bound);
    QFETCH(const QString, families);
    NetworkStatus status = statusWith(Reachability::State::Unknown, 0);
    status.isDualStack = isDualStack;
    status.localAddress = bound;
    QCOMPARE(StatusWords::of(status).listening, u"Listening on UDP port 12000, "_s + families);
}

void tst_StatusWords::aRuleThatRefusedIsNamedAndCounted()
{
    NetworkStatus status;
    status.state = Network::State::Waiting;
    addFailed(status, ErrorCode::HandshakeTimeout, 2);
    QCOMPARE(StatusWords::of(status).network, u"No peer answers. Trying again soon"_s);
    QVERIFY(StatusWords::of(status).joining.isEmpty());

    addFailed(status, ErrorCode::WrongNetwork, 3);
    StatusWords words = StatusWords::of(status);
    QVERIFY2(words.network.contains(u"3"_s) && words.network.contains(u"different network name"_s)
                 && !words.network.contains(u"No peer answers"_s),
             qPrintable(words.network));
    QCOMPARE(words.joining.split(u'\n').size(), 2);

    // Two codes of one rule count together.
    status.joinCandidates.clear();
    addFailed(status, ErrorCode::CertificateExpired, 1);
    addFailed(status, ErrorCode::HandshakeTimeout, 2);
    addFailed(status, ErrorCode::CertificateNotYetValid, 4);
    addFailed(status, ErrorCode::WrongNetwork, 3);
    words = StatusWords::of(status);
    QVERIFY2(words.network.contains(u"8"_s), qPrintable(words.network));
    const QStringList lines = words.joining.split(u'\n');
    QCOMPARE(lines.size(), 3);
    QVERIFY2(lines.at(0).contains(u"5"_s), qPrintable(lines.at(0)));
}

void tst_StatusWords::onlyAKeptPortIsToBeForwarded()
{
    NetworkStatus status = statusWith(Reachability::State::NotReachable, 3);
    QVERIFY(!StatusWords::of(status).explanation.contains(u"12000"_s));
    status.configuredPort = 12000;
    QVERIFY(StatusWords::of(status).explanation.contains(u"forward UDP port 12000"_s));
}

void tst_StatusWords::anAddressOfAHomeIsNotPublic()
{
    NetworkStatus status = statusWith(Reachability::State::Unknown, 0);
    for (const QString &home : {u"192.168.1.2"_s, u"127.0.0.1"_s, u"10.1.2.3"_s, u"172.31.0.1"_s}) {
        status.ipv4.observedAddress = PeerAddress(QHostAddress(home), 12000);
        QCOMPARE(StatusWords::of(status).observed, u"Seen by peers at %1:12000"_s.arg(home));
    }
    status.ipv4.observedAddress = PeerAddress(QHostAddress(u"198.51.100.7"_s), 12000);
    QCOMPARE(StatusWords::of(status).observed, u"Public address 198.51.100.7:12000"_s);
}

QTEST_GUILESS_MAIN(tst_StatusWords)
#include "tst_statuswords.moc"
