# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
"""Two stacks of tests/benchmarks/compare at the same time, through one bottleneck: who gets how much of it."""

import time

from process import Process
from stacks import Failure

HEADER_BYTES = 28  # of IPv4 and UDP, which the link counts as its own


def rival_of(trial, found):
    """The contender that a trial has beside each one, or None where it is not there."""
    return next((contender for contender in found if contender.stack.name == trial.beside), None)


def figures_of(before, after, seconds, bytes_per_second):
    """What passed between two counts of the link; the first server is the contender's."""
    def grown(key):
        return after["up"][key] - before["up"][key]

    passed = [now["up_bytes"] - then["up_bytes"]
              for now, then in zip(after["servers"], before["servers"])]
    crossed = grown("delivered") + grown("lost")
    on_wire = sum(passed) + crossed * HEADER_BYTES
    return {
        "share": passed[0] / max(sum(passed), 1),
        "queue_ms": grown("queued_seconds") * 1e3 / max(crossed, 1),
        "loss_percent": (grown("lost") + grown("queue_full")) * 100 / max(grown("sent"), 1),
        "use_percent": on_wire * 100 / (seconds * bytes_per_second),
    }


def run_beside(trial, contender, rival, path, seconds, udplink, *, rival_first):
    """What the link between both pairs of a client and a server counted."""
    both = (contender, rival)
    started = []

    def start(*command):
        started.append(Process(command))
        return started[-1]

    try:
        servers = [start(*path.server, one.program, "server", "--work", trial.work, "--bind",
                         path.server_address, *trial.server, *one.options) for one in both]
        to = [word for server in servers for word in ("--to", server.line()["listening"])]
        relay = start(*path.server, udplink, "--bind", path.server_address, *to, *trial.link)
        addresses = [relay.line()["listening"] for _ in both]
        # So long that all is measured within the twentieth that the programs begin with, after which they pause.
        limit = ("--seconds", str(30 * (trial.warm_up + seconds)))
        pairs = list(zip(both, addresses))
        clients = [start(*path.client, one.program, "client", "--work", trial.work, address, "--bind",
                         path.client_address, *trial.client, *limit, *one.options)
                   for one, address in (reversed(pairs) if rival_first else pairs)]
        time.sleep(trial.warm_up)
        before, begin = relay.ask("counters"), time.monotonic()
        time.sleep(seconds)
        after, end = relay.ask("counters"), time.monotonic()
        for client in clients:
            if client.has_ended():
                client.end()
                raise Failure(f"{' '.join(client.command)} ended too early.")
        rate = float(trial.link[trial.link.index("--rate-mbit") + 1]) * 1e6 / 8
        return figures_of(before, after, end - begin, rate)
    finally:
        for process in reversed(started):
            process.kill()
