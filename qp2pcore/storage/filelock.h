// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Keeps other programs away from a file while it is read and replaced.
#pragma once

#include <qp2pcore/result.h>

#include <QString>

#include <memory>

namespace Qp2p {

//! \brief A lock in a file of its own, "<name>.lock". It ends with this object, or with the process.
class FileLock
{
public:
    explicit FileLock(const QString &fileName);
    ~FileLock();
    Q_DISABLE_COPY_MOVE(FileLock)

    //! \brief Waits 1 s at most. Errors: FileWriteFailed.
    Result<void> take();

private:
    struct Handle;
    const QString m_fileName;
    const QString m_lockName;
    std::unique_ptr<Handle> m_handle;
};

} // namespace Qp2p
