// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// What the options that several commands share come to.
#pragma once

#include "output.h"

#include <qp2pcore/endpointconfig.h>
#include <qp2pcore/localfile.h>
#include <qp2pcore/peerid.h>
#include <qp2pcore/protocol.h>

#include <QString>

#include <chrono>
#include <optional>

//! \brief Values only: making this touches no file and no network.
struct CommonOptions
{
    Output::Format format = Output::Format::Human;
    Output::Detail detail = Output::Detail::Normal;
    QString identityFile; //!< empty: an identity for this run only
    QString passphraseFile;
    Qp2p::KeyFileAccess keyFileAccess = Qp2p::KeyFileAccess::Private; //!< of both
    Qp2p::EndpointConfig::RetryMode retryMode = Qp2p::EndpointConfig::RetryMode::Always;
    std::optional<int> maxConnections; //!< of commands that listen
    QString networkName;
    Qp2p::CertificatePolicy policy; //!< EncryptOnly
    Qp2p::Protocol protocol = Qp2p::Protocol::Qp2p1; //!< Legacy: those peers may dial us, and we them
    Qp2p::PeerId expectedPeer; //!< null: any peer
    std::optional<std::chrono::milliseconds> dialTimeout;
    std::optional<std::chrono::milliseconds> timeLimit; //!< of the command, once it has started
};

//! \brief Reads the identity that \a options name, a null one where they name none.
//! Errors: those of readPassphrase() and Identity::load(), with what the program can do about it.
Qp2p::Result<Qp2p::Identity> loadIdentity(const CommonOptions &options);

//! \brief The settings of the endpoint, identity included. Errors: those of loadIdentity().
Qp2p::Result<Qp2p::EndpointConfig> endpointConfig(const CommonOptions &options);

//! \brief What a user of this program can do about \a code; empty where the message says it all.
QString hintFor(Qp2p::ErrorCode code);
//! Prints \a error and hintFor() it. Returns ExitFailed.
int reportFailure(Output &output, const Qp2p::Error &error);
