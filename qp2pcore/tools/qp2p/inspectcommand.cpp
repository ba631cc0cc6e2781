// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// qp2p inspect: which certificates a peer presents, and what each mode would say of them.

#include "certificatefields.h"
#include "command.h"
#include "commandline.h"
#include "commands.h"

#include <qp2pcore/certificatepolicy.h>
#include <qp2pcore/safetext.h>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

class InspectCommand : public Command
{
    Q_OBJECT

public:
    InspectCommand(const CommonOptions &options, const PeerAddress &peer,
                   const QStringList &authorities, const QString &name)
        : Command(options)
        , m_peer(peer)
        , m_authorities(authorities)
        , m_name(name)
    {
    }

protected:
    void start() override;

private:
    void dialled(const Result<QPointer<Connection>> &result);
    void print(const QList<QByteArray> &chain);
    void printVerification(const CertificatePolicy &policy, const QList<QByteArray> &chain);

    const PeerAddress m_peer;
    const QStringList m_authorities;
    const QString m_name;
};

void InspectCommand::start()
{
    limitTime();
    // Any peer: the results below say what an expected peer id would have changed.
    const PeerAddress anyone = m_peer.isHostName() ? PeerAddress(m_peer.host(), m_peer.port())
                                                   : PeerAddress(m_peer.address(), m_peer.port());
    endpoint()
        ->connectTo(anyone, options().protocol)
        .then(this, [this](const Result<QPointer<Connection>> &result) { dialled(result); });
}

void InspectCommand::dialled(const Result<QPointer<Connection>> &result)
{
    if (isFinishing())
        return;
    if (result && result.value()) {
        print(result.value()->peerCertificates());
        return;
    }
    // A peer that refuses us, or that we refuse, has shown its certificates before.
    const Error error = result.error();
    if (error.peerCertificates.isEmpty()) {
        fail(error.isError() ? error
                             : Error(ErrorCode::ClosedByPeer,
                                     tr("The connection ended as soon as it was open. Try again, "
                                        "or ask the operator of the peer.")));
        return;
    }
    output()->event(u"refused", errorFields(error),
                    tr("It came to no connection: %1").arg(safeText(error.message)));
    print(error.peerCertificates);
}

void InspectCommand::print(const QList<QByteArray> &chain)
{
    const QString peer = safeText(m_peer.endpointString());
    output()->line(chain.size() == 1 ? tr("%1 presents one certificate:").arg(peer)
                                     : tr("%1 presents %2 certificates, its own first:")
                                           .arg(peer, QString::number(chain.size())));
    for (qsizetype i = 0; i < chain.size(); ++i) {
        const Result<CertificateInfo> info = CertificateInfo::fromDer(chain[i]);
        QJsonObject fields = info ? certificateFields(*info) : errorFields(info.error());
        fields.insert(u"index"_s, i);
        output()->event(u"certificate", fields, {});
        output()->line({});
        if (!info) {
            output()->line(safeText(info.error().message));
            continue;
        }
        for (const QString &line : certificateLines(*info))
            output()->line(u"  " + line);
    }
    output()->line({});
    printVerification(CertificatePolicy::encryptOnly(), chain);
    printVerification(CertificatePolicy::agreedAuthority(), chain);
    if (!m_authorities.isEmpty())
        printVerification(CertificatePolicy::privateAuthority(m_authorities, m_name), chain);
    else
        output()->line(tr("private-authority: not asked; name one with --authority."));
    finish(ExitDone);
}

void InspectCommand::printVerification(const CertificatePolicy &policy,
                                       const QList<QByteArray> &chain)
{
    const Result<Acceptance> verified = policy.verify(chain, m_peer);
    QJsonObject fields = verified ? QJsonObject() : errorFields(verified.error());
    fields.insert(u"mode"_s, modeName(policy.mode()));
    fields.insert(u"accepted"_s, verified.isOk());
    if (verified) {
        if (const auto authority = CertificateInfo::fromDer(verified->authority()))
            fields.insert(u"authority"_s, authority->subject);
        fields.insert(u"name"_s, verified->matchedName);
    }
    output()->event(u"verification", fields,
                    verified
                        ? tr("Accepted: %1").arg(safeText(acceptanceText(*verified)))
                        : tr("Refused:  %1 (%2): %3")
                              .arg(modeName(policy.mode()), errorCodeName(verified.error().code),
                                   safeText(verified.error().message)));
}

} // namespace

int runInspect(const QStringList &arguments)
{
    CommandLine line(
        {u"inspect"_s,
         InspectCommand::tr(
             "Dials a peer, prints the certificates that it presents, and what each mode would say "
             "of them: encrypt-only, agreed-authority with the system's trust store, and "
             "private-authority where --authority is given. A peer that wants to see a certificate "
             "of its network gets the one of --identity; without it shows its own all the same."),
         {u"inspect 127.0.0.1:12000"_s,
          u"inspect --authority friends.crt.pem --name friends 192.0.2.1:12000"_s}},
        CommandLine::DialOptions | CommandLine::IdentityOptions | CommandLine::OutputOptions);
    line.addInspectOptions();
    if (const std::optional<int> over = line.parse(arguments))
        return *over;
    const PeerAddress peer = line.peerAddress();
    CommonOptions options = line.commonOptions();
    const QStringList authorities = line.values(u"authority"_s);
    const QString name = line.value(u"name"_s);
    if (line.isSet(u"legacy"_s))
        options.protocol = Protocol::Legacy;
    if (!name.isEmpty() && authorities.isEmpty())
        line.addProblem(InspectCommand::tr("--name is of use only together with --authority."));
    if (const std::optional<int> over = line.problem())
        return *over;
    return InspectCommand(options, peer, authorities, name).run();
}

#include "inspectcommand.moc"
