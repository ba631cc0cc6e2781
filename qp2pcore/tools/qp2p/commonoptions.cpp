// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Turns options into an endpoint's settings and errors into advice.

#include "commonoptions.h"

#include "exitcode.h"
#include "passphrasefile.h"

#include <QCoreApplication>

using namespace Qp2p;

namespace {

struct CommonOptionsText
{
    Q_DECLARE_TR_FUNCTIONS(CommonOptions)
};

} // namespace

Result<Identity> loadIdentity(const CommonOptions &options)
{
    if (options.identityFile.isEmpty())
        return Identity();
    QByteArray passphrase;
    if (!options.passphraseFile.isEmpty()) {
        const Result<QByteArray> read = readPassphrase(options.passphraseFile,
                                                       options.keyFileAccess);
        if (!read)
            return read.error();
        passphrase = read.value();
    }
    Result<Identity> identity = Identity::load(options.identityFile, passphrase,
                                               options.keyFileAccess);
    if (identity || identity.error().code != ErrorCode::FileNotFound)
        return identity;
    const QString advice = CommonOptionsText::tr(
        "\"qp2p identity new --identity FILE\" makes one.");
    return Error(ErrorCode::FileNotFound, identity.error().message + u' ' + advice);
}

Result<EndpointConfig> endpointConfig(const CommonOptions &options)
{
    const Result<Identity> identity = loadIdentity(options);
    if (!identity)
        return identity.error();
    EndpointConfig config;
    config.setIdentity(identity.value());
    config.setRetryMode(options.retryMode);
    config.setNetworkName(options.networkName);
    config.setCertificatePolicy(options.policy);
    if (options.protocol == Protocol::Legacy)
        config.setLegacyPeers(EndpointConfig::LegacyPeers::Accepted);
    if (options.maxConnections)
        config.setMaxConnections(*options.maxConnections);
    if (options.dialTimeout)
        config.setHandshakeTimeout(*options.dialTimeout);
    return config;
}

QString hintFor(ErrorCode code)
{
    switch (code) {
    case ErrorCode::HandshakeTimeout:
    case ErrorCode::PortUnreachable:
        return CommonOptionsText::tr("Check that \"qp2p listen\" runs there.");
    case ErrorCode::PeerIdMismatch:
        return CommonOptionsText::tr(
            "The right peer id is what \"qp2p listen\" prints there when it starts. If "
            "it should not have changed, another program answers in its place.");
    case ErrorCode::CertificateRejected:
        return CommonOptionsText::tr(
            "Give a certificate that the peer accepts with --identity; \"qp2p authority "
            "issue\" makes one in a private network.");
    case ErrorCode::CertificateUnknownAuthority:
    case ErrorCode::CertificateSelfSigned:
    case ErrorCode::CertificateWrongName:
    case ErrorCode::CertificateWithoutName:
        return CommonOptionsText::tr(
            "\"qp2p inspect ADDRESS\" shows the peer's certificates and what each mode "
            "says of them.");
    case ErrorCode::WrongNetwork:
        return CommonOptionsText::tr("Give the name of the peer's network with --network.");
    case ErrorCode::NoReply:
        return CommonOptionsText::tr(
            "Start the peer with \"qp2p listen --echo\" to have requests answered.");
    case ErrorCode::AddressInUse:
        return CommonOptionsText::tr("Leave --port out to have a free port chosen.");
    case ErrorCode::FilePermissions:
        return CommonOptionsText::tr(
            "Where its folder keeps others out, --allow-shared-key reads it all the "
            "same.");
    case ErrorCode::WrongPassphrase:
        return CommonOptionsText::tr("Give the file with the passphrase with --passphrase-file.");
    default:
        return {};
    }
}

int reportFailure(Output &output, const Error &error)
{
    output.error(error);
    if (const QString hint = hintFor(error.code); !hint.isEmpty())
        printProblem(hint);
    return ExitFailed;
}
