// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// qp2p identity: makes and shows who we are. The key itself is never printed.

#include "commandline.h"
#include "commands.h"
#include "exitcode.h"
#include "passphrasefile.h"

#include <qp2pcore/identity.h>

#include <QSslCertificate>
#include <QTimeZone>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

struct IdentityCommandText
{
    Q_DECLARE_TR_FUNCTIONS(IdentityCommand)
};

int show(Output &output, const Identity &identity, const QString &fileName)
{
    const QSslCertificate leaf(identity.certificates().value(0), QSsl::Der);
    const QDateTime from = leaf.effectiveDate().toUTC();
    const QDateTime until = leaf.expiryDate().toUTC();
    constexpr int noExpiryYear = 9999; // RFC 5280 section 4.1.2.5
    const bool expires = until.date().year() != noExpiryYear;
    const QJsonObject fields{
        {u"peerId"_s, identity.peerId().toString()},
        {u"key"_s, identity.keyDescription()},
        {u"validFrom"_s, from.toString(Qt::ISODate)},
        {u"validUntil"_s, until.toString(Qt::ISODate)},
        {u"certificates"_s, identity.certificates().size()},
        {u"file"_s, fileName},
    };
    output.event(u"identity", fields, {});
    const QStringList lines{
        IdentityCommandText::tr("Peer id:      %1").arg(identity.peerId().toString()),
        IdentityCommandText::tr("Key:          %1").arg(identity.keyDescription()),
        IdentityCommandText::tr("Valid from:   %1").arg(from.toString(Qt::ISODate)),
        expires ? IdentityCommandText::tr("Valid until:  %1").arg(until.toString(Qt::ISODate))
                : IdentityCommandText::tr("Valid until:  it does not expire"),
        IdentityCommandText::tr("Certificates: %1").arg(identity.certificates().size()),
        IdentityCommandText::tr("File:         %1").arg(fileName),
    };
    for (const QString &line : lines)
        output.line(line);
    return ExitDone;
}

int makeNew(Output &output, const CommonOptions &options)
{
    QByteArray passphrase;
    if (!options.passphraseFile.isEmpty()) {
        const Result<QByteArray> read = readPassphrase(options.passphraseFile,
                                                       options.keyFileAccess);
        if (!read)
            return reportFailure(output, read.error());
        passphrase = read.value();
    }
    const Result<Identity> identity = Identity::generate();
    if (!identity)
        return reportFailure(output, identity.error());
    const Result<void> saved = identity.value().save(options.identityFile, passphrase);
    if (!saved)
        return reportFailure(output, saved.error());
    return show(output, identity.value(), options.identityFile);
}

//! The same key with the certificates of \a certificateFile, in a file of its own: what an authority has
//! issued replaces nothing.
int adopt(Output &output, const Identity &identity, const CommonOptions &options,
          const QString &certificateFile, const QString &out)
{
    constexpr qint64 most = Q_INT64_C(64) * 1024;
    const Result<QByteArray> certificates = readLocalFile(certificateFile, most);
    if (!certificates)
        return reportFailure(output, certificates.error());
    const Result<Identity> adopted = identity.withCertificates(*certificates);
    if (!adopted)
        return reportFailure(output, adopted.error());
    QByteArray passphrase;
    if (!options.passphraseFile.isEmpty())
        passphrase = readPassphrase(options.passphraseFile, options.keyFileAccess).value();
    if (const Result<void> saved = adopted->save(out, passphrase); !saved)
        return reportFailure(output, saved.error());
    return show(output, *adopted, out);
}

} // namespace

int runIdentity(const QStringList &arguments)
{
    CommandLine line(
        {u"identity"_s,
         IdentityCommandText::tr(
             "Makes and shows identities: a private key and its certificates in one PEM file "
             "that only you can read. \"show\" prints the peer id that others know it by, "
             "\"new\" makes a file and never replaces one, \"export\" prints the certificates "
             "as PEM, which may be given to anyone, \"adopt\" joins the key with certificates that "
             "an authority has issued for it, in a new file. The key is never printed."),
         {u"identity new --identity node.pem"_s,
          u"identity export --identity node.pem > certificate.pem"_s,
          u"identity adopt --identity k.pem --certificates ben.crt.pem --out ben.pem"_s}},
        CommandLine::IdentityOptions | CommandLine::NeedsIdentity | CommandLine::OutputOptions);
    line.addArgument(u"[show|new|export|adopt]"_s,
                     IdentityCommandText::tr("What to do. Default: show."));
    line.addOption(u"certificates"_s,
                   IdentityCommandText::tr("adopt: PEM file with certificates for our key."),
                   u"FILE"_s);
    line.addOption(u"out"_s, IdentityCommandText::tr("adopt: the file to make."), u"FILE"_s);
    if (const std::optional<int> over = line.parse(arguments))
        return *over;
    const QString action = line.argument(0).isNull() ? u"show"_s : line.argument(0);
    const CommonOptions options = line.commonOptions();
    if (action != u"show" && action != u"new" && action != u"export" && action != u"adopt")
        line.addProblem(IdentityCommandText::tr("\"%1\" is not one of show, new, export and adopt.")
                            .arg(action));
    if (action == u"adopt" && (!line.isSet(u"certificates"_s) || !line.isSet(u"out"_s)))
        line.addProblem(IdentityCommandText::tr("adopt needs --certificates FILE and --out FILE."));
    if (options.identityFile.isEmpty())
        line.addProblem(IdentityCommandText::tr("--identity FILE is missing."));
    if (const std::optional<int> over = line.problem())
        return *over;

    installLogSink(options.detail);
    Output output(options.format, options.detail);
    if (action == u"new")
        return makeNew(output, options);
    const Result<Identity> identity = loadIdentity(options);
    if (!identity)
        return reportFailure(output, identity.error());
    if (action == u"adopt")
        return adopt(output, identity.value(), options, line.value(u"certificates"_s),
                     line.value(u"out"_s));
    if (action == u"show")
        return show(output, identity.value(), options.identityFile);
    const QByteArray pem = identity.value().certificatePem();
    if (output.isJson())
        output.event(u"certificates", {{u"pem"_s, QString::fromLatin1(pem)}}, {});
    else
        output.payload(pem);
    return ExitDone;
}
