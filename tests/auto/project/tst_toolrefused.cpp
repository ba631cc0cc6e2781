// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Whom a running node refuses and by which rule, as "qp2p node --json" reports it; and the names beside ids
// of those whom an authority has named.

#include "closednetwork.h"
#include "filteringenvironment.h"
#include "runningnode.h"

#include <qp2pcore/network.h>
#include <qp2pcore/private/simulated.h>

#include <QHostAddress>
#include <QObject>
#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;
using namespace ToolTest;

namespace {

//! The rule by which \a node refused somebody, once it has reported that; whom: at an address of this machine.
QString refusalOf(Node &node)
{
    if (!node.waitForEvent("refused"))
        return u"none: "_s + QString::fromUtf8(node.out());
    const QJsonObject event = node.event(u"refused");
    if (!event.value(u"address"_s).toString().startsWith(u"127.0.0.1:"_s))
        return u"of a wrong address: "_s + event.value(u"address"_s).toString();
    if (event.value(u"message"_s).toString().isEmpty())
        return u"without a message"_s;
    return event.value(u"code"_s).toString();
}

} // namespace

class tst_ToolRefused : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void programsWithoutANetworkAreReported();
    void blockedPeersAreReported();
    void unreachableNodesAreReported();
    void refusedCertificatesAreReported();
    void namesStandBesideIds();

private:
    QString path(const QString &name) const { return m_files.path(name); }

    const ClosedNetwork m_files;
};

void tst_ToolRefused::initTestCase()
{
    const QByteArray problem = m_files.create();
    QVERIFY2(problem.isEmpty(), problem.constData());
}

void tst_ToolRefused::programsWithoutANetworkAreReported()
{
    Node node;
    QVERIFY(node.waitForEvent("joined"));
    QCOMPARE(runTool({u"send"_s, node.address(), u"Hello"_s}).exitCode, Failed);
    QCOMPARE(refusalOf(node), u"NotAMember"_s);
    QCOMPARE(node.stop(), Done);
    QVERIFY(!node.event(u"left").isEmpty());
    Node strict({u"--network"_s, u"home"_s});
    QCOMPARE(runTool({u"send"_s, strict.address(), u"Hello"_s}).exitCode, Failed);
    QCOMPARE(refusalOf(strict), u"WrongNetwork"_s);
}

void tst_ToolRefused::blockedPeersAreReported()
{
#ifdef Q_OS_UNIX
    const QString socket = path(u"n.sock"_s);
    Node node({u"--socket"_s, socket});
    QVERIFY(node.waitForEvent("joined"));
    const QStringList identity{u"--identity"_s, path(u"anna.pem"_s)};
    const Run shown = runTool(QStringList{u"identity"_s, u"show"_s, u"--json"_s} + identity);
    const QString id = shown.event(u"identity").value(u"peerId"_s).toString();
    QVERIFY2(!id.isEmpty(), shown.err.constData());
    const Run blocked = runTool({u"block"_s, id, u"--socket"_s, socket});
    QVERIFY2(blocked.exitCode == Done, blocked.err.constData());
    Node stranger(QStringList{u"--contact"_s, node.address()} + identity);
    QCOMPARE(stranger.peerId(), id);
    QCOMPARE(refusalOf(node), u"Blocked"_s);
    QVERIFY(stranger.waitForEvent("error"));
    QVERIFY(node.event(u"peer-connected").isEmpty());
#else
    QSKIP("nodes have a control socket on Unix systems only");
#endif
}

//! The other member is in this program, and nothing of the check that it can be dialled reaches it.
void tst_ToolRefused::unreachableNodesAreReported()
{
    Node node({u"--refuse-unreachable"_s});
    QVERIFY(node.waitForEvent("joined"));
    Qp2p::NetworkConfig config;
    config.setListen(QHostAddress(QHostAddress::LocalHost), 0);
    config.setAutomaticRejoin(false);
    Qp2p::SimulatedNetwork unreachable(config, std::make_shared<FilteringEnvironment>());
    const auto contact = Qp2p::PeerAddress::fromString(node.address());
    QVERIFY(contact);
    const auto joined = unreachable.join({*contact});
    QVERIFY(QTest::qWaitFor([&] { return joined.isFinished(); }, Patience));
    QCOMPARE(unreachable.joinCandidates().value(0).error.code, Qp2p::ErrorCode::NotReachable);
    QCOMPARE(refusalOf(node), u"NotReachable"_s);
    QVERIFY(node.event(u"peer-connected").isEmpty());
}

void tst_ToolRefused::refusedCertificatesAreReported()
{
    Node anna(m_files.member(u"anna"_s));
    QVERIFY(anna.waitForEvent("joined"));
    const Run stranger = runTool({u"send"_s, anna.address(), u"Hello"_s});
    QCOMPARE(stranger.exitCode, Failed);
    QCOMPARE(refusalOf(anna), u"CertificateSelfSigned"_s);
}

void tst_ToolRefused::namesStandBesideIds()
{
#ifdef Q_OS_UNIX
    const QString socket = path(u"a.sock"_s);
    const QStringList through{u"--json"_s, u"--socket"_s, socket};
    Node anna(QStringList{u"--socket"_s, socket} + m_files.member(u"anna"_s));
    QVERIFY(anna.waitForEvent("joined"));
    Node ben(QStringList{u"--echo"_s, u"--contact"_s, anna.address()} + m_files.member(u"ben"_s));
    QVERIFY(anna.waitForEvent("peer-connected"));
    QVERIFY(ben.waitForEvent("peer-connected"));
    const auto isNamed = [](const QJsonObject &object, const Node &peer, const QString &name) {
        return object.value(u"peerId"_s).toString() == peer.peerId()
            && object.value(u"name"_s).toString() == name;
    };
    QVERIFY2(isNamed(anna.event(u"peer-connected"), ben, u"ben"_s), anna.out().constData());
    QVERIFY2(isNamed(ben.event(u"peer-connected"), anna, u"anna"_s), ben.out().constData());
    Run run = runTool(QStringList{u"peers"_s} + through);
    QVERIFY2(isNamed(run.event(u"peer"), ben, u"ben"_s), run.out.constData());
    run = runTool({u"peers"_s, u"--socket"_s, socket}); // as people read it
    QVERIFY2(run.out.contains(" ben "), run.out.constData());
    // The name is as good as the id.
    run = runTool(QStringList{u"request"_s, u"ben"_s, u"Hello"_s} + through);
    QVERIFY2(run.event(u"reply").value(u"peerId"_s).toString() == ben.peerId(), run.out.constData());
    run = runTool(QStringList{u"disconnect"_s, u"ben"_s} + through);
    QVERIFY2(isNamed(run.event(u"disconnected"), ben, u"ben"_s), run.out.constData());
    QVERIFY(anna.waitForEvent("peer-disconnected"));
    QVERIFY2(isNamed(anna.event(u"peer-disconnected"), ben, u"ben"_s), anna.out().constData());
#else
    QSKIP("nodes have a control socket on Unix systems only");
#endif
}

QTEST_GUILESS_MAIN(tst_ToolRefused)
#include "tst_toolrefused.moc"
