// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/engine/countingmemory.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>

namespace Qp2p::Engine {

namespace {
// The size of a block stands before it, in a header that keeps the alignment.
constexpr size_t BlockHeaderSize = alignof(std::max_align_t);
static_assert(BlockHeaderSize >= sizeof(size_t));

size_t &sizeOf(void *block)
{
    return *static_cast<size_t *>(block);
}
} // namespace

CountingMemory::CountingMemory(size_t limit)
    : m_memory{this, allocate, release, allocateZeroed, reallocate}
    , m_limit(std::min(limit, std::numeric_limits<size_t>::max() - BlockHeaderSize))
{
}

void *CountingMemory::allocate(size_t size, void *self)
{
    return reallocate(nullptr, size, self);
}

void CountingMemory::release(void *pointer, void *self)
{
    if (!pointer)
        return;
    void *block = static_cast<char *>(pointer) - BlockHeaderSize;
    auto *memory = static_cast<CountingMemory *>(self);
    memory->m_used -= sizeOf(block);
    --memory->m_blocks;
    std::free(block);
}

void *CountingMemory::allocateZeroed(size_t count, size_t size, void *self)
{
    size_t bytes = 0;
    if (__builtin_mul_overflow(count, size, &bytes))
        return nullptr;
    void *pointer = allocate(bytes, self);
    if (pointer)
        std::memset(pointer, 0, bytes);
    return pointer;
}

void *CountingMemory::reallocate(void *pointer, size_t size, void *self)
{
    auto *memory = static_cast<CountingMemory *>(self);
    void *old = pointer ? static_cast<char *>(pointer) - BlockHeaderSize : nullptr;
    const size_t oldSize = old ? sizeOf(old) : 0;
    const size_t others = memory->m_used - oldSize;
    if (size > memory->m_limit || others > memory->m_limit - size)
        return nullptr;
    void *block = std::realloc(old, BlockHeaderSize + size);
    if (!block)
        return nullptr;
    sizeOf(block) = size;
    memory->m_blocks += old ? 0 : 1;
    memory->m_used = others + size;
    return static_cast<char *>(block) + BlockHeaderSize;
}

} // namespace Qp2p::Engine
