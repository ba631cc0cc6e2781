#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# reachability.sh QP2P: who is found reachable behind which router, and a network that outlives its first
# node. Run it as: labrun reachability.sh PATH-TO-QP2P

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
    eval "pid_$name=$pid"
}

lab_internet
lab_public first 11.0.0.10
lab_public helper 11.0.0.20
lab_source helper 12.0.0.20 # another network: two nodes of one are one voice
lab_public third 11.0.0.40
lab_public fourth 11.0.0.50
lab_public open 11.0.0.30
lab_router ports 11.0.1.1 port
lab_host hidden ports 192.168.1.2
lab_router addresses 11.0.1.2 addr
lab_host filtered addresses 192.168.1.2

start first
expect "the first node begins a network" first '"event":"joined"'
start helper --contact 11.0.0.10:12000
expect "a second node joins" helper '"event":"joined"'
expect "alone with the first one its check is provisional" helper '"event":"reachability"' provisional
# Two nodes of different networks must each find one that has not been in touch with whom they check.
for name in third fourth; do
    start $name --contact 11.0.0.10:12000
done
expect "a third one links to it" helper '"event":"peer-connected"' 11.0.0.40:12000
expect "and a fourth one" helper '"event":"peer-connected"' 11.0.0.50:12000
start open --contact 11.0.0.10:12000 --cache "$work/cache"
expect "a public node is found reachable" open '"event":"reachability"' '"reachable"' 11.0.0.30:12000
expect "and is a node to the first one" first '"event":"peer-connected"' '"11.0.0.30:12000"' '"node"'

start hidden --contact 11.0.0.10:12000
expect "behind a masquerading router it is not reachable" hidden '"event":"reachability"' 'not-reachable'
expect "and takes part as a client" first '"event":"peer-connected"' '11.0.1.1:' '"client"'
start filtered --contact 11.0.0.10:12000
expect "nor behind one that filters by address only" filtered '"event":"reachability"' 'not-reachable'
expect "and takes part as a client, too" first '"event":"peer-connected"' '11.0.1.2:' '"client"'
expect "which it learns" filtered '"event":"role"' '"client"'

# The NAT that filters by address lets the first node's other sockets in: that is why a helper is needed.
expect "the public node has a link to the second one" open '"event":"peer-connected"' 12.0.0.20:12000
kill -TERM "$pid_open"
wait "$pid_open" || fail "it did not end as it should"
kill -KILL "$pid_first"
wait "$pid_first" 2>/dev/null
mv "$work/open" "$work/open.before"
start open --cache "$work/cache"
expect "restarted without any contact it finds the network again" open '"event":"joined"'
expect "through the node that it remembers" open '"event":"peer-connected"' 12.0.0.20:12000

finish
