// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// One subcommand's command line: its options, its help and what is wrong with what was typed.
#pragma once

#include "commanddescription.h"
#include "commonoptions.h"

#include <qp2pcore/peeraddress.h>

#include <QCommandLineParser>
#include <QStringList>

#include <optional>

//! \brief Add arguments and options, parse(), read the values, then ask problem().
//!
//! The functions that read values keep the first thing that is wrong for problem(), so that a command
//! reads all of its values in a row.
class CommandLine
{
public:
    enum OptionGroup {
        OutputOptions = 0x1, //!< --json, --verbose
        IdentityOptions = 0x2, //!< --identity, --passphrase-file
        EndpointOptions = 0x4, //!< --network, --timeout, --mode, --authority, --name, --legacy
        DialOptions = 0x8, //!< --peer-id and the argument ADDRESS
        ListenOptions = 0x10, //!< --retry, --max-connections
        NeedsIdentity = 0x20, //!< with IdentityOptions: --identity has no default
        NoLegacy = 0x40, //!< the help does not offer --legacy, which such a command refuses
    };
    Q_DECLARE_FLAGS(OptionGroups, OptionGroup)

    struct Help
    {
        QString name; //!< of the command
        QString summary; //!< one paragraph
        QStringList examples; //!< without the program's name
    };

    CommandLine(const Help &help, OptionGroups groups);

    //! \a name as it stands in the usage: "TEXT" or "[TEXT]".
    void addArgument(const QString &name, const QString &description);
    void addOption(const QString &name, const QString &description, const QString &valueName = {},
                   const QString &defaultValue = {});

    //! For a command that tries all modes: --authority, --name, --legacy.
    void addInspectOptions();

    //! For commands that read files with keys, as IdentityOptions do: --allow-shared-key.
    void addAllowSharedKey();

    //! For commands that print payloads: --payload-limit, \a byDefault if that is not given.
    void addPayloadLimit(qint64 byDefault);
    static constexpr qint64 MaxPayload = Q_INT64_C(1024) * 1024 * 1024;

    //! \brief The exit code where that was all: help was asked for, or the words make no sense.
    std::optional<int> parse(const QStringList &words);

    //! \brief What parse() knows of the command \a name, whose function is \a run: nothing is parsed or done.
    static CommandDescription describe(const QString &name, int (*run)(const QStringList &));

    bool isSet(const QString &option) const { return m_parser.isSet(option); }
    QString value(const QString &option) const { return m_parser.value(option); }
    QStringList values(const QString &option) const { return m_parser.values(option); }
    //! The argument at \a index, null where it was not given.
    QString argument(qsizetype index) const;

    qint64 amount(const QString &option, qint64 min, qint64 max);
    qint64 payloadLimit();
    //! The argument ADDRESS together with --peer-id.
    Qp2p::PeerAddress peerAddress();
    CommonOptions commonOptions();

    //! Something is wrong that no function above can know.
    void addProblem(const QString &problem);
    //! \brief The exit code where something is wrong, after it was reported.
    std::optional<int> problem() const;

private:
    template<typename T>
    T valueOrProblem(const Qp2p::Result<T> &result);
    Qp2p::EndpointConfig::RetryMode retryMode();
    Qp2p::CertificatePolicy policy();
    void addDialOptions();
    void addIdentityOptions();
    void addEndpointOptions();
    void addTrustOptions();
    void addListenOptions();
    void addOutputOptions();
    void addChoice(const QString &name, const QString &description, const QString &valueName,
                   const QStringList &choices);

    const OptionGroups m_groups;
    CommandDescription m_description;
    QCommandLineParser m_parser;
    Output::Format m_format = Output::Format::Human; //!< of problems
    QString m_problem;
};

Q_DECLARE_OPERATORS_FOR_FLAGS(CommandLine::OptionGroups)
