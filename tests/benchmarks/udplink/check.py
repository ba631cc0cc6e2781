# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
"""check.py UDPLINK: numbered datagrams through the program, on loopback. Those that arrive are in order
and unchanged, are the same for the same seed, and answers reach the client that asked. Servers that share
a link get what was sent to them, and it is counted for each. What arrives when is tested in virtual time by
tests/auto/project/tst_udplink.cpp."""

import json
import socket
import subprocess
import sys

COUNT = 200  # so few that they fit into the buffer of a socket, however late a process runs
LINK = ("--rate-mbit", "100", "--delay-ms", "1", "--queue", "1000000", "--loss-percent", "20")


def udp_socket(patience):
    opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    opened.bind(("127.0.0.1", 0))
    opened.settimeout(patience)
    return opened


def start(udplink, seed, *servers):
    """The process, and where it listens for each of SERVERS."""
    to = [word for server in servers for word in ("--to", "{}:{}".format(*server.getsockname()))]
    process = subprocess.Popen([udplink, *to, "--seed", str(seed), *LINK], text=True,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    links = []
    for _ in servers:
        host, port = json.loads(process.stdout.readline())["listening"].split(":")
        links.append((host, int(port)))
    return process, *links


def last_arrives(server, client, link, marker, received):
    """Sends MARKER until it has arrived: then all that was sent before it has arrived, or never will."""
    for _ in range(300):
        client.sendto(marker, link)
        try:
            while True:
                data, sender = server.recvfrom(2000)
                if data == marker:
                    return sender
                received.append(data)
        except socket.timeout:
            pass
    raise AssertionError("nothing arrives")


def numbers_that_arrive(udplink, seed):
    with udp_socket(0.1) as server, udp_socket(5) as client:
        process, link = start(udplink, seed, server)
        for number in range(COUNT):
            client.sendto(b"%d " % number + b"x" * (number * 7 % 1000), link)
        received = []
        last_arrives(server, client, link, b"end", received)
        out, _ = process.communicate(timeout=30)
        assert process.returncode == 0, process.returncode
    numbers = [int(data.split(b" ")[0]) for data in received]
    for number, data in zip(numbers, received):
        assert data == b"%d " % number + b"x" * (number * 7 % 1000), f"{number} is changed"
    assert numbers == sorted(numbers), "they are out of order"
    counters = json.loads(out)["up"]
    assert counters["queue_full"] == counters["too_large"] == 0, counters
    assert counters["sent"] == counters["delivered"] + counters["lost"], counters
    return numbers


def answers_reach_who_asked(udplink):
    with udp_socket(0.1) as server, udp_socket(0.1) as one, udp_socket(0.1) as other:
        process, link = start(udplink, 1, server)
        ports = {}
        for client, name in ((one, b"one"), (other, b"other")):
            ports[name] = last_arrives(server, client, link, name, [])
        assert ports[b"one"] != ports[b"other"], "two clients have one port"
        for client, name in ((one, b"one"), (other, b"other")):
            answer = None
            for _ in range(300):
                server.sendto(b"to " + name, ports[name])
                try:
                    answer, sender = client.recvfrom(2000)
                    break
                except socket.timeout:
                    pass
            assert (answer, sender) == (b"to " + name, link), (answer, sender)
        process.communicate(timeout=30)


def servers_share_a_link(udplink):
    with udp_socket(0.1) as one, udp_socket(0.1) as other, udp_socket(5) as client:
        process, to_one, to_other = start(udplink, 1, one, other)
        received = {}
        for server, link, size in ((one, to_one, 100), (other, to_other, 1000)):
            received[server] = []
            for _ in range(COUNT // 4):
                client.sendto(b"%d" % size + b"x" * (size - len(b"%d" % size)), link)
            last_arrives(server, client, link, b"end", received[server])
            assert {(len(data), data.split(b"x")[0]) for data in received[server]} == {(size, b"%d" % size)}
        process.stdin.write("counters\n")
        process.stdin.flush()
        during = json.loads(process.stdout.readline())
        out, _ = process.communicate(timeout=30)
    assert json.loads(out) == during, (out, during)
    least = [size * len(received[server]) for server, size in ((one, 100), (other, 1000))]
    passed = [counted["up_bytes"] for counted in during["servers"]]
    for counted, expected in zip(passed, least):
        assert 0 <= counted - expected < 3000, (passed, least)  # the markers
    assert during["up"]["sent"] > COUNT // 2, during  # of both: they share one link
    assert during["up"]["queued_seconds"] > 0, during


def main():
    udplink = sys.argv[1]
    first = numbers_that_arrive(udplink, 1)
    assert 0 < len(first) < COUNT, len(first)
    assert first == numbers_that_arrive(udplink, 1), "the same seed loses others"
    assert first != numbers_that_arrive(udplink, 2), "another seed loses the same"
    answers_reach_who_asked(udplink)
    servers_share_a_link(udplink)
    print(f"{len(first)} of {COUNT} arrived, twice the same ones")


if __name__ == "__main__":
    main()
