// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// One subcommand's command line: its options, its help and what is wrong with what was typed.
#pragma once

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

    //! For commands that print payloads: --payload-limit.
    void addPayloadLimit();

    //! \brief The exit code where that was all: help was asked for, or the words make no sense.
    std::optional<int> parse(const QStringList &words);

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
    //! \brief The exit code where something is wrong, after it was told.
    std::optional<int> problem() const;

private:
    template<typename T>
    T valueOrProblem(const Qp2p::Result<T> &result);
    Qp2p::EndpointConfig::RetryMode retryMode();
    Qp2p::CertificatePolicy policy();
    void addTrustOptions();
    QString helpText() const;

    const Help m_help;
    const OptionGroups m_groups;
    QCommandLineParser m_parser;
    QStringList m_argumentNames;
    QString m_problem;
};

Q_DECLARE_OPERATORS_FOR_FLAGS(CommandLine::OptionGroups)

//! \a text in lines of at most 79 characters.
QString wrapped(const QString &text);
