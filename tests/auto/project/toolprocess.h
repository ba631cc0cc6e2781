// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// Runs the program qp2p as its users and their scripts do: words in, text and exit codes out.
#pragma once

#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>

namespace ToolTest {

using namespace Qt::StringLiterals;

inline constexpr int Patience = 30'000; // milliseconds; only ever used up where something is broken

enum ExitCode { Done = 0, Failed = 1, Usage = 2 };

inline QString toolPath()
{
    const QString fromEnvironment = qEnvironmentVariable("QP2P_TOOL");
    return fromEnvironment.isEmpty() ? QStringLiteral(QP2P_TOOL) : fromEnvironment;
}

struct Run
{
    int exitCode = -1;
    QByteArray out;
    QByteArray err;

    QList<QJsonObject> json() const;
    QJsonObject event(QStringView name) const;
};

//! The objects of \a lines; an invalid line gives an empty object, which no test expects.
inline QList<QJsonObject> parsed(const QByteArray &lines)
{
    QList<QJsonObject> objects;
    for (const QByteArray &line : lines.split('\n')) {
        if (!line.isEmpty())
            objects.append(QJsonDocument::fromJson(line).object());
    }
    return objects;
}

inline QJsonObject firstEvent(const QList<QJsonObject> &objects, QStringView name)
{
    for (const QJsonObject &object : objects) {
        if (object.value(u"event"_s).toString() == name)
            return object;
    }
    return {};
}

inline QList<QJsonObject> Run::json() const
{
    return parsed(out);
}

inline QJsonObject Run::event(QStringView name) const
{
    return firstEvent(json(), name);
}

inline Run runTool(const QStringList &words, const QByteArray &input = {})
{
    QProcess process;
    process.start(toolPath(), words);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(Patience)) {
        process.kill();
        process.waitForFinished();
        return {-1, process.readAllStandardOutput(),
                "did not end: " + process.readAllStandardError()};
    }
    const bool crashed = process.exitStatus() != QProcess::NormalExit;
    return {crashed ? -1 : process.exitCode(), process.readAllStandardOutput(),
            process.readAllStandardError()};
}

//! A qp2p that runs until it is stopped.
class Program
{
public:
    explicit Program(const QStringList &words)
    {
        // Not pipes: while the test waits for another program, nobody would empty them.
        m_process.setStandardOutputFile(m_folder.filePath(u"out"_s));
        m_process.setStandardErrorFile(m_folder.filePath(u"err"_s));
        m_process.start(toolPath(), words);
    }

    ~Program()
    {
        if (m_process.state() != QProcess::NotRunning)
            stop();
    }
    Q_DISABLE_COPY_MOVE(Program)

    qint64 processId() const { return m_process.processId(); }
    QList<QJsonObject> events() const { return parsed(m_out); }
    //! What it has said on standard error so far.
    QByteArray errors()
    {
        QFile file(m_folder.filePath(u"err"_s));
        return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
    }
    const QByteArray &out() const { return m_out; }
    QJsonObject event(QStringView name) const { return firstEvent(parsed(m_out), name); }

    bool waitFor(const QByteArray &text, qint64 patience = Patience)
    {
        QElapsedTimer timer;
        timer.start();
        for (readOutput(); !m_out.contains(text) || !m_out.endsWith('\n'); readOutput()) {
            if (timer.elapsed() > patience || m_process.state() == QProcess::NotRunning)
                return m_out.contains(text);
            m_process.waitForFinished(10);
        }
        return true;
    }

    bool waitForEvent(const QByteArray &name) { return waitFor("\"event\":\"" + name + '"'); }

    //! SIGTERM; the exit code, -1 where it crashed or did not end.
    int stop()
    {
        m_process.terminate();
        const bool ended = m_process.waitForFinished(Patience);
        readOutput();
        if (!ended) {
            m_process.kill();
            m_process.waitForFinished();
        }
        return ended && m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
    }

    void kill()
    {
        m_process.kill();
        m_process.waitForFinished();
    }

protected:
    QByteArray m_out;

private:
    void readOutput()
    {
        QFile file(m_folder.filePath(u"out"_s));
        if (file.open(QFile::ReadOnly))
            m_out = file.readAll();
    }

    QTemporaryDir m_folder;
    QProcess m_process;
};

//! A qp2p listen on the loopback address of a family, with a port of the system's choice.
class Listener : public Program
{
public:
    explicit Listener(const QStringList &options = {u"--json"_s},
                      const QString &address = u"127.0.0.1"_s)
        : Program(QStringList{u"listen"_s, u"--address"_s, address} + options)
    {
        if (!options.contains(u"--json"_s)) {
            waitFor("Peer id: ");
            const qsizetype at = m_out.indexOf("Listening on ") + 13;
            m_address = QString::fromUtf8(m_out.mid(at, m_out.indexOf('\n', at) - at));
            return;
        }
        waitForEvent("listening");
        const QJsonObject listening = event(u"listening");
        m_address = listening.value(u"address"_s).toString();
        m_peerId = listening.value(u"peerId"_s).toString();
    }

    QString address() const { return m_address; }
    QString peerId() const { return m_peerId; }

private:
    QString m_address;
    QString m_peerId;
};

} // namespace ToolTest
