// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What a message that arrives costs: nothing for what a peer only announces, one allocation for what was admitted.

#include <shared/engine/attack.h>
#include <shared/engine/messagereading.h>

#include <QTest>

#include <algorithm>

using namespace Qp2p;
using namespace Qp2p::Engine;
using Qp2p::Test::append;
using Qp2p::Test::keepsTheMemoryRule;
using Qp2p::Test::toWire;
using Qp2p::Test::wireHeader;
using Status = MessageReader::Status;

namespace {

constexpr qint64 MiB = 1024 * 1024;
constexpr qint64 defaultMax = 16 * MiB;

} // namespace

class tst_MessageMemory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void smallMessageAllocatesItsPayloadOnce();
    void announcedBytesCostNoMemory();
    void admittedPartIsAllocatedWhole();
    void admittedPartOfMoreThan16MiBIsGathered();
};

void tst_MessageMemory::smallMessageAllocatesItsPayloadOnce()
{
    for (const int size : {1, 5, 64, 1200, 4032}) {
        MessageReader reader(defaultMax);
        const QByteArray wire = toWire(Message(QByteArray(size, 'x')));
        // Its capacity is exact from the first byte on, so there is nothing to grow later.
        QCOMPARE(append(reader, wire.first(17), Fin::No), Status::NeedMore);
        QCOMPARE(reader.allocatedBytes(), size);
        QCOMPARE(append(reader, wire.sliced(17), Fin::Yes), Status::Complete);
        QCOMPARE(reader.allocatedBytes(), size);
    }
    for (const int size : {1, 4033, 60'000, 65'472}) { // one piece
        MessageReader reader(defaultMax);
        QCOMPARE(append(reader, toWire(Message(QByteArray(size, 'x'))), Fin::Yes), Status::Complete);
        QCOMPARE(reader.allocatedBytes(), size);
    }
}

void tst_MessageMemory::announcedBytesCostNoMemory()
{
    MessageReader reader(1024 * MiB);
    QCOMPARE(append(reader, wireHeader(0, 0, 1024 * MiB), Fin::No), Status::NeedMore);
    QCOMPARE(reader.allocatedBytes(), 0);
    QCOMPARE(append(reader, "x", Fin::No), Status::NeedMore);
    QVERIFY(reader.allocatedBytes() <= 4096);
}

void tst_MessageMemory::admittedPartIsAllocatedWhole()
{
    constexpr qint64 size = 16 * MiB;
    MessageReader reader(size);
    QCOMPARE(append(reader, wireHeader(0, 0, size) + QByteArray(1000, 'x'), Fin::No),
             Status::NeedMore);
    QVERIFY(keepsTheMemoryRule(reader));
    reader.setAdmitted();
    for (qint64 received = 1000; received < size; received += 1000) {
        const QByteArray piece(std::min<qint64>(1000, size - received), 'x');
        QCOMPARE(append(reader, piece, Fin::No), Status::NeedMore);
        QCOMPARE(reader.allocatedBytes(), size);
    }
    QCOMPARE(append(reader, {}, Fin::Yes), Status::Complete);
    QCOMPARE(reader.take().payload(), QByteArray(size, 'x'));
}

void tst_MessageMemory::admittedPartOfMoreThan16MiBIsGathered()
{
    MessageReader reader(64 * MiB);
    reader.setAdmitted();
    QCOMPARE(append(reader, wireHeader(0, 0, 16 * MiB + 1), Fin::No), Status::NeedMore);
    for (int i = 0; i < 1000; ++i) {
        QCOMPARE(append(reader, QByteArray(1000, 'x'), Fin::No), Status::NeedMore);
        QVERIFY(keepsTheMemoryRule(reader));
    }
}

QTEST_GUILESS_MAIN(tst_MessageMemory)
#include "tst_messagememory.moc"
