# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
"""Runs the programs of tests/benchmarks/compare in turn and collects what they report."""

import resource
import time

from beside import rival_of, run_beside
from process import Process
from stacks import Failure


def busy_share(seconds):
    """How much of all CPUs was used during the next seconds, 0 to 1."""

    def ticks():
        with open("/proc/stat", encoding="ascii") as stat:
            values = [int(value) for value in stat.readline().split()[1:9]]
        return sum(values), values[3] + values[4]  # all; idle and waiting for I/O

    try:
        before = ticks()
        time.sleep(seconds)
        after = ticks()
    except OSError:
        return 0.0  # not Linux: nothing to wait for
    elapsed = after[0] - before[0]
    return 1 - (after[1] - before[1]) / elapsed if elapsed else 0.0


def wait_until_idle(limit):
    """Returns whether the machine was idle in time."""
    end = time.monotonic() + limit
    while busy_share(0.3) > 0.08:
        if time.monotonic() >= end:
            return False
    return True


def cpu_seconds():
    """Of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def memory_per_connection(server, before, figures, program):
    """Adds it for both sides to the figures of the work idle."""
    time.sleep(0.5)  # until the last handshakes are confirmed
    after = server.ask("rss")
    if after["connections"] != figures["connections"]:
        raise Failure(f"{program} holds {after['connections']} connections.")
    for side, now, then in (("client", figures["rss_kib"], figures["rss_kib_before"]),
                            ("server", after["rss_kib"], before["rss_kib"])):
        figures[f"{side}_kib"] = (now - then) / figures["connections"]


def run(trial, contender, path, seconds, udplink):
    """What one client reported. A link runs beside the server."""
    program = str(contender.program)
    cpu_before = cpu_seconds()
    limit = ("--seconds", str(seconds)) if seconds else ()
    started = []

    def start(*command):
        started.append(Process(command))
        return started[-1]

    try:
        server = start(*path.server, program, "server", "--work", trial.work,
                       "--bind", path.server_address, *trial.server, *contender.options)
        address = server.line()["listening"]
        if trial.link:
            relay = start(*path.server, udplink, "--bind", path.server_address, "--to", address,
                          *trial.link)
            address = relay.line()["listening"]
        before = server.ask("rss") if trial.work == "idle" else None
        client = start(*path.client, program, "client", "--work", trial.work, address,
                       "--bind", path.client_address, *trial.client, *limit, *contender.options)
        figures = client.line()
        if before:
            memory_per_connection(server, before, figures, program)
        for process in reversed(started):  # the client first; the link before the server
            process.end()
        figures["cpu_us"] = (cpu_seconds() - cpu_before) * 1e6 / figures.get("count", 1)
        return figures
    finally:
        for process in started:
            process.kill()


def measure(trials, found, paths, arguments, udplink):
    """Fills in the contenders' figures; returns how many runs began while the machine was busy, and
    which runs failed, as lines of text."""
    busy = 0
    failures = []
    for number in range(arguments.rounds):
        for trial in trials:
            rival = rival_of(trial, found)
            if trial.beside and not rival:
                failures.append(f"{trial.rows[0].title}: there is no {trial.beside}")
                continue
            runs = [(path, contender) for path in paths for contender in found
                    if contender.can_do(trial) and not (trial.link and path != paths[0])]
            for path, contender in runs if number % 2 == 0 else reversed(runs):
                busy += 0 if wait_until_idle(arguments.wait) else 1
                seconds = min(trial.seconds, 1) if arguments.quick else trial.seconds
                try:
                    figures = (run_beside(trial, contender, rival, path, seconds, udplink,
                                          rival_first=number % 2 == 1)
                               if rival else run(trial, contender, path, seconds, udplink))
                except Failure as why:
                    failures.append(f"{contender.heading}, {trial.rows[0].title}: {why}")
                    continue
                for row in trial.rows:
                    contender.figures.setdefault((path, trial, row), []).append(figures[row.key])
        print(f"  round {number + 1} of {arguments.rounds} is done", flush=True)
    return busy, failures
