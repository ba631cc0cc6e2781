// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Chains made to deceive or to exhaust: each is decided soon, and none is accepted.

#include "hostilechains.h"

#include <shared/engine/enginesettings.h>
#include <shared/engine/testauthority.h>

#include <qp2pcore/certificates/certificates.h>
#include <qp2pcore/certificates/verifier.h>
#include <qp2pcore/engine/tls.h>

#include <QTest>

#include <algorithm>
#include <ctime>
#include <vector>

using namespace Qp2p;
using namespace Qp2p::Engine;
using namespace Qp2p::Test;

namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr double LongestMilliseconds = 500; // what is measured then is the sanitizer
#else
constexpr double LongestMilliseconds = 50;
#endif

double cpuMilliseconds()
{
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return double(time.tv_sec) * 1e3 + double(time.tv_nsec) / 1e6;
}

} // namespace

class tst_HostileCertificates : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void noneIsAcceptedAndEachIsDecidedSoon_data();
    void noneIsAcceptedAndEachIsDecidedSoon();
    void theGoodOneOfTheCorpusIsAccepted();
};

void tst_HostileCertificates::noneIsAcceptedAndEachIsDecidedSoon_data()
{
    QTest::addColumn<CertificateMode>("mode");
    QTest::addRow("private authority") << CertificateMode::PrivateAuthority;
    QTest::addRow("agreed authority") << CertificateMode::AgreedAuthority;
}

void tst_HostileCertificates::noneIsAcceptedAndEachIsDecidedSoon()
{
    QFETCH(const CertificateMode, mode);
    const QStringList files{QStringLiteral("not read by the engine")};
    const CertificatePolicy policy = mode == CertificateMode::PrivateAuthority
        ? CertificatePolicy::privateAuthority(files, QStringLiteral("friends"))
        : CertificatePolicy::agreedAuthority(files);
    const auto trust = authority().trust();
    static const Corpus corpus;
    QVERIFY(corpus.cases.size() >= 200);

    double slowest = 0;
    QByteArray slowestName;
    for (const Case &hostile : corpus.cases) {
        // A machine that does something else meanwhile must not decide: the best of three.
        double best = 1e9;
        for (int run = 0; run < 3 && best > LongestMilliseconds; ++run) {
            const double before = cpuMilliseconds();
            const auto acceptance = verifyPeer(hostile.chain,
                                               {policy,
                                                trust.get(),
                                                Side::Dialler,
                                                {"friends", {}, QStringLiteral("friends")},
                                                {},
                                                TestDate});
            best = std::min(best, cpuMilliseconds() - before);
            QVERIFY2(!acceptance, hostile.name.constData());
            QVERIFY2(!acceptance.error().message.isEmpty(), hostile.name.constData());
        }
        QVERIFY2(best <= LongestMilliseconds,
                 QByteArray(hostile.name + ": " + QByteArray::number(best) + " ms").constData());
        if (best > slowest) {
            slowest = best;
            slowestName = hostile.name;
        }
    }
    qInfo("%zu chains; the slowest took %.2f ms of CPU: %s", corpus.cases.size(), slowest,
          slowestName.constData());
}

void tst_HostileCertificates::theGoodOneOfTheCorpusIsAccepted()
{
    const auto policy = CertificatePolicy::privateAuthority({QStringLiteral("x")},
                                                            QStringLiteral("friends"));
    const auto trust = authority().trust();
    const PeerCheck check{policy, trust.get(), Side::Acceptor, {}, {}, TestDate};
    QVERIFY(verifyPeer(authority().issue().ders, check).isOk());
    const auto acceptance = verifyPeer(below(authorityRequest("In between")).issue().ders, check);
    QVERIFY2(acceptance, qPrintable(acceptance.error().message));
}

QTEST_GUILESS_MAIN(tst_HostileCertificates)
#include "tst_hostilecertificates.moc"
