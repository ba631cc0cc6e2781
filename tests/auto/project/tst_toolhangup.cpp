// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// qp2p node on SIGHUP: authorities, the own certificate and the block list are read again; and two nodes with one key.

#include "closednetwork.h"
#include "runningnode.h"

#include <qp2pcore/authority.h>
#include <qp2pcore/identity.h>
#include <qp2pcore/network.h>

#include <QTest>

#ifdef Q_OS_UNIX
#include <csignal>
#endif

using namespace Qt::StringLiterals;
using namespace ToolTest;

namespace {

void hangUp(const Node &node)
{
#ifdef Q_OS_UNIX
    ::kill(pid_t(node.processId()), SIGHUP);
#else
    Q_UNUSED(node)
#endif
}

QString codeOf(const QJsonObject &error)
{
    return error.value(u"code"_s).toString();
}

} // namespace

class tst_ToolHangup : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void peersOfAnotherAuthorityAreDisconnected();
    void renewedCertificateIsPresented();
    void anotherKeyIsRefused();
    void newlyBlockedPeersAreDisconnected();
    void expiringCertificateIsAnnounced();
    void copiedIdentityIsReported();

private:
    void replace(const QString &name, const QByteArray &content) const;
    void replaceIdentity(const QString &name, const Qp2p::Identity &identity) const;
    Qp2p::Identity renewed(const QString &peer,
                           std::chrono::days validity = Qp2p::Authority::DefaultValidity) const;

    ClosedNetwork m_friends;
};

void tst_ToolHangup::initTestCase()
{
#ifndef Q_OS_UNIX
    QSKIP("needs SIGHUP");
#endif
    const QByteArray failure = m_friends.create();
    QVERIFY2(failure.isEmpty(), failure.constData());
}

void tst_ToolHangup::replace(const QString &name, const QByteArray &content) const
{
    QFile file(m_friends.path(name));
    QVERIFY(file.open(QFile::WriteOnly | QFile::Truncate));
    QCOMPARE(file.write(content), content.size());
}

void tst_ToolHangup::replaceIdentity(const QString &name, const Qp2p::Identity &identity) const
{
    QVERIFY(QFile::remove(m_friends.path(name)));
    QVERIFY(identity.save(m_friends.path(name)).isOk());
}

//! The key of \a peer with a new certificate.
Qp2p::Identity tst_ToolHangup::renewed(const QString &peer, std::chrono::days validity) const
{
    const auto authority = Qp2p::Authority::load(m_friends.path(u"friends.key"_s));
    const auto before = Qp2p::Identity::load(m_friends.path(peer + u".pem"));
    Qp2p::Authority::Terms terms;
    terms.peerName = peer;
    terms.validity = validity;
    const auto selfSigned = before->withDisplayName(peer);
    const auto pem = authority->issueFor(selfSigned->certificatePem(), terms);
    return before->withCertificates(*pem).value();
}

void tst_ToolHangup::peersOfAnotherAuthorityAreDisconnected()
{
    Node anna(m_friends.member(u"anna"_s));
    Node ben(m_friends.member(u"ben"_s) + QStringList{u"--contact"_s, anna.address()});
    QVERIFY(anna.waitForEvent("peer-connected"));
    QVERIFY(ben.waitForEvent("peer-connected"));
    QFile file(m_friends.path(u"friends.crt"_s));
    QVERIFY(file.open(QFile::ReadOnly));
    const QByteArray before = file.readAll();
    replace(u"friends.crt"_s, Qp2p::Authority::create(u"friends"_s)->certificatePem());
    hangUp(anna);
    QVERIFY(anna.waitForEvent("reloaded"));
    QCOMPARE(anna.event(u"reloaded").value(u"certificate"_s).toString(), u"unchanged"_s);
    QVERIFY(anna.waitForEvent("peer-disconnected"));
    QCOMPARE(codeOf(anna.event(u"peer-disconnected").value(u"reason"_s).toObject()),
             u"CertificateUnknownAuthority"_s);
    QVERIFY(ben.waitForEvent("peer-disconnected"));
    const QJsonObject theirs = ben.event(u"peer-disconnected").value(u"reason"_s).toObject();
    QCOMPARE(codeOf(theirs), u"CertificateRejected"_s);
    QCOMPARE(theirs.value(u"closeReason"_s).toString(), u"CertificateUnknownAuthority"_s);
    replace(u"friends.crt"_s, before);
}

void tst_ToolHangup::renewedCertificateIsPresented()
{
    Node anna(m_friends.member(u"anna"_s));
    const Qp2p::Identity next = renewed(u"anna"_s);
    QCOMPARE(next.peerId().toString(), anna.peerId());
    replaceIdentity(u"anna.pem"_s, next);
    hangUp(anna);
    QVERIFY(anna.waitForEvent("reloaded"));
    QCOMPARE(anna.event(u"reloaded").value(u"certificate"_s).toString(), u"renewed"_s);
    Qp2p::EndpointConfig config;
    config.setIdentity(Qp2p::Identity::load(m_friends.path(u"ben.pem"_s)).value());
    Qp2p::NetworkConfig settings;
    settings.setEndpoint(config);
    settings.setRole(Qp2p::Peer::Role::Client);
    Qp2p::Network ben(settings);
    const auto joined = ben.join({Qp2p::PeerAddress::fromString(anna.address()).value()});
    QTRY_VERIFY_WITH_TIMEOUT(joined.isFinished(), 20'000);
    QVERIFY2(joined.result(), qPrintable(joined.result().error().message));
    QCOMPARE(ben.peers().constFirst()->certificates(), next.certificates());
}

void tst_ToolHangup::anotherKeyIsRefused()
{
    const Qp2p::Identity own = Qp2p::Identity::load(m_friends.path(u"anna.pem"_s)).value();
    Node anna(m_friends.member(u"anna"_s));
    replaceIdentity(u"anna.pem"_s, Qp2p::Identity::load(m_friends.path(u"ben.pem"_s)).value());
    hangUp(anna);
    QVERIFY(anna.waitForEvent("error"));
    QCOMPARE(codeOf(anna.event(u"error")), u"KeyMismatch"_s);
    replaceIdentity(u"anna.pem"_s, own);
    hangUp(anna);
    QVERIFY(anna.waitForEvent("reloaded")); // only now
    QCOMPARE(anna.event(u"reloaded").value(u"certificate"_s).toString(), u"unchanged"_s);
    Node ben(m_friends.member(u"ben"_s) + QStringList{u"--contact"_s, anna.address()});
    QVERIFY(ben.waitForEvent("joined"));
}

void tst_ToolHangup::newlyBlockedPeersAreDisconnected()
{
    const QString blocks = m_friends.path(u"blocked.jsonl"_s);
    const QString socket = m_friends.path(u"s"_s);
    Node first({u"--block-list"_s, blocks});
    Node second({u"--contact"_s, first.address()});
    QVERIFY(first.waitForEvent("peer-connected"));
    Node other({u"--block-list"_s, blocks, u"--socket"_s, socket});
    QVERIFY(other.waitForEvent("joined"));
    const Run block = runTool({u"block"_s, second.peerId(), u"--socket"_s, socket});
    QVERIFY2(block.exitCode == Done, block.err.constData());
    hangUp(first);
    QVERIFY(first.waitForEvent("reloaded"));
    QCOMPARE(first.event(u"reloaded").value(u"blocked"_s).toInt(), 1);
    QCOMPARE(first.event(u"reloaded").value(u"dropped"_s).toInt(), 1);
    QVERIFY(first.waitForEvent("peer-disconnected"));
    QCOMPARE(codeOf(first.event(u"peer-disconnected").value(u"reason"_s).toObject()), u"Blocked"_s);
    QVERIFY(second.waitForEvent("peer-disconnected"));
}

void tst_ToolHangup::expiringCertificateIsAnnounced()
{
    replaceIdentity(u"anna.pem"_s, renewed(u"anna"_s, std::chrono::days(5)));
    Node anna(m_friends.member(u"anna"_s));
    QVERIFY(anna.waitForEvent("certificate-expiring"));
    QCOMPARE(anna.event(u"certificate-expiring").value(u"isOwn"_s).toBool(), true);
    Node ben(m_friends.member(u"ben"_s) + QStringList{u"--contact"_s, anna.address()});
    QVERIFY(ben.waitForEvent("certificate-expiring"));
    const QJsonObject ofAnna = ben.event(u"certificate-expiring");
    QCOMPARE(ofAnna.value(u"peerId"_s).toString(), anna.peerId());
    QCOMPARE(ofAnna.value(u"isOwn"_s).toBool(), false);
    QVERIFY(ofAnna.value(u"validUntil"_s).toString().endsWith(u'Z'));
    replaceIdentity(u"anna.pem"_s, renewed(u"anna"_s));
}

void tst_ToolHangup::copiedIdentityIsReported()
{
    Node hub;
    const QString file = m_friends.path(u"copied.pem"_s);
    QVERIFY(Qp2p::Identity::generate()->save(file).isOk());
    const QStringList options{u"--identity"_s, file, u"--client"_s, u"--contact"_s, hub.address()};
    Node original(options);
    QVERIFY(hub.waitForEvent("peer-connected"));
    Node copy(options);
    QVERIFY(hub.waitForEvent("identity-conflict"));
    const QJsonObject conflict = hub.event(u"identity-conflict");
    QCOMPARE(conflict.value(u"peerId"_s).toString(),
             hub.event(u"peer-connected").value(u"peerId"_s).toString());
    QCOMPARE(conflict.value(u"addresses"_s).toArray().size(), 2);
}

QTEST_GUILESS_MAIN(tst_ToolHangup)
#include "tst_toolhangup.moc"
