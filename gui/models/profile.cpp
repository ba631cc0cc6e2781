// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include <models/profile.h>

#include <models/shown.h>

#include <qp2pcore/certificateinfo.h>
#include <qp2pcore/tools/shared/profilelock.h>

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QRegularExpression>
#include <QStandardPaths>

#ifdef Q_OS_UNIX
#include <unistd.h>
#endif

namespace Qp2p::Gui {

using namespace Qt::StringLiterals;

namespace {

struct ProfileText
{
    Q_DECLARE_TR_FUNCTIONS(Qp2p::Gui::Profile)
};

const QString SettingsFileName = u"settings.ini"_s;
const QString LockFileName = u"lock"_s;
const QString UnnamedIdentity = u"qp2p"_s; //!< as Identity::generate() calls it

QString profilesFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + u"/profiles"_s;
}

//! Whether \a folder is empty or has been a profile.
bool looksLikeProfile(const QDir &folder)
{
    const QStringList known{SettingsFileName, LockFileName, u"identity.pem"_s, u"peers.jsonl"_s};
    const QStringList entries = folder.entryList(QDir::AllEntries | QDir::Hidden
                                                 | QDir::NoDotAndDotDot);
    return entries.isEmpty() || std::any_of(known.begin(), known.end(), [&](const QString &name) {
               return entries.contains(name);
           });
}

} // namespace

Profile::Profile(const QString &directory)
    : m_directory(directory)
    , m_lock(std::make_unique<QLockFile>(directory + u'/' + LockFileName))
{
}

namespace {

//! Makes the folder where it is missing, and says why it cannot be a profile's.
Result<void> prepareFolder(const QString &path)
{
    QFileInfo info(path);
    if (info.exists() && !info.isDir())
        return Error(
            ErrorCode::InvalidArgument,
            ProfileText::tr("\"%1\" is not a folder. Choose the folder of a profile.").arg(path));
    if (!info.exists()) {
        if (!QDir().mkpath(path))
            return Error(ErrorCode::PermissionDenied,
                         ProfileText::tr(
                             "The folder \"%1\" for the profile could not be created. Choose one "
                             "in a folder that you may write to.")
                             .arg(path));
        QFile::setPermissions(
            path, QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner);
        info.refresh();
    }
#ifdef Q_OS_UNIX
    if (info.ownerId() != ::geteuid())
        return Error(
            ErrorCode::PermissionDenied,
            ProfileText::tr("The profile \"%1\" belongs to another user. Choose one of your own.")
                .arg(path));
#endif
    if (!info.isWritable() || !info.isExecutable())
        return Error(
            ErrorCode::PermissionDenied,
            ProfileText::tr("The profile \"%1\" cannot be written. Change its permissions, or "
                            "choose another.")
                .arg(path));
    if (!looksLikeProfile(QDir(path)))
        return Error(
            ErrorCode::InvalidArgument,
            ProfileText::tr("The folder \"%1\" contains other files and is not a profile. Choose "
                            "an empty folder.")
                .arg(path));
    return {};
}

} // namespace

Result<std::unique_ptr<Profile>> Profile::open(const QString &directory)
{
    const QString path = QDir::cleanPath(QDir().absoluteFilePath(directory));
    if (const Result<void> prepared = prepareFolder(path); !prepared)
        return prepared.error();
    std::unique_ptr<Profile> profile(new Profile(path));
    if (!takeProfileLock(*profile->m_lock)) {
        if (profile->m_lock->error() != QLockFile::LockFailedError)
            return Error(
                ErrorCode::PermissionDenied,
                ProfileText::tr("The profile \"%1\" cannot be written. Change its permissions, or "
                                "choose another.")
                    .arg(path));
        qint64 process = 0;
        QString host;
        QString program;
        profile->m_lock->getLockInfo(&process, &host, &program);
        return Error(
            ErrorCode::WrongState,
            ProfileText::tr("The profile \"%1\" is in use by the process %2. Quit that program, or "
                            "choose another profile.")
                .arg(path)
                .arg(process));
    }
    profile->m_settings = std::make_unique<Settings>(path + u'/' + SettingsFileName);
    return profile;
}

QString Profile::directoryFor(const QString &name)
{
    return profilesFolder() + u'/' + name;
}

QStringList Profile::names()
{
    return QDir(profilesFolder()).entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
}

Result<void> Profile::checkName(const QString &name)
{
    static const QRegularExpression allowed(u"^[A-Za-z0-9][A-Za-z0-9 _-]{0,39}\\z"_s);
    if (allowed.match(name).hasMatch())
        return {};
    return Error(
        ErrorCode::InvalidArgument,
        ProfileText::tr("A profile's name has 1 to 40 letters from A to Z, digits, spaces, hyphens "
                        "and underscores, and begins with a letter or a digit."));
}

QString Profile::name() const
{
    return QDir(m_directory).dirName();
}

QString Profile::identityFile() const
{
    return m_directory + u"/identity.pem"_s;
}

QString Profile::cacheFile() const
{
    return m_directory + u"/peers.jsonl"_s;
}

QString Profile::qlogDirectory() const
{
    return m_directory + u"/qlog"_s;
}

Result<void> Profile::loadIdentity(const QByteArray &passphrase)
{
    auto loaded = Identity::loadOrGenerate(identityFile(), passphrase);
    if (!loaded)
        return loaded.error();
    m_identity = std::move(loaded).value();
    return {};
}

Result<void> Profile::replaceIdentity(const Identity &identity, const QByteArray &passphrase)
{
    // The user who made the link manages the file behind it, and would not see that it is used no longer.
    if (QFileInfo(identityFile()).isSymLink())
        return Error(
            ErrorCode::FileExists,
            ProfileText::tr(
                "The identity \"%1\" is a symbolic link to \"%2\". Replace that file, or remove "
                "the link and start again.")
                .arg(identityFile(), QFileInfo(identityFile()).symLinkTarget()));
    const QString fresh = identityFile() + u".new"_s;
    QFile::remove(fresh);
    if (const Result<void> saved = identity.save(fresh, passphrase); !saved)
        return saved;
    QString kept;
    if (QFile::exists(identityFile())) {
        kept = m_directory
            + u"/identity-until-%1.pem"_s.arg(
                QDateTime::currentDateTime().toString(u"yyyyMMdd-hhmmsszzz"_s));
        if (!QFile::rename(identityFile(), kept))
            return Error(
                ErrorCode::FileWriteFailed,
                ProfileText::tr("The file \"%1\" could not be renamed. The old identity was kept. "
                                "Check the folder's permissions.")
                    .arg(identityFile()));
    }
    if (!QFile::rename(fresh, identityFile())) {
        if (!kept.isEmpty())
            QFile::rename(kept, identityFile());
        return Error(ErrorCode::FileWriteFailed,
                     ProfileText::tr(
                         "The file \"%1\" could not be written. The old identity was kept. Check "
                         "the folder's permissions.")
                         .arg(identityFile()));
    }
    if (!kept.isEmpty() && identity.peerId() == m_identity.peerId())
        QFile::remove(kept); // the key is in the new file
    m_identity = identity;
    return {};
}

QString Profile::displayName() const
{
    const QString name = nameInCertificate(m_identity.certificates().value(0));
    return name == UnnamedIdentity ? QString() : name;
}

bool Profile::canBeNamed() const
{
    const auto info = CertificateInfo::fromDer(m_identity.certificates().value(0));
    return info && info->isSelfSigned;
}

Result<void> Profile::setDisplayName(const QString &name)
{
    if (name == displayName())
        return {};
    if (!canBeNamed())
        return Error(
            ErrorCode::WrongState,
            ProfileText::tr("The name is in a certificate that an authority has signed. Ask the "
                            "authority for another certificate."));
    const Result<Identity> named = m_identity.withDisplayName(name.isEmpty() ? UnnamedIdentity
                                                                             : name);
    if (!named)
        return named.error();
    return replaceIdentity(*named);
}

Result<QString> Profile::makeQlogDirectory() const
{
    if (QDir().mkpath(qlogDirectory()))
        return qlogDirectory();
    return Error(ErrorCode::FileWriteFailed,
                 ProfileText::tr(
                     "The folder \"%1\" for qlog files could not be created. Check the permissions "
                     "of the profile's folder.")
                     .arg(qlogDirectory()));
}

Result<NetworkConfig> Profile::networkConfig() const
{
    constexpr qint64 mebibyte = qint64(1024) * 1024;
    const Settings &chosen = settings();
    EndpointConfig endpoint;
    endpoint.setIdentity(m_identity);
    endpoint.setCertificatePolicy(chosen.certificatePolicy());
    endpoint.setNetworkName(chosen.networkName());
    endpoint.setRetryMode(chosen.retryMode());
    endpoint.setMaxConnections(chosen.maxConnections());
    const qint64 largest = chosen.maxMessageMebibytes() * mebibyte;
    endpoint.setMaxMessageSize(largest);
    endpoint.setInboxLimit(std::max(endpoint.inboxLimit(), largest));
    endpoint.setSendQueueLimit(std::max(endpoint.sendQueueLimit(), largest));
    if (chosen.writesQlog()) {
        const Result<QString> folder = makeQlogDirectory();
        if (!folder)
            return folder.error();
        endpoint.setQlogDirectory(*folder);
    }
    NetworkConfig config;
    config.setEndpoint(endpoint);
    config.setRole(chosen.role());
    config.setListen(chosen.addressToListenOn(), chosen.listenPort());
    for (const auto family : {QAbstractSocket::IPv4Protocol, QAbstractSocket::IPv6Protocol})
        config.setExternalPort(family, chosen.externalPort(family));
    config.setCacheFile(cacheFile());
    config.setBlockListFile(m_directory + u"/blocked.jsonl"_s);
    config.setChangedKeys(NetworkConfig::ChangedKeys::Refuse); // the user is asked
    config.setWantedLinks(chosen.wantedLinks());
    if (chosen.refusesUnreachable())
        config.setUnreachableNodes(NetworkConfig::UnreachableNodes::Refuse);
    return config;
}

} // namespace Qp2p::Gui
