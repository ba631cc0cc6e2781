// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Whatever ends a command, its peers are notified before the process ends.

#include "command.h"

#include "certificatefields.h"

#include <qp2pcore/certificateinfo.h>
#include <qp2pcore/safetext.h>
#include <qp2pcore/tools/shared/stopsignals.h>

#include <QCoreApplication>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

// Closing takes at most three probe timeouts; where even that does not come, the user goes first.
constexpr std::chrono::seconds MaxClosingTime{5};

} // namespace

Command::Command(const CommonOptions &options)
    : m_options(options)
    , m_output(options.format, options.detail)
{
    connect(&m_output, &Output::lost, this, [this] { finish(ExitFailed); });
    m_timeLimit.setSingleShot(true);
    connect(&m_timeLimit, &QTimer::timeout, this, &Command::timedOut);
    m_closingLimit.setSingleShot(true);
    connect(&m_closingLimit, &QTimer::timeout, this, &Command::quit);
}

int Command::run()
{
    installLogSink(m_options.detail);
    const Result<EndpointConfig> config = endpointConfig(m_options);
    if (!config) {
        fail(config.error());
        return m_exitCode;
    }
    if (const Result<void> prepared = prepare(); !prepared) {
        fail(prepared.error());
        return m_exitCode;
    }
    m_config = config.value();
    use(makeEndpoint(m_config));
    if (m_options.identityFile.isEmpty()) {
        m_output.detail(tr("No --identity was given: for this run our peer id is %1.")
                            .arg(m_endpoint->peerId().toString()));
    }
    StopSignals signalsToStop;
    connect(&signalsToStop, &StopSignals::stopRequested, this, &Command::interrupted);
    QMetaObject::invokeMethod(this, &Command::start, Qt::QueuedConnection);
    const int code = QCoreApplication::exec();
    m_own.reset();
    return code;
}

Endpoint *Command::makeEndpoint(const EndpointConfig &config)
{
    m_own = std::make_unique<Endpoint>(config);
    return m_own.get();
}

void Command::closeEndpoint()
{
    m_endpoint->close();
}

void Command::replaceEndpoint()
{
    use(Command::makeEndpoint(m_config));
}

void Command::use(Endpoint *endpoint)
{
    m_endpoint = endpoint;
    connect(endpoint, &Endpoint::errorOccurred, this, &Command::fail);
}

void Command::interrupted()
{
    fail(Error(ErrorCode::Cancelled, tr("Interrupted before it was done.")));
}

void Command::timedOut()
{
    fail(Error(ErrorCode::Cancelled,
               tr("It was not done after %1 seconds, the time given with --timeout.")
                   .arg(std::chrono::duration<double>(m_timeLimit.intervalAsDuration()).count())));
}

void Command::finish(ExitCode code)
{
    if (m_finishing)
        return;
    m_finishing = true;
    m_exitCode = code;
    m_timeLimit.stop();
    if (!m_endpoint)
        return;
    connect(m_endpoint, &Endpoint::stateChanged, this, [this](Endpoint::State state) {
        if (state == Endpoint::State::Closed)
            quit();
    });
    m_closingLimit.start(MaxClosingTime);
    closeEndpoint();
    if (!m_endpoint || m_endpoint->state() == Endpoint::State::Closed)
        quit();
}

void Command::fail(const Error &error)
{
    if (m_finishing)
        return;
    m_output.error(error);
    if (const QString hint = hintFor(error.code); !hint.isEmpty())
        printProblem(hint);
    finish(ExitFailed);
}

void Command::limitTime()
{
    if (m_options.timeLimit)
        m_timeLimit.start(*m_options.timeLimit);
}

void Command::quit()
{
    QCoreApplication::exit(m_exitCode);
}

QJsonObject messageOrigin(const Connection &connection)
{
    return {
        {u"connection"_s, static_cast<qint64>(connection.id())},
        {u"peerId"_s, connection.peerId().toString()},
        {u"address"_s, connection.peerAddress().endpointString()},
    };
}

QJsonObject connectionFields(const Connection &connection)
{
    QJsonObject fields = messageOrigin(connection);
    const Acceptance acceptance = connection.acceptance();
    fields.insert(u"agent"_s, connection.peerAgent());
    fields.insert(u"protocol"_s,
                  connection.protocol() == Protocol::Legacy ? u"legacy"_s : u"qp2p/1"_s);
    fields.insert(u"mode"_s, modeName(acceptance.mode));
    if (const auto authority = CertificateInfo::fromDer(acceptance.authority()))
        fields.insert(u"authority"_s, authority->subject);
    if (!acceptance.matchedName.isEmpty())
        fields.insert(u"name"_s, acceptance.matchedName);
    return fields;
}
