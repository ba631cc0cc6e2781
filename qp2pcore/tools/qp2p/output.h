// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// The only way to standard output and standard error: lines for people, or one JSON object a line.
#pragma once

#include "eventlimit.h"
#include "outputwriter.h"

#include <qp2pcore/message.h>
#include <qp2pcore/result.h>

#include <QJsonObject>
#include <QObject>
#include <QString>

#include <cstdio>

//! \brief Reports what happens. Whatever it is given, no character that does something to a terminal
//! leaves it, except through payload(). No function waits for a reader: see OutputWriter. What a slow
//! reader misses of live events is reported as an event "dropped" with their count.
class Output : public QObject
{
    Q_OBJECT

public:
    enum class Format { Human, Json };
    enum class Detail { Normal, Verbose };

    explicit Output(Format format, Detail detail, QObject *parent = nullptr);
    ~Output() override;

    bool isJson() const { return m_format == Format::Json; }

    //! \brief Something happened: in JSON an object with \a name as "event" and \a fields, for people
    //! \a line, where it is not empty. Text of peers in \a line went through Qp2p::safeText().
    void event(QStringView name, const QJsonObject &fields, const QString &line);

    //! \brief The same for what strangers can make happen as often as they like: what comes faster than
    //! they can be read is left out, and an event "suppressed" says how many of which were.
    void limitedEvent(EventLimit::Kind kind, QStringView name, const QJsonObject &fields,
                      const QString &line);

    //! \brief A line for people on standard output; nothing in JSON.
    void line(const QString &line);

    //! \brief For people who asked for more: one line on standard error.
    void detail(const QString &line);

    //! The same under \a name, as limitedEvent().
    void limitedDetail(QStringView name, const QString &line);

    //! \brief Why something failed: on standard error, and in JSON as an "error" event too.
    void error(const Qp2p::Error &error);

    //! \brief \a bytes as they are, to standard output.
    void payload(const QByteArray &bytes);

    static bool isTerminal(std::FILE *stream);

Q_SIGNALS:
    //! Standard output takes nothing any more, e.g. the other end of a pipe is gone. Once.
    void lost();

private:
    void write(const QByteArray &bytes);
    QByteArray eventLine(QStringView name, const QJsonObject &fields, const QString &line) const;
    void reportDropped(OutputWriter::Delivery delivery);
    void writeFailed(OutputWriter::Stream stream, int errorNumber);

    const Format m_format;
    const Detail m_detail;
    EventLimit m_limit;
};

//! \brief \a message for JSON: size, SHA-256 and payload in base64, and its text where it is printable
//! UTF-8. A payload above \a payloadLimit bytes is left out.
QJsonObject messageFields(const Qp2p::Message &message, qint64 payloadLimit);

//! "ClosedByPeer: The peer closed …" with the peer's own code and reason.
QJsonObject errorFields(const Qp2p::Error &error);

//! \brief A line on standard error, "qp2p: " before it.
void printProblem(const QString &line);

//! \brief Sends the log of Qt and of the library to standard error, a line each and escaped; debug
//! messages only where \a detail is Verbose.
void installLogSink(Output::Detail detail);
