// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "nodeprofile.h"

#include <qp2pcore/tools/shared/profilelock.h>

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <QStandardPaths>

#ifdef Q_OS_UNIX
#include <sys/stat.h>
#endif

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

struct NodeProfileText
{
    Q_DECLARE_TR_FUNCTIONS(NodeProfile)
};

QString otherwise()
{
    return NodeProfileText::tr(
        "Or name a file with --identity, or give --ephemeral for an identity of this run "
        "only.");
}

//! With all folders above it, for this user only.
bool makeFolder(const QString &path)
{
#ifdef Q_OS_UNIX
    const mode_t before = ::umask(S_IRWXG | S_IRWXO);
    const bool made = QDir().mkpath(path);
    ::umask(before);
    return made;
#else
    return QDir().mkpath(path);
#endif
}

} // namespace

NodeProfile::NodeProfile(const QString &folder)
    : m_folder(folder)
    , m_lock(folder + u"/lock"_s)
{
}

Result<void> NodeProfile::checkName(const QString &name)
{
    static const QRegularExpression allowed(u"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}\\z"_s);
    if (allowed.match(name).hasMatch())
        return {};
    return Error(ErrorCode::InvalidArgument,
                 NodeProfileText::tr(
                     "--profile: a name has 1 to 40 letters from A to Z, digits, hyphens and "
                     "underscores, and begins with a letter or a digit."));
}

Result<std::unique_ptr<NodeProfile>> NodeProfile::open(const QString &name, KeyFileAccess access)
{
    // Empty or relative where the user has no home: a key must not be left in whatever folder this is.
    const QString data = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
    const QString folder = data + u"/profiles/"_s + name;
    if (!QDir::isAbsolutePath(data) || !makeFolder(folder) || !QFileInfo(folder).isWritable())
        return Error(ErrorCode::FileWriteFailed,
                     NodeProfileText::tr(
                         "The folder \"%1\" for the node's identity cannot be made or written to. "
                         "Change its permissions.")
                             .arg(folder)
                         + u' ' + otherwise());
    std::unique_ptr<NodeProfile> profile(new NodeProfile(folder));
    if (!takeProfileLock(profile->m_lock)) {
        if (profile->m_lock.error() != QLockFile::LockFailedError)
            return Error(ErrorCode::FileWriteFailed,
                         NodeProfileText::tr(
                             "The folder \"%1\" for the node's identity cannot be written to. "
                             "Change its permissions, or make room on its disk.")
                                 .arg(folder)
                             + u' ' + otherwise());
        qint64 process = 0;
        QString host;
        QString program;
        profile->m_lock.getLockInfo(&process, &host, &program);
        return Error(ErrorCode::WrongState,
                     NodeProfileText::tr(
                         "The profile \"%1\" is in use by the node of process %2: two nodes with "
                         "one identity would be taken for each other. Name another with "
                         "--profile NAME, or give --ephemeral for an identity of this run only.")
                         .arg(name)
                         .arg(process));
    }
    auto identity = Identity::loadOrGenerate(profile->identityFile(), {}, access);
    if (!identity)
        return identity.error();
    profile->m_identity = std::move(identity).value();
    return profile;
}
