// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// qp2p authority: a private authority for a closed network, and certificates for its peers.

#include "certificatefields.h"
#include "commandline.h"
#include "commands.h"
#include "exitcode.h"
#include "passphrasefile.h"

#include <qp2pcore/authority.h>

#include <QFile>
#include <QFileInfo>
#include <QSslCertificate>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

struct AuthorityCommandText
{
    Q_DECLARE_TR_FUNCTIONS(AuthorityCommand)
};

struct Request
{
    QString name;
    QString file; //!< of the authority
    QString out; //!< of what is issued
    QString certificate; //!< of the peer, where its key stays with it
    Authority::Terms terms;
    QByteArray passphrase;
};

Error exists(const QString &fileName)
{
    return Error(ErrorCode::FileExists,
                 AuthorityCommandText::tr(
                     "The file \"%1\" exists already and is not replaced. Name another one with "
                     "--out, or move it away.")
                     .arg(fileName));
}

//! A certificate is for everybody: an ordinary file, but never in the place of another.
Result<void> writePublic(const QString &fileName, const QByteArray &pem)
{
    QFile file(fileName);
    const bool opened = file.open(QFile::WriteOnly | QFile::NewOnly);
    if (!opened && QFileInfo::exists(fileName))
        return exists(fileName);
    if (opened && file.write(pem) == pem.size() && file.flush())
        return {};
    return Error(ErrorCode::FileWriteFailed,
                 AuthorityCommandText::tr("The file \"%1\" cannot be written: %2.")
                     .arg(fileName, file.errorString()));
}

Result<QByteArray> readPublic(const QString &fileName)
{
    constexpr qint64 most = Q_INT64_C(64) * 1024;
    Result<QByteArray> content = readLocalFile(fileName, most);
    if (content)
        return content;
    return Error(content.error().code,
                 content.error().message + u' '
                     + AuthorityCommandText::tr(
                         "The peer makes its certificate with \"qp2p identity export\"."));
}

void print(Output &output, const QString &event, const QByteArray &certificatePem,
           const QStringList &files)
{
    const QList<QSslCertificate> chain = QSslCertificate::fromData(certificatePem, QSsl::Pem);
    const auto info = CertificateInfo::fromDer(chain.value(0).toDer());
    if (!info)
        return;
    QJsonObject fields = certificateFields(*info);
    fields.insert(u"file"_s, files.value(0));
    if (files.size() > 1)
        fields.insert(u"certificateFile"_s, files.value(1));
    output.event(event, fields, {});
    for (const QString &line : certificateLines(*info))
        output.line(line);
    output.line(AuthorityCommandText::tr("File:        %1").arg(files.value(0)));
    if (files.size() > 1)
        output.line(AuthorityCommandText::tr("For peers:   %1").arg(files.value(1)));
}

int makeNew(Output &output, const Request &request)
{
    const QString publicFile = request.out.isEmpty() ? request.name + u".crt.pem"_s : request.out;
    if (QFileInfo::exists(publicFile)) // before there is a key without its certificate
        return reportFailure(output, exists(publicFile));
    const Result<Authority> authority = Authority::create(request.name);
    if (!authority)
        return reportFailure(output, authority.error());
    if (const Result<void> saved = authority->save(request.file, request.passphrase); !saved)
        return reportFailure(output, saved.error());
    if (const Result<void> saved = writePublic(publicFile, authority->certificatePem()); !saved)
        return reportFailure(output, saved.error());
    print(output, u"authority"_s, authority->certificatePem(), {request.file, publicFile});
    return ExitDone;
}

int issue(Output &output, const Request &request, const Authority &authority)
{
    if (!request.certificate.isEmpty()) {
        const Result<QByteArray> theirs = readPublic(request.certificate);
        if (!theirs)
            return reportFailure(output, theirs.error());
        const Result<QByteArray> issued = authority.issueFor(*theirs, request.terms);
        if (!issued)
            return reportFailure(output, issued.error());
        const QString file = request.out.isEmpty() ? request.terms.peerName + u".crt.pem"_s
                                                   : request.out;
        if (const Result<void> saved = writePublic(file, *issued); !saved)
            return reportFailure(output, saved.error());
        print(output, u"issued"_s, *issued, {file});
        return ExitDone;
    }
    const Result<Identity> identity = authority.issue(request.terms);
    if (!identity)
        return reportFailure(output, identity.error());
    const QString file = request.out.isEmpty() ? request.terms.peerName + u".pem"_s : request.out;
    if (const Result<void> saved = identity->save(file); !saved)
        return reportFailure(output, saved.error());
    print(output, u"issued"_s, identity->certificatePem(), {file});
    return ExitDone;
}

void addOptions(CommandLine &line)
{
    line.addArgument(u"new|issue|show"_s, AuthorityCommandText::tr("What to do."));
    line.addArgument(
        u"NAME"_s, AuthorityCommandText::tr("The authority's name, which is that of the network."));
    line.addOption(u"for"_s, AuthorityCommandText::tr("issue: the name of the peer."), u"PEER"_s);
    line.addOption(u"also"_s,
                   AuthorityCommandText::tr(
                       "issue: a further name or IP address for the certificate. May be given "
                       "several times."),
                   u"NAME"_s);
    line.addOption(u"days"_s,
                   AuthorityCommandText::tr("issue: how long it is valid. Default: 825."), u"N"_s,
                   u"825"_s);
    line.addOption(u"certificate"_s,
                   AuthorityCommandText::tr(
                       "issue: the certificate that the peer has exported, so that its key stays "
                       "with it."),
                   u"FILE"_s);
    line.addOption(u"file"_s,
                   AuthorityCommandText::tr("The authority's file. Default: NAME.authority.pem."),
                   u"FILE"_s);
    line.addOption(u"out"_s,
                   AuthorityCommandText::tr("Where to write the certificate or the identity."),
                   u"FILE"_s);
    line.addOption(u"passphrase-file"_s,
                   AuthorityCommandText::tr(
                       "File whose first line is the passphrase of the authority's key. Only you "
                       "may have access to it."),
                   u"FILE"_s);
    line.addAllowSharedKey();
}

//! With what is wrong for CommandLine::problem().
Request requestOf(CommandLine &line)
{
    Request request;
    request.name = line.argument(1);
    request.file = line.isSet(u"file"_s) ? line.value(u"file"_s)
                                         : request.name + u".authority.pem"_s;
    request.out = line.value(u"out"_s);
    request.certificate = line.value(u"certificate"_s);
    request.terms.peerName = line.value(u"for"_s);
    request.terms.furtherNames = line.values(u"also"_s);
    constexpr qint64 maxDays = 36'500;
    request.terms.validity = std::chrono::days(line.amount(u"days"_s, 1, maxDays));
    return request;
}

void checkAction(CommandLine &line, const QString &action, const Request &request)
{
    if (action != u"new" && action != u"issue" && action != u"show")
        line.addProblem(
            AuthorityCommandText::tr("\"%1\" is not one of new, issue and show.").arg(action));
    if (action == u"issue" && request.terms.peerName.isEmpty())
        line.addProblem(AuthorityCommandText::tr("--for PEER is missing."));
    if (action != u"issue") {
        for (const QString &option : {u"for"_s, u"also"_s, u"certificate"_s}) {
            if (line.isSet(option))
                line.addProblem(
                    AuthorityCommandText::tr("--%1 is of use only with issue.").arg(option));
        }
    }
}

} // namespace

int runAuthority(const QStringList &arguments)
{
    CommandLine line(
        {u"authority"_s,
         AuthorityCommandText::tr(
             "A private authority decides who belongs to a closed network. \"new\" makes its key "
             "(NAME.authority.pem, to be kept secret) and its certificate (NAME.crt.pem, for all "
             "peers). \"issue\" makes the identity of a peer (PEER.pem), or, with --certificate, "
             "only a certificate for the key that the peer has made itself, which the peer takes "
             "over with \"qp2p identity adopt\". \"show\" describes an authority. Nothing is "
             "ever replaced."),
         {u"authority new friends"_s, u"authority issue friends --for anna"_s,
          u"authority issue friends --for ben --certificate ben-exported.pem"_s}},
        CommandLine::OutputOptions);
    addOptions(line);
    if (const std::optional<int> over = line.parse(arguments))
        return *over;
    const QString action = line.argument(0);
    Request request = requestOf(line);
    const CommonOptions options = line.commonOptions();
    checkAction(line, action, request);
    if (const std::optional<int> over = line.problem())
        return *over;

    installLogSink(options.detail);
    Output output(options.format, options.detail);
    const KeyFileAccess access = line.isSet(u"allow-shared-key"_s) ? KeyFileAccess::Shared
                                                                   : KeyFileAccess::Private;
    if (const QString file = line.value(u"passphrase-file"_s); !file.isEmpty()) {
        const Result<QByteArray> read = readPassphrase(file, access);
        if (!read)
            return reportFailure(output, read.error());
        request.passphrase = *read;
    }
    if (action == u"new")
        return makeNew(output, request);
    const Result<Authority> authority = Authority::load(request.file, request.passphrase, access);
    if (!authority)
        return reportFailure(output, authority.error());
    if (action == u"issue")
        return issue(output, request, *authority);
    print(output, u"authority"_s, authority->certificatePem(), {request.file});
    return ExitDone;
}
