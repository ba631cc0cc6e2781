#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# relayed.sh QP2P: two members behind routers that give every destination another port, and a node that both are
# linked to. One calls the other by its peer id, and they talk over the node, and over another one when that is gone.
# Run it as: labrun relayed.sh PATH-TO-QP2P

set -u
qp2p=$1
# shellcheck source=tests/natlab/lab.sh
. "$NATLAB_DIR/lab.sh"
# shellcheck source=tests/natlab/check.sh
. "$NATLAB_DIR/check.sh"

ask() { # member command argument...
    local member=$1
    shift
    "$qp2p" "$@" --socket "$work/$member.sock" 2>&1
}

has() { # text command...
    local text=$1
    shift
    "$@" | grep -F -- "$text" >/dev/null
}

lab_internet
lab_public relay 11.0.0.10
run relay node --ephemeral --json --socket none --port 12000
relay_pid=$pid
expect "a node begins a network" relay '"event":"joined"'
lab_router router_a 11.0.1.1 sym
lab_router router_b 11.0.1.2 sym
for side in a b; do
    lab_host $side router_$side 192.168.1.10
    run $side node --ephemeral --json --socket "$work/$side.sock" --echo --contact 11.0.0.10:12000
    expect "member $side joins behind a router" $side '"event":"joined"'
done
id_b=$(ask b status --json | sed -n 's/.*"network":"[^"]*","peerId":"\([a-z2-7]*\)".*/\1/p')
check "member b has a peer id" [ -n "$id_b" ]

check "a connects to b by its peer id" has "relayed by" ask a connect "$id_b"
expect "and b has it as a peer" b '"event":"peer-connected"' '"relayed"'
check "b answers a request" has "hello over a leg" ask a request "$id_b" "hello over a leg"
check "the status says who forwards" has "relayed by" ask a status
expect "as a has b" a '"event":"peer-connected"' '"relayed"'

lab_router router_c 11.0.1.3 sym
lab_host c router_c 192.168.1.10
run c node --ephemeral --json --socket none --contact 11.0.0.10:12000 --connect "$id_b"
expect "a third member is linked by --connect" c '"event":"peer-connected"' '"relayed"'
lab_router router_d 11.0.1.4 sym
lab_host d router_d 192.168.1.10
check "a command without a node asks b as well" has "hello from outside" \
    ns d "$qp2p" request --contact 11.0.0.10:12000 "$id_b" "hello from outside"

# Another node: what goes over the first one moves there.
lab_public second 11.0.0.20
run second node --ephemeral --json --socket none --port 12000 --contact 11.0.0.10:12000
second_pid=$pid
expect "a second node joins" second '"event":"joined"'
for side in a b; do
    expect "and $side links to it" $side '"event":"peer-connected"' '"address":"11.0.0.20:12000"'
done
kill -KILL "$relay_pid"
wait "$relay_pid" 2>/dev/null
expect "the second node takes over" a '"event":"path"' "$id_b"
check "b answers a" has "still there" ask a request "$id_b" "still there"
kill -KILL "$second_pid"
wait "$second_pid" 2>/dev/null
expect "without any node the members lose each other" a '"event":"peer-disconnected"' "$id_b"

finish
