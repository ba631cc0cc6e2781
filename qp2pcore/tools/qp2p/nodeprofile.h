// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The identity that a node keeps by itself, so that a restart is no other peer.
#pragma once

#include <qp2pcore/identity.h>
#include <qp2pcore/result.h>

#include <QLockFile>
#include <QString>

#include <memory>

//! \brief A folder with an identity, of one running node at a time.
class NodeProfile
{
public:
    //! \brief 1 to 40 letters from A to Z, digits, hyphens and underscores, a letter or a digit first.
    //! Errors: InvalidArgument.
    static Qp2p::Result<void> checkName(const QString &name);

    //! \brief Opens the profile \a name, one that checkName() accepts, in the user's folder for data; makes it
    //! and its identity at the first time.
    //!
    //! Errors: WrongState (another node uses it), FileWriteFailed, those of Identity::loadOrGenerate().
    static Qp2p::Result<std::unique_ptr<NodeProfile>> open(const QString &name,
                                                           Qp2p::KeyFileAccess access);

    const Qp2p::Identity &identity() const { return m_identity; }
    QString identityFile() const { return m_folder + u"/identity.pem"; }

private:
    explicit NodeProfile(const QString &folder);

    const QString m_folder;
    QLockFile m_lock;
    Qp2p::Identity m_identity;
};
