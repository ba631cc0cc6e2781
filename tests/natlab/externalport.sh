#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# externalport.sh QP2P: a node behind a router that forwards another port to it. Run it as:
# labrun externalport.sh PATH-TO-QP2P

set -u
qp2p=$1
# shellcheck source=tests/natlab/lab.sh
. "$NATLAB_DIR/lab.sh"
# shellcheck source=tests/natlab/check.sh
. "$NATLAB_DIR/check.sh"

start() { # name option...
    local name=$1
    shift
    run "$name" node --ephemeral --json --socket none --port 12000 "$@"
}

lab_internet
lab_public first 11.0.0.10
lab_public helper 11.0.0.20
lab_source helper 12.0.0.20 # another network: two nodes of one are one voice
lab_public third 11.0.0.40
lab_public fourth 11.0.0.50
lab_router forwarding 11.0.1.1 port
lab_forward forwarding 22000 192.168.1.2 12000
lab_host inside forwarding 192.168.1.2
lab_host neighbour forwarding 192.168.1.3
lab_router other 11.0.1.2 port
lab_forward other 22000 192.168.1.2 12000
lab_host silent other 192.168.1.2

start first
expect "the first node begins a network" first '"event":"joined"'
for name in helper third fourth; do
    start $name --contact 11.0.0.10:12000
    expect "$name joins" $name '"event":"peer-connected"' 11.0.0.10:12000
done

start inside --contact 11.0.0.10:12000 --external-port ipv4:22000
expect "the forwarded node is a node to the first one" first '"event":"peer-connected"' '"11.0.1.1:22000"' '"node"'
expect "at its external port" inside '"event":"reachability"' '"reachable"'
expect "others that were not dialled by it reach it there, too" fourth '"event":"peer-connected"' '"11.0.1.1:22000"' '"node"'

start neighbour --contact 192.168.1.2:12000
expect "a neighbour in its network gets the port that it listens on" neighbour '"event":"peer-connected"' '"192.168.1.2:12000"' '"node"'

start silent --contact 11.0.0.10:12000
expect "without the option the same router makes a client of it" silent '"event":"role"' '"client"'

finish
