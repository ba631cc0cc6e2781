# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
"""What lies between the two sides that tests/benchmarks/compare measures: loopback, or Ethernet.

The Ethernet is a pair of virtual devices (veth) with an MTU of 1,500 bytes between two network
namespaces. As they are made by default, these flatter whoever sends with UDP_SEGMENT: 45 datagrams of
1,452 bytes pass as one packet of 65,340, and are neither divided nor put together again. A real machine
does both (the one in the driver, or in hardware where it is able to; the other for every packet that
comes), so these devices must do both, too: they take no packet of several segments, and the receiving
one has GRO. Each datagram then crosses on its own.
"""

import array
import fcntl
import os
import pathlib
import socket
import struct
import subprocess
import sys
from dataclasses import dataclass

LABRUN = pathlib.Path(__file__).resolve().parent.parent / "natlab" / "labrun"


@dataclass(frozen=True)
class Path:
    """Where a server and a client run."""

    title: str
    server_address: str = "127.0.0.1"
    client_address: str = "127.0.0.1"
    server: tuple = ()  # what their command lines begin with
    client: tuple = ()


def in_namespace(name):
    return ("nsenter", f"--net=/run/netns/{name}", "--")


LOOPBACK = Path("loopback")
# Of 11.0.0.0/16, which no program takes for a private network.
ETHERNET = Path("MTU 1500", "11.0.0.1", "11.0.0.2", in_namespace("server"), in_namespace("client"))


def go_inside(command):
    """Replaces this process by COMMAND in namespaces of its own, of which nothing is left when it ends
    or is killed. Returns the reason where that is not allowed."""
    attempt = subprocess.run([LABRUN, "true"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                             text=True, errors="replace", check=False)
    if attempt.returncode == 0:
        sys.stdout.flush()
        os.execv(LABRUN, [LABRUN, *command])
    return attempt.stderr.strip().removeprefix("SKIP: natlab: ")


def make_ethernet():
    """Only where go_inside() leads to."""
    run("ip link add server mtu 1500 gso_max_segs 1 type veth"
        " peer name client mtu 1500 gso_max_segs 1")
    for name, address in (("server", ETHERNET.server_address), ("client", ETHERNET.client_address)):
        # A veth puts packets together only where its peer does not send large ones of TCP.
        set_feature(name, ETHTOOL_STSO, 0)
        set_feature(name, ETHTOOL_SGRO, 1)
        run(f"ip netns add {name}")
        run(f"ip link set {name} netns {name}")
        run(f"ip -n {name} link set lo up")
        run(f"ip -n {name} addr add {address}/16 dev {name}")
        run(f"ip -n {name} link set {name} up")


def run(command):
    done = subprocess.run(command.split(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", check=False)
    if done.returncode != 0:
        raise OSError(f"{command} failed: {done.stdout.strip()}")


SIOCETHTOOL = 0x8946
ETHTOOL_STSO = 0x1F
ETHTOOL_SGRO = 0x2C


def set_feature(device, feature, value):
    """ethtool -K, which few machines have installed."""
    wanted = array.array("I", (feature, value))
    request = struct.pack("16sP16x", device.encode(), wanted.buffer_info()[0])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCETHTOOL, request)
