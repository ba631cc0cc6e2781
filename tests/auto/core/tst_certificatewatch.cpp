// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// When an endpoint warns of a certificate that expires, and when it looks again.
#include <shared/endpointpair.h>

#include <qp2pcore/endpoint/certificatewatch.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

class tst_CertificateWatch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void warnsOnceForEachWarning();
    void forgetsWithinItsBounds();
};

void tst_CertificateWatch::warnsOnceForEachWarning()
{
    using Seconds = CertificateWatch::Seconds;
    CertificateWatch watch;
    const PeerId peer = sharedIdentity(1).peerId();
    const Seconds until{1'000'000'000s};
    Seconds now = until - 30 * 24h;
    QVERIFY(!watch.takeWarning(peer, until, now));
    QCOMPARE(CertificateWatch::nextDue(until, now) - now, Seconds::duration(1h));
    now = until - 14 * 24h - 10s;
    QVERIFY(!watch.takeWarning(peer, until, now));
    QCOMPARE(CertificateWatch::nextDue(until, now) - now, 10s);
    now = until - 14 * 24h;
    QVERIFY(watch.takeWarning(peer, until, now));
    QVERIFY(!watch.takeWarning(peer, until, now + 1s));
    now = until - 24h;
    QVERIFY(watch.takeWarning(peer, until, now));
    QVERIFY(!watch.takeWarning(peer, until, until));
    QCOMPARE(CertificateWatch::nextDue(until, until), until + 1s);
    QVERIFY(!watch.takeWarning(peer, until, until + 1s));
    QCOMPARE(watch.size(), 0);
    // One that is met late gets one warning; a renewed certificate is another one.
    QVERIFY(watch.takeWarning(peer, until, until - 1h));
    QVERIFY(!watch.takeWarning(peer, until, until - 1h));
    QVERIFY(watch.takeWarning(peer, until + 24h * 2, until - 1h));
    QVERIFY(!watch.takeWarning(peer, Seconds::max(), until));
    QCOMPARE(CertificateWatch::nextDue(Seconds::max(), until) - until, Seconds::duration(1h));
}

void tst_CertificateWatch::forgetsWithinItsBounds()
{
    using Seconds = CertificateWatch::Seconds;
    CertificateWatch watch;
    const Seconds now{1'000'000'000s};
    for (int i = 0; i < CertificateWatch::MaxPeers + 100; ++i) {
        const QByteArray id = QByteArray::number(i).rightJustified(PeerId::Size, '.');
        QVERIFY(watch.takeWarning(PeerId::fromBytes(id), now + 1h, now));
    }
    QCOMPARE(watch.size(), CertificateWatch::MaxPeers);
}

QTEST_GUILESS_MAIN(tst_CertificateWatch)
#include "tst_certificatewatch.moc"
