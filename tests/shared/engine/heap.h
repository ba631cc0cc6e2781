// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// How much memory this process has allocated, for tests of what an attacker can pin.
#pragma once

#include <QtGlobal>

#include <optional>

// GCC's macro first: Qt defines __has_feature for compilers that have none.
#if defined(__SANITIZE_ADDRESS__)
#define QP2P_TEST_ASAN
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define QP2P_TEST_ASAN
#endif
#endif

#if defined(QP2P_TEST_ASAN)
#include <cstddef>
// GCC has the function, and not the header <sanitizer/allocator_interface.h> that declares it.
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();
#elif defined(__GLIBC__)
#include <malloc.h>
#endif

namespace Qp2p::Test {

//! \brief Bytes that malloc() has handed out and not got back; nothing where nobody counts them.
inline std::optional<qint64> heapBytes()
{
#if defined(QP2P_TEST_ASAN)
    return qint64(__sanitizer_get_current_allocated_bytes());
#elif defined(__GLIBC__)
    const struct mallinfo2 info = mallinfo2();
    return qint64(info.uordblks + info.hblkhd);
#else
    return std::nullopt;
#endif
}

} // namespace Qp2p::Test
