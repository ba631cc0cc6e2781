// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <qp2pcore/tools/shared/profilelock.h>

#include <QCoreApplication>
#include <QLockFile>
#include <QSysInfo>

bool takeProfileLock(QLockFile &lock)
{
    lock.setStaleLockTime(0);
    if (lock.tryLock(0))
        return true;
    // In a container (Docker, Flatpak) a program has the same process number after each start, so the lock that
    // it left when it was killed looks like that of a running process: its own. Whether that is so, the system
    // knows: removeStaleLockFile() fails while another has the file locked, be it in this very process.
    qint64 process = 0;
    QString host;
    QString program;
    return lock.error() == QLockFile::LockFailedError && lock.getLockInfo(&process, &host, &program)
        && process == QCoreApplication::applicationPid() && host == QSysInfo::machineHostName()
        && lock.removeStaleLockFile() && lock.tryLock(0);
}
