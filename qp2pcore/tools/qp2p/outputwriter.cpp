// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
#include "outputwriter.h"

#include "exitcode.h"
#include "output.h"

#include <QCoreApplication>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <thread>
#include <utility>

#ifdef Q_OS_UNIX
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#else
#include <io.h>
#endif

using namespace std::chrono_literals;

namespace {

struct OutputWriterText
{
    Q_DECLARE_TR_FUNCTIONS(OutputWriter)
};

// Some 100,000 events, or 100 with payloads of the largest size that is printed by default: a reader may pause
// for minutes. Small beside what a node may hold for its peers (see MemoryMax in its service).
constexpr qint64 MaxQueued = qint64(16) * 1024 * 1024;

// Lines are joined to chunks of this size: fewer system calls for a program that prints many.
constexpr qsizetype ChunkSize = 64 * 1024;

// A service manager kills 15 s after it asked for the end, of which leaving the network may take 5.
constexpr auto MaxFlushTime = 4s;

std::atomic<OutputWriter::Delivery> currentDelivery{OutputWriter::Delivery::Complete};

int descriptorOf(OutputWriter::Stream stream)
{
    return stream == OutputWriter::Stream::Output ? 1 : 2;
}

bool leadToTheSameFile()
{
#ifdef Q_OS_UNIX
    struct stat out = {};
    struct stat err = {};
    return fstat(1, &out) == 0 && fstat(2, &err) == 0 && out.st_dev == err.st_dev
        && out.st_ino == err.st_ino;
#else
    return false;
#endif
}

//! How many bytes of \a data were written, waiting as long as that takes; -1 with errno.
qsizetype writeSome(int descriptor, const char *data, qsizetype size)
{
#ifdef Q_OS_UNIX
    while (true) {
        const auto written = ::write(descriptor, data, static_cast<std::size_t>(size));
        if (written >= 0)
            return written;
        if (errno == EAGAIN
            || errno == EWOULDBLOCK) { // another program made the open file non-blocking
            pollfd waiting{descriptor, POLLOUT, 0};
            poll(&waiting, 1, -1);
        } else if (errno != EINTR) {
            return -1;
        }
    }
#else
    return _write(descriptor, data, static_cast<unsigned int>(qMin<qsizetype>(size, ChunkSize)));
#endif
}

} // namespace

OutputWriter::OutputWriter() = default;

OutputWriter &OutputWriter::of(Stream stream)
{
    // Never deleted: their threads may still be writing when the process ends.
    static OutputWriter *const output = new OutputWriter;
    static OutputWriter *const error = leadToTheSameFile() ? output : new OutputWriter;
    return stream == Stream::Output ? *output : *error;
}

void OutputWriter::setDelivery(Delivery delivery)
{
    currentDelivery = delivery;
}

OutputWriter::Delivery OutputWriter::delivery()
{
    return currentDelivery;
}

bool OutputWriter::write(Stream stream, const QByteArray &bytes, Delivery delivery)
{
    const std::lock_guard lock(m_mutex);
    // One that is larger than the whole queue passes where nothing else waits.
    if (delivery == Delivery::Live && m_size > 0 && m_size + bytes.size() > MaxQueued) {
        ++dropped(stream);
        m_announcesRoom = true;
        return false;
    }
    if (!m_chunks.empty() && m_chunks.back().stream == stream
        && m_chunks.back().bytes.size() + bytes.size() <= ChunkSize)
        m_chunks.back().bytes += bytes;
    else
        m_chunks.push_back({stream, bytes});
    m_size += bytes.size();
    if (!m_isRunning) {
        m_isRunning = true;
        std::thread(&OutputWriter::run, this).detach();
    }
    m_queued.notify_one();
    return true;
}

qint64 OutputWriter::takeDropped(Stream stream, Delivery delivery)
{
    const std::lock_guard lock(m_mutex);
    const bool hasRoom = delivery == Delivery::Complete || m_size <= MaxQueued / 2;
    return hasRoom ? std::exchange(dropped(stream), 0) : 0;
}

bool OutputWriter::isIdle() const
{
    const std::lock_guard lock(m_mutex);
    return m_size == 0;
}

bool OutputWriter::drain(std::optional<std::chrono::milliseconds> limit)
{
    std::unique_lock lock(m_mutex);
    const auto isWritten = [this] { return m_size == 0; };
    if (limit)
        return m_written.wait_for(lock, *limit, isWritten);
    m_written.wait(lock, isWritten);
    return true;
}

bool OutputWriter::hasFailed(Stream stream) const
{
    const std::lock_guard lock(m_mutex);
    return m_failed[static_cast<std::size_t>(stream)];
}

void OutputWriter::run()
{
    std::unique_lock lock(m_mutex);
    while (true) {
        m_queued.wait(lock, [this] { return !m_chunks.empty(); });
        const Chunk chunk = std::move(m_chunks.front());
        m_chunks.pop_front();
        lock.unlock();
        writeNow(chunk);
        lock.lock();
        m_size -= chunk.bytes.size();
        if (m_size == 0)
            m_written.notify_all();
        if (m_size <= MaxQueued / 2 && std::exchange(m_announcesRoom, false)) {
            lock.unlock();
            Q_EMIT hasRoomAgain();
            lock.lock();
        }
    }
}

void OutputWriter::writeNow(const Chunk &chunk)
{
    for (qsizetype done = 0; done < chunk.bytes.size();) {
        const qsizetype written = writeSome(
            descriptorOf(chunk.stream), chunk.bytes.constData() + done, chunk.bytes.size() - done);
        if (written < 0) {
            const int errorNumber = errno;
            std::unique_lock lock(m_mutex);
            const bool failedBefore = std::exchange(
                m_failed[static_cast<std::size_t>(chunk.stream)], true);
            lock.unlock();
            if (!failedBefore)
                Q_EMIT failed(chunk.stream, errorNumber);
            return; // the rest of it as well; what comes later is tried again, a disk may have room again
        }
        done += written;
    }
}

int finishOutput(int exitCode)
{
    using Delivery = OutputWriter::Delivery;
    using Stream = OutputWriter::Stream;
    const bool isLive = OutputWriter::delivery() == Delivery::Live;
    OutputWriter &output = OutputWriter::of(Stream::Output);
    OutputWriter &error = OutputWriter::of(Stream::Error);
    const auto limit = isLive ? std::optional<std::chrono::milliseconds>(MaxFlushTime)
                              : std::nullopt;
    const auto start = std::chrono::steady_clock::now();
    if (!output.drain(limit) && &error != &output)
        printProblem(OutputWriterText::tr(
            "Standard output was not read in time: the last events are lost."));
    const bool failed = output.hasFailed(Stream::Output);
    const auto spent = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - start);
    error.drain(limit ? std::optional(std::max<std::chrono::milliseconds>(100ms, *limit - spent))
                      : std::nullopt);
    return failed && exitCode == ExitDone ? ExitFailed : exitCode;
}
