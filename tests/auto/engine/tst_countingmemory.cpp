// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The allocator of one connection: it counts every byte, and says no at its limit.

#include <shared/seededrandom.h>

#include <qp2pcore/engine/countingmemory.h>

#include <QTest>

#include <algorithm>
#include <cstring>
#include <limits>
#include <vector>

using namespace Qp2p::Engine;
using Qp2p::Test::SeededRandom;

namespace {

constexpr size_t Limit = 10'000;
constexpr size_t Huge = std::numeric_limits<size_t>::max();

// What ngtcp2 does with it.
struct Client
{
    explicit Client(size_t limit = Limit)
        : memory(limit)
        , mem(memory.allocator())
    {
    }
    void *malloc(size_t size) const { return mem->malloc(size, mem->user_data); }
    void *calloc(size_t count, size_t size) const
    {
        return mem->calloc(count, size, mem->user_data);
    }
    void *realloc(void *old, size_t size) const { return mem->realloc(old, size, mem->user_data); }
    void free(void *pointer) const { mem->free(pointer, mem->user_data); }

    CountingMemory memory;
    const ngtcp2_mem *mem;
};

} // namespace

class tst_CountingMemory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyByteIsCountedAndGivenBack();
    void theLimitIsReachedButNotPassed();
    void aRefusedAllocationLeavesTheCountAsItWas();
    void zeroedMemoryIsZero();
    void aProductThatOverflowsIsRefused();
    void aSizeThatOverflowsIsRefused_data();
    void aSizeThatOverflowsIsRefused();
    void growingKeepsTheBytesAndCountsTheDifference();
    void growingBeyondTheLimitKeepsTheOldBlock();
    void nothingIsFreedForNull();
    void blocksAreAlignedForAnything();
    void manyBlocksInAnyOrderAddUp();
    void twoOfThemDoNotKnowEachOther();
};

void tst_CountingMemory::everyByteIsCountedAndGivenBack()
{
    const Client client;
    QCOMPARE(client.memory.used(), 0u);
    void *one = client.malloc(100);
    void *other = client.malloc(1);
    QVERIFY(one && other && one != other);
    std::memset(one, 0xff, 100);
    QCOMPARE(client.memory.used(), 101u);
    QCOMPARE(client.memory.footprint(), 101u + 2 * CountingMemory::BlockOverhead);
    client.free(one);
    QCOMPARE(client.memory.used(), 1u);
    client.free(other);
    QCOMPARE(client.memory.used(), 0u);
    QCOMPARE(client.memory.footprint(), 0u);
}

void tst_CountingMemory::theLimitIsReachedButNotPassed()
{
    const Client client;
    void *most = client.malloc(Limit - 1);
    QVERIFY(most);
    QVERIFY(!client.malloc(2));
    void *last = client.malloc(1);
    QVERIFY(last);
    QCOMPARE(client.memory.used(), Limit);
    QVERIFY(!client.malloc(1));
    client.free(most);
    void *again = client.malloc(Limit - 1);
    QVERIFY(again);
    client.free(again);
    client.free(last);
    QVERIFY(!client.malloc(Limit + 1));
}

void tst_CountingMemory::aRefusedAllocationLeavesTheCountAsItWas()
{
    const Client client;
    void *block = client.malloc(10);
    QVERIFY(!client.malloc(Limit));
    QVERIFY(!client.calloc(2, Limit));
    QVERIFY(!client.realloc(nullptr, Limit));
    QCOMPARE(client.memory.used(), 10u);
    client.free(block);
}

void tst_CountingMemory::zeroedMemoryIsZero()
{
    const Client client;
    for (int i = 0; i < 10; ++i) {
        auto *dirty = static_cast<char *>(client.malloc(1200));
        std::memset(dirty, 0xa5, 1200);
        client.free(dirty);
        auto *clean = static_cast<char *>(client.calloc(40, 30));
        QVERIFY(clean);
        QCOMPARE(client.memory.used(), 1200u);
        QCOMPARE(QByteArray(clean, 1200), QByteArray(1200, '\0'));
        client.free(clean);
    }
}

void tst_CountingMemory::aProductThatOverflowsIsRefused()
{
    const Client client(Huge);
    QVERIFY(!client.calloc(Huge, 2));
    QVERIFY(!client.calloc(2, Huge));
    QVERIFY(!client.calloc(size_t(1) << 33, size_t(1) << 33));
    QVERIFY(!client.calloc((Huge / 16) + 1, 16)); // 0 after the overflow
    QCOMPARE(client.memory.used(), 0u);
}

void tst_CountingMemory::aSizeThatOverflowsIsRefused_data()
{
    QTest::addColumn<quint64>("limit");
    QTest::addRow("an ordinary limit") << quint64(Limit);
    QTest::addRow("the largest limit") << quint64(Huge);
}

void tst_CountingMemory::aSizeThatOverflowsIsRefused()
{
    QFETCH(const quint64, limit);
    const Client client{size_t(limit)};
    void *block = client.malloc(8);
    for (const size_t size : {Huge, Huge - 1, Huge - 7, Huge - 8, Huge - 15}) {
        // Each in a variable, so that the compiler does not judge it first.
        void *tooLarge = client.malloc(size);
        QVERIFY(!tooLarge);
        QVERIFY(!client.realloc(block, size));
    }
    QCOMPARE(client.memory.used(), 8u);
    client.free(block);
}

void tst_CountingMemory::growingKeepsTheBytesAndCountsTheDifference()
{
    const Client client;
    auto *block = static_cast<char *>(client.realloc(nullptr, 5));
    std::fill_n(block, 5, 'q');
    QCOMPARE(client.memory.used(), 5u);
    for (const size_t size : {6u, 100u, 9000u, 9001u, 10'000u, 50u, 5u}) {
        block = static_cast<char *>(client.realloc(block, size));
        QVERIFY(block);
        QCOMPARE(client.memory.used(), size);
        QCOMPARE(QByteArray(block, 5), "qqqqq");
    }
    client.free(block);
    QCOMPARE(client.memory.used(), 0u);
}

void tst_CountingMemory::growingBeyondTheLimitKeepsTheOldBlock()
{
    const Client client;
    void *other = client.malloc(4000);
    auto *block = static_cast<char *>(client.malloc(4000));
    std::memset(block, 'b', 4000);
    QVERIFY(!client.realloc(block, 6001));
    QCOMPARE(client.memory.used(), 8000u);
    QCOMPARE(QByteArray(block, 4000), QByteArray(4000, 'b'));
    void *grown = client.realloc(block, 6000); // its own 4000 do not count twice
    QVERIFY(grown);
    client.free(grown);
    client.free(other);
}

void tst_CountingMemory::nothingIsFreedForNull()
{
    const Client client;
    client.free(nullptr);
    QCOMPARE(client.memory.used(), 0u);
}

void tst_CountingMemory::blocksAreAlignedForAnything()
{
    const Client client;
    std::vector<void *> blocks;
    for (size_t size = 0; size < 64; ++size) {
        void *block = client.malloc(size);
        QCOMPARE(reinterpret_cast<quintptr>(block) % alignof(std::max_align_t), 0u);
        blocks.push_back(block);
    }
    for (void *block : blocks)
        client.free(block);
    QCOMPARE(client.memory.used(), 0u);
}

void tst_CountingMemory::manyBlocksInAnyOrderAddUp()
{
    const Client client;
    SeededRandom random(3);
    std::vector<std::pair<void *, size_t>> blocks;
    size_t sum = 0;
    int refused = 0;
    for (int i = 0; i < 100'000; ++i) {
        const size_t size = random.below(1000);
        const size_t which = blocks.empty() ? 0 : size_t(random.below(blocks.size()));
        switch (blocks.empty() ? 0 : random.below(3)) {
        case 0: {
            void *block = client.malloc(size);
            QCOMPARE(block != nullptr, sum + size <= Limit);
            if (!block)
                ++refused;
            else
                blocks.emplace_back(block, size);
            sum += block ? size : 0;
            break;
        }
        case 1: {
            void *block = client.realloc(blocks[which].first, size);
            QCOMPARE(block != nullptr, sum - blocks[which].second + size <= Limit);
            if (!block) {
                ++refused;
                break;
            }
            sum = sum - blocks[which].second + size;
            blocks[which] = {block, size};
            break;
        }
        default:
            client.free(blocks[which].first);
            sum -= blocks[which].second;
            blocks.erase(blocks.begin() + qsizetype(which));
        }
        QCOMPARE(client.memory.used(), sum);
    }
    QVERIFY(refused > 100);
    for (const auto &block : blocks)
        client.free(block.first);
    QCOMPARE(client.memory.used(), 0u);
}

void tst_CountingMemory::twoOfThemDoNotKnowEachOther()
{
    const Client one;
    const Client other;
    void *all = one.malloc(Limit);
    QVERIFY(all);
    QVERIFY(!one.malloc(1));
    void *theirs = other.malloc(Limit);
    QVERIFY(theirs);
    one.free(all);
    other.free(theirs);
}

QTEST_GUILESS_MAIN(tst_CountingMemory)
#include "tst_countingmemory.moc"
