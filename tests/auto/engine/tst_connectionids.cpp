// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The connection IDs and reset tokens of a session, and that its host finds it by them.

#include <shared/engine/enginesettings.h>
#include <shared/engine/virtualwire.h>

#include <qp2pcore/engine/connectionids.h>
#include <qp2pcore/engine/sessionindex.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;

namespace {

ResetToken tokenOf(quint8 value)
{
    ResetToken token;
    token.fill(value);
    return token;
}

//! Has an index as a router has it, and any session to find in it.
class Host final : public SessionHost
{
public:
    Host() { m_pair.dial(); }
    Session &session() { return *m_pair.dialler->session(); }
    bool finds(const ngtcp2_cid &id) { return index.find(id.data, id.datalen) == &session(); }
    bool finds(const ResetToken &token)
    {
        return index.findByResetToken(token.data(), token.size()) == &session();
    }

    void connectionIdAdded(Session &s, const ngtcp2_cid &id) override { index.add(id, s); }
    void connectionIdRemoved(Session &, const ngtcp2_cid &id) override { index.remove(id); }
    void resetTokenAdded(Session &s, const ResetToken &token) override { index.add(token, s); }
    void resetTokenRemoved(Session &, const ResetToken &token) override { index.remove(token); }
    ResetToken resetTokenFor(const ngtcp2_cid &) override { return {}; }
    const Settings &settings() const override { return m_settings; }
    const std::shared_ptr<const TlsContext> &tls() const override { return m_tls; }
    QByteArrayView ticketKey(ngtcp2_tstamp) override { return {}; }
    void handshakeResumed() override {}
    KnownCertificates &knownCertificates() override { return m_knownCertificates; }
    ReceiveBudget &receiveBudget() override { return m_receiveBudget; }
    SendBudget &sendBudget() override { return m_sendBudget; }
    quint64 initialConnectionWindow() const override { return Limits::InitialConnectionWindow; }
    bool isAccepting() const override { return true; }

    SessionIndex index;

private:
    RouterPair m_pair;
    const Settings m_settings = makeSettings(3);
    const std::shared_ptr<const TlsContext> m_tls = *TlsContext::create(m_settings.identity);
    KnownCertificates m_knownCertificates;
    ReceiveBudget m_receiveBudget{m_settings.receiveBudget};
    SendBudget m_sendBudget{m_settings.sendBudget};
};

} // namespace

class tst_ConnectionIds : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void newIdsAreRandomAndNotAdded_data();
    void newIdsAreRandomAndNotAdded();
    void aSessionIsFoundByEachIdUntilItIsRemoved();
    void aSessionIsFoundByEachTokenUntilItIsRemoved();
};

void tst_ConnectionIds::newIdsAreRandomAndNotAdded_data()
{
    QTest::addColumn<size_t>("size");
    QTest::newRow("ours") << Limits::ConnectionIdSize;
    QTest::newRow("first of a dial") << Limits::FirstDestinationIdSize;
    QTest::newRow("longest") << size_t(NGTCP2_MAX_CIDLEN);
}

void tst_ConnectionIds::newIdsAreRandomAndNotAdded()
{
    QFETCH(size_t, size);
    Host host;
    const ConnectionIds ids(host, host.session());
    const ngtcp2_cid first = ids.makeId(size);
    const ngtcp2_cid second = ids.makeId(size);
    QCOMPARE(first.datalen, size);
    QCOMPARE(second.datalen, size);
    QVERIFY(!ngtcp2_cid_eq(&first, &second));
    QVERIFY(ids.ids().empty());
    QVERIFY(!host.finds(first));
}

void tst_ConnectionIds::aSessionIsFoundByEachIdUntilItIsRemoved()
{
    Host host;
    ConnectionIds ids(host, host.session());
    const ngtcp2_cid first = ids.makeId(Limits::ConnectionIdSize);
    const ngtcp2_cid second = ids.makeId(Limits::ConnectionIdSize);
    ids.add(first);
    ids.add(second);
    QVERIFY(host.finds(first) && host.finds(second));
    ids.remove(first);
    QVERIFY(!host.finds(first));
    QVERIFY(host.finds(second));
    QCOMPARE(ids.ids().size(), size_t(1));
    QVERIFY(ngtcp2_cid_eq(&ids.ids().front(), &second));
    ids.remove(first); // as ngtcp2 may announce it again
    QCOMPARE(ids.ids().size(), size_t(1));
}

void tst_ConnectionIds::aSessionIsFoundByEachTokenUntilItIsRemoved()
{
    Host host;
    ConnectionIds ids(host, host.session());
    const ResetToken first = tokenOf(1);
    const ResetToken second = tokenOf(2);
    ids.addToken(first.data());
    ids.addToken(second.data());
    QVERIFY(host.finds(first) && host.finds(second));
    ids.removeToken(first.data());
    QVERIFY(!host.finds(first));
    QVERIFY(host.finds(second));
    QCOMPARE(ids.tokens(), std::vector<ResetToken>{second});
}

QTEST_GUILESS_MAIN(tst_ConnectionIds)
#include "tst_connectionids.moc"
