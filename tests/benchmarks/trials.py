# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
"""What tests/benchmarks/compare measures: the works, and the lines of the table that come of them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the table: a figure out of what a trial reported."""

    title: str
    better: str  # "more" or "less"
    key: str
    digits: int = 0


@dataclass(frozen=True)
class Trial:
    """One run of a server and a client, and the lines that come of it."""

    work: str
    rows: tuple
    client: tuple = ()
    server: tuple = ()
    seconds: float = 0  # zero: the count decides
    link: tuple = ()  # options of udplink; it is then between the two sides
    needs: str = ""  # a word of what a stack can do that not all can

    def has_word(self, word):
        return any(word in row.title for row in self.rows)


# Of both processes together, their start included: on a busy machine the figure to trust.
CPU = Row("    CPU time of both sides for each, us", "less", "cpu_us", 2)
ENDLESS = ("--count", "100000000")


def messages(title, size, in_flight, key, *, digits=0, **more):
    options = ("--size", str(size), "--in-flight", str(in_flight), *ENDLESS)
    return Trial("messages", (Row(title, "more", key, digits), CPU), options, seconds=3, **more)


def cold(title, size, count, *, opened=None, **more):
    """A message on each of COUNT fresh connections, one after the other."""
    rows = (Row(title, "less", "confirmed_p50_ms", 2),)
    if opened:
        rows = (Row(opened, "less", "opened_p50_ms", 2), *rows)
    return Trial("cold", rows, ("--size", str(size), "--count", str(count)), seconds=5, **more)


def link(mbit, loss_percent=0.0):
    """A round trip of 20 ms, a queue of as many bytes as fit into it, and the MTU of Ethernet."""
    queue = max(int(mbit * 1e6 / 8 * 0.02), 64 * 1024)
    return ("--rate-mbit", str(mbit), "--delay-ms", "10", "--queue", str(queue), "--mtu", "1472",
            "--loss-percent", str(loss_percent), "--seed", "1")


HANDSHAKES = ("--in-flight", "16", "--count", "1000000")
CONNECTIONS = 1000

TRIALS = (
    messages("1 MiB messages, MB/s", 2**20, 16, "mb_per_second"),
    Trial(
        "messages",
        (Row("512 MiB in messages of 16 MiB, MB/s", "more", "mb_per_second"),),
        ("--size", str(2**24), "--in-flight", "2", "--count", "32"),
    ),
    messages("1 KiB messages a second", 1024, 1000, "messages_per_second"),
    messages("64 B messages a second", 64, 1000, "messages_per_second"),
    Trial(
        "roundtrip",
        (
            Row("round trip of 64 B, p50 us", "less", "p50_us", 1),
            Row("round trip of 64 B, p99 us", "less", "p99_us", 1),
            CPU,
        ),
        ("--count", "10000000"),
        seconds=3,
    ),
    Trial(
        "handshakes",
        (Row("handshakes a second", "more", "per_second"), CPU),
        HANDSHAKES,
        seconds=3,
    ),
    # The programs of the other stacks never ask for a Retry, so there is nothing to hold against it.
    Trial(
        "handshakes",
        (Row("handshakes a second, with Retry", "more", "per_second"), CPU),
        HANDSHAKES,
        ("--retry", "always"),
        seconds=3,
        needs="retry",
    ),
    cold("first 64 B confirmed, ms", 64, 300, opened="fresh connection open, ms"),
    cold("1 MB confirmed on a fresh connection, ms", 10**6, 30),
    cold("10 MB confirmed on a fresh connection, ms", 10**7, 10),
    Trial(
        "crowd",
        (
            Row("1,000 connections send 16 KiB messages, MB/s", "more", "mb_per_second", 1),
            Row("    how evenly (Jain's index)", "more", "jain", 3),
        ),
        ("--connections", str(CONNECTIONS), "--size", str(2**14)),
        seconds=3,
    ),
    Trial(
        "idle",
        (
            Row("client's memory per idle connection, KiB", "less", "client_kib", 1),
            Row("server's memory per idle connection, KiB", "less", "server_kib", 1),
        ),
        ("--count", str(CONNECTIONS)),
    ),
    cold("20 ms, 1 Gbit/s: first 64 B confirmed, ms", 64, 20, link=link(1000)),
    cold("20 ms, 1 Gbit/s: 100 kB confirmed on a fresh connection, ms", 10**5, 20, link=link(1000)),
    # As much under way as fills the link four times over; more would only take longer to end.
    messages("20 ms, 200 Mbit/s, 0.1 % loss: 256 KiB messages, MB/s", 2**18, 8, "mb_per_second",
             digits=2, link=link(200, 0.1)),
    messages("20 ms, 200 Mbit/s, 1 % loss: 256 KiB messages, MB/s", 2**18, 8, "mb_per_second",
             digits=2, link=link(200, 1)),
)
