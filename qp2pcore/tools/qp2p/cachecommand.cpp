// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// qp2p cache: what a node remembers, also while it runs.

#include "commandline.h"
#include "commands.h"
#include "exitcode.h"
#include "numbers.h"

#include <qp2pcore/bootstrapcache.h>
#include <qp2pcore/certificateinfo.h>
#include <qp2pcore/endpoint.h>
#include <qp2pcore/localfile.h>
#include <qp2pcore/safetext.h>

#include <QCoreApplication>
#include <QJsonArray>
#include <QTimer>

#include <memory>

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

struct CacheCommandText
{
    Q_DECLARE_TR_FUNCTIONS(CacheCommand)
};

QJsonObject fieldsOf(const BootstrapCache::Entry &entry)
{
    QJsonArray addresses;
    for (const PeerAddress &address : entry.addresses)
        addresses.append(address.endpointString());
    QJsonObject fields{
        {u"peerId"_s, entry.peerId.toString()},
        {u"addresses"_s, addresses},
        {u"name"_s, entry.name},
        {u"successes"_s, entry.successes},
        {u"failures"_s, entry.failures},
        {u"anchor"_s, entry.isAnchor},
    };
    if (entry.successes > 0) // else the time is that of the entry
        fields.insert(u"lastConnected"_s, entry.lastConnected.toString(Qt::ISODate));
    if (const auto info = CertificateInfo::fromDer(entry.certificate))
        fields.insert(u"fingerprint"_s, info->fingerprintText());
    return fields;
}

void list(Output &output, const BootstrapCache &cache)
{
    const auto entries = cache.entries();
    if (entries.isEmpty())
        output.line(CacheCommandText::tr("The cache is empty."));
    for (const BootstrapCache::Entry &entry : entries) {
        QStringList addresses;
        for (const PeerAddress &address : entry.addresses)
            addresses.append(address.endpointString());
        const QString connected = entry.successes == 0
            ? CacheCommandText::tr("never connected")
            : counted(entry.successes, CacheCommandText::tr("connected once, at %2"),
                      CacheCommandText::tr("connected %1 times, last at %2"));
        QString text = entry.peerId.toString() + u"  " + addresses.join(u", "_s) + u"  "
            + (entry.successes == 0 ? connected
                                    : connected.arg(entry.lastConnected.toString(Qt::ISODate)));
        if (entry.failures > 0)
            text += u"; "
                + counted(entry.failures, CacheCommandText::tr("failed once since"),
                          CacheCommandText::tr("failed %1 times since"));
        if (entry.isAnchor)
            text += CacheCommandText::tr("; an anchor");
        output.event(u"entry", fieldsOf(entry), text);
    }
}

//! Whether \a code says that the node is not there. Where it refuses us, it is.
bool isFailureOfTheNode(ErrorCode code)
{
    switch (code) {
    case ErrorCode::WrongNetwork:
    case ErrorCode::CertificateRejected:
    case ErrorCode::ResourceLimit:
    case ErrorCode::SocketFailed: // of this machine
    case ErrorCode::PermissionDenied:
    case ErrorCode::Cancelled:
        return false;
    default:
        return true;
    }
}

//! Dials every node, a few at a time, and says who answers.
class Check : public QObject
{
    Q_OBJECT

public:
    Check(Output &output, BootstrapCache &cache, const EndpointConfig &config,
          const CommonOptions &options)
        : m_output(output)
        , m_options(options)
        , m_cache(cache)
        , m_endpoint(config)
        , m_left(cache.entries())
    {
    }

    int run()
    {
        constexpr int atOnce = 8;
        for (int i = 0; i < atOnce; ++i)
            QMetaObject::invokeMethod(this, &Check::next, Qt::QueuedConnection);
        if (m_options.timeLimit)
            QTimer::singleShot(*m_options.timeLimit, this, &Check::timedOut);
        return QCoreApplication::exec();
    }

private:
    void next()
    {
        if (m_left.isEmpty()) {
            if (m_underWay == 0)
                conclude();
            return;
        }
        ++m_underWay;
        const BootstrapCache::Entry entry = m_left.takeFirst();
        QList<PeerAddress> addresses;
        for (const PeerAddress &address : entry.addresses)
            addresses.append(PeerAddress(address.address(), address.port(), entry.peerId));
        m_endpoint.connectToAny(addresses).then(
            this, [this, entry](const Result<QPointer<Connection>> &result) {
                --m_underWay;
                QJsonObject fields{{u"peerId"_s, entry.peerId.toString()},
                                   {u"answers"_s, result.isOk()}};
                if (!result)
                    fields.insert(u"error"_s, errorFields(result.error()));
                m_output.event(
                    u"checked", fields,
                    result ? CacheCommandText::tr("%1 answers.").arg(entry.peerId.toString())
                           : CacheCommandText::tr("No connection to %1: %2")
                                 .arg(entry.peerId.toString(), safeText(result.error().message)));
                ++(result ? m_answered : m_silent);
                if (!result && isFailureOfTheNode(result.error().code))
                    m_cache.failed(entry.peerId);
                else if (result && *result)
                    (*result)->close();
                next();
            });
    }

    void conclude()
    {
        const int all = m_answered + m_silent;
        m_output.line(counted(all, CacheCommandText::tr("%2 of 1 node answers."),
                              CacheCommandText::tr("%2 of %1 nodes answer."))
                          .arg(m_answered));
        QCoreApplication::exit(m_answered > 0 ? ExitDone : ExitFailed);
    }

    void timedOut()
    {
        m_output.error(Error(
            ErrorCode::Cancelled,
            CacheCommandText::tr("Not all nodes were checked in the time given with --timeout.")));
        QCoreApplication::exit(ExitFailed);
    }

    Output &m_output;
    const CommonOptions &m_options;
    BootstrapCache &m_cache;
    Endpoint m_endpoint;
    QList<BootstrapCache::Entry> m_left;
    int m_underWay = 0;
    int m_answered = 0;
    int m_silent = 0;
};

int cacheFailure(Output &output, const Error &error)
{
    output.error(error);
    return ExitFailed;
}

//! What is to be done with which node.
struct Task
{
    QString action;
    PeerAddress address; //!< of "add"
    PeerId peerId; //!< of "remove"
};

void checkArguments(CommandLine &line, const QString &action, const QString &node)
{
    const bool needsNode = action == u"add" || action == u"remove";
    if (!needsNode && action != u"list" && action != u"clear" && action != u"check")
        line.addProblem(
            CacheCommandText::tr("\"%1\" is not one of list, add, remove, clear and check.")
                .arg(action));
    else if (needsNode && node.isNull())
        line.addProblem(action == u"add" ? CacheCommandText::tr("add needs PEERID@ADDRESS.")
                                         : CacheCommandText::tr("remove needs a PEERID."));
    else if (!needsNode && !node.isNull())
        line.addProblem(CacheCommandText::tr("\"%1\" is one argument too many.").arg(node));
    if (line.value(u"cache"_s).isEmpty())
        line.addProblem(CacheCommandText::tr("--cache FILE is missing."));
}

//! With what is wrong for CommandLine::problem().
Task taskOf(CommandLine &line)
{
    Task task;
    task.action = line.argument(0).isNull() ? u"list"_s : line.argument(0);
    const QString node = line.argument(1);
    checkArguments(line, task.action, node);
    if (task.action == u"add" && !node.isNull()) {
        const auto parsed = PeerAddress::fromString(node);
        if (!parsed)
            line.addProblem(parsed.error().message);
        else
            task.address = *parsed;
    } else if (task.action == u"remove" && !node.isNull()) {
        const auto parsed = PeerId::fromString(node);
        if (!parsed)
            line.addProblem(parsed.error().message);
        else
            task.peerId = *parsed;
    }
    return task;
}

//! Adds, removes or clears, and saves.
int change(Output &output, BootstrapCache &cache, const Task &task)
{
    if (task.action == u"add") {
        if (const Result<void> added = cache.add(task.address); !added)
            return cacheFailure(output, added.error());
    } else if (task.action == u"remove") {
        if (!cache.remove(task.peerId))
            return cacheFailure(
                output,
                Error(
                    ErrorCode::InvalidArgument,
                    CacheCommandText::tr("The cache has no node %1.").arg(task.peerId.toString())));
    } else {
        cache.clear();
    }
    if (const Result<void> saved = cache.save(); !saved)
        return cacheFailure(output, saved.error());
    output.event(u"saved", {{u"entries"_s, cache.size()}},
                 counted(cache.size(), CacheCommandText::tr("The cache has 1 node now."),
                         CacheCommandText::tr("The cache has %1 nodes now.")));
    return ExitDone;
}

} // namespace

int runCache(const QStringList &arguments)
{
    CommandLine line(
        {u"cache"_s,
         CacheCommandText::tr(
             "Shows and changes a bootstrap cache, the nodes through which a network is joined "
             "after a restart; also while a node uses it. \"list\" prints the entries, newest "
             "first; \"add\" takes PEERID@ADDRESS, \"remove\" a peer id; \"clear\" removes "
             "all; \"check\" dials every node, says which answer, and fails where none does."),
         {u"cache --cache peers.jsonl"_s, u"cache add PEERID@192.0.2.1:12000 --cache peers.jsonl"_s,
          u"cache check --cache peers.jsonl --identity node.pem"_s}},
        CommandLine::IdentityOptions | CommandLine::EndpointOptions | CommandLine::NoLegacy
            | CommandLine::OutputOptions);
    line.addArgument(u"[list|add|remove|clear|check]"_s,
                     CacheCommandText::tr("What to do. Default: list."));
    line.addArgument(u"[NODE]"_s, CacheCommandText::tr("add: PEERID@ADDRESS. remove: PEERID."));
    line.addOption(u"cache"_s, CacheCommandText::tr("The file of the cache."), u"FILE"_s);
    if (const std::optional<int> over = line.parse(arguments))
        return *over;
    const CommonOptions options = line.commonOptions();
    const Task task = taskOf(line);
    if (options.protocol == Protocol::Legacy)
        line.addProblem(
            CacheCommandText::tr("--legacy: such programs are not in a bootstrap cache."));
    if (const std::optional<int> over = line.problem())
        return *over;

    installLogSink(options.detail);
    Output output(options.format, options.detail);
    const QString fileName = line.value(u"cache"_s);
    if (task.action != u"add" && readLocalFile(fileName, 0).error().code == ErrorCode::FileNotFound)
        return cacheFailure(
            output,
            Error(ErrorCode::FileNotFound,
                  CacheCommandText::tr(
                      "There is no bootstrap cache \"%1\". \"qp2p node --cache FILE\" "
                      "makes one.")
                      .arg(fileName)));
    BootstrapCache cache;
    if (const Result<void> opened = cache.open(fileName, ForeignFile::Refuse); !opened)
        return cacheFailure(output, opened.error());
    if (task.action == u"list") {
        list(output, cache);
        return ExitDone;
    }
    if (task.action == u"check") {
        const Result<EndpointConfig> config = endpointConfig(options);
        if (!config)
            return cacheFailure(output, config.error());
        return Check(output, cache, *config, options).run();
    }
    return change(output, cache, task);
}

#include "cachecommand.moc"
