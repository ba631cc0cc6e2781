// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A thread that writes to standard output and standard error, so that a reader that stops holds up nothing else.
#pragma once

#include <QByteArray>
#include <QObject>

#include <array>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

//! \brief A queue in front of a descriptor that may block: a pipe, a terminal after Ctrl+S, a file on a
//! server that is away.
//!
//! A thread and not O_NONBLOCK: that flag belongs to the open file, which the shell and other programs
//! of a pipeline share. The thread is never joined, since no one can end a write(2) that waits for a reader; it
//! ends with the process. The functions may be called in any thread.
class OutputWriter : public QObject
{
    Q_OBJECT

public:
    enum class Stream { Output, Error };
    Q_ENUM(Stream)

    //! What happens where the reader is slower than the program.
    enum class Delivery {
        Complete, //!< everything is queued and delivered, however long that takes: results
        Live, //!< the queue is bounded, what does not fit is left out and counted: events
    };

    //! \brief The writer of \a stream. Both streams have the same one where they lead to the same file,
    //! so that their order remains.
    static OutputWriter &of(Stream stream);
    //! Of both streams. Complete until it is set.
    static void setDelivery(Delivery delivery);
    static Delivery delivery();

    //! \brief Queues \a bytes. False where they were left out, which takeDropped() counts.
    bool write(Stream stream, const QByteArray &bytes) { return write(stream, bytes, delivery()); }
    bool write(Stream stream, const QByteArray &bytes, Delivery delivery);
    //! \brief How many calls of write() left something out since the last call. Where \a delivery is Live, 0
    //! also while the queue is more than half full, when there is no room to report it.
    qint64 takeDropped(Stream stream, Delivery delivery = Delivery::Live);
    //! Nothing waits to be written.
    bool isIdle() const;
    //! \brief Waits until everything is written, or \a limit is over. False where something is left.
    bool drain(std::optional<std::chrono::milliseconds> limit);
    //! A write to \a stream has failed.
    bool hasFailed(Stream stream) const;

Q_SIGNALS:
    //! Emitted in the writer's thread, once for each stream, with errno.
    void failed(OutputWriter::Stream stream, int errorNumber);
    //! Emitted in the writer's thread: takeDropped() has something to report.
    void hasRoomAgain();

private:
    struct Chunk
    {
        Stream stream = Stream::Output;
        QByteArray bytes;
    };

    OutputWriter();
    void run();
    void writeNow(const Chunk &chunk);
    qint64 &dropped(Stream stream) { return m_dropped[static_cast<std::size_t>(stream)]; }

    mutable std::mutex m_mutex;
    std::condition_variable m_queued;
    std::condition_variable m_written;
    std::deque<Chunk> m_chunks;
    qint64 m_size = 0; //!< bytes, with those that are being written
    std::array<qint64, 2> m_dropped{};
    std::array<bool, 2> m_failed{};
    bool m_isRunning = false;
    bool m_announcesRoom = false; //!< something was left out since hasRoomAgain()
};

//! \brief Delivers what is queued for both streams: all of it where the delivery is Complete, else what readers
//! take within some seconds. The exit code: \a exitCode, or ExitFailed where results could not be written.
int finishOutput(int exitCode);
