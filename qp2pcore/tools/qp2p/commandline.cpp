// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Help that teaches, and problems that say where the help is.

#include "commandline.h"

#include "exitcode.h"
#include "numbers.h"

#include "outputwriter.h"

#include <QCoreApplication>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

struct CommandLineText
{
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};

//! Where describe() waits for a description.
CommandDescription *wanted = nullptr;

} // namespace

CommandLine::CommandLine(const Help &help, OptionGroups groups)
    : m_groups(groups)
    , m_description{help.name, help.summary, {}, {}, help.examples}
{
    m_parser.addOption(QCommandLineOption(QStringList{u"h"_s, u"help"_s}));
    m_description.options.append({u"help"_s, {}, CommandLineText::tr("Show this help."), {}});
    if (groups.testFlag(DialOptions))
        addDialOptions();
    if (groups.testFlag(IdentityOptions))
        addIdentityOptions();
    if (groups.testFlag(EndpointOptions))
        addEndpointOptions();
    if (groups.testFlag(ListenOptions))
        addListenOptions();
    if (groups.testFlag(OutputOptions))
        addOutputOptions();
}

void CommandLine::addDialOptions()
{
    addArgument(
        u"ADDRESS"_s,
        CommandLineText::tr("The peer: 192.0.2.1:12000, [2001:db8::1]:12000 or host:12000, each "
                            "also as PEERID@ADDRESS."));
    addOption(
        u"peer-id"_s,
        CommandLineText::tr("The peer id that must answer; any other is refused. Without it anyone "
                            "may answer."),
        u"ID"_s);
}

void CommandLine::addIdentityOptions()
{
    addOption(u"identity"_s,
              m_groups.testFlag(NeedsIdentity)
                  ? CommandLineText::tr("PEM file with our key and certificates.")
                  : CommandLineText::tr(
                      "PEM file with our key and certificates. Default: an identity for "
                      "this run only."),
              u"FILE"_s);
    addOption(
        u"passphrase-file"_s,
        CommandLineText::tr("File whose first line is the passphrase of the identity. Only you may "
                            "have access to it."),
        u"FILE"_s);
    addAllowSharedKey();
}

void CommandLine::addEndpointOptions()
{
    addOption(
        u"network"_s,
        CommandLineText::tr("Name of our network, up to 64 bytes. Peers of another one part."),
        u"NAME"_s);
    addOption(u"timeout"_s,
              m_groups.testFlag(DialOptions)
                  ? CommandLineText::tr(
                      "Give up where the connection takes longer than this to open "
                      "(default: 10), and everything after it as well (default: as long "
                      "as it takes).")
                  : CommandLineText::tr("Stop by itself after this time."),
              u"SECONDS"_s);
    addTrustOptions();
}

void CommandLine::addListenOptions()
{
    addChoice(u"retry"_s,
              CommandLineText::tr(
                  "When diallers must prove their address first (RFC 9000 section 8.1.2)."),
              u"WHEN"_s, {u"always"_s, u"under-load"_s, u"never"_s});
    addOption(
        u"max-connections"_s,
        CommandLineText::tr("Connections that peers may have opened at a time; a tenth is kept for "
                            "our own dials. When they are taken, a peer of a network that has few "
                            "replaces one of the network that has most. Default: 4096."),
        u"N"_s, u"4096"_s);
}

void CommandLine::addOutputOptions()
{
    addOption(u"json"_s,
              CommandLineText::tr("One JSON object a line on standard output, for scripts."));
    addOption(u"verbose"_s, CommandLineText::tr("Say more, on standard error."));
}

void CommandLine::addTrustOptions()
{
    addChoice(u"mode"_s,
              CommandLineText::tr(
                  "Which peers are accepted. encrypt-only: any, only the possession of its key "
                  "is proven. private-authority: one with a certificate of an authority given "
                  "with --authority. agreed-authority: one with a certificate of a public "
                  "authority, of the system or of the bundle given with --authority."),
              u"MODE"_s, {u"encrypt-only"_s, u"private-authority"_s, u"agreed-authority"_s});
    addInspectOptions();
}

void CommandLine::addInspectOptions()
{
    addOption(u"authority"_s,
              CommandLineText::tr(
                  "PEM file with certificates of authorities. May be given several times."),
              u"FILE"_s);
    addOption(u"name"_s,
              CommandLineText::tr(
                  "With a private authority: the name that a peer's certificate must have, as a "
                  "rule that of the network."),
              u"NAME"_s);
    addOption(u"legacy"_s,
              CommandLineText::tr(
                  "Speak with programs on the Rust library qp2p 0.36: let them dial us, and dial "
                  "the peer as one of them. They prove no identity."));
    if (m_groups.testFlag(NoLegacy))
        m_description.options.removeLast();
}

void CommandLine::addArgument(const QString &name, const QString &description)
{
    m_description.arguments.append({name, description});
    m_parser.addPositionalArgument(name, description);
}

void CommandLine::addOption(const QString &name, const QString &description,
                            const QString &valueName, const QString &defaultValue)
{
    m_parser.addOption(QCommandLineOption(name, description, valueName, defaultValue));
    m_description.options.append({name, valueName, description, {}});
}

void CommandLine::addAllowSharedKey()
{
    addOption(u"allow-shared-key"_s,
              CommandLineText::tr(
                  "Read files with a key or a passphrase also where others may read or write "
                  "them, as in a folder that keeps them out."));
}

//! The first of \a choices is the default.
void CommandLine::addChoice(const QString &name, const QString &description,
                            const QString &valueName, const QStringList &choices)
{
    addOption(name,
              description + u' '
                  + CommandLineText::tr("One of %1. Default: %2.")
                        .arg(choices.join(u", "_s), choices.first()),
              valueName, choices.first());
    m_description.options.last().choices = choices;
}

void CommandLine::addPayloadLimit(qint64 byDefault)
{
    constexpr qint64 kibi = 1024;
    addOption(u"payload-limit"_s,
              CommandLineText::tr(
                  "With --json, leave payloads out that are larger than this; their size and "
                  "SHA-256 stay. Default: %1.")
                  .arg(byDefault == MaxPayload ? CommandLineText::tr("none is left out")
                                               : QString(QString::number(byDefault / kibi) + u"Ki")),
              u"BYTES"_s, QString::number(byDefault));
}

qint64 CommandLine::payloadLimit()
{
    return amount(u"payload-limit"_s, 0, MaxPayload);
}

std::optional<int> CommandLine::parse(const QStringList &words)
{
    if (wanted != nullptr) {
        *wanted = m_description;
        return ExitDone;
    }
    // Also where the words make no sense: a script reads what is wrong.
    if (words.contains(u"--json"_s))
        m_format = Output::Format::Json;
    const bool parsed = m_parser.parse(words);
    if (m_parser.isSet(u"help"_s)) {
        OutputWriter::of(OutputWriter::Stream::Output)
            .write(OutputWriter::Stream::Output, helpText(m_description).toUtf8());
        return ExitDone;
    }
    const QStringList arguments = m_parser.positionalArguments();
    const auto &known = m_description.arguments;
    const QStringList unknown = m_parser.unknownOptionNames();
    if (!unknown.isEmpty()) {
        const QString dashes = unknown.first().size() == 1 ? u"-"_s : u"--"_s;
        addProblem(CommandLineText::tr("There is no option \"%1%2\".").arg(dashes, unknown.first()));
    } else if (!parsed) {
        addProblem(m_parser.errorText());
    } else if (arguments.size() > known.size()) {
        addProblem(CommandLineText::tr("\"%1\" is one argument too many.").arg(arguments.last()));
    } else if (arguments.size() < known.size() && !known[arguments.size()].name.startsWith(u'[')) {
        addProblem(CommandLineText::tr("%1 is missing.").arg(known[arguments.size()].name));
    }
    return problem();
}

CommandDescription CommandLine::describe(const QString &name, int (*run)(const QStringList &))
{
    CommandDescription description;
    wanted = &description;
    run({name});
    wanted = nullptr;
    return description;
}

QString CommandLine::argument(qsizetype index) const
{
    return m_parser.positionalArguments().value(index);
}

qint64 CommandLine::amount(const QString &option, qint64 min, qint64 max)
{
    const Result<qint64> result = parseAmount(value(option), min, max);
    if (!result)
        addProblem(CommandLineText::tr("--%1: %2").arg(option, result.error().message));
    return result ? result.value() : min;
}

PeerAddress CommandLine::peerAddress()
{
    PeerAddress address = valueOrProblem(PeerAddress::fromString(argument(0)));
    if (!isSet(u"peer-id"_s))
        return address;
    const PeerId expected = valueOrProblem(PeerId::fromString(value(u"peer-id"_s)));
    if (!address.peerId().isNull() && address.peerId() != expected)
        addProblem(
            CommandLineText::tr("--peer-id and ADDRESS name different peers. Give one of them."));
    return address.isHostName() ? PeerAddress(address.host(), address.port(), expected)
                                : PeerAddress(address.address(), address.port(), expected);
}

CommonOptions CommandLine::commonOptions()
{
    CommonOptions options;
    if (isSet(u"json"_s))
        options.format = Output::Format::Json;
    if (isSet(u"verbose"_s))
        options.detail = Output::Detail::Verbose;
    if (m_groups.testFlag(IdentityOptions)) {
        options.identityFile = value(u"identity"_s);
        options.passphraseFile = value(u"passphrase-file"_s);
        if (isSet(u"allow-shared-key"_s))
            options.keyFileAccess = KeyFileAccess::Shared;
        if (!options.passphraseFile.isEmpty() && options.identityFile.isEmpty())
            addProblem(
                CommandLineText::tr("--passphrase-file is of use only together with --identity."));
    }
    if (m_groups.testFlag(EndpointOptions)) {
        options.networkName = value(u"network"_s);
        if (isSet(u"timeout"_s))
            options.timeLimit = valueOrProblem(parseSeconds(value(u"timeout"_s)));
        if (m_groups.testFlag(DialOptions))
            options.dialTimeout = options.timeLimit;
        options.policy = policy();
        if (isSet(u"legacy"_s))
            options.protocol = Protocol::Legacy;
        EndpointConfig config;
        config.setNetworkName(options.networkName);
        config.setCertificatePolicy(options.policy);
        if (options.protocol == Protocol::Legacy)
            config.setLegacyPeers(EndpointConfig::LegacyPeers::Accepted);
        if (const Result<void> valid = config.validate(); !valid)
            addProblem(valid.error().message);
    }
    if (m_groups.testFlag(ListenOptions)) {
        constexpr qint64 most = 1'000'000; // see EndpointConfig::validate()
        options.retryMode = retryMode();
        options.maxConnections = static_cast<int>(amount(u"max-connections"_s, 1, most));
    }
    return options;
}

void CommandLine::addProblem(const QString &problem)
{
    if (m_problem.isEmpty())
        m_problem = problem;
}

std::optional<int> CommandLine::problem() const
{
    if (m_problem.isEmpty())
        return {};
    Output(m_format, Output::Detail::Normal).error(Error(ErrorCode::InvalidArgument, m_problem));
    printProblem(CommandLineText::tr("Run \"qp2p %1 --help\" to see how it is used.")
                     .arg(m_description.name));
    return ExitUsage;
}

template<typename T>
T CommandLine::valueOrProblem(const Result<T> &result)
{
    if (result)
        return result.value();
    addProblem(result.error().message);
    return T();
}

EndpointConfig::RetryMode CommandLine::retryMode()
{
    const QString when = value(u"retry"_s);
    if (when == u"under-load")
        return EndpointConfig::RetryMode::UnderLoad;
    if (when == u"never")
        return EndpointConfig::RetryMode::Never;
    if (when != u"always")
        addProblem(
            CommandLineText::tr("--retry: \"%1\" is not one of always, under-load and never.")
                .arg(when));
    return EndpointConfig::RetryMode::Always;
}

CertificatePolicy CommandLine::policy()
{
    const QString mode = value(u"mode"_s);
    const QStringList authorities = values(u"authority"_s);
    const QString name = value(u"name"_s);
    if (!name.isEmpty() && mode != u"private-authority")
        addProblem(CommandLineText::tr("--name is of use only with --mode private-authority."));
    if (mode == u"private-authority") {
        if (authorities.isEmpty())
            addProblem(CommandLineText::tr("--mode private-authority needs --authority FILE."));
        return CertificatePolicy::privateAuthority(authorities, name);
    }
    if (mode == u"agreed-authority")
        return CertificatePolicy::agreedAuthority(authorities);
    if (mode != u"encrypt-only")
        addProblem(
            CommandLineText::tr("--mode: \"%1\" is not one of encrypt-only, private-authority and "
                                "agreed-authority.")
                .arg(mode));
    else if (!authorities.isEmpty())
        addProblem(
            CommandLineText::tr("--authority is of use only with --mode private-authority or "
                                "agreed-authority."));
    return CertificatePolicy::encryptOnly();
}
