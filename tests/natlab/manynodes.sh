#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The QP2P contributors
# SPDX-License-Identifier: MIT OR BSD-3-Clause
#
# manynodes.sh QP2P: many nodes on one machine, and behind one public address, are all nodes soon. Run it as:
# labrun manynodes.sh PATH-TO-QP2P

set -u
qp2p=$1
# shellcheck source=tests/natlab/lab.sh
. "$NATLAB_DIR/lab.sh"
# shellcheck source=tests/natlab/check.sh
. "$NATLAB_DIR/check.sh"

readonly on_loopback=40
readonly loopback_patience=10 # seconds
readonly behind_router=16
readonly router_patience=60 # seconds

start() { # namespace name option...
    local namespace=$1 name=$2
    shift 2
    run_within "$namespace" "$name" "$qp2p" node --ephemeral --json --socket none "$@"
}

# How many peers a node has linked to as nodes.
nodes_of() { # name
    grep '"event":"peer-connected"' "$work/$1" | grep -c '"role":"node"'
}

# Until a node has that many; says after how long.
await_nodes() { # what name count patience since
    local what=$1 name=$2 count=$3 patience=$4 since=$5 took
    while [ "$(nodes_of "$name")" -lt "$count" ] && [ $((SECONDS - since)) -le "$patience" ]; do
        sleep 0.1
    done
    took=$((SECONDS - since))
    check "$what within $patience s" [ "$(nodes_of "$name")" -ge "$count" ] ||
        echo "      $(nodes_of "$name") of $count"
    echo "      after $took s"
}

lab_ns machine
since=$SECONDS
start machine node0 --address 127.0.0.1 --port 21000
expect "the first of $on_loopback nodes listens" node0 '"event":"joined"'
for i in $(seq $((on_loopback - 1))); do
    start machine "node$i" --address 127.0.0.1 --port $((21000 + i)) --contact 127.0.0.1:21000
done
await_nodes "the other $((on_loopback - 1)) on loopback are nodes to it" node0 $((on_loopback - 1)) $loopback_patience $since
for i in $(seq 0 $((on_loopback - 1))); do
    line_of "node$i" '"event":"joined"' >/dev/null || fail "node $i has not joined"
done
check "none was taken for a client" [ "$(cat "$work"/node* | grep -c '"role":"client"')" = 0 ]
for pid in $(jobs -p); do
    kill -TERM "$pid"
done
wait

lab_internet
for i in 1 2 3 4; do
    lab_public outside$i 11.0.0.$((i * 10))
    lab_source outside$i $((11 + i)).0.0.1 # each in a network of its own
    contact=()
    [ $i = 1 ] || contact=(--contact 12.0.0.1:12000)
    start outside$i outside$i --port 12000 "${contact[@]}"
    expect "node $i is outside" outside$i '"event":"joined"'
done
lab_router office 11.0.1.1 port
for i in $(seq $behind_router); do
    lab_forward office $((22000 + i)) 192.168.1.$((i + 1)) 12000
    lab_host inside"$i" office 192.168.1.$((i + 1))
done
already=$(nodes_of outside1)
since=$SECONDS
for i in $(seq $behind_router); do
    start inside"$i" inside"$i" --port 12000 --external-port ipv4:$((22000 + i)) --contact 12.0.0.1:12000
done
await_nodes "$behind_router behind one router are nodes to a node outside" outside1 $((already + behind_router)) $router_patience "$since"
for i in $(seq $behind_router); do
    line_of outside1 '"event":"peer-connected"' "\"11.0.1.1:$((22000 + i))\"" '"node"' >/dev/null ||
        fail "node $i is not one at its forwarded port"
done
check "none was taken for a client" [ "$(cat "$work"/outside* "$work"/inside* | grep -c '"role":"client"')" = 0 ]

finish
