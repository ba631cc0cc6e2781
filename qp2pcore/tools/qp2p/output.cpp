// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Escapes and writes; see RUSTSEC-2025-0055 and CVE-2024-58251 for what happens to programs that don't.

#include "output.h"

#include "numbers.h"

#include <qp2pcore/safetext.h>

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDateTime>
#include <QJsonDocument>
#include <QLoggingCategory>
#include <QStringDecoder>

#include <algorithm>
#include <cerrno>
#include <utility>

#ifdef Q_OS_WIN
#include <io.h>
#else
#include <unistd.h>
#endif

using namespace Qp2p;
using namespace Qt::StringLiterals;

namespace {

// Error messages are two sentences and may quote a reason of the peer, which has up to 1,000 bytes.
constexpr qsizetype MaxLine = 4096;

struct OutputText
{
    Q_DECLARE_TR_FUNCTIONS(Output)
};

// The version of what doc/events.md lists: raised when a name or a meaning changes, not for additions.
constexpr int EventSchema = 1;
bool isFirstEvent = true; // of this process, whichever Output prints it

//! \a line with \uXXXX in place of each character that does not show as itself. Both JSON and readers
//! understand that form; inside JSON such characters only ever stand in strings.
QByteArray harmless(QStringView line)
{
    const auto isPlain = [](QChar unit) { return unit >= u' ' && unit <= u'~'; };
    if (std::all_of(line.begin(), line.end(), isPlain)) // of megabytes of base64 as a rule all
        return line.toLatin1();
    QString result;
    result.reserve(line.size());
    for (qsizetype i = 0; i < line.size(); ++i) {
        const bool pair = line[i].isHighSurrogate() && i + 1 < line.size()
            && line[i + 1].isLowSurrogate();
        const qsizetype units = pair ? 2 : 1;
        const char32_t codePoint = pair ? QChar::surrogateToUcs4(line[i], line[i + 1])
                                        : char32_t(line[i].unicode());
        for (const QChar unit : line.sliced(i, units)) {
            if (isSafeToShow(codePoint))
                result += unit;
            else
                result += u"\\u%1"_s.arg(uint(unit.unicode()), 4, 16, QChar(u'0'));
        }
        i += units - 1;
    }
    return result.toUtf8();
}

void writeToStandardError(const QByteArray &line)
{
    // Where this fails no place is left to report it to.
    constexpr auto stream = OutputWriter::Stream::Error;
    OutputWriter &writer = OutputWriter::of(stream);
    if (const qint64 count = writer.takeDropped(stream))
        writer.write(
            stream,
            "qp2p: "
                + counted(count,
                          OutputText::tr(
                              "%1 line was left out here: standard error was not read in time."),
                          OutputText::tr(
                              "%1 lines were left out here: standard error was not read in time."))
                      .toUtf8()
                + '\n');
    writer.write(stream, line + '\n');
}

//! The text of \a bytes, null where it is not UTF-8 or holds what should not be shown.
QString printableText(const QByteArray &bytes)
{
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    QString text = decoder(bytes);
    if (decoder.hasError())
        return {};
    for (const char32_t codePoint : text.toUcs4()) {
        const bool layout = codePoint == U'\n' || codePoint == U'\r' || codePoint == U'\t';
        if (!layout && !isSafeToShow(codePoint)) // JSON escapes the three
            return {};
    }
    return text;
}

QString base64(const QByteArray &bytes)
{
    return QString::fromLatin1(bytes.toBase64());
}

void logSink(QtMsgType type, const QMessageLogContext &context, const QString &message)
{
    const bool problem = type != QtDebugMsg && type != QtInfoMsg;
    const QString category = QString::fromUtf8(context.category);
    const QString prefix = problem ? u"qp2p: warning: "_s : u"qp2p: "_s;
    writeToStandardError(harmless(QString(prefix + category + u": " + safeText(message))));
    if (type == QtFatalMsg) { // the process ends when this returns
        constexpr std::chrono::seconds longest{1};
        OutputWriter::of(OutputWriter::Stream::Error).drain(longest);
    }
}

} // namespace

Output::Output(Format format, Detail detail, QObject *parent)
    : QObject(parent)
    , m_format(format)
    , m_detail(detail)
    , m_limit(this)
{
    connect(&m_limit, &EventLimit::leftOut, this, [this](const QString &name, qint64 count) {
        event(u"suppressed", {{u"of"_s, name}, {u"count"_s, count}},
              counted(count, tr("%1 more event of the kind \"%2\" came too fast and was left out."),
                      tr("%1 more events of the kind \"%2\" came too fast and were left out."))
                  .arg(name));
    });
    OutputWriter &writer = OutputWriter::of(OutputWriter::Stream::Output);
    connect(&writer, &OutputWriter::failed, this, &Output::writeFailed);
    connect(&writer, &OutputWriter::hasRoomAgain, this,
            [this] { reportDropped(OutputWriter::Delivery::Live); });
}

Output::~Output()
{
    m_limit.report();
    reportDropped(OutputWriter::Delivery::Complete);
}

void Output::event(QStringView name, const QJsonObject &fields, const QString &line)
{
    if (const QByteArray bytes = eventLine(name, fields, line); !bytes.isEmpty())
        write(bytes);
}

//! Empty where nothing is printed.
QByteArray Output::eventLine(QStringView name, const QJsonObject &fields, const QString &line) const
{
    if (!isJson())
        return line.isEmpty() ? QByteArray() : QByteArray(harmless(line) + '\n');
    QJsonObject all = fields;
    all.insert(u"time"_s, QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs));
    if (std::exchange(isFirstEvent, false))
        all.insert(u"schema"_s, EventSchema);
    // By hand, so that the event comes first: QJsonObject sorts by key.
    const QString rest = QString::fromUtf8(QJsonDocument(all).toJson(QJsonDocument::Compact));
    return harmless(QString(u"{\"event\":\"" + name + u"\"," + rest.mid(1))) + '\n';
}

void Output::limitedEvent(EventLimit::Kind kind, QStringView name, const QJsonObject &fields,
                          const QString &line)
{
    if (m_limit.take(name, kind))
        event(name, fields, line);
}

void Output::line(const QString &line)
{
    if (!isJson())
        write(harmless(line) + '\n');
}

void Output::detail(const QString &line)
{
    if (m_detail == Detail::Verbose)
        printProblem(line);
}

void Output::limitedDetail(QStringView name, const QString &line)
{
    if (m_detail == Detail::Verbose && m_limit.take(name, EventLimit::Kind::Failure))
        printProblem(line);
}

void Output::error(const Error &error)
{
    if (isJson())
        event(u"error", errorFields(error), {});
    const QStringList lines = error.message.split(u'\n');
    for (const QString &line : lines)
        printProblem(line);
}

void Output::payload(const QByteArray &bytes)
{
    write(bytes);
}

bool Output::isTerminal(std::FILE *stream)
{
#ifdef Q_OS_WIN
    return _isatty(_fileno(stream)) != 0;
#else
    return isatty(fileno(stream)) == 1;
#endif
}

void Output::write(const QByteArray &bytes)
{
    reportDropped(OutputWriter::Delivery::Live);
    OutputWriter::of(OutputWriter::Stream::Output).write(OutputWriter::Stream::Output, bytes);
}

//! Where \a delivery is Complete also into a queue that is full: nothing else comes.
void Output::reportDropped(OutputWriter::Delivery delivery)
{
    constexpr auto stream = OutputWriter::Stream::Output;
    OutputWriter &writer = OutputWriter::of(stream);
    if (const qint64 count = writer.takeDropped(stream, delivery)) {
        const QString line = counted(
            count, tr("%1 event was left out here: standard output was not read in time."),
            tr("%1 events were left out here: standard output was not read in time."));
        writer.write(stream, eventLine(u"dropped", {{u"count"_s, count}}, line),
                     OutputWriter::Delivery::Complete);
    }
}

void Output::writeFailed(OutputWriter::Stream stream, int errorNumber)
{
    if (stream != OutputWriter::Stream::Output)
        return;
    printProblem(
        errorNumber == EPIPE
            ? tr("Standard output was closed by its reader.")
            : tr("Standard output cannot be written: %1.").arg(qt_error_string(errorNumber)));
    Q_EMIT lost();
}

QJsonObject messageFields(const Message &message, qint64 payloadLimit)
{
    const QByteArray &payload = message.payload();
    const QByteArray hash = QCryptographicHash::hash(payload, QCryptographicHash::Sha256);
    QJsonObject fields{
        {u"size"_s, payload.size()},
        {u"sha256"_s, QString::fromLatin1(hash.toHex())},
    };
    if (payload.size() <= payloadLimit) {
        fields.insert(u"payload"_s, base64(payload));
        if (const QString text = printableText(payload); !text.isNull())
            fields.insert(u"text"_s, text);
    }
    if (!message.header().isEmpty())
        fields.insert(u"header"_s, base64(message.header()));
    if (!message.destination().isEmpty())
        fields.insert(u"destination"_s, base64(message.destination()));
    return fields;
}

QJsonObject errorFields(const Error &error)
{
    QJsonObject fields{
        {u"code"_s, errorCodeName(error.code)},
        {u"message"_s, error.message},
    };
    if (error.closeCode != 0)
        fields.insert(u"closeCode"_s, static_cast<qint64>(error.closeCode));
    if (!error.closeReason.isEmpty())
        fields.insert(u"closeReason"_s, error.closeReason);
    return fields;
}

void printProblem(const QString &line)
{
    writeToStandardError("qp2p: " + harmless(line.left(MaxLine)));
}

void installLogSink(Output::Detail detail)
{
    qInstallMessageHandler(logSink);
    const bool verbose = detail == Output::Detail::Verbose;
    QLoggingCategory::setFilterRules(verbose ? u"*.debug=false\nqp2p*.debug=true"_s
                                             : u"*.debug=false\n*.info=false"_s);
}
