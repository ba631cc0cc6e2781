# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
"""What tests/benchmarks/compare measures: the works, and the lines of the table that come of them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the table: a figure out of what a trial reported."""

    title: str
    better: str  # "more", "less" or "even": nobody is better
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
    beside: str = ""  # the stack that does the same at the same time, through the same link
    warm_up: float = 0  # with a stack beside: seconds of both before what passes the link is measured
    is_extra: bool = False  # takes long: measured only where --only asks for it

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


def link(mbit, loss_percent=0.0, *, round_trip_ms=20, queue=1.0):
    """The MTU of Ethernet, and a QUEUE of so many times the bytes that fit into the round trip."""
    queue_bytes = max(int(mbit * 1e3 / 8 * round_trip_ms * queue), 64 * 1024)
    return ("--rate-mbit", str(mbit), "--delay-ms", str(round_trip_ms / 2), "--queue", str(queue_bytes),
            "--mtu", "1472", "--loss-percent", str(loss_percent), "--seed", "1")


def shares(round_trip_ms, queue):
    """Two flows through one bottleneck, of the same size, which any machine fills. What is under way fills
    the largest of these queues, so that it is the congestion controllers that decide."""
    rows = (
        Row(f"share of a bottleneck beside quinn, {round_trip_ms} ms, queue of {queue} BDP", "even",
            "share", 3),
        Row("    of both: wait in the queue, ms", "less", "queue_ms", 1),
        Row("    of both: loss, %", "less", "loss_percent", 2),
        Row("    of both: use of the bottleneck, %", "more", "use_percent", 1),
    )
    return Trial("messages", rows, ("--size", str(2**16), "--in-flight", "64", *ENDLESS), seconds=20,
                 link=link(SHARED_MBIT, round_trip_ms=round_trip_ms, queue=queue), beside="quinn",
                 warm_up=5, is_extra=True)


HANDSHAKES = ("--in-flight", "16", "--count", "1000000")
CONNECTIONS = 1000
SHARED_MBIT = 40

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
    *(shares(round_trip, queue) for round_trip in (20, 100) for queue in (0.5, 1, 4)),
)
