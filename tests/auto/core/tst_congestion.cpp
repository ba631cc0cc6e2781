// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What doc/performance.md says of the congestion controllers, in virtual time: why CUBIC is the default, and what BBR
// is better at. tests/benchmarks/controllers prints the figures.

#include <shared/bottleneck.h>

#include <QTest>

#include <cmath>

using namespace Qp2p;
using namespace Qp2p::Test;
using namespace std::chrono_literals;

namespace {

using Control = EndpointConfig::CongestionControl;

EndpointConfig with(Control control)
{
    EndpointConfig config;
    config.setCongestionControl(control);
    return config;
}

//! Of flows that begin one after the other; empty where a connection did not open.
Bottleneck::Figures measure(const LinkProfile &link, const std::vector<EndpointConfig> &flows)
{
    Bottleneck bottleneck(link);
    for (const EndpointConfig &config : flows) {
        if (!bottleneck.add(config))
            return {};
    }
    bottleneck.run(5s);
    return bottleneck.run(10s);
}

double rate(const Bottleneck::Figures &figures)
{
    return figures.megabytes.size() == 1 ? figures.megabytes.front() : 0;
}

} // namespace

class tst_Congestion : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aConnectionUsesCubicByDefault();
    void bbrIsSeveralTimesAsFastWherePacketsAreLostAtRandom_data();
    void bbrIsSeveralTimesAsFastWherePacketsAreLostAtRandom();
    void withoutLossAllControllersFillTheLink_data();
    void withoutLossAllControllersFillTheLink();
    void cubicFlowsShareABottleneck();
    void bbrGivesWayToCubicWhereTheQueueIsLong();
    void bbrKeepsALongQueueShort();
};

//! The same losses, so the same figure to the last byte.
void tst_Congestion::aConnectionUsesCubicByDefault()
{
    const LinkProfile link = bottleneckLink(100, 20ms, 1, 0.01);
    const double byDefault = rate(measure(link, {EndpointConfig()}));
    QVERIFY(byDefault > 0);
    QCOMPARE(byDefault, rate(measure(link, {with(Control::Cubic)})));
    for (const Control other : {Control::Bbr, Control::Reno})
        QVERIFY(byDefault != rate(measure(link, {with(other)})));
}

void tst_Congestion::bbrIsSeveralTimesAsFastWherePacketsAreLostAtRandom_data()
{
    QTest::addColumn<double>("loss");
    QTest::newRow("0.1 %") << 0.001;
    QTest::newRow("1 %") << 0.01;
}

void tst_Congestion::bbrIsSeveralTimesAsFastWherePacketsAreLostAtRandom()
{
    QFETCH(double, loss);
    const LinkProfile link = bottleneckLink(200, 20ms, 1, loss);
    const double cubic = rate(measure(link, {with(Control::Cubic)}));
    const double bbr = rate(measure(link, {with(Control::Bbr)}));
    const QString figures = QStringLiteral("CUBIC %1 MB/s, BBR %2 MB/s").arg(cubic).arg(bbr);
    QVERIFY2(cubic > 0 && bbr > 4 * cubic, qPrintable(figures));
    // What Reno's law allows, 1.22 packets / sqrt(loss) in each round trip (RFC 9438 section 4.3), CUBIC gets.
    const double law = 1452 * 1.22 / std::sqrt(loss) / 0.02 / 1e6;
    QVERIFY2(cubic > 0.8 * law && cubic < 1.6 * law, qPrintable(figures));
}

void tst_Congestion::withoutLossAllControllersFillTheLink_data()
{
    QTest::addColumn<Control>("control");
    QTest::newRow("CUBIC") << Control::Cubic;
    QTest::newRow("BBR") << Control::Bbr;
    QTest::newRow("Reno") << Control::Reno;
}

void tst_Congestion::withoutLossAllControllersFillTheLink()
{
    QFETCH(Control, control);
    const double figure = rate(measure(bottleneckLink(40, 20ms, 1), {with(control)}));
    QVERIFY2(figure > 0.8 * 5, qPrintable(QString::number(figure)));
}

void tst_Congestion::cubicFlowsShareABottleneck()
{
    const Bottleneck::Figures figures = measure(bottleneckLink(40, 20ms, 1),
                                                {with(Control::Cubic), with(Control::Cubic)});
    const double share = figures.share(0);
    QVERIFY2(share > 0.35 && share < 0.65, qPrintable(QString::number(share)));
}

//! Why it is not the default: beside what most of the Internet uses it would starve on such paths.
void tst_Congestion::bbrGivesWayToCubicWhereTheQueueIsLong()
{
    const Bottleneck::Figures figures = measure(bottleneckLink(40, 20ms, 4),
                                                {with(Control::Bbr), with(Control::Cubic)});
    const double share = figures.share(0);
    QVERIFY2(share > 0.05 && share < 0.35, qPrintable(QString::number(share)));
}

void tst_Congestion::bbrKeepsALongQueueShort()
{
    const LinkProfile link = bottleneckLink(40, 20ms, 4);
    const double bbr = measure(link, {with(Control::Bbr)}).queueMilliseconds;
    const double cubic = measure(link, {with(Control::Cubic)}).queueMilliseconds;
    QVERIFY2(cubic > 20 && bbr < cubic / 2, qPrintable(QStringLiteral("%1 %2").arg(bbr).arg(cubic)));
}

QTEST_GUILESS_MAIN(tst_Congestion)
#include "tst_congestion.moc"
