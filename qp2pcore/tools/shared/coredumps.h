// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Keeps keys out of core dumps.
#pragma once

//! \brief No core dump of this process is written, and no debugger of the same user may attach: both
//! would give away the private key. On Linux, in release builds without sanitizers. Call it first.
void forbidCoreDumps();
