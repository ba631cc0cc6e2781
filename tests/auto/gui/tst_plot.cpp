// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The axes of plots: round in the units in which they are labelled.
#include <panels/plot.h>

#include <QLocale>
#include <QTest>

using namespace Qp2p::Gui;
using namespace Qt::StringLiterals;

class tst_Plot : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void axesAreRound_data();
    void axesAreRound();
    void axesHaveNoTrailingZeros();
};

void tst_Plot::axesAreRound_data()
{
    QTest::addColumn<double>("value");
    QTest::addColumn<double>("factor");
    QTest::addColumn<double>("step");
    QTest::addColumn<double>("top");
    constexpr double KiB = 1024;
    QTest::newRow("nothing") << 0.0 << 1.0 << 1024.0 << 1.0;
    QTest::newRow("bytes") << 130.0 << 1.0 << 1024.0 << 200.0;
    QTest::newRow("not 1,000 bytes but 1 KiB") << 700.0 << 1.0 << 1024.0 << KiB;
    QTest::newRow("1,010 bytes") << 1010.0 << 1.0 << 1024.0 << KiB;
    QTest::newRow("exactly 1 KiB") << KiB << 1.0 << 1024.0 << KiB;
    QTest::newRow("120 KiB") << 120 * KiB << 1.0 << 1024.0 << 200 * KiB;
    QTest::newRow("500 KiB") << 500 * KiB << 1.0 << 1024.0 << 500 * KiB;
    QTest::newRow("501 KiB") << 501 * KiB << 1.0 << 1024.0 << KiB * KiB;
    QTest::newRow("3 MiB") << 3 * KiB * KiB << 1.0 << 1024.0 << 5 * KiB * KiB;
    QTest::newRow("kB") << 120'000.0 << 1.0 << 1000.0 << 200'000.0;
    QTest::newRow("700 kB") << 700'000.0 << 1.0 << 1000.0 << 1'000'000.0;
    QTest::newRow("bits: 960 kbit/s") << 120'000.0 << 8.0 << 1000.0 << 125'000.0;
    QTest::newRow("bits: 1.6 Mbit/s") << 200'000.0 << 8.0 << 1000.0 << 250'000.0;
    QTest::newRow("0.3 ms") << 0.3 << 1.0 << 1000.0 << 0.5;
    QTest::newRow("12 ms") << 12.0 << 1.0 << 1000.0 << 20.0;
}

void tst_Plot::axesAreRound()
{
    QFETCH(const double, value);
    QFETCH(const double, factor);
    QFETCH(const double, step);
    QFETCH(const double, top);
    QCOMPARE(roundedUp(value, {factor, step}), top);
}

void tst_Plot::axesHaveNoTrailingZeros()
{
    QLocale::setDefault(QLocale::c());
    QCOMPARE(withoutTrailingZeros(u"2.00 MiB"_s), u"2 MiB"_s);
    QCOMPARE(withoutTrailingZeros(u"0.50 ms"_s), u"0.5 ms"_s);
    QCOMPARE(withoutTrailingZeros(u"20.5 KiB/s"_s), u"20.5 KiB/s"_s);
    QCOMPARE(withoutTrailingZeros(u"200 KiB"_s), u"200 KiB"_s);
    QLocale::setDefault(QLocale(QLocale::German));
    QCOMPARE(withoutTrailingZeros(u"2,00 MiB"_s), u"2 MiB"_s);
    QLocale::setDefault(QLocale::c());
}

QTEST_MAIN(tst_Plot)
#include "tst_plot.moc"
