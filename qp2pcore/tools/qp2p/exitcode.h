// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What the program reports to the shell; part of its documented interface.
#pragma once

enum ExitCode : int {
    ExitDone = 0,
    ExitFailed = 1, //!< the command was understood and could not be done
    ExitUsage = 2, //!< the command line was wrong; nothing was tried
};
