// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// An allocator for one connection that counts, so that a hostile peer can exhaust only its own.
#pragma once

#include <ngtcp2/ngtcp2.h>

#include <QtGlobal>

#include <cstddef>

namespace Qp2p::Engine {

//! \brief What one ngtcp2_conn allocates through; beyond \a limit bytes an allocation fails and
//! with it that connection alone. Must outlive the connection and stay where it is.
//!
//! Data that arrives out of order waits inside ngtcp2, where no callback shows it, and gaps of one
//! byte cost many times their bytes: only the allocator sees that.
class CountingMemory
{
public:
    explicit CountingMemory(size_t limit);
    Q_DISABLE_COPY_MOVE(CountingMemory)

    const ngtcp2_mem *allocator() const { return &m_memory; }
    size_t used() const { return m_used; }
    //! What that takes of the process: each block has a header here and one of malloc()'s, and is rounded
    //! up. Gaps of one byte are kept in blocks so small that this is two fifths of the whole.
    size_t footprint() const { return m_used + m_blocks * BlockOverhead; }
    static constexpr size_t BlockOverhead = 32;

private:
    static void *allocate(size_t size, void *self);
    static void release(void *pointer, void *self);
    static void *allocateZeroed(size_t count, size_t size, void *self);
    static void *reallocate(void *pointer, size_t size, void *self);

    ngtcp2_mem m_memory;
    size_t m_limit;
    size_t m_used = 0;
    size_t m_blocks = 0;
};

} // namespace Qp2p::Engine
