// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What an idle connection keeps: bytes that malloc() has handed out for it, of both of its sides.

#include "diallingworld.h"

#include <shared/engine/heap.h>

#include <QTest>

using namespace Qp2p;
using namespace Qp2p::Test;

#if defined(QP2P_TEST_ASAN) || defined(__SANITIZE_THREAD__)
#define QP2P_TEST_SANITIZED
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define QP2P_TEST_SANITIZED
#endif
#endif

class tst_IdleMemory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void idleConnectionsKeepLittle();
};

void tst_IdleMemory::idleConnectionsKeepLittle()
{
#ifdef QP2P_TEST_SANITIZED
    QSKIP("A sanitizer keeps books of its own about each allocation, so their sizes say nothing.");
#endif
    if (heapBytes().value_or(0) == 0)
        QSKIP("Allocations are not counted here: mallinfo2() is glibc's, and means nothing under "
              "valgrind.");

    constexpr int Count = 200;
    // Of one side, the average of both, with malloc()'s own headers. A TLS session that stays is 11 KiB, ciphers of
    // keys that are not in use are 1.4 KiB, a std::deque 600 bytes.
    constexpr qint64 Limit = qint64(37) * 1024;

    EndpointConfig config;
    config.setMaxConnectionsPerAddress(2 * Count);
    World world;
    world.add(2, 5ms, config);
    const auto open = [&world](int count) {
        // One after the other, for few handshakes of one address may be under way at a time.
        for (int i = 0; i < count; ++i) {
            const Dialling dial = world.dialler.connectTo(World::address(2));
            if (!world.finish(dial) || !dial.result())
                return false;
        }
        // Confirmed, acknowledged, and all that waits for a time out.
        world.simulation.runFor(15s);
        return true;
    };
    // What the first ones bring to life stays for all.
    QVERIFY(open(Count));
    const qint64 before = *heapBytes();
    QVERIFY(open(Count));
    const qint64 bytes = (*heapBytes() - before) / (2 * Count);
    QCOMPARE(world.dialler.connections().size(), 2 * Count);
    QCOMPARE(world.at(2).connections().size(), 2 * Count);
    qInfo("An idle connection keeps %lld bytes on each side.", bytes);
    QVERIFY2(bytes < Limit, qPrintable(QStringLiteral("%1 bytes").arg(bytes)));
}

QTEST_GUILESS_MAIN(tst_IdleMemory)
#include "tst_idlememory.moc"
