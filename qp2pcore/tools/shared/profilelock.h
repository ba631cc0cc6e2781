// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// One program at a time in a profile, also where a container gives each start the same process number.
#pragma once

class QLockFile;

//! \brief Locks a profile for as long as \a lock lives, also for weeks. False where another program has it, or
//! where no file can be made: QLockFile::error() says which.
bool takeProfileLock(QLockFile &lock);
