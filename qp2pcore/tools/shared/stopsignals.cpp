// SPDX-FileCopyrightText: 2026 The QP2P contributors
// SPDX-License-Identifier: MIT OR BSD-3-Clause
// A signal handler may only write to a descriptor (signal-safety(7)): the self-pipe trick.

#include <qp2pcore/tools/shared/stopsignals.h>

#include <QSocketNotifier>

#ifdef Q_OS_UNIX
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace {

constexpr std::array<int, 3> Signals{SIGINT, SIGTERM, SIGHUP};

// A handler is given nothing but the number of its signal, so it must find the pipe by itself.
volatile std::sig_atomic_t pipeForWriting = -1;

void handle(int signalNumber)
{
    const int savedErrno = errno;
    const auto byte = static_cast<char>(signalNumber);
    [[maybe_unused]] const auto written = write(static_cast<int>(pipeForWriting), &byte, 1);
    errno = savedErrno;
}

void setAction(int signalNumber, void (*handler)(int), int flags)
{
    struct sigaction action = {};
    action.sa_handler = handler;
    action.sa_flags = flags;
    sigemptyset(&action.sa_mask);
    sigaction(signalNumber, &action, nullptr);
}

bool isIgnored(int signalNumber)
{
    struct sigaction action = {};
    return sigaction(signalNumber, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

} // namespace

StopSignals::StopSignals(Hangup hangup, QObject *parent)
    : QObject(parent)
    , m_hangup(hangup)
{
    setAction(SIGPIPE, SIG_IGN, 0);
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0)
        return; // out of descriptors: signals then end the process as they always do
    for (const int end : ends) {
        fcntl(end, F_SETFD, FD_CLOEXEC);
        fcntl(end, F_SETFL, O_NONBLOCK);
    }
    pipeForWriting = ends[1];
    m_notifier = std::make_unique<QSocketNotifier>(ends[0], QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &StopSignals::readSignals);
    // SA_RESETHAND: a user who does not want to wait presses Ctrl-C a second time. What nohup or a
    // shell that started this in the background has switched off stays off.
    for (const int signalNumber : Signals) {
        const bool reloads = signalNumber == SIGHUP && m_hangup == Hangup::Reloads;
        if (reloads)
            setAction(signalNumber, handle, SA_RESTART);
        else if (!isIgnored(signalNumber))
            setAction(signalNumber, handle, SA_RESTART | SA_RESETHAND);
    }
}

void StopSignals::readSignals()
{
    std::array<char, 64> numbers{};
    const auto count = read(static_cast<int>(m_notifier->socket()), numbers.data(), numbers.size());
    bool reload = false;
    bool stop = false;
    for (ssize_t i = 0; i < count; ++i) {
        const bool reloads = numbers[static_cast<size_t>(i)] == SIGHUP
            && m_hangup == Hangup::Reloads;
        (reloads ? reload : stop) = true;
    }
    if (stop && !std::exchange(m_stopping, true))
        Q_EMIT stopRequested();
    else if (reload && !m_stopping)
        Q_EMIT reloadRequested();
}

StopSignals::~StopSignals()
{
    if (!m_notifier)
        return;
    for (const int signalNumber : Signals) {
        if (!isIgnored(signalNumber))
            setAction(signalNumber, SIG_DFL, 0);
    }
    const auto pipeForReading = static_cast<int>(m_notifier->socket());
    m_notifier.reset();
    close(pipeForReading);
    close(static_cast<int>(pipeForWriting));
    pipeForWriting = -1;
}

#else

StopSignals::StopSignals(Hangup hangup, QObject *parent)
    : QObject(parent)
    , m_hangup(hangup)
{
}

void StopSignals::readSignals() {}

StopSignals::~StopSignals() = default;

#endif
