// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The folder of one network: the identity of this member, its settings, the nodes that it remembers.
#pragma once

#include <models/settings.h>

#include <QLockFile>

#include <memory>

namespace Qp2p::Gui {

//! \brief A folder with settings, identity, bootstrap cache and block list, used by one program at a time.
class Profile
{
public:
    //! \brief Makes \a directory where it is missing (mode 0700), and locks it.
    //!
    //! Errors: InvalidArgument (it has other things in it, or is no folder), PermissionDenied (belongs to
    //! another user, or cannot be written), WrongState (another program uses it).
    static Result<std::unique_ptr<Profile>> open(const QString &directory);
    //! Where profiles lie that are known by a name.
    static QString directoryFor(const QString &name);
    //! The names of those that are there, in alphabetical order.
    static QStringList names();
    //! \brief Errors: InvalidArgument, with what is allowed.
    static Result<void> checkName(const QString &name);

    Settings &settings() const { return *m_settings; }
    QString directory() const { return m_directory; }
    QString name() const; //!< of its folder
    QString identityFile() const;
    QString cacheFile() const;
    QString qlogDirectory() const;

    //! Without its identity where none is there and none could be made.
    const Identity &identity() const { return m_identity; }
    //! \brief Loads it, or makes it on first use. Errors: those of Identity::loadOrGenerate().
    Result<void> loadIdentity(const QByteArray &passphrase = {});
    //! \brief Keeps \a identity from now on; the old one's file gets another name and is not lost.
    Result<void> replaceIdentity(const Identity &identity, const QByteArray &passphrase = {});

    //! What peers see beside the peer id; empty where none was chosen.
    QString displayName() const;
    //! Whether the certificate is of our own making, so that the name can be changed here.
    bool canBeNamed() const;
    //! \brief Writes \a name into a new certificate of the same key; empty takes it out. Errors: WrongState
    //! (an authority signed the certificate), those of Identity::withDisplayName() and replaceIdentity().
    Result<void> setDisplayName(const QString &name);

    //! \brief What Network needs; the identity must have been loaded.
    //! Errors: FileWriteFailed (the folder for qlog files).
    Result<NetworkConfig> networkConfig() const;
    //! \brief Makes the folder for qlog files.
    Result<QString> makeQlogDirectory() const;

private:
    explicit Profile(const QString &directory);

    QString m_directory;
    std::unique_ptr<QLockFile> m_lock;
    std::unique_ptr<Settings> m_settings;
    Identity m_identity;
};

} // namespace Qp2p::Gui
